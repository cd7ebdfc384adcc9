"""Pipelines with tasks of their own kind: Concourse, Tekton, Atlantis.

Source: https://concourse-ci.org/docs/jobs/,
https://tekton.dev/docs/pipelines/, https://www.runatlantis.io/docs/repo-level-atlantis-yaml.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from assess.collect.git.extract.images import container, plugin
from assess.collect.git.extract.steps import Steps, chunks, first_document, given, jobs_of, mapping, sequence
from assess.collect.git.file import Extractor, File, Part
from assess.collect.git.paths import join
from assess.model.fact import Call, Fact, Procedure, Trigger
from assess.model.gap import Gap
from assess.spec.document import Document, DocumentError

Path = tuple[str | int, ...]
_PUTS = {
    "terraform": ("apply", "terraform", "terraform_source"), "registry-image": ("publish", "docker", "image"),
    "docker-image": ("publish", "docker", "build"), "cf": ("deploy", "cf", "path"), "cf-cli": ("deploy", "cf", "path"),
    "bosh-deployment": ("apply", "bosh", "manifest"), "helm": ("deploy", "helm", "chart"), "helm3": ("deploy", "helm", "chart"),
    "helm-chart": ("publish", "helm", "chart"), "kubernetes": ("deploy", "kubectl", "file"), "pulumi": ("apply", "pulumi", "source_dir"),
    "github-release": ("release", "gh", "name"), "s3": ("upload", "aws", "file"), "gcs": ("upload", "", "file"),
    "cloudformation": ("apply", "cloudformation", "template"), "cfn": ("apply", "cloudformation", "template"),
}  # fmt: skip
"""What putting to a resource of a type does, with which tool, and the parameter that names the path below an input."""
_AS_CODE = "pipelinesascode.tekton.dev/"
_HOOKS = ("try", "ensure", "on_success", "on_failure", "on_error", "on_abort")


def concourse(file: File) -> Iterator[Fact | Gap | Part]:
    """A job for each job with a plan, and a template for a task in a file of its own."""
    document = first_document(file)
    value = mapping(document.value) if document else {}
    if document is None:
        return
    if isinstance(value.get("platform"), str) and isinstance(value.get("run"), dict):
        steps = Steps()
        _concourse_run(document, value, (), steps)
        yield steps.procedure(file, document.line("run"), "concourse", file.path, "template")
        return
    jobs = value.get("jobs")
    if not isinstance(jobs, list) or not any(isinstance(mapping(job).get("plan"), list) for job in jobs):
        return
    kinds = {str(mapping(r).get("name")): str(mapping(r).get("type")) for r in sequence(value.get("resources"))}
    procedures = []
    for index, item in enumerate(jobs):
        job, steps, found = mapping(item), Steps(), ["manual"]
        _concourse_plan(document, job.get("plan"), ("jobs", index, "plan"), kinds, steps, found)
        name = f"{file.path}#{job.get('name', index + 1)}"
        events = tuple(dict.fromkeys(found[1:] or found))
        line = document.line("jobs", index)
        procedures.append(steps.procedure(file, line, "concourse", name, "job", Trigger(events=events)))
    yield from procedures
    yield jobs_of(file, document.start, "concourse", procedures)


def _concourse_plan(
    document: Document, plan: Any, path: Path, kinds: dict[str, str], steps: Steps, events: list[str], depth: int = 0
) -> None:
    for index, item in enumerate(plan if isinstance(plan, list) else ()):
        step, at = mapping(item), (*path, index)
        line = document.line(*at)
        if step.get("trigger") is True:
            kind = kinds.get(str(step.get("resource") or step.get("get")), "")
            events.append("schedule" if kind in ("time", "cron") else "push")
        if isinstance(step.get("file"), str) and "task" in step:
            name = re.sub(r"\(\([^)]{0,400}\)\)", "*", step["file"].partition("/")[2] or step["file"])
            steps.call(name, line, given=tuple((key.partition(".")[2], value) for key, value in given("params", step.get("params"))))
        if isinstance(step.get("config"), dict):
            _concourse_run(document, mapping(step["config"]), (*at, "config"), steps)
        if isinstance(step.get("put"), str):
            _concourse_put(step, kinds.get(str(step.get("resource") or step["put"]), ""), line, steps)
        if isinstance(step.get("set_pipeline"), str) and isinstance(step.get("file"), str):
            steps.call(re.sub(r"\(\([^)]{0,400}\)\)", "*", step["file"].partition("/")[2] or step["file"]), line)
        for hook in _HOOKS if depth < 10 else ():
            if isinstance(step.get(hook), dict):
                _concourse_plan(document, [step[hook]], (*at, hook), kinds, steps, events, depth + 1)
        for key in ("do", "in_parallel", "aggregate"):
            inner = step.get(key)
            nested, where = (mapping(inner).get("steps"), (*at, key, "steps")) if isinstance(inner, dict) else (inner, (*at, key))
            if depth < 10:
                _concourse_plan(document, nested, where, kinds, steps, events, depth + 1)


def _concourse_put(step: dict[str, Any], kind: str, line: int, steps: Steps) -> None:
    """Add what putting to a resource does. A path lies below an input, the first part of it; which repository that is, it does not say."""
    if row := _PUTS.get(kind):
        does, tool, key = row
        place = mapping(step.get("params")).get(key)
        place = join(".", place.partition("/")[2] or ".") if isinstance(place, str) else "."
        steps.command(does, tool, re.sub(r"\(\(([^)]{0,400})\)\)", r"${\1}", place), line, f"put: {step['put']}")


def _concourse_run(document: Document, config: dict[str, Any], path: Path, steps: Steps) -> None:
    run = mapping(config.get("run"))
    arguments = [str(a) for a in sequence(run.get("args"))]
    lines = [document.line(*path, "run", "args", i) for i in range(len(arguments))]
    program = str(run.get("path") or "")
    if "/" in program and program.endswith((".sh", ".py", ".rb")):
        steps.call(program.partition("/")[2], document.line(*path, "run"))
    where = str(run.get("dir") or "").partition("/")[2]
    container("", program, arguments, lines, join(".", where) if where else ".", steps)


def tekton(file: File) -> Iterator[Fact | Gap | Part]:
    """A template for each Task, a workflow for each Pipeline, a job for each run of one, in a TriggerTemplate too.

    Source: https://tekton.dev/docs/pipelines/pipelineruns/, https://tekton.dev/docs/triggers/triggertemplates/
    """
    try:
        documents = file.documents()
    except DocumentError:
        return  # the extractor of manifests reports it
    for document in documents:
        value = mapping(document.value)
        group = str(value.get("apiVersion", "")).partition("/")[0]
        if group == "tekton.dev":
            yield from _tekton_object(file, document, value, ())
        elif group == "triggers.tekton.dev" and value.get("kind") == "TriggerTemplate":
            for index, resource in enumerate(sequence(mapping(value.get("spec")).get("resourcetemplates"))):
                yield from _tekton_object(file, document, mapping(resource), ("spec", "resourcetemplates", index), ("call",))


def _tekton_object(file: File, document: Document, value: dict[str, Any], at: Path, events: tuple[str, ...] = ()) -> Iterator[Procedure]:
    metadata, spec = mapping(value.get("metadata")), mapping(value.get("spec"))
    name = str(metadata.get("name") or metadata.get("generateName") or "")
    kind, steps, path = value.get("kind"), Steps(), (*at, "spec")
    line = document.line(*path)
    if kind in ("Task", "ClusterTask"):
        _tekton_steps(document, spec.get("steps"), (*path, "steps"), steps)
        yield steps.procedure(file, line, "tekton", f"tekton:{name}", "template")
    elif kind == "Pipeline":
        _tekton_tasks(document, spec, path, steps)
        yield steps.procedure(file, line, "tekton", f"tekton-pipeline:{name}", "workflow")
    elif kind in ("PipelineRun", "TaskRun"):
        _tekton_run(document, spec, path, "pipeline" if kind == "PipelineRun" else "task", steps)
        yield steps.procedure(file, line, "tekton", f"{file.path}#{name}", "job", _tekton_trigger(metadata, events))


def _tekton_trigger(metadata: dict[str, Any], events: tuple[str, ...]) -> Trigger:
    """What starts a run: the annotations of Pipelines as Code, else whoever creates it.

    Source: https://pipelinesascode.com/docs/guide/matchingevents/
    """
    annotations = mapping(metadata.get("annotations"))
    said = {key.removeprefix(_AS_CODE): str(value) for key, value in annotations.items() if key.startswith(_AS_CODE)}
    condition = said.get("on-cel-expression", "")
    named = re.findall(r"\b(push|pull_request)\b", said.get("on-event", "") + condition)
    targets = re.findall(r"[\w./*-]+", said.get("on-target-branch", ""))
    targets += re.findall(r"target_branch\s*==\s*[\"']([\w./-]+)[\"']", condition)
    tags = [target for target in targets if target.startswith("refs/tags/")]
    branches = tuple(dict.fromkeys(t.removeprefix("refs/heads/") for t in targets if t not in tags))
    started = ("tag",) if tags and not branches else tuple(dict.fromkeys(named))
    return Trigger(events=started or (("chat",) if "on-comment" in said else events or ("manual",)), branches=branches)


def _tekton_run(document: Document, spec: dict[str, Any], path: Path, what: str, steps: Steps) -> None:
    """Add what a run starts: what it names, from this repository or elsewhere, and what it holds."""
    reference = mapping(spec.get(f"{what}Ref"))
    line = document.line(*path, f"{what}Ref")
    if isinstance(name := reference.get("name"), str):
        steps.call(f"{'tekton-pipeline' if what == 'pipeline' else 'tekton'}:{name}", line)
    elif reference.get("resolver") or reference.get("bundle"):
        steps.unresolved.append(f"{what}Ref: {reference.get('resolver') or reference['bundle']}")
    if what == "pipeline":
        _tekton_tasks(document, mapping(spec.get("pipelineSpec")), (*path, "pipelineSpec"), steps)
    else:
        _tekton_steps(document, mapping(spec.get("taskSpec")).get("steps"), (*path, "taskSpec", "steps"), steps)


def _tekton_tasks(document: Document, spec: dict[str, Any], path: Path, steps: Steps) -> None:
    for key in ("tasks", "finally"):
        for index, item in enumerate(spec[key] if isinstance(spec.get(key), list) else ()):
            task, at = mapping(item), (*path, key, index)
            if isinstance(reference := mapping(task.get("taskRef")).get("name"), str):
                steps.call(f"tekton:{reference}", document.line(*at, "taskRef"))
            inline = mapping(task.get("taskSpec"))
            _tekton_steps(document, inline.get("steps"), (*at, "taskSpec", "steps"), steps)


def _tekton_steps(document: Document, value: Any, path: Path, steps: Steps) -> None:
    for index, item in enumerate(value if isinstance(value, list) else ()):
        step, at = mapping(item), (*path, index)
        where = re.sub(r"^\$\(workspaces\.[\w-]+\.path\)/?|^/workspace/\w+/?", "", str(step.get("workingDir") or ""))
        where = join(".", where) if where else "."
        steps.shell(chunks(document, step.get("script"), *at, "script"), where)
        command, raw = [str(c) for c in sequence(step.get("command"))], sequence(step.get("args"))
        lines = [document.line(*at, "command", i) for i in range(1, len(command))] + [
            document.line(*at, "args", i) for i in range(len(raw))
        ]
        image = str(step.get("image") or "")
        if command or step.get("script") or not plugin(image, {}, where, document.line(*at), steps):
            container(image, command[0] if command else "", [*command[1:], *map(str, raw)], lines, where, steps)


def atlantis(file: File) -> Iterator[Fact | Gap | Part]:
    """A job for each project: Atlantis plans and applies its directory from a pull request."""
    try:
        documents = file.documents()
    except DocumentError as error:
        yield file.unreadable(error, "PipelineJob")
        return
    document = documents[0] if documents else None
    value = mapping(document.value) if document else {}
    if document is None or not ({"version", "projects", "workflows"} & value.keys()):
        return
    found = value.get("projects")
    projects: list[tuple[Path, dict[str, Any]]] = [
        (("projects", index), mapping(item)) for index, item in enumerate(found if isinstance(found, list) else ())
    ]
    procedures: list[Procedure] = []
    for path, project in projects or ([((), {})] if file.directory == "." else []):
        steps, line = Steps(), document.line(*path) if path else document.start
        raw = project.get("dir", ".")
        place = join(".", raw) if isinstance(raw, str) else "."
        steps.command("plan", "terraform", place, line, "atlantis plan")
        steps.command("apply", "terraform", place, line, "atlantis apply")
        branch = str(project.get("branch") or "").strip("/")
        trigger = Trigger(events=("pull_request",), branches=(branch,) if branch else ())
        label = project.get("name") or (place if project.get("workspace", "default") == "default" else f"{place}@{project['workspace']}")
        procedures.append(steps.procedure(file, line, "atlantis", f"{file.path}#{label}", "job", trigger))
    yield from procedures
    calls = tuple(Call(name=job.name, line=job.at.line) for job in procedures)
    yield Procedure(at=file.at(document.start), tool="atlantis", name=file.path, form="workflow", calls=calls)


_YAML = (".yml", ".yaml")
CONCOURSE = Extractor(
    name="concourse",
    run=concourse,
    suffixes=_YAML,
    words=(b"plan", b"platform"),
    marks=re.compile(rb"(?m)^[ \t]+(- )?plan[ \t]*:|^platform[ \t]*:[ \t]*[\"']?(linux|darwin|windows)"),
    by_line=True,
)
TEKTON = Extractor(
    name="tekton",
    run=tekton,
    suffixes=_YAML,
    words=(b"tekton.dev/",),
    marks=re.compile(rb"(?m)^apiVersion:\s*[\"']?(?:triggers\.)?tekton\.dev/"),
)
ATLANTIS = Extractor(name="atlantis", run=atlantis, names=frozenset({"atlantis.yaml", "atlantis.yml"}))
