"""What portals offer, as their Terraform declares it: actions of Port and OpsLevel; orchestrators that are set up that way.

Source: https://registry.terraform.io/providers/port-labs/port-labs/latest/docs/resources/port_action,
https://registry.terraform.io/providers/OpsLevel/opslevel/latest/docs/resources/trigger_definition,
https://registry.terraform.io/providers/humanitec/humanitec/latest/docs/resources/resource_definition
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from assess.collect.git.hcl import Block, attribute
from assess.model.fact import Fact, SoftwareTemplate, ToolMarker
from assess.model.target import Location

_METHOD = re.compile(r"(?m)^[ \t]*(kafka|webhook|github|gitlab|azure|integration|upsert_entity)_method[ \t]*=(?![ \t]*null\b)")
_ASKED = re.compile(r"(?m)^[ \t]*self_service_trigger[ \t]*=(?![ \t]*null\b)|^[ \t]*trigger[ \t]*=[ \t]*\"(?:CREATE|DAY-2|DELETE)\"")
_DRAFT = re.compile(r"(?m)^[ \t]*(?:publish|published)[ \t]*=[ \t]*false\b")
_MARKERS = (("port_", "port"), ("humanitec_", "humanitec"), ("opslevel_", "opslevel"), ("cortex_", "cortex"))
"""The prefix of a portal's resources, and the tool."""


def from_blocks(files: Iterable[tuple[Location, str, Iterable[Block]]]) -> Iterator[Fact]:
    """A template for each action that users may start, and a marker for each portal or orchestrator that is set up here."""
    seen: set[str] = set()
    for at, directory, blocks in files:
        for block in blocks:
            kind = block.labels[0] if block.kind == "resource" and len(block.labels) == 2 else ""
            where = Location(target=at.target, path=at.path, line=block.line)
            if kind in ("port_action", "opslevel_trigger_definition"):
                yield from _action(where, directory, kind, block)
            tool = next((tool for prefix, tool in _MARKERS if kind.startswith(prefix)), "")
            if tool and tool not in seen:
                seen.add(tool)
                yield ToolMarker(at=where, tool=tool, category="portal")


def _action(at: Location, directory: str, kind: str, block: Block) -> Iterator[SoftwareTemplate]:
    """An action: it acts where it starts something outside the portal, and is no draft; an automation is nobody's request."""
    if kind == "port_action":
        methods = [match[1] for match in _METHOD.finditer(block.text)]
        if not _ASKED.search(block.text):
            return
        tool, acts = "port", any(method != "upsert_entity" for method in methods)
    else:
        tool, methods, acts = "opslevel", ["webhook"], True
    name = attribute(block, "identifier") or attribute(block, "name") or block.labels[1]
    yield SoftwareTemplate(
        at=at, tool=tool, path=directory, name=name, actions=tuple(dict.fromkeys(methods)), acts=acts and not _DRAFT.search(block.text),
    )  # fmt: skip
