"""GitHub Actions: jobs, reusable workflows and composite actions as procedures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import normpath
from typing import Any

from assess.collect.git.commands import analyse
from assess.collect.git.extract.actions import action_command
from assess.collect.git.extract.steps import sequence
from assess.collect.git.file import Extractor, File, Part
from assess.model.fact import Call, Command, Fact, Procedure, Trigger
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
        events, branches = _on(value.get("on"))
        names = []
        for name, job in value["jobs"].items():
            if isinstance(job, dict):
                procedure = _job(file, document, str(name), job, events, branches)
                names.append(Call(name=procedure.name, line=procedure.at.line))
                yield procedure
        yield Procedure(at=file.at(document.start), tool="github-actions", name=file.path, form="workflow", calls=tuple(names))


def _job(file: File, document: Document, name: str, job: dict[str, Any], events: tuple[str, ...], branches: tuple[str, ...]) -> Procedure:
    commands: list[Command] = []
    calls: list[Call] = []
    unresolved: list[str] = []
    if isinstance(job.get("uses"), str):
        _uses(job["uses"], {}, ".", document.line("jobs", name, "uses"), commands, calls, unresolved)
    directory = _directory(job, document.value)
    for index, step in enumerate(sequence(job.get("steps"))):
        if isinstance(step, dict) and not _never(step.get("if")):
            line = document.line("jobs", name, "steps", index, "run" if "run" in step else "uses")
            _step(step, directory, line, commands, calls, unresolved)
    return Procedure(
        at=file.at(document.line("jobs", name)), tool="github-actions", name=f"{file.path}#{name}", form="job",
        commands=tuple(commands), calls=tuple(calls), unresolved=tuple(unresolved),
        trigger=Trigger(
            events=events, branches=_narrowed(job.get("if"), branches), can_run=bool(events) and not _never(job.get("if")),
            environment=_environment(job.get("environment")), soft_fail=job.get("continue-on-error") is True,
            credentials=_credentials(job, document.value),
        ),
    )  # fmt: skip


def composite(file: File) -> Iterator[Fact | Gap | Part]:
    """A procedure for a composite action, named by its directory; one that does not parse is unresolved where it is used."""
    try:
        documents = file.documents()
    except DocumentError as error:
        yield file.unreadable(error)
        yield Procedure(at=file.at(), tool="github-actions", name=file.directory, form="action", unresolved=(file.path,))
        return
    runs = documents[0].value.get("runs") if documents and isinstance(documents[0].value, dict) else None
    if not isinstance(runs, dict) or runs.get("using") != "composite":
        return
    commands: list[Command] = []
    calls: list[Call] = []
    unresolved: list[str] = []
    for index, step in enumerate(sequence(runs.get("steps"))):
        if isinstance(step, dict):
            line = documents[0].line("runs", "steps", index, "run" if "run" in step else "uses")
            _step(step, ".", line, commands, calls, unresolved)
    yield Procedure(
        at=file.at(documents[0].line("runs")), tool="github-actions", name=file.directory, form="action",
        commands=tuple(commands), calls=tuple(calls), unresolved=tuple(unresolved),
    )  # fmt: skip


def _step(step: dict[str, Any], directory: str, line: int, commands: list[Command], calls: list[Call], unresolved: list[str]) -> None:
    where = str(step.get("working-directory") or directory)
    where = normpath(re.sub(r"^\$\{\{\s*github\.workspace\s*\}\}/?", "", where) or ".")
    if isinstance(step.get("run"), str):
        offset = 1 if "\n" in step["run"] else 0
        found, started = analyse(step["run"], where, line + offset)
        commands += found
        calls += started
    elif isinstance(step.get("uses"), str):
        inputs = step.get("with") if isinstance(step.get("with"), dict) else {}
        _uses(step["uses"], inputs, where, line, commands, calls, unresolved)


def _uses(uses: str, inputs: Any, where: str, line: int, commands: list[Command], calls: list[Call], unresolved: list[str]) -> None:
    if uses.startswith("./"):
        calls.append(Call(name=normpath(uses), line=line))
    elif command := action_command(uses, inputs, where, line):
        commands.append(command)
    elif re.search(r"/\.github/workflows/", uses):
        unresolved.append(uses)


def _on(value: Any) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The events of a workflow in our words, and the branches its pushes are limited to."""
    names = [value] if isinstance(value, str) else list(value or ()) if isinstance(value, list | dict) else []
    events = [_EVENTS.get(str(name), "") for name in names]
    push = value.get("push") if isinstance(value, dict) else None
    branches: tuple[str, ...] = ()
    if isinstance(push, dict):
        branches = tuple(str(branch) for branch in sequence(push.get("branches")))
        if push.get("tags") and not branches:
            events = ["tag" if event == "push" else event for event in events]
    return tuple(dict.fromkeys(event for event in events if event)), branches


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


def _directory(job: dict[str, Any], workflow: dict[str, Any]) -> str:
    for holder in (job, workflow):
        run = (holder.get("defaults") or {}).get("run") if isinstance(holder.get("defaults"), dict) else None
        if isinstance(run, dict) and isinstance(run.get("working-directory"), str):
            return str(normpath(run["working-directory"]))
    return "."


WORKFLOWS = Extractor(
    name="github-workflows", run=workflows, suffixes=(".yml", ".yaml"), within=re.compile(r"^\.(github|gitea|forgejo)/workflows/[^/]+$")
)
ACTIONS = Extractor(name="github-actions", run=composite, names=frozenset({"action.yml", "action.yaml"}))
