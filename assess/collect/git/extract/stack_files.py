"""What the platforms that run Terraform read in the repository that they run: `.spacelift/config.yml`, `env0.yml`.

Source: https://docs.spacelift.io/concepts/configuration/runtime-configuration/runtime-yaml-reference,
https://docs.envzero.com/guides/admin-guide/custom-flows
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import normpath
from typing import Any

from assess.collect.git.extract.steps import Steps, chunks, first_document, mapping
from assess.collect.git.file import Extractor, File, Part
from assess.model.fact import Fact, Trigger
from assess.model.gap import Gap
from assess.spec.document import Document

_HOOK = re.compile(r"(?:before|after)_\w+\Z")
_DESTROYS = re.compile(r"destroy\Z")
_STEPS = ((re.compile(r"pulumi"), ("apply", "pulumi")), (re.compile(r"(?i)k8s|kubectl"), ("deploy", "kubectl")),
          (re.compile(r"helm"), ("deploy", "helm")), (re.compile(r"(?i)cloudformation|cfn"), ("apply", "cloudformation")),
          (re.compile(r"ansible"), ("configure", "ansible-playbook")))  # fmt: skip
"""By a step's name, what an env0 deployment does and with which tool; Terraform and Terragrunt share their steps."""


def spacelift(file: File) -> Iterator[Fact | Gap | Part]:
    """A job for each stack that the file knows, and one that publishes the module where it says which version it is."""
    document = first_document(file)
    if document is None:
        return
    value = mapping(document.value)
    if isinstance(value.get("module_version"), str | int | float):
        steps = Steps()
        steps.command("publish", "terraform", ".", document.line("module_version"), f"module_version: {value['module_version']}")
        yield steps.procedure(file, document.line("module_version"), "spacelift", f"{file.path}#module", "job", Trigger(events=("push",)))
    for name, body in mapping(value.get("stacks")).items():
        stack, steps, line = mapping(body), Steps(), document.line("stacks", name)
        root = stack.get("project_root")
        place = normpath(root.strip("/") or ".") if isinstance(root, str) else "${project_root}"
        _hooks(document, stack, ("stacks", name), place, steps)
        steps.command("apply", "terraform", place, line, f"stack {name}")
        yield steps.procedure(file, line, "spacelift", f"{file.path}#{name}", "job", Trigger(events=("push",)))


def _hooks(document: Document, stack: dict[str, Any], path: tuple[str, ...], place: str, steps: Steps) -> None:
    for key, value in stack.items():
        if _HOOK.match(key) and not _DESTROYS.search(key):
            steps.shell(chunks(document, value, *path, key), "." if "$" in place else place)


def env0(file: File) -> Iterator[Fact | Gap | Part]:
    """A job that deploys the directory: the file is where env0 looks for what else to do there.

    What starts it (a push, a schedule, the button) is kept in env0 itself.
    """
    document = first_document(file)
    value = mapping(document.value) if document else {}
    deploy = mapping(value.get("deploy"))
    if document is None or not ("version" in value and (deploy or mapping(value.get("destroy")))):
        return
    steps, line = Steps(), document.line("deploy")
    found = mapping(deploy.get("steps"))
    for name, hooks in found.items():
        for when, body in mapping(hooks).items():
            path = ("deploy", "steps", name, when)
            steps.shell(_runs(document, body, path), file.directory)
    engines = [engine for pattern, engine in _STEPS if any(pattern.search(name) for name in found)]
    for does, tool in engines or [("apply", "terraform"), ("apply", "terragrunt")]:
        steps.command(does, tool, file.directory, line, f"env0 deploys {file.directory}")
    yield steps.procedure(file, line, "env0", f"{file.path}#deploy", "job", Trigger(events=("manual",)))


def _runs(document: Document, body: Any, path: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    """The shell lines of a hook: texts, or mappings that `run` one."""
    for index, item in enumerate(body if isinstance(body, list) else ()):
        if isinstance(item, dict):
            yield from chunks(document, item.get("run"), *path, index, "run")
        else:
            yield from chunks(document, item, *path, index)


SPACELIFT = Extractor(
    name="spacelift",
    run=spacelift,
    names=frozenset({"config.yml"}),
    places=("/.spacelift/",),
    within=re.compile(r"^\.spacelift/config\.yml$"),
)
ENV0 = Extractor(name="env0", run=env0, names=frozenset({"env0.yml", "env0.yaml"}))
