"""Azure's own templates: Bicep files with what they call, and ARM templates in JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from posixpath import dirname

from assess.collect.git.extract.objects import dig, resolved, text
from assess.collect.git.file import Extractor, File, Part
from assess.model.fact import Definition, Fact
from assess.model.gap import Gap
from assess.model.target import Location
from assess.spec.document import DocumentError


@dataclass(frozen=True, slots=True)
class BicepFile(Part):
    """One Bicep file. called: the modules that it uses, as written."""

    at: Location
    objects: int
    called: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Parameters(Part):
    """A file of parameters: what it is for is deployed, wherever it lies."""

    of: str


@dataclass(frozen=True, slots=True)
class Compiled(Part):
    """An ARM template that the Bicep compiler wrote."""

    definition: Definition


def bicep(file: File) -> Iterator[Fact | Gap | Part]:
    """The resources and modules of a Bicep file, or the file that parameters are for.

    Source: https://learn.microsoft.com/azure/azure-resource-manager/bicep/file
    """
    code = re.sub(r"(?m)//.*$", lambda match: match[0] if "'" in match[0] else "", file.text)
    if file.name.endswith(".bicepparam"):
        if using := re.search(r"(?m)^[ \t]*using[ \t]+'([^'\n]+)'", code):
            yield Parameters(file.path, resolved(file.directory, using[1]))
        return
    declared = _DECLARED.findall(code)
    called = tuple(source for kind, source in declared if kind == "module")
    if declared:
        first = _DECLARED.search(code)
        line = code.count("\n", 0, first.start()) + 1 if first else 1
        yield BicepFile(file.path, file.at(line), len(declared), called)


_DECLARED = re.compile(r"(?m)^[ \t]*(resource|module)[ \t]+\w+[ \t]+'([^'\n]+)'")
_REGISTRY = re.compile(r"(?:br|ts)[:/].*:[^:/]+$|br:.*@sha256:")


def assemble(parts: Iterable[Part]) -> Iterator[Fact]:
    """A deployment for each Bicep file that no other calls and that is not kept among modules; ARM that Bicep wrote is no second one.

    Modules of a registry and template specs always name a version.
    Source: https://learn.microsoft.com/azure/azure-resource-manager/bicep/modules
    """
    parts = tuple(parts)
    files = {part.path: part for part in parts if isinstance(part, BicepFile)}
    started = {part.of for part in parts if isinstance(part, Parameters)}
    calls = {path: {resolved(dirname(path) or ".", c) for c in part.called if not _REGISTRY.match(c)} for path, part in files.items()}
    called = set().union(*calls.values())
    for path, part in files.items():
        kept = path in called or re.search(r"(?i)(^|/)modules?/", path)
        if not kept or path in started:
            pinned = sum(bool(_REGISTRY.match(source)) for source in part.called)
            yield Definition(
                at=part.at, tool="bicep", path=path, form="infrastructure", objects=part.objects,
                packages_local=len(part.called) - pinned, packages_pinned=pinned,
            )  # fmt: skip
    for other in parts:
        if isinstance(other, Compiled) and f"{other.path.removesuffix('.json')}.bicep" not in files:
            yield other.definition


def arm(file: File) -> Iterator[Fact | Gap | Part]:
    """A deployment for each ARM template.

    Source: https://learn.microsoft.com/azure/azure-resource-manager/templates/syntax
    """
    try:
        documents = file.documents()
    except DocumentError as error:
        yield file.unreadable(error, "Definition", under=file.path)
        return
    for document in documents[:1]:
        value = document.value
        resources = dig(value, "resources")
        if _ARM_SCHEMA.search(text(value, "$schema")) and isinstance(resources, list | dict):
            found = Definition(
                at=file.at(document.line("resources")), tool="arm", path=file.path, form="infrastructure",
                objects=max(1, len(resources)),
            )  # fmt: skip
            yield Compiled(file.path, found) if text(value, "metadata", "_generator", "name") == "bicep" else found


_ARM_SCHEMA = re.compile(r"(?i)/(subscription|managementGroup|tenant)?deploymentTemplate\.json")

ARM = Extractor(name="arm", run=arm, suffixes=(".json",), words=(b"eploymentTemplate.json",))
BICEP = Extractor(name="bicep", run=bicep, suffixes=(".bicep", ".bicepparam"))
AZURE = (ARM, BICEP)
