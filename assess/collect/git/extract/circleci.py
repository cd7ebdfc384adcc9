"""CircleCI: a job for each use of a job in a workflow, with what that use gives it.

Source: https://circleci.com/docs/configuration-reference/
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from assess.collect.git.extract.images import plugin
from assess.collect.git.extract.steps import Steps, chunks, jobs_of, mapping, sequence, texts
from assess.collect.git.file import Extractor, File, Part
from assess.collect.git.paths import join
from assess.model.fact import Fact, Procedure, Trigger
from assess.model.gap import Gap
from assess.spec.document import Document, DocumentError

TOOL = "circleci"
Path = tuple[str | int, ...]
_CHANGES = re.compile(r"(?i)deploy|apply|publish|release")
_PARAMETER = re.compile(r"<<\s*parameters\.([\w-]+)\s*>>")
_BRANCH = re.compile(r"pipeline\.git\.branch\s*==\s*[\"']([\w./-]+)[\"']")
_MAX_USES = 500


@dataclass(frozen=True, slots=True)
class _Use:
    """One job of a workflow. job: what it runs. name: as the workflow calls it."""

    job: str
    name: str
    options: dict[str, Any]
    trigger: Trigger
    path: Path


def circleci(file: File) -> Iterator[Fact | Gap | Part]:
    """A job for each use of a job in a workflow, one that cannot run for a job without, a template for each command of one's own."""
    try:
        documents = file.documents()
    except DocumentError as error:
        yield file.unreadable(error, "PipelineJob")
        return
    if documents and isinstance(documents[0].value, dict):
        yield from _Config(file, documents[0]).procedures()


class _Config:
    """One configuration on its way to procedures."""

    def __init__(self, file: File, document: Document) -> None:
        self.file, self.document, self.value = file, document, mapping(document.value)
        self.own = dict.fromkeys(name for name, body in mapping(self.value.get("commands")).items() if isinstance(body, dict))
        self.jobs = mapping(self.value.get("jobs"))
        self.uses = list(_uses(self.value.get("workflows")))[:_MAX_USES]

    def procedures(self) -> Iterator[Procedure]:
        for name in self.own:
            steps = Steps()
            command = mapping(self.value["commands"][name])
            self._steps(command.get("steps"), ("commands", name, "steps"), ".", steps, _reader(command, {}))
            at = self.document.line("commands", name)
            yield steps.procedure(self.file, at, TOOL, f"{self.file.path}#command:{name}", "template")
        named = {use.job for use in self.uses}
        idle = [_Use(n, n, {}, Trigger(events=("push",), can_run=not self.uses), ("jobs", n)) for n in self.jobs if n not in named]
        found = [self._job(use) for use in (*self.uses, *idle)]
        yield from found
        yield jobs_of(self.file, self.document.start, TOOL, found)

    def _job(self, use: _Use) -> Procedure:
        steps, line, name = Steps(), self.document.line(*use.path), f"{self.file.path}#{use.name}"
        if use.job in self.jobs:
            job = mapping(self.jobs[use.job])
            where = _where(job.get("working_directory"), ".")
            read = _reader(job, use.options)
            for key in ("pre-steps", "post-steps"):
                self._steps(use.options.get(key), (*use.path, key), where, steps, read)
            self._steps(job.get("steps"), ("jobs", use.job, "steps"), where, steps, read)
            line = self.document.line("jobs", use.job)
        elif "/" in use.job and not plugin(use.job, use.options, ".", line, steps, "job"):
            steps.unresolved.append(use.job)
        return steps.procedure(self.file, line, TOOL, name, "job", use.trigger)

    def _steps(self, value: Any, path: Path, where: str, steps: Steps, read: Callable[[str], str], depth: int = 0) -> None:
        for index, item in enumerate(value if isinstance(value, list) else ()):
            at = (*path, index)
            for name, body in mapping({item: {}} if isinstance(item, str) else item).items():
                line = self.document.line(*at)
                options = mapping(body)
                if name == "run":
                    command, key = (body, (*at, "run")) if isinstance(body, str) else (options.get("command"), (*at, "run", "command"))
                    inside = _where(read(str(options.get("working_directory") or "")), where)
                    steps.shell(chunks(self.document, command, *key), inside, read)
                elif name in ("when", "unless") and depth < 10:
                    never = options.get("condition") is (name == "unless")
                    self._steps(None if never else options.get("steps"), (*at, name, "steps"), where, steps, read, depth + 1)
                elif name in self.own:
                    steps.call(f"{self.file.path}#command:{name}", line)
                elif "/" in name and not plugin(name, options, where, line, steps, "orb") and _CHANGES.search(name):
                    steps.unresolved.append(name)


def _reader(body: dict[str, Any], given: dict[str, Any]) -> Callable[[str], str]:
    """What puts parameters in: those given, else their defaults; others become variables."""
    known = {name: mapping(p).get("default") for name, p in mapping(body.get("parameters")).items()}
    known.update({name: value for name, value in given.items() if name in known})
    plain = {
        name: str(value)
        for name, value in known.items()
        if isinstance(value, str | int) and "<<" not in str(value) and "\n" not in str(value)
    }

    def read(text: str) -> str:
        filled = _PARAMETER.sub(lambda m: plain.get(m[1]) or "${" + m[1].replace("-", "_") + "}", text)
        return re.sub(r"<<\s*[\w.-]+\s*>>", "${expression}", filled)

    return read


def _uses(workflows: Any) -> Iterator[_Use]:
    """Each job of each workflow, with what starts it: its filters, a schedule, an approval somewhere before it."""
    taken: set[str] = set()
    for workflow, value in mapping(workflows).items():
        body = mapping(value)
        schedule = any("schedule" in mapping(t) for t in sequence(body.get("triggers")))
        off = body.get("when") is False or body.get("unless") is True
        entries = [({e: {}} if isinstance(e, str) else mapping(e)) for e in sequence(body.get("jobs"))]
        listed = [(index, job, mapping(options)) for index, entry in enumerate(entries) for job, options in entry.items()]
        gated = _gated({str(o.get("name") or job): o for _, job, o in listed})
        for index, job, options in listed:
            name = str(options.get("name") or job)
            if options.get("type") == "approval":
                continue
            trigger = _trigger(options, schedule, name in gated, off)
            full = f"{workflow}.{name}" if name in taken else name
            taken.add(name)
            yield _Use(job, full, options, trigger, ("workflows", workflow, "jobs", index))


def _gated(jobs: dict[str, dict[str, Any]]) -> set[str]:
    """The jobs that wait for an approval, directly or behind others that do."""
    found = {name for name, options in jobs.items() if options.get("type") == "approval"}
    for _ in range(len(jobs)):
        more = {name for name, options in jobs.items() if name not in found and found & set(_required(options))}
        if not more:
            break
        found |= more
    return found


def _required(options: dict[str, Any]) -> Iterator[str]:
    for entry in sequence(options.get("requires")):
        yield from [entry] if isinstance(entry, str) else mapping(entry)


def _trigger(options: dict[str, Any], schedule: bool, gated: bool, off: bool) -> Trigger:
    filters = options.get("filters")
    if isinstance(filters, str):
        branches, tags, never = tuple(_BRANCH.findall(filters)), "pipeline.git.tag" in filters, False
    else:
        given = mapping(mapping(filters).get("branches"))
        tags = mapping(mapping(filters).get("tags")).get("only") is not None
        never = "/.*/" in texts(given.get("ignore"))
        branches = texts(given.get("only"))
    events = ["schedule"] if schedule else ["tag"] if tags and never else ["push"]
    return Trigger(
        events=(*events, "manual") if gated else tuple(events), branches=branches, can_run=not off and (not never or tags),
    )  # fmt: skip


def _where(value: Any, where: str) -> str:
    return join(where, re.sub(r"^~/(project|repo)/?", "./", value)) if isinstance(value, str) and value not in ("", "~") else where


CIRCLECI = Extractor(
    name="circleci", run=circleci, suffixes=(".yml", ".yaml"), places=("/.circleci/",), within=re.compile(r"(^|/)\.circleci/")
)
