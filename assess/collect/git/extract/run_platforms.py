"""Platforms that run Terraform and its like from Git: HCP Terraform, Spacelift, Scalr, env0, as their Terraform declares them.

A workspace or stack names a repository and a directory in it; the platform runs that directory on each push. Which
repository of the estate that is, is settled where targets are joined.
Source: https://registry.terraform.io/providers/hashicorp/tfe/latest/docs/resources/workspace,
https://registry.terraform.io/providers/spacelift-io/spacelift/latest/docs/resources/stack,
https://registry.terraform.io/providers/Scalr/scalr/latest/docs/resources/workspace,
https://registry.terraform.io/providers/env0/env0/latest/docs/resources/environment
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from posixpath import normpath
from typing import Protocol

from assess.collect.git.hcl import Block, attribute
from assess.model.fact import Command, Procedure, Trigger
from assess.model.target import Location


class Blocks(Protocol):
    """A file's blocks with its place."""

    @property
    def at(self) -> Location: ...
    @property
    def blocks(self) -> tuple[Block, ...]: ...


_REPOSITORY = re.compile(r"(?m)^\s*vcs_repo\s*(?:=\s*)?\{|^\s*dynamic\s+\"vcs_repo\"")
_MODULE = re.compile(r"/tfe(?:$|/)|workspace")
_ENGINES = {
    "pulumi": ("apply", "pulumi"), "cloudformation": ("apply", "cloudformation"), "kubernetes": ("deploy", "kubectl"),
    "k8s": ("deploy", "kubectl"), "ansible": ("configure", "ansible-playbook"), "terragrunt": ("apply", "terragrunt"),
    "helm": ("deploy", "helm"),
}  # fmt: skip
"""What a platform runs where it is not Terraform or OpenTofu: what that does, and the tool."""
_VENDOR = re.compile(rf"(?m)^\s*({'|'.join(_ENGINES)})\s*\{{")


def platform_jobs(files: Iterable[Blocks], roots: Collection[str]) -> Iterator[Procedure]:
    """A job for each workspace, stack or environment that a platform runs from version control.

    roots: the Terraform roots of this repository; where the declaration does not name the repository that it runs, only
    a directory among these is believed. A workspace whose execution mode is local stores state only: the run is somebody's own.
    """
    files = list(files)
    blocks = [(file.at, block) for file in files for block in file.blocks]
    local = {name for _, block in blocks for name in _local_settings(block)}
    drift = {name for _, block in blocks for name in _drift(block)}
    templates = {block.labels[1]: block for _, block in blocks if _is(block, "env0_template")}
    for at, block in blocks:
        place = normpath(attribute(block, "working_directory").strip("/")) if _is_workspace(block) else ""
        if place and not (block.kind == "resource" and block.labels[1] in local):
            tool = "scalr" if _is(block, "scalr_workspace") else "hcp-terraform"
            yield from _job(
                at, block, tool, place, attribute(block, "identifier"), roots, drift=_says(block, "assessments_enabled", "true")
            )
        elif _is(block, "spacelift_stack"):
            yield from _spacelift(at, block, roots, block.labels[1] in drift)
        elif _is(block, "env0_environment"):
            yield from _env0(at, block, templates, roots, block.labels[1] in drift)


def _is(block: Block, kind: str) -> bool:
    return block.kind == "resource" and len(block.labels) == 2 and block.labels[0] == kind


def _says(block: Block, name: str, value: str) -> bool:
    return bool(re.search(rf"(?m)^[ \t]*{name}[ \t]*=[ \t]*{value}\b", block.text))


def _writes(block: Block, name: str) -> bool:
    return bool(re.search(rf"(?m)(?:^|\{{)[ \t]*{name}[ \t]*=", block.text))


def _is_workspace(block: Block) -> bool:
    resource = _is(block, "tfe_workspace") or _is(block, "scalr_workspace")
    module = block.kind == "module" and bool(_MODULE.search(attribute(block, "source")))
    fed = bool(_REPOSITORY.search(block.text)) and attribute(block, "execution_mode") != "local"
    return (resource or module) and fed and bool(attribute(block, "working_directory"))


def _local_settings(block: Block) -> Iterator[str]:
    if block.kind == "resource" and block.labels[:1] == ("tfe_workspace_settings",) and attribute(block, "execution_mode") == "local":
        yield from re.findall(r"\bworkspace_id\s*=\s*tfe_workspace\.(\w+)", block.text)


def _drift(block: Block) -> Iterator[str]:
    """The stack or environment that a drift detection looks at, by its name in the code."""
    if _is(block, "spacelift_drift_detection") or _is(block, "env0_environment_drift_detection"):
        yield from re.findall(r"\b(?:stack_id|environment_id)\s*=\s*(?:spacelift_stack|env0_environment)\.(\w+)", block.text)


def _spacelift(at: Location, block: Block, roots: Collection[str], drift: bool) -> Iterator[Procedure]:
    """The run of a stack: it applies by itself where `autodeploy` says so, else after somebody confirmed it."""
    written = attribute(block, "project_root")
    unclear = not written and _writes(block, "project_root")
    place = "${project_root}" if unclear else normpath(written.strip("/") or ".")
    vendor = _VENDOR.search(block.text)
    manual = not _says(block, "autodeploy", "true")
    repository = attribute(block, "repository")
    yield from _job(
        at, block, "spacelift", place, repository, roots, drift=drift, manual=manual, engine=vendor[1] if vendor else "",
        branch=attribute(block, "branch"),
    )  # fmt: skip


def _env0(at: Location, block: Block, templates: dict[str, Block], roots: Collection[str], drift: bool) -> Iterator[Procedure]:
    """The run of an environment, on each push or at the button, of what its template or its own settings name."""
    named = re.search(r"\btemplate_id\s*=\s*env0_template\.(\w+)", block.text)
    of = templates.get(named[1]) if named else block if "without_template_settings" in block.text else None
    if of is None or _says(block, "is_inactive", "true"):
        return
    engine = attribute(of, "type")
    manual = not _says(block, "deploy_on_push", "true")
    yield from _job(
        at, block, "env0", normpath(attribute(of, "path").strip("/") or "."), attribute(of, "repository"), roots, drift=drift,
        manual=manual, engine=engine, branch=attribute(block, "revision") or attribute(of, "revision"),
    )  # fmt: skip


def _job(
    at: Location, block: Block, tool: str, place: str, repository: str, roots: Collection[str], *, drift: bool = False,
    manual: bool = False, engine: str = "", branch: str = "",
) -> Iterator[Procedure]:  # fmt: skip
    if "${" in repository or (not repository and place not in roots):
        return
    does, runs = _ENGINES.get(engine, ("apply", "terraform"))
    text = f"{block.kind} {' '.join(block.labels)}: {place}"
    steps = [Command(does=does, tool=runs, path=place, line=block.line, text=text, resolved="$" not in place)]
    events: tuple[str, ...] = ("push", "manual") if manual else ("push",)
    where = Location(target=at.target, path=at.path, line=block.line)
    name = f"{at.path}#{block.labels[-1]}"
    branches = (branch,) if branch and "${" not in branch else ()
    yield Procedure(
        at=where, tool=tool, name=name, form="job", commands=tuple(steps), serves=repository,
        trigger=Trigger(events=events, branches=branches),
    )  # fmt: skip
    if drift:
        look = Command(does="drift", tool=runs, path=place, line=block.line, text=f"drift detection of {text}", resolved="$" not in place)
        yield Procedure(
            at=where, tool=tool, name=f"{name}.drift", form="job", commands=(look,), serves=repository,
            trigger=Trigger(events=("schedule",)),
        )  # fmt: skip
