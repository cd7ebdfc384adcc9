"""Flux: the objects by which its controllers deliver something."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from assess.collect.git.extract.objects import Object, clean_url, dig, items, mapping, resolved, text
from assess.collect.git.extract.templated import STAR
from assess.model.fact import Fact, GitOpsSource

_SOURCES = {"GitRepository", "OCIRepository", "HelmRepository", "Bucket", "ExternalArtifact"}
_VARIABLE = re.compile(r"\$\{[^{}]{0,200}\}")
_OWN = "flux-system"


def flux(found: Object) -> Iterator[Fact]:
    """The source behind a Flux object.

    `source` is an address where the object or its file has it, else `KIND/NAME` of the source object to look up;
    empty for `flux-system`, by which a bootstrap names the repository it stands in.
    Source: https://fluxcd.io/flux/components/
    """
    spec = mapping(found.value, "spec")
    match found.kind:
        case "Kustomization":
            path = text(spec, "path")
            yield _flux(found, source=_reference(dig(spec, "sourceRef")), heals=True, delivers=(_path(path or "."),))
        case "Terraform":
            path = text(spec, "path")
            yield _flux(found, source=_reference(dig(spec, "sourceRef")), heals=True, delivers=(_path(path or "."),))
        case "HelmRelease":
            yield _release(found, spec)
        case "FluxInstance":
            sync = mapping(spec, "sync")
            yield _flux(
                found, source=clean_url(text(sync, "url")), heals=True, revision=text(sync, "ref"),
                delivers=(_path(text(sync, "path")),) if text(sync, "path") else (),
            )  # fmt: skip
        case "ResourceSet" | "ImageUpdateAutomation":
            update = text(spec, "update", "path")
            yield _flux(found, source=_reference(dig(spec, "sourceRef")), delivers=(_path(update),) if update else ())
        case "ArtifactGenerator":
            yield from _artifacts(found, spec)
        case kind if kind in _SOURCES:
            url = text(spec, "url") or text(spec, "endpoint")
            ref = mapping(spec, "ref")
            revision = next((text(ref, key) for key in ("commit", "digest", "tag", "semver", "branch") if text(ref, key)), "")
            yield _flux(found, source=clean_url(url) or STAR, revision=revision)


def _artifacts(found: Object, spec: dict[str, Any]) -> Iterator[Fact]:
    """The artifacts that a generator cuts out of its sources: each a source by its name, of the directories copied into it.

    Source: https://fluxcd.io/flux/components/source/artifactgenerators/
    """
    for artifact in items(spec, "artifacts"):
        copied = [text(copy, "from") for copy in items(artifact, "copy")]
        paths = tuple(_path(path.partition("/")[2].removesuffix("/**") or ".") for path in copied if path.startswith("@"))
        fact = _flux(found, source="", delivers=paths)
        yield replace(fact, object_kind="ExternalArtifact", name=text(artifact, "name"))


def _release(found: Object, spec: dict[str, Any]) -> GitOpsSource:
    """A release of Helm; it repairs drift only where `driftDetection` says so.

    Source: https://fluxcd.io/flux/components/helm/helmreleases/#drift-detection
    """
    chart = mapping(spec, "chart", "spec")
    name = text(chart, "chart")
    local = name.startswith(("./", "/", "../")) or text(chart, "sourceRef", "kind") in ("GitRepository", "Bucket")
    return _flux(
        found, source=_reference(dig(chart, "sourceRef") or dig(spec, "chartRef")),
        heals=text(spec, "driftDetection", "mode") == "enabled", chart="" if local else name or text(spec, "chartRef", "name"),
        delivers=(_path(name),) if local and name else (), revision=text(chart, "version"),
    )  # fmt: skip


def _flux(
    found: Object, *, source: str, heals: bool = False, delivers: tuple[str, ...] = (), chart: str = "", revision: str = ""
) -> GitOpsSource:
    suspend = dig(found.value, "spec", "suspend")
    unknown = isinstance(suspend, str) or found.guessed
    suspended = suspend is True
    return GitOpsSource(
        at=found.at(), tool="flux", path=found.file.path, object_kind=found.kind, name=found.name,
        automated=None if unknown else not suspended, self_heal=None if unknown else heals and not suspended,
        suspended=suspended, source=source, delivers=delivers, chart=chart, revision=revision,
    )  # fmt: skip


def _reference(reference: Any) -> str:
    name = text(reference, "name")
    if not name or name == _OWN:
        return ""
    return f"{text(reference, 'kind') or 'HelmRepository'}/{_VARIABLE.sub(STAR, name)}"


def _path(path: str) -> str:
    return resolved(".", _VARIABLE.sub(STAR, path).removeprefix("/"))


def inline(found: Object) -> Iterator[Object]:
    """The objects that a ResourceSet makes: they are real, though written inside another. Templates in them stay `*`."""
    for index, value in enumerate(items(found.value, "spec", "resources")):
        if isinstance(value, dict) and isinstance(value.get("kind"), str) and isinstance(value.get("apiVersion"), str):
            yield Object(found.file, found.document, value, (*found.prefix, "spec", "resources", index), found.neutral)
