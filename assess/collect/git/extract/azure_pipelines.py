"""Azure Pipelines: jobs of a pipeline, and templates of stages, jobs or steps; found by content, whatever the name.

Source: https://learn.microsoft.com/en-us/azure/devops/pipelines/yaml-schema/
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from posixpath import normpath
from typing import Any

from assess.collect.git.expressions import starred
from assess.collect.git.extract.azure_tasks import task
from assess.collect.git.extract.azure_values import laid_out, matrix, parameters, repositories, variables
from assess.collect.git.extract.steps import Steps, chunks, fill, given, jobs_of, mapping, sequence, texts
from assess.collect.git.file import Extractor, File, Part
from assess.collect.git.paths import join
from assess.model.fact import Call, Command, Fact, Procedure, Trigger
from assess.model.gap import Gap
from assess.spec.document import Document, DocumentError

TOOL = "azure-pipelines"
Path = tuple[str | int, ...]
_NAMED = re.compile(r"(^|/)[\w.-]{0,100}azure-pipelines?[\w.-]{0,100}\.ya?ml$|(^|/)\.(azure-?pipelines|azuredevops|ado)/", re.I)
_STEP = {
    "task",
    "script",
    "bash",
    "pwsh",
    "powershell",
    "checkout",
    "download",
    "publish",
    "downloadBuild",
    "getPackage",
    "template",
}
_STARTS = {"trigger", "pr", "schedules", "pool", "resources", "variables", "name"}
_ROOTS = re.compile(
    r"\$\((?:System\.DefaultWorkingDirectory|Build\.(?:Sources|Repository\.Local)(?:Directory|Path)|Pipeline\.Workspace\)/s"
    r"(?=/|$))\)?|\$\{?(?:BUILD_SOURCESDIRECTORY|SYSTEM_DEFAULTWORKINGDIRECTORY|BUILD_REPOSITORY_LOCALPATH)\}?"
)
_BRANCH = re.compile(r"eq\(\s*variables\[?\.?'?Build\.SourceBranch(?:Name)?'?\]?\s*,\s*'(?:refs/heads/)?([^']+)'")
_REASONS = {"PullRequest": "pull_request", "Schedule": "schedule", "Manual": "manual"}
_REASON = re.compile(rf"\b(eq|ne)\(\s*variables\[?\.?'?Build\.Reason'?\]?\s*,\s*'({'|'.join(_REASONS)})'")
_ASKS = re.compile(r"ManualValidation@|ManualIntervention@")
"""Tasks by which a pipeline waits for a person; whatever comes after has been approved."""


def extract(file: File) -> Iterator[Fact | Gap | Part]:
    """A procedure for each job, and one for the file: a workflow that calls them, or a template of steps."""
    named = bool(_NAMED.search(file.path))
    try:
        documents = file.documents()
    except DocumentError as error:
        if named:
            yield file.unreadable(error, "PipelineJob")
        return
    if not documents or not isinstance(documents[0].value, dict) or not _looks(mapping(documents[0].value)):
        return
    yield from _Pipeline(file, documents[0]).procedures()


def _looks(value: dict[str, Any]) -> bool:
    """Whether the top level is a list of stages, jobs or steps as Azure Pipelines writes them."""
    for key, words in (("stages", {"stage", "template"}), ("jobs", {"job", "deployment", "template"}), ("steps", _STEP)):
        if isinstance(value.get(key), list):
            keys = {str(k) for item in value[key] if isinstance(item, dict) for k in item}
            others = {"image", "commands", "uses", "run", "plugins", "label"} & keys
            return (bool(keys & words) and not others) or any(k.startswith("${{") for k in keys)
    return isinstance(mapping(value.get("extends")).get("template"), str)


class _Pipeline:
    """One file on its way to procedures."""

    def __init__(self, file: File, document: Document) -> None:
        self.file, self.document, self.value = file, document, mapping(document.value)
        self.jobs: list[Procedure] = []
        self.included = Steps()
        self.root = _is_root(file, self.value)
        self.trigger = _trigger(self.value, self.root)
        self.known = variables(self.value)
        self.waits = False
        self.defaults = parameters(self.value.get("parameters"))
        self.elsewhere = repositories(self.value)

    def procedures(self) -> Iterator[Procedure]:
        if isinstance(self.value.get("stages"), list):
            self._stages(self.value["stages"], ("stages",))
        elif isinstance(self.value.get("jobs"), list):
            self._jobs(self.value["jobs"], ("jobs",), "", self.trigger)
        elif isinstance(self.value.get("steps"), list):
            yield self._steps_file()
            return
        self._template(mapping(self.value.get("extends")), ("extends",), self.included)
        if self.included:
            name = f"{self.file.path}#templates"
            self.jobs.append(self.included.procedure(self.file, self.document.start, TOOL, name, "job", self.trigger, self._own))
        yield from self.jobs
        yield jobs_of(self.file, self.document.start, TOOL, self.jobs, defaults=self.defaults)

    @property
    def _own(self) -> tuple[tuple[str, str], ...]:
        """The parameters of a job: a pipeline's have their defaults unless a person sets them, a template's its caller sets."""
        return self.defaults if self.root else ()

    def _steps_file(self) -> Procedure:
        steps = Steps()
        self._steps(self.value["steps"], ("steps",), steps, self._reader({}))
        line = self.document.line("steps")
        if self.root:
            return steps.procedure(self.file, line, TOOL, f"{self.file.path}#job", "job", self.trigger, self._own)
        return steps.procedure(self.file, line, TOOL, self.file.path, "template", None, self.defaults)

    def _stages(self, stages: Any, path: Path, depth: int = 0) -> None:
        for at, stage in _items(stages, path, depth):
            self._template(stage, at, self.included)
            if isinstance(stage.get("jobs"), list):
                stage_trigger = _narrowed(self.trigger, stage)
                self._jobs(stage["jobs"], (*at, "jobs"), str(stage.get("stage") or ""), stage_trigger)

    def _jobs(self, jobs: Any, path: Path, stage: str, trigger: Trigger) -> None:
        for at, job in _items(jobs, path, 0):
            self._template(job, at, self.included)
            if "job" in job or "deployment" in job:
                self.jobs.append(self._job(job, at, stage, trigger))

    def _job(self, job: dict[str, Any], path: Path, stage: str, trigger: Trigger) -> Procedure:
        steps = Steps()
        read = self._reader(variables(job))
        self._steps(job.get("steps"), (*path, "steps"), steps, read)
        strategy = mapping(job.get("strategy"))
        for kind in ("runOnce", "rolling", "canary"):
            for hook, at in _hooks(mapping(strategy.get(kind)), (*path, "strategy", kind)):
                self._steps(mapping(hook).get("steps"), (*at, "steps"), steps, read)
        every = Steps()
        every.add(steps, matrix(strategy.get("matrix")))
        name = str(job.get("job") or job.get("deployment") or f"job{len(self.jobs) + 1}")
        full = f"{self.file.path}#{stage}.{name}" if stage else f"{self.file.path}#{name}"
        trigger = _narrowed(trigger, job)
        if self.waits:
            trigger = replace(trigger, events=tuple(dict.fromkeys((*trigger.events, "manual"))), approval=True)
        self.waits = self.waits or any(_ASKS.match(str(step.get("task", ""))) for _, step in _items(job.get("steps"), (), 0))
        if trigger.why_not and not trigger.stop:
            trigger = replace(trigger, stop=self.document.line(*path, "condition") if "condition" in job else 0)
        return every.procedure(self.file, self.document.line(*path), TOOL, full, "job", trigger, self._own)

    def _reader(self, more: dict[str, str]) -> Callable[[str], str]:
        known = {**self.known, **more}
        return lambda text: fill(_ROOTS.sub("$CI_PROJECT_DIR", text), known)

    def _steps(self, value: Any, path: Path, steps: Steps, read: Callable[[str], str]) -> None:
        for at, step in _items(value, path, 0):
            if str(step.get("condition", step.get("enabled", ""))).lower() == "false":
                continue
            where, count = step.get("workingDirectory"), len(steps.commands)
            where = join(".", read(where)) if isinstance(where, str) else "."
            for key in ("script", "bash", "pwsh", "powershell"):
                steps.shell(chunks(self.document, step.get(key), *at, key), where, read, (), step.get("continueOnError") is True)
            if "task" in step:
                task(self.document, at, step, steps, read)
                steps.commands = _soft(steps.commands, count, step)
            self._template(step, at, steps)

    def _template(self, item: dict[str, Any], path: Path, steps: Steps) -> None:
        name = item.get("template")
        if not isinstance(name, str):
            return
        line = self.document.line(*path, "template")
        place, _, alias = name.partition("@")
        passed = given("parameters", laid_out(item.get("parameters")))
        self._handed_steps(item.get("parameters"), (*path, "parameters"), steps)
        if alias and alias != "self":
            repository, ref, named = self.elsewhere.get(alias, ("", "", alias))
            place = re.sub(r"^\$\{\{[^{}]*\}\}/", "", place)  # where the checkout lies
            if not repository or "$" in place:
                steps.unresolved.append(f"template: {place}@{named}")
                return
            call = Call(
                name=normpath(place.lstrip("/")),
                line=line,
                repository=repository,
                ref=ref,
                otherwise=f"template: {place}@{named}",
                given=passed,
            )
            steps.calls.append(call)
        elif place:
            full = normpath(place.lstrip("/") if place.startswith("/") else f"{self.file.directory}/{place}")
            name, open_ = starred(full), full if "$" in full else ""
            steps.calls.append(Call(name=name, line=line, written=open_, repository="" if alias else ".", given=passed))

    def _handed_steps(self, value: Any, path: Path, steps: Steps, depth: int = 0) -> None:
        """Add the steps that a template is handed to run: a list of them, wherever in its parameters it stands."""
        if depth > 20:
            return
        if isinstance(value, dict):
            for key, inner in value.items():
                self._handed_steps(inner, (*path, key), steps, depth + 1)
        elif isinstance(value, list) and any(_STEP_OF_A_LIST & set(item) for _, item in _items(value, path, 0)):
            self._steps(value, path, steps, self._reader({}))
        else:
            for index, inner in enumerate(value if isinstance(value, list) else ()):
                self._handed_steps(inner, (*path, index), steps, depth + 1)


_STEP_OF_A_LIST = {"task", "script", "bash", "pwsh", "powershell", "template"}


def _soft(commands: list[Command], count: int, step: dict[str, Any]) -> list[Command]:
    """Commands of which those after the first `count` do not fail the job where their step may fail."""
    if step.get("continueOnError") is not True:
        return commands
    return [*commands[:count], *(replace(command, soft=True) for command in commands[count:])]


def _items(value: Any, path: Path, depth: int) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The mappings of a list, those behind `${{ if }}` and `${{ each }}` laid out in their place."""
    for index, item in enumerate(value if isinstance(value, list) else ()):
        entry = mapping(item)
        if not any(key.startswith("${{") for key in entry):
            if entry:
                yield (*path, index), entry
            continue
        for key, inner in entry.items():
            if isinstance(inner, list) and depth < 20:
                yield from _items(inner, (*path, index, key), depth + 1)


def _hooks(strategy: dict[str, Any], path: Path) -> Iterator[tuple[Any, Path]]:
    for name in ("preDeploy", "deploy", "routeTraffic", "postRouteTraffic"):
        yield strategy.get(name), (*path, name)
    for name in ("failure", "success"):
        yield mapping(strategy.get("on")).get(name), (*path, "on", name)


def _is_root(file: File, value: dict[str, Any]) -> bool:
    """Whether the file is a pipeline of its own; only a template has parameters and nothing that starts or places it."""
    if _STARTS & value.keys():
        return True
    return "parameters" not in value and bool(re.search(r"azure-pipelines?", file.name))


def _trigger(value: dict[str, Any], root: bool) -> Trigger:
    """What starts the pipeline. Without `trigger` every push does; `trigger: none` leaves the button and the API."""
    if not root:
        return Trigger(events=("call",))
    trigger = value.get("trigger", "")
    events: list[str] = []
    branches: tuple[str, ...] = ()
    if trigger != "none":
        include = mapping(mapping(trigger).get("branches")).get("include") if isinstance(trigger, dict) else trigger
        branches = tuple(name for name in texts(include) if name and name != "*")
        tags = mapping(trigger).get("tags") if isinstance(trigger, dict) else None
        events += (["tag"] if tags else []) if tags and not branches else ["push"]
    if value.get("pr", "none") != "none":
        events.append("pull_request")
    if sequence(value.get("schedules")):
        events.append("schedule")
    if any(mapping(p).get("trigger") for p in sequence(mapping(value.get("resources")).get("pipelines"))):
        events.append("push")
    return Trigger(events=tuple(dict.fromkeys(events)) or ("manual",), branches=branches)


def _narrowed(trigger: Trigger, part: dict[str, Any]) -> Trigger:
    """The trigger of a stage or job: its condition, its environment."""
    condition = str(part.get("condition", ""))
    reason = _REASON.search(condition)
    events = trigger.events
    if reason and reason[1] == "ne":
        events = tuple(event for event in events if event != _REASONS[reason[2]]) or events
    elif reason and "or(" not in condition:
        events = (_REASONS[reason[2]],)
    environment = part.get("environment")
    environment = mapping(environment).get("name") if isinstance(environment, dict) else environment
    return Trigger(
        events=events, branches=tuple(_BRANCH.findall(condition)) or trigger.branches,
        can_run=trigger.can_run and condition.lower() != "false",
        why_not=trigger.why_not or ("condition: false" if condition.lower() == "false" else ""),
        approval=trigger.approval,
        environment=environment if isinstance(environment, str) else trigger.environment,
        soft_fail=part.get("continueOnError") is True,
    )  # fmt: skip


AZURE_PIPELINES = Extractor(
    name="azure-pipelines",
    run=extract,
    suffixes=(".yml", ".yaml"),
    words=(b"steps", b"jobs", b"stages", b"extends"),
    marks=re.compile(rb"(?m)^(steps|jobs|stages|extends)[ \t]*:"),
    by_line=True,
)
