"""Platform APIs: Crossplane, CRDs, kro, Kratix, KubeVela, Score."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from assess.collect.git.extract.groups import tool_of
from assess.collect.git.extract.objects import Object, dig, mapping, text
from assess.collect.git.file import Extractor, File, Part
from assess.model.fact import ApiRequest, CustomApi, Definition, Fact, ToolMarker
from assess.model.gap import Gap
from assess.spec.document import DocumentError


@dataclass(frozen=True, slots=True)
class Composed(Part):
    """A Composition: what makes an XRD of that group and kind work."""

    group: str
    kind: str


@dataclass(frozen=True, slots=True)
class Offered(Part):
    """An API whose definition needs a composition elsewhere."""

    api: CustomApi


def assemble(parts: Iterable[Part]) -> Iterator[Fact]:
    """The XRDs of a repository, each with whether something there composes it."""
    parts = tuple(parts)
    composed = {(part.group, part.kind) for part in parts if isinstance(part, Composed)}
    for part in parts:
        if isinstance(part, Offered):
            yield replace(part.api, composed=(part.api.group, part.api.object_kind) in composed)


def crossplane(found: Object) -> Iterator[Fact | Gap | Part]:
    """An XRD, or what composes one.

    An XRD is for consumers where it has claims (v1), or its requests live in a namespace (v2, where that is the default).
    Source: https://docs.crossplane.io/latest/composition/composite-resource-definitions/
    """
    spec = mapping(found.value, "spec")
    if found.kind == "CompositeResourceDefinition":
        scope = text(spec, "scope") or ("Namespaced" if found.api.endswith("/v2") else "")
        yield Offered(found.file.path, CustomApi(
            at=found.at(), tool="crossplane", path=found.file.path, group=text(spec, "group"),
            object_kind=text(spec, "names", "kind"), consumer_facing=bool(mapping(spec, "claimNames")) or scope == "Namespaced",
        ))  # fmt: skip
    elif found.kind == "Composition":
        of = mapping(spec, "compositeTypeRef")
        yield Composed(found.file.path, text(of, "apiVersion").rpartition("/")[0], text(of, "kind"))


def package(found: Object) -> Iterator[Fact]:
    """The marker of a package that is built from here: `crossplane.yaml`, `upbound.yaml`.

    Source: https://docs.crossplane.io/latest/packages/configurations/
    """
    yield ToolMarker(at=found.at(), tool="crossplane-package", category="packaging")


def crd(found: Object) -> Iterator[Fact]:
    """An API of one's own; nothing for the CRDs that come with a known tool, which are part of its installation."""
    group = text(found.value, "spec", "group")
    if found.kind == "CustomResourceDefinition" and not tool_of(group, ""):
        yield CustomApi(
            at=found.at(), tool="crd", path=found.file.path, group=group, object_kind=text(found.value, "spec", "names", "kind")
        )


def kro(found: Object) -> Iterator[Fact]:
    """The API that a kro graph makes; its group is kro.run where none is written. Source: https://kro.run/docs/concepts/rgd/"""
    schema = mapping(found.value, "spec", "schema")
    if found.kind == "ResourceGraphDefinition":
        yield _offered(found, "kro", text(schema, "group") or "kro.run", text(schema, "kind"))


def kratix(found: Object) -> Iterator[Fact]:
    """The API that a promise offers. Source: https://docs.kratix.io/main/reference/promises/intro"""
    api = mapping(found.value, "spec", "api", "spec")
    if found.kind == "Promise":
        yield _offered(found, "kratix", text(api, "group"), text(api, "names", "kind"))


def kubevela(found: Object) -> Iterator[Fact]:
    """A component type for teams, or an application that asks for some.

    Source: https://kubevela.io/docs/getting-started/definition/
    """
    if found.kind in ("ComponentDefinition", "WorkloadDefinition"):
        yield _offered(found, "kubevela", "core.oam.dev", found.name)
    elif found.kind == "Application":
        yield _request(found, "kubevela")


def humanitec(found: Object) -> Iterator[Fact]:
    """What Humanitec's orchestrator is told by a file, with `humctl apply`: by which driver a kind of resource is made.

    Source: https://developer.humanitec.com/platform-orchestrator/resources/resource-definitions/
    """
    yield Definition(at=found.at(), tool="humanitec", path=found.file.path, form="infrastructure")


def kubevela_cue(file: File) -> Iterator[Fact | Gap | Part]:
    """A component type for teams that is written in CUE. Source: https://kubevela.io/docs/platform-engineers/components/custom-component/"""
    if (found := _COMPONENT.search(file.text)) and re.search(r"(?m)^template:[ \t]*\{?", file.text):
        line = file.text.count("\n", 0, found.start()) + 1
        yield CustomApi(
            at=file.at(line), tool="kubevela", path=file.path, group="core.oam.dev", object_kind=found[1], composed=True,
            consumer_facing=True,
        )  # fmt: skip


_COMPONENT = re.compile(r"(?m)^\"?([\w.-]+)\"?:[ \t]*\{(?:\n[ \t][^\n]*){0,40}?\n[ \t]{1,8}type:[ \t]*\"component\"")
"""Each line in between begins with one blank, so that it fits in one way only."""


def _offered(found: Object, tool: str, group: str, kind: str) -> CustomApi:
    return CustomApi(at=found.at(), tool=tool, path=found.file.path, group=group, object_kind=kind, composed=True, consumer_facing=True)


def _request(found: Object, tool: str) -> ApiRequest:
    return ApiRequest(at=found.at(), tool=tool, path=found.file.path, api_version=found.api, object_kind=found.kind)


def score(file: File) -> Iterator[Fact | Gap | Part]:
    """The workloads that a Score file asks for. Source: https://docs.score.dev/docs/score-specification/"""
    try:
        documents = file.documents()
    except DocumentError as error:
        yield file.unreadable(error, "ApiRequest", under=file.directory)
        return
    for document in documents:
        value: Any = document.value
        if text(value, "apiVersion").startswith("score.dev/") and isinstance(dig(value, "containers"), dict):
            yield ApiRequest(
                at=file.at(document.start), tool="score", path=file.path, api_version=text(value, "apiVersion"),
                object_kind="Workload",
            )  # fmt: skip


KUBEVELA_CUE = Extractor(
    name="kubevela-cue", run=kubevela_cue, suffixes=(".cue",), words=(b"component",), marks=re.compile(rb"type:[ \t]*\"component\"")
)  # fmt: skip
SCORE = Extractor(
    name="score",
    run=score,
    suffixes=(".yaml", ".yml"),
    words=(b"score.dev/",),
    marks=re.compile(rb"(?m)^apiVersion[ \t]*:[ \t]*[\"']?score\.dev/"),
)
