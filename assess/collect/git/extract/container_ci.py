"""Pipelines whose steps are containers with commands: Woodpecker, Drone, Cloud Build.

Source: https://woodpecker-ci.org/docs/usage/workflow-syntax, https://docs.drone.io/pipeline/overview/,
https://cloud.google.com/build/docs/build-config-file-schema
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from assess.collect.git.extract.images import container, plugin
from assess.collect.git.extract.steps import Steps, chunks, constants, fill, jobs_of, mapping, sequence, texts
from assess.collect.git.file import Extractor, File, Part
from assess.collect.git.paths import join
from assess.model.fact import Fact, Trigger
from assess.model.gap import Gap
from assess.spec.document import Document, DocumentError

Path = tuple[str | int, ...]
_EVENTS = {
    "push": "push", "pull_request": "pull_request", "pull_request_closed": "pull_request", "tag": "tag", "cron": "schedule",
    "manual": "manual",
    "custom": "manual", "promote": "manual", "rollback": "manual", "deployment": "manual", "release": "release",
}  # fmt: skip


def read_mappings(file: File) -> Iterator[Document | Gap]:
    """The documents that are mappings, or the gap for a file that does not parse."""
    try:
        yield from (d for d in file.documents() if isinstance(d.value, dict))
    except DocumentError as error:
        yield file.unreadable(error, "PipelineJob")


def woodpecker(file: File) -> Iterator[Fact | Gap | Part]:
    """A job for each step with commands or a plugin; Woodpecker and Drone."""
    for document in read_mappings(file):
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
            trigger = _when(whole, step.get("when"), soft_fail=step.get("failure") == "ignore")
            line = document.line(key, place)
            procedures.append(steps.procedure(file, line, tool, f"{file.path}#{prefix}{name}", "job", trigger))
        yield from procedures
        yield jobs_of(file, document.start, tool, procedures)


def _when(*conditions: Any, soft_fail: bool = False) -> Trigger:
    """The trigger of a step: its own condition first, what it leaves open from the pipeline's."""
    events: tuple[str, ...] = ()
    branches: tuple[str, ...] = ()
    for condition in reversed(conditions):
        for entry in map(mapping, sequence(condition)):
            names = _events(entry)
            events += tuple(_EVENTS[n] for n in names if n in _EVENTS and not events)
            branches += _listed(entry.get("branch"))
            branches += tuple(re.findall(r"CI_COMMIT_BRANCH\s*==\s*['\"]([\w./-]+)['\"]", str(entry.get("evaluate", ""))))
        if events and branches:
            break
    events = tuple(dict.fromkeys(events)) or ("push", "pull_request")
    return Trigger(events=events, branches=tuple(dict.fromkeys(branches)), soft_fail=soft_fail)


def _events(entry: dict[str, Any]) -> tuple[str, ...]:
    """The events of a condition; those that an `exclude` leaves."""
    excluded = texts(mapping(entry.get("event")).get("exclude"))
    if excluded and not _listed(entry.get("event")):
        return tuple(name for name in ("push", "pull_request", "tag", "cron", "promote") if name not in excluded)
    return _listed(entry.get("event"))


def _listed(value: Any) -> tuple[str, ...]:
    return texts(value.get("include") if isinstance(value, dict) else value)


def cloud_build(file: File) -> Iterator[Fact | Gap | Part]:
    """One job with every step of a Google Cloud Build, and the images it pushes."""
    for document in read_mappings(file):
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
    places=("/.woodpecker", "/.drone"),
    within=re.compile(r"(^|/)(\.woodpecker(/.{1,400}|[\w.-]*)|\.drone[\w.-]*)\.ya?ml$"),
)
CLOUD_BUILD = Extractor(
    name="cloud-build",
    run=cloud_build,
    suffixes=_YAML,
    places=("cloudbuild", "cloud-build"),
    within=re.compile(r"(?i)(^|/)[\w.-]{0,100}cloud-?build[\w.-]{0,100}\.ya?ml$"),
)
