"""GitHub Actions: jobs, reusable workflows and composite actions as procedures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from posixpath import normpath
from typing import Any

from assess.collect.git.expressions import is_plain, starred
from assess.collect.git.extract.github_steps import add_step, uses
from assess.collect.git.extract.github_values import defaults, environment, rows
from assess.collect.git.extract.sign_in import by_variables
from assess.collect.git.extract.steps import Steps, mapping, sequence
from assess.collect.git.file import Extractor, File, Part
from assess.collect.git.paths import join
from assess.model.fact import Call, Fact, Procedure, Trigger
from assess.model.gap import Gap
from assess.spec.document import Document, DocumentError

_EVENTS = {
    "workflow_dispatch": "manual", "repository_dispatch": "manual", "workflow_call": "call", "workflow_run": "push",
    "push": "push", "pull_request": "pull_request", "pull_request_target": "pull_request", "schedule": "schedule",
    "release": "release", "issue_comment": "chat", "deployment": "push", "merge_group": "pull_request",
}  # fmt: skip


def workflows(file: File) -> Iterator[Fact | Gap | Part]:
    """A procedure for each job, and one for the workflow itself, which calls them."""
    try:
        documents = file.documents()
    except DocumentError as error:
        yield file.unreadable(error, "PipelineJob")
        return
    for document in documents[:1]:
        value = document.value
        if not isinstance(value, dict) or not isinstance(value.get("jobs"), dict):
            return
        start = _on(value.get("on"))
        names = []
        for name, job in value["jobs"].items():
            if isinstance(job, dict):
                procedure = _job(file, document, str(name), job, start)
                names.append(Call(name=procedure.name, line=procedure.at.line, repository="."))
                yield procedure
        called = mapping(mapping(value.get("on")).get("workflow_call"))
        yield Procedure(
            at=file.at(document.start), tool=_forge(file), name=file.path, form="workflow", calls=tuple(names),
            defaults=defaults(called.get("inputs")),
        )  # fmt: skip


def _job(file: File, document: Document, name: str, job: dict[str, Any], start: Trigger) -> Procedure:
    workflow = mapping(document.value)
    known = rows(job, workflow)
    holders = (workflow, job)
    steps = Steps(signs_in=list(by_variables(mapping(job.get("env")) | mapping(workflow.get("env")))))
    if isinstance(job.get("uses"), str):
        called = Steps()
        uses(job["uses"], job.get("with"), ".", document.line("jobs", name, "uses"), called, own=True)
        steps.add(called, known)
    where = _directory(job, workflow)
    for index, step in enumerate(sequence(job.get("steps"))):
        if isinstance(step, dict) and not _never(step.get("if")):
            line = document.line("jobs", name, "steps", index, "run" if "run" in step else "uses")
            add_step(step, where, line, steps, known, holders)
    trigger = replace(
        start, branches=_narrowed(job.get("if"), start.branches), environment=_environment(job.get("environment")),
        soft_fail=job.get("continue-on-error") is True, credentials=_credentials(job, workflow),
    )  # fmt: skip
    if _never(job.get("if")):
        trigger = replace(trigger, can_run=False, why_not=f"if: {str(job['if']).lower()}", stop=document.line("jobs", name, "if"))
    environment_ = tuple((key, text) for key, text in environment(*holders).items() if is_plain(text))
    at = document.line("jobs", name)
    return steps.procedure(file, at, _forge(file), f"{file.path}#{name}", "job", trigger, environment_ if steps.calls else ())


def composite(file: File) -> Iterator[Fact | Gap | Part]:
    """A procedure for a composite action, named by its directory; one that does not parse is unresolved where it is used."""
    try:
        documents = file.documents()
    except DocumentError as error:
        yield file.unreadable(error)
        yield Procedure(at=file.at(), tool="github-actions", name=file.directory, form="action", unresolved=(file.path,))
        return
    value = mapping(documents[0].value) if documents else {}
    runs = value.get("runs")
    if not isinstance(runs, dict) or runs.get("using") != "composite":
        return
    steps = Steps()
    for index, step in enumerate(sequence(runs.get("steps"))):
        if isinstance(step, dict) and not _never(step.get("if")):
            line = documents[0].line("runs", "steps", index, "run" if "run" in step else "uses")
            add_step(step, ".", line, steps, (), ())
    steps.calls = [_beside(call, file.directory) for call in steps.calls]
    line = documents[0].line("runs")
    yield steps.procedure(file, line, "github-actions", file.directory, "action", defaults=defaults(value.get("inputs")))


_ACTION_PATH = re.compile(r"(?:\$\{\{\s*github\.action_path\s*\}\}|\$\{?GITHUB_ACTION_PATH\}?)/")


def _beside(call: Call, directory: str) -> Call:
    """A call in which the place of the action stands for its directory, in the repository that holds it."""
    place = call.written.rpartition("//")[2]
    if not (found := _ACTION_PATH.match(place)):
        return call
    rest = join(directory, place[found.end() :])
    return replace(call, name=starred(rest), written=rest if "$" in rest else "", repository=".")


def _on(value: Any) -> Trigger:
    """What starts a workflow, in our words, with the branches and paths that its pushes are limited to."""
    names = [value] if isinstance(value, str) else list(value or ()) if isinstance(value, list | dict) else []
    events = [_EVENTS.get(str(name), "") for name in names]
    push, proposal = (mapping(mapping(value).get(key)) for key in ("push", "pull_request"))
    branches = tuple(str(branch) for branch in sequence(push.get("branches")))
    if push.get("tags") and not branches:
        events = ["tag" if event == "push" else event for event in events]
    told = tuple(dict.fromkeys(event for event in events if event))
    limited = [str(path) for path in sequence(push.get("paths"))] if "push" in told and "tag" not in told else []
    others = "pull_request" in told and not sequence(proposal.get("paths"))
    return Trigger(
        events=told, branches=branches, can_run=bool(told), why_not="" if told else "nothing starts it: `on` names no event",
        paths=() if others else tuple(limited),
    )  # fmt: skip


def _narrowed(condition: Any, branches: tuple[str, ...]) -> tuple[str, ...]:
    found = re.findall(r"github\.ref(?:_name)?\s*==\s*'(?:refs/heads/)?([^']+)'", str(condition or ""))
    return tuple(found) or branches


def _never(condition: Any) -> bool:
    return condition is False or str(condition).strip().lower() in ("false", "${{ false }}", "${{false}}")


def _environment(value: Any) -> str:
    name = value.get("name") if isinstance(value, dict) else value
    return str(name) if isinstance(name, str) else ""


_SECRET = re.compile(r"secrets\.(?!GITHUB_TOKEN\b)\w|secrets\[")


def _credentials(job: dict[str, Any], workflow: dict[str, Any]) -> bool:
    """Whether a job is given more than the forge's own token: secrets, an identity token, or an environment's secrets.

    Source: https://docs.github.com/en/actions/reference/security/oidc and …/workflow-syntax#jobsjob_idsecrets
    """
    granted = [holder.get("permissions") for holder in (job, workflow)]
    identity = any(isinstance(g, dict) and g.get("id-token") == "write" for g in granted) or "write-all" in granted
    passed = job.get("secrets") not in (None, {}) or bool(job.get("environment"))
    return identity or passed or bool(_SECRET.search(str(job)) or _SECRET.search(str(workflow.get("env"))))


_FORGES = {".gitea": "gitea-actions", ".forgejo": "forgejo-actions"}


def _forge(file: File) -> str:
    """The system that runs a file of workflows: several read the same language, each its own directory."""
    return _FORGES.get(file.path.partition("/")[0], "github-actions")


def _directory(job: dict[str, Any], workflow: dict[str, Any]) -> str:
    for holder in (job, workflow):
        run = (holder.get("defaults") or {}).get("run") if isinstance(holder.get("defaults"), dict) else None
        if isinstance(run, dict) and isinstance(run.get("working-directory"), str):
            return str(normpath(run["working-directory"]))
    return "."


WORKFLOWS = Extractor(
    name="github-workflows",
    run=workflows,
    suffixes=(".yml", ".yaml"),
    places=("/workflows/",),
    within=re.compile(r"^\.(github|gitea|forgejo)/workflows/[^/]+$"),
)
ACTIONS = Extractor(name="github-actions", run=composite, names=frozenset({"action.yml", "action.yaml"}))
