"""Argo Workflows and Argo Events: templates and what their containers run, and what starts a workflow.

Source: https://argo-workflows.readthedocs.io/en/latest/fields/, https://argoproj.github.io/argo-events/sensors/triggers/argo-workflow/
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from assess.collect.git.extract.images import container, plugin
from assess.collect.git.extract.objects import Object, dig, items, mapping, read_objects, text
from assess.collect.git.extract.steps import Steps, chunks, sequence
from assess.collect.git.file import Extractor, File, Part
from assess.collect.git.paths import join
from assess.model.fact import Fact, Procedure, Trigger
from assess.model.gap import Gap

TOOL = "argo-workflows"
Path = tuple[str | int, ...]
_EXPRESSION = re.compile(r"\{\{([^{}]{1,240})\}\}")
_TEMPLATES = {"WorkflowTemplate", "ClusterWorkflowTemplate", "Workflow", "CronWorkflow"}
_MAX_DEPTH = 5


def extract(file: File) -> Iterator[Fact | Gap | Part]:
    """A procedure for each template of a workflow, one for the workflow, and a job for whatever starts one."""
    objects, _ = read_objects(file)  # the extractor of manifests reports what does not parse
    for found in objects:
        if found.group != "argoproj.io":
            continue
        if found.kind in _TEMPLATES:
            yield from _workflow(found, found.value, ())
        elif found.kind == "WorkflowEventBinding":
            steps = Steps()
            _reference(found, ("spec", "submit", "workflowTemplateRef"), steps)
            yield _started(found, found.name, steps, ("call",), ("spec",))
        elif found.kind == "Sensor":
            yield from _sensor(found)


def _workflow(found: Object, value: Any, at: Path, events: tuple[str, ...] = ("manual",)) -> Iterator[Procedure]:
    """The procedures of a workflow, which may stand inside a sensor."""
    kind, name = text(value, "kind"), text(value, "metadata", "name") or text(value, "metadata", "generateName") or found.name
    inner: Path = ("spec", "workflowSpec") if kind == "CronWorkflow" else ("spec",)
    spec, path = mapping(value, *inner), (*at, *inner)
    node = f"argo-workflow:{name}"
    known = _parameters(items(spec, "arguments", "parameters"), "workflow.parameters")
    for index, template in enumerate(items(spec, "templates")):
        if isinstance(template, dict):
            yield _template(found, template, (*path, "templates", index), node, known)
    steps = Steps()
    for key in ("entrypoint", "onExit"):
        if entry := text(spec, key):
            steps.call(f"{node}#{entry}", _line(found, *path, key))
    _reference(found, (*path, "workflowTemplateRef"), steps)
    if kind in ("WorkflowTemplate", "ClusterWorkflowTemplate"):
        yield steps.procedure(found.file, _line(found, *path), TOOL, node, "workflow")
    else:
        suspended = dig(value, "spec", "suspend") is True
        events = ("schedule",) if kind == "CronWorkflow" else events
        yield _started(found, name, steps, events, path, can_run=not suspended)


def _started(found: Object, name: str, steps: Steps, events: tuple[str, ...], path: Path, can_run: bool = True) -> Procedure:
    trigger = Trigger(events=events, can_run=can_run)
    return steps.procedure(found.file, _line(found, *path), TOOL, f"{found.file.path}#{name}", "job", trigger)


def _line(found: Object, *path: str | int) -> int:
    return found.document.line(*found.prefix, *path)


def _parameters(given: list[Any], prefix: str) -> dict[str, str]:
    return {f"{prefix}.{text(p, 'name')}": text(p, "value") for p in given if text(p, "name") and text(p, "value")}


def _reference(found: Object, path: Path, steps: Steps) -> None:
    """Add the call of a template that stands elsewhere; without a template named, the whole of it."""
    name, template = text(dig(found.value, *path), "name"), text(dig(found.value, *path), "template")
    if name:
        steps.call(f"argo-workflow:{name}#{template}" if template else f"argo-workflow:{name}", _line(found, *path))


def _template(found: Object, template: dict[str, Any], path: Path, node: str, known: Mapping[str, str]) -> Procedure:
    steps = Steps()
    read = _reader({**known, **_parameters(items(template, "inputs", "parameters"), "inputs.parameters")}, _checkout(template))
    if isinstance(script := template.get("script"), dict):
        _container(found, script, (*path, "script"), steps, read)
    if isinstance(template.get("container"), dict):
        _container(found, template["container"], (*path, "container"), steps, read)
    for index, one in enumerate(items(template, "containerSet", "containers")):
        _container(found, one, (*path, "containerSet", "containers", index), steps, read)
    if isinstance(template.get("resource"), dict):
        does = "deploy" if text(template, "resource", "action") in ("apply", "create", "replace") else "operate"
        if text(template, "resource", "action") != "get":
            line = _line(found, *path, "resource")
            steps.command(does, "kubectl", found.file.path, line, f"resource: {text(template, 'resource', 'action')}")
    for key in ("steps", "dag"):
        tasks = items(template, "dag", "tasks") if key == "dag" else template.get("steps")
        _tasks(found, tasks, (*path, "dag", "tasks") if key == "dag" else (*path, "steps"), node, steps, _MAX_DEPTH)
    return steps.procedure(found.file, _line(found, *path), TOOL, f"{node}#{text(template, 'name')}", "template")


def _tasks(found: Object, tasks: Any, path: Path, node: str, steps: Steps, depth: int) -> None:
    for index, task in enumerate(tasks if isinstance(tasks, list) else ()):
        at = (*path, index)
        if isinstance(task, list) and depth:
            _tasks(found, task, at, node, steps, depth - 1)
        elif isinstance(task, dict) and str(task.get("when", "")).strip().lower() != "false":
            if name := text(task, "template"):
                steps.call(f"{node}#{name}", _line(found, *at))
            _reference(found, (*at, "templateRef"), steps)
            if isinstance(task.get("inline"), dict):
                inside = _template(found, task["inline"], (*at, "inline"), node, {})
                steps.commands += inside.commands
                steps.calls += inside.calls


def _container(found: Object, value: Any, path: Path, steps: Steps, read: Callable[[str], str]) -> None:
    """Add what a container runs: its script, or its command and arguments."""
    where = join(".", read(text(value, "workingDir")).replace("$CI_PROJECT_DIR", ".")) if text(value, "workingDir") else "."
    command = [str(word) for word in sequence(dig(value, "command"))]
    if isinstance(source := dig(value, "source"), str):
        shell = not command or re.search(r"(?:^|/)(?:ba|a|z|da)?sh$", command[0])
        if shell:
            steps.shell(chunks(found.document, source, *found.prefix, *path, "source"), where, read)
        return
    raw = [*command[1:], *(str(word) for word in sequence(dig(value, "args")))]
    lines = [_line(found, *path, "command")] * (len(command[1:])) + [_line(found, *path, "args", i) for i in range(len(raw))]
    if not command and plugin(text(value, "image"), {}, where, _line(found, *path), steps):
        return
    container(text(value, "image"), command[0] if command else "", [read(word) for word in raw], lines, where, steps)


def _checkout(template: dict[str, Any]) -> str:
    """Where an input artifact from Git is put."""
    return next((text(a, "path").rstrip("/") for a in items(template, "inputs", "artifacts") if isinstance(dig(a, "git"), dict)), "")


def _reader(known: Mapping[str, str], checkout: str) -> Callable[[str], str]:
    """What puts constant parameters in, makes variables of the others, and takes the checkout for the root."""

    def named(match: re.Match[str]) -> str:
        name = match[1].strip(" \t\n-")
        return known.get(name) or "${" + re.sub(r"\W", "_", name) + "}"

    def read(written: str) -> str:
        filled = _EXPRESSION.sub(named, written)
        return re.sub(rf"{re.escape(checkout)}(?=/|\s|$)", "$CI_PROJECT_DIR", filled) if len(checkout) > 1 else filled

    return read


def _sensor(found: Object) -> Iterator[Procedure]:
    """The workflows that a sensor starts, with the events it waits for."""
    sources = " ".join(text(d, "eventSourceName") + " " + text(d, "eventName") for d in items(found.value, "spec", "dependencies"))
    push = re.search(r"(?i)git|bitbucket|push|webhook", sources)
    events = ("push",) if push else ("schedule",) if re.search(r"(?i)calendar|cron|schedule", sources) else ("call",)
    for index in range(len(items(found.value, "spec", "triggers"))):
        for kind in ("argoWorkflow", "k8s"):
            path: Path = ("spec", "triggers", index, "template", kind, "source", "resource")
            resource = dig(found.value, *path)
            if text(resource, "kind") == "Workflow":
                yield from _workflow(found, resource, path, events)


ARGO_WORKFLOWS = Extractor(
    name="argo-workflows", run=extract, suffixes=(".yaml", ".yml"), words=(b"Workflow", b"Sensor"),
    marks=re.compile(rb"(?m)^[- \t]*kind[ \t]*:[ \t]*[\"']?(?:(?:Cron|Cluster)?Workflow(?:Template|EventBinding)?|Sensor)[\"' \t\r]*$"),
)  # fmt: skip
