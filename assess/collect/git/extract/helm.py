"""Helm: charts, and the releases that Helmfile and Skaffold make of them."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from assess.collect.git.extract.objects import clean_url, items, text
from assess.collect.git.extract.templated import STAR, is_templated, neutralise
from assess.collect.git.file import Extractor, File, Part
from assess.model.fact import Fact, HelmChart, HelmRelease, ToolMarker
from assess.model.gap import Gap
from assess.spec.document import Document, DocumentError, read_yaml


@dataclass(frozen=True, slots=True)
class ChartPart(Part):
    """One chart. upstream: it names a home, sources or maintainers, as charts do that come from elsewhere."""

    chart: HelmChart
    upstream: bool


def assemble(parts: Iterable[Part]) -> Iterator[Fact]:
    """The charts of a repository; one below another's `charts/` that names a home of its own was copied there.

    `helm dependency update --untar` and `helm pull --untar` put dependencies there, but so do people who split a chart.
    """
    charts = [part for part in parts if isinstance(part, ChartPart)]
    paths = {part.chart.path for part in charts}
    for part in charts:
        parent, nested, _ = part.chart.path.rpartition("/charts/")
        if not nested and part.chart.path.startswith("charts/"):
            parent = "."
        copied = part.upstream and parent != part.chart.path and parent in paths
        yield replace(part.chart, origin="vendored") if copied else part.chart


def chart(file: File) -> Iterator[Fact | Gap | Part]:
    """The chart of a Chart.yaml. Source: https://helm.sh/docs/topics/charts/#the-chartyaml-file"""
    documents = yield from _read(file, "HelmChart")
    for document in documents[:1]:
        value = document.value
        if not text(value, "name"):
            return
        yield ChartPart(file.path, HelmChart(
            at=file.at(document.line("name")), tool="helm", path=file.directory, name=text(value, "name"),
            version=text(value, "version"), origin="own", library=text(value, "type") == "library",
            dependencies=len(items(value, "dependencies")), needs=tuple(dict.fromkeys(_needs(value))),
        ), upstream=bool(items(value, "sources") or text(value, "home") or text(value, "icon")))  # fmt: skip


def _needs(value: Any) -> Iterator[str]:
    """The charts of a chart's `dependencies`. Source: https://helm.sh/docs/topics/charts/#chart-dependencies"""
    for dependency in items(value, "dependencies"):
        repository, name = text(dependency, "repository"), text(dependency, "name")
        if name and repository:
            yield clean_url(repository) if repository.startswith("file:") else f"{clean_url(repository).rstrip('/')}/{name}"


def helmfile(file: File) -> Iterator[Fact | Gap | Part]:
    """The releases of a helmfile. Source: https://helmfile.readthedocs.io/"""
    documents = yield from _read(file, "HelmRelease")
    known = {text(r, "name"): text(r, "url") for document in documents for r in items(document.value, "repositories")}
    for document in documents:
        for index, release in enumerate(items(document.value, "releases")):
            if name := text(release, "chart"):
                yield HelmRelease(
                    at=file.at(document.line("releases", index)), tool="helmfile", path=file.directory, chart=clean_url(name),
                    version=_fixed(text(release, "version")), repository=clean_url(known.get(name.partition("/")[0], "")),
                )  # fmt: skip
    if any(items(d.value, "helmfiles") or items(d.value, "releases") for d in documents):
        yield ToolMarker(at=file.at(documents[0].start), tool="helmfile", category="packaging")


def helmfile_by_content(file: File) -> Iterator[Fact | Gap | Part]:
    """The releases of a helmfile of any name: a list of releases that each name a chart, in no object of Kubernetes."""
    if _HELMFILE_NAME.search(file.path):
        return
    try:
        documents = file.documents()
    except DocumentError:
        documents = _neutral(file)
    for document in documents:
        releases = items(document.value, "releases")
        if releases and not text(document.value, "apiVersion") and all(text(r, "name") and text(r, "chart") for r in releases):
            yield from helmfile(file)
            return


def _neutral(file: File) -> list[Document]:
    """The documents of a template with its expressions made plain; none where it does not parse even so."""
    try:
        return read_yaml(neutralise(file.content).content) if is_templated(file.content) else []
    except DocumentError:
        return []


_HELMFILE_NAME = re.compile(r"(^|/)helmfile[^/]*\.ya?ml(\.gotmpl)?$|(^|/)helmfiles?(\.d)?/")


def _fixed(version: str) -> str | None:
    return version if version and STAR not in version else None


def skaffold(file: File) -> Iterator[Fact | Gap | Part]:
    """The marker of Skaffold, and the Helm releases it deploys. Source: https://skaffold.dev/docs/references/yaml/"""
    documents = yield from _read(file, "HelmRelease")
    for document in documents:
        if not text(document.value, "apiVersion").startswith("skaffold/"):
            continue
        yield ToolMarker(at=file.at(document.start), tool="skaffold", category="packaging")
        for index, release in enumerate(items(document.value, "deploy", "helm", "releases")):
            if name := text(release, "chartPath") or text(release, "remoteChart"):
                yield HelmRelease(
                    at=file.at(document.line("deploy", "helm", "releases", index)), tool="skaffold", path=file.directory,
                    chart=clean_url(name), version=text(release, "version") or None,
                )  # fmt: skip


def _read(file: File, blinds: str) -> Generator[Gap, None, list[Document]]:
    try:
        return file.documents()
    except DocumentError as error:
        if is_templated(file.content):
            try:
                return read_yaml(neutralise(file.content).content)
            except DocumentError:
                pass
        yield file.unreadable(error, blinds, under=file.directory)
        return []


CHART = Extractor(name="helm-chart", run=chart, names=frozenset({"chart.yaml"}))
HELMFILE = Extractor(
    name="helmfile", run=helmfile, suffixes=(".yaml", ".yml", ".gotmpl"),
    places=("/helmfile",), within=_HELMFILE_NAME,
    words=(b"releases:", b"helmfiles:"), marks=re.compile(rb"\b(releases|helmfiles):"),
)  # fmt: skip
HELMFILE_BY_CONTENT = Extractor(
    name="helmfile-by-content", run=helmfile_by_content, suffixes=(".yaml", ".yml", ".gotmpl"), words=(b"releases:",), by_line=True,
    marks=re.compile(rb"(?m)^releases:"),
)  # fmt: skip
SKAFFOLD = Extractor(
    name="skaffold",
    run=skaffold,
    suffixes=(".yaml", ".yml"),
    words=(b"skaffold/",),
    marks=re.compile(rb"(?m)^apiVersion:[ \t]*[\"']?skaffold/"),
)
