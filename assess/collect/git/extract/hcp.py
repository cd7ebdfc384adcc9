"""HCP Terraform and Terraform Enterprise: workspaces that run a directory of this repository on each push.

Source: https://registry.terraform.io/providers/hashicorp/tfe/latest/docs/resources/workspace
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from posixpath import normpath
from typing import Protocol

from assess.collect.git.extract.hcl import Block, attribute
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


def workspace_jobs(files: Iterable[Blocks], roots: Collection[str]) -> Iterator[Procedure]:
    """A job for each workspace that is fed from version control and works in one of the roots of this repository.

    A workspace whose execution mode is local stores state only: the run is somebody's own.
    """
    files = list(files)
    local = {name for file in files for block in file.blocks for name in _local_settings(block)}
    for file in files:
        for block in file.blocks:
            place = normpath(attribute(block, "working_directory").strip("/")) if _is_workspace(block) else ""
            if place in roots and not (block.kind == "resource" and block.labels[1] in local):
                yield _job(file.at, block, place)


def _is_workspace(block: Block) -> bool:
    resource = block.kind == "resource" and len(block.labels) == 2 and block.labels[0] == "tfe_workspace"
    module = block.kind == "module" and bool(_MODULE.search(attribute(block, "source")))
    fed = bool(_REPOSITORY.search(block.text)) and attribute(block, "execution_mode") != "local"
    return (resource or module) and fed and bool(attribute(block, "working_directory"))


def _local_settings(block: Block) -> Iterator[str]:
    if block.kind == "resource" and block.labels[:1] == ("tfe_workspace_settings",) and attribute(block, "execution_mode") == "local":
        yield from re.findall(r"\bworkspace_id\s*=\s*tfe_workspace\.(\w+)", block.text)


def _job(at: Location, block: Block, place: str) -> Procedure:
    where = Location(target=at.target, path=at.path, line=block.line)
    step = Command(does="apply", tool="terraform", path=place, line=block.line, text=f"{block.kind} {' '.join(block.labels)}: {place}")
    name = f"{at.path}#{block.labels[-1]}"
    return Procedure(at=where, tool="hcp-terraform", name=name, form="job", commands=(step,), trigger=Trigger(events=("push",)))
