"""Pipelines whose steps are containers with commands: Woodpecker, Drone, Bitbucket, Buildkite, Cloud Build.

Source: https://woodpecker-ci.org/docs/usage/workflow-syntax, https://docs.drone.io/pipeline/overview/,
https://support.atlassian.com/bitbucket-cloud/docs/bitbucket-pipelines-configuration-reference/,
https://buildkite.com/docs/pipelines/configure/defining-steps, https://cloud.google.com/build/docs/build-config-file-schema
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from assess.collect.git.extract.images import container, plugin
from assess.collect.git.extract.steps import Steps, chunks, constants, fill, jobs_of, mapping, sequence, texts
from assess.collect.git.file import Extractor, File, Part
from assess.collect.git.paths import join
from assess.model.fact import Fact, Procedure, Trigger
from assess.model.gap import Gap
from assess.spec.document import Document, DocumentError

Path = tuple[str | int, ...]
_EVENTS = {
    "push": "push", "pull_request": "pull_request", "pull_request_closed": "pull_request", "tag": "tag", "cron": "schedule",
    "manual": "manual",
    "custom": "manual", "promote": "manual", "rollback": "manual", "deployment": "manual", "release": "release",
}  # fmt: skip


def _documents(file: File) -> Iterator[Document | Gap]:
    try:
        yield from (d for d in file.documents() if isinstance(d.value, dict))
    except DocumentError as error:
        yield file.unreadable(error, "PipelineJob")


def woodpecker(file: File) -> Iterator[Fact | Gap | Part]:
    """A job for each step with commands or a plugin; Woodpecker and Drone."""
    for document in _documents(file):
        if isinstance(document, Gap):
            yield document
            return
        value = mapping(document.value)
        tool = "drone" if file.name.startswith(".drone") else "woodpecker"
        if tool == "drone" and value.get("kind", "pipeline") != "pipeline":
            continue
        key = "steps" if "steps" in value else "pipeline"
        found = value.get(key)
        pairs: list[tuple[str | int, Any]] = list(enumerate(found)) if isinstance(found, list) else list(mapping(found).items())
        whole = value.get("trigger") if tool == "drone" else value.get("when")
        prefix = f"{value['name']}." if tool == "drone" and isinstance(value.get("name"), str) else ""
        procedures = []
        for place, body in pairs:
            step = mapping(body)
            name = str(step.get("name") or place)
            steps = Steps()
            steps.shell(chunks(document, step.get("commands"), key, place, "commands"))
            if isinstance(step.get("image"), str) and "commands" not in step:
                plugin(step["image"], step.get("settings"), ".", document.line(key, place, "image"), steps)
            trigger = _when(whole, step.get("when"))
            line = document.line(key, place)
            procedures.append(steps.procedure(file, line, tool, f"{file.path}#{prefix}{name}", "job", trigger))
        yield from procedures
        yield jobs_of(file, document.start, tool, procedures)


def _when(*conditions: Any) -> Trigger:
    """The trigger of a step: its own condition first, what it leaves open from the pipeline's."""
    events: tuple[str, ...] = ()
    branches: tuple[str, ...] = ()
    for condition in reversed(conditions):
        for entry in map(mapping, sequence(condition)):
            names = _listed(entry.get("event"))
            events += tuple(_EVENTS[n] for n in names if n in _EVENTS and not events)
            branches += _listed(entry.get("branch"))
        if events and branches:
            break
    return Trigger(events=tuple(dict.fromkeys(events)) or ("push", "pull_request"), branches=tuple(dict.fromkeys(branches)))


def _listed(value: Any) -> tuple[str, ...]:
    return texts(value.get("include") if isinstance(value, dict) else value)


def bitbucket(file: File) -> Iterator[Fact | Gap | Part]:
    """A job for each step of each pipeline of the file."""
    for document in _documents(file):
        if isinstance(document, Gap):
            yield document
            return
        procedures: list[Procedure] = []
        for kind, body in mapping(mapping(document.value).get("pipelines")).items():
            event = {"pull-requests": "pull_request", "tags": "tag", "custom": "manual"}.get(kind, "push")
            branched = mapping(body).items() if isinstance(body, dict) else [("", body)]
            for name, items in branched:
                path: Path = ("pipelines", kind, name) if name else ("pipelines", kind)
                trigger = Trigger(events=(event,), branches=(name,) if kind == "branches" else ())
                label = f"{kind}.{name}" if name else kind
                for at, step in _bitbucket_steps(items, path, 0):
                    procedures.append(_bitbucket_job(file, document, at, step, f"{label}.{len(procedures) + 1}", trigger))
        yield from procedures
        yield jobs_of(file, document.start, "bitbucket-pipelines", procedures)
        return


def _bitbucket_steps(items: Any, path: Path, depth: int) -> Iterator[tuple[Path, dict[str, Any]]]:
    for index, item in enumerate(items if isinstance(items, list) else ()):
        entry, at = mapping(item), (*path, index)
        if isinstance(entry.get("step"), dict):
            yield (*at, "step"), mapping(entry["step"])
        for key in ("parallel", "stage"):
            inner = entry.get(key)
            nested, where = (mapping(inner).get("steps"), (*at, key, "steps")) if isinstance(inner, dict) else (inner, (*at, key))
            if depth < 5:
                yield from _bitbucket_steps(nested, where, depth + 1)


def _bitbucket_job(file: File, document: Document, at: Path, step: dict[str, Any], label: str, trigger: Trigger) -> Procedure:
    steps = Steps()
    for key in ("script", "after-script"):
        script = step.get(key)
        steps.shell(chunks(document, script, *at, key))
        for index, item in enumerate(script if isinstance(script, list) else ()):
            if isinstance(pipe := mapping(item).get("pipe"), str):
                line = document.line(*at, key, index)
                known = plugin(pipe.split(":")[0], mapping(item).get("variables"), ".", line, steps, "pipe")
                if not known and re.search(r"(?i)deploy|apply|publish|release|push|run", pipe):
                    steps.unresolved.append(f"pipe: {pipe}")
    events = (*trigger.events, "manual") if step.get("trigger") == "manual" else trigger.events
    environment = step.get("deployment")
    reach = Trigger(
        events=tuple(dict.fromkeys(events)),
        branches=trigger.branches,
        environment=environment if isinstance(environment, str) else "",
    )
    return steps.procedure(file, document.line(*at), "bitbucket-pipelines", f"{file.path}#{label}", "job", reach)


def buildkite(file: File) -> Iterator[Fact | Gap | Part]:
    """A job for each command step. The vocabulary has no id for Buildkite, so the tool stays empty."""
    for document in _documents(file):
        if isinstance(document, Gap):
            yield document
            return
        procedures = []
        found = mapping(document.value).get("steps")
        for index, item in enumerate(found if isinstance(found, list) else ()):
            step = mapping(item)
            steps = Steps()
            for key in ("command", "commands"):
                steps.shell(chunks(document, step.get(key), "steps", index, key))
            if isinstance(step.get("trigger"), str):
                steps.unresolved.append(f"trigger: {step['trigger']}")
            branches = tuple(str(step["branches"]).split()) if isinstance(step.get("branches"), str) else ()
            trigger = Trigger(events=("push",), branches=branches, soft_fail=step.get("soft_fail") is True)
            name = f"{file.path}#{step.get('key') or step.get('label') or index + 1}"
            if steps:
                procedures.append(steps.procedure(file, document.line("steps", index), "", name, "job", trigger))
        yield from procedures
        yield jobs_of(file, document.start, "", procedures)
        return


def cloud_build(file: File) -> Iterator[Fact | Gap | Part]:
    """One job with every step of a Google Cloud Build, and the images it pushes."""
    for document in _documents(file):
        if isinstance(document, Gap):
            if "cloudbuild" in file.name.lower():
                yield document
            return
        value = mapping(document.value)
        found = value.get("steps")
        if not isinstance(found, list) or not all(isinstance(mapping(step).get("name"), str) for step in found):
            return
        if not file.name.lower().startswith("cloudbuild") and not any({"args", "entrypoint", "dir"} & mapping(s).keys() for s in found):
            return
        steps = _cloud_steps(document, found, constants(value.get("substitutions")))
        if texts(value.get("images")):
            steps.command("publish", "docker", ".", document.line("images"), "images")
        trigger = Trigger(events=("push",))  # the trigger that names the file is kept in the project
        job = steps.procedure(file, document.line("steps"), "cloud-build", f"{file.path}#build", "job", trigger)
        yield job
        yield jobs_of(file, document.start, "cloud-build", [job])
        return


def _cloud_steps(document: Document, found: list[Any], known: dict[str, str]) -> Steps:
    steps = Steps()
    for index, item in enumerate(found):
        step = mapping(item)
        where = join(".", fill(step["dir"], known)) if isinstance(step.get("dir"), str) else "."
        script = chunks(document, step.get("script"), "steps", index, "script")
        steps.shell(script, where, lambda text: fill(text, known))
        raw = step.get("args")
        arguments = [str(a) for a in raw] if isinstance(raw, list) else str(raw or "").split()
        lines = [document.line("steps", index, "args", i) for i in range(len(arguments))]
        container(step["name"], str(step.get("entrypoint") or ""), arguments, lines, where, steps)
    return steps


_YAML = (".yml", ".yaml")
WOODPECKER = Extractor(
    name="woodpecker",
    run=woodpecker,
    suffixes=_YAML,
    within=re.compile(r"(^|/)(\.woodpecker(/.+|[\w.-]*)|\.drone[\w.-]*)\.ya?ml$"),
)
BITBUCKET = Extractor(name="bitbucket-pipelines", run=bitbucket, names=frozenset({"bitbucket-pipelines.yml", "bitbucket-pipelines.yaml"}))
BUILDKITE = Extractor(name="buildkite", run=buildkite, suffixes=_YAML, within=re.compile(r"(^|/)\.buildkite/"))
CLOUD_BUILD = Extractor(
    name="cloud-build", run=cloud_build, suffixes=_YAML, within=re.compile(r"(?i)(^|/)[\w.-]*cloud-?build[\w.-]*\.ya?ml$")
)
