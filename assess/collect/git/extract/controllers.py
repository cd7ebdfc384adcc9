"""Fleet, kluctl, Sveltos and Carvel: the objects and files by which their controllers deliver something."""

from __future__ import annotations

from collections.abc import Iterator

from assess.collect.git.extract.objects import Object, clean_url, dig, items, mapping, resolved, text, words
from assess.collect.git.file import Extractor, File, Part
from assess.model.fact import Definition, Fact, GitOpsSource
from assess.model.gap import Gap
from assess.spec.document import DocumentError


def fleet(found: Object) -> Iterator[Fact]:
    """The source behind a GitRepo of Fleet, which delivers all of `paths` by itself.

    Source: https://fleet.rancher.io/ref-gitrepo
    """
    if found.kind != "GitRepo":
        return
    spec = mapping(found.value, "spec")
    paused = dig(spec, "paused") is True
    yield GitOpsSource(
        at=found.at(), tool="fleet", path=found.file.path, object_kind="GitRepo", name=found.name, automated=not paused,
        self_heal=dig(spec, "correctDrift", "enabled") is True, suspended=paused, source=clean_url(text(spec, "repo")),
        delivers=tuple(resolved(".", path) for path in words(spec, "paths")) or (".",),
        revision=text(spec, "revision") or text(spec, "branch"),
    )  # fmt: skip


def kluctl(found: Object) -> Iterator[Fact]:
    """The source behind a KluctlDeployment. Source: https://kluctl.io/docs/gitops/"""
    if found.kind != "KluctlDeployment":
        return
    spec = mapping(found.value, "spec")
    suspended = dig(spec, "suspend") is True
    path = text(spec, "source", "git", "path") or text(spec, "source", "path")
    yield GitOpsSource(
        at=found.at(), tool="kluctl", path=found.file.path, object_kind=found.kind, name=found.name, automated=not suspended,
        self_heal=not suspended, suspended=suspended, source=clean_url(text(spec, "source", "git", "url") or text(spec, "source", "oci", "url") or text(spec, "source", "url")),
        delivers=(resolved(".", path),) if path else (),
        revision=text(spec, "source", "git", "ref", "branch") or text(spec, "source", "ref", "branch"),
    )  # fmt: skip


def sveltos(found: Object) -> Iterator[Fact]:
    """The source behind a profile of Sveltos; only with drift detection does it repair, once or dry it does not stay.

    Source: https://projectsveltos.github.io/sveltos/main/addons/addons/
    """
    if found.kind not in ("ClusterProfile", "Profile"):
        return
    spec = mapping(found.value, "spec")
    mode = text(spec, "syncMode") or "Continuous"
    charts, builds = items(spec, "helmCharts"), items(spec, "kustomizationRefs")
    references = [f"{text(b, 'kind')}/{text(b, 'name')}" for b in builds if text(b, "kind") and text(b, "name")]
    yield GitOpsSource(
        at=found.at(), tool="sveltos", path=found.file.path, object_kind=found.kind, name=found.name,
        automated=None if "*" in mode else mode.startswith("Continuous"), self_heal=mode == "ContinuousWithDriftDetection",
        suspended=mode == "DryRun", source=references[0] if references else clean_url(text(charts, 0, "repositoryURL")),
        delivers=tuple(resolved(".", text(b, "path") or ".") for b in builds if text(b, "kind") != "ConfigMap"),
        chart=text(charts, 0, "chartName"), revision=text(charts, 0, "chartVersion"),
    )  # fmt: skip


def carvel(found: Object) -> Iterator[Fact]:
    """The source behind an App of kapp-controller, or the package that is installed; it applies again at each sync.

    Source: https://carvel.dev/kapp-controller/docs/latest/app-spec/
    """
    spec = mapping(found.value, "spec")
    paused = dig(spec, "paused") is True or dig(spec, "canceled") is True
    source, chart, revision = "", "", ""
    delivers: tuple[str, ...] = ()
    if found.kind == "App":
        fetched = [
            (kind, mapping(f, kind))
            for f in items(spec, "fetch")
            for kind in ("git", "imgpkgBundle", "image", "helmChart")
            if mapping(f, kind)
        ]
        kind, given = fetched[0] if fetched else ("", {})
        source = text(given, "url") or text(given, "image") or text(given, "repository", "url")
        delivers = (resolved(".", text(given, "subPath") or "."),) if kind == "git" else ()
        chart, revision = text(given, "name") if kind == "helmChart" else "", text(given, "ref") or text(given, "version")
    elif found.kind == "PackageInstall":
        chart = text(spec, "packageRef", "refName")
        revision = text(spec, "packageRef", "versionSelection", "constraints")
    else:
        return
    yield GitOpsSource(
        at=found.at(), tool="kapp-controller", path=found.file.path, object_kind=found.kind, name=found.name, automated=not paused,
        self_heal=not paused, suspended=paused, source=clean_url(source), delivers=delivers, chart=chart, revision=revision,
    )  # fmt: skip


def bundle(file: File) -> Iterator[Fact | Gap | Part]:
    """The directory that Fleet deploys by its `fleet.yaml`. Source: https://fleet.rancher.io/ref-fleet-yaml"""
    try:
        documents = file.documents()
    except DocumentError as error:
        yield file.unreadable(error, "GitOpsSource", under=file.directory)
        return
    for document in documents[:1]:
        if not isinstance(document.value, dict) or not document.value.keys() & _FLEET:
            return
        chart = text(document.value, "helm", "chart")
        paused = dig(document.value, "paused") is True
        yield GitOpsSource(
            at=file.at(document.start), tool="fleet", path=file.path, object_kind="FleetBundle", name=text(document.value, "name") or file.directory,
            automated=not paused, self_heal=dig(document.value, "correctDrift", "enabled") is True, suspended=paused,
            delivers=(file.directory,), chart="" if chart.startswith((".", "/")) else chart, revision=text(document.value, "helm", "version"),
        )  # fmt: skip


def project(file: File) -> Iterator[Fact | Gap | Part]:
    """A project of kluctl, deployed as one. Source: https://kluctl.io/docs/kluctl/kluctl-project/"""
    try:
        documents = file.documents()
    except DocumentError as error:
        yield file.unreadable(error, "Definition", under=file.directory)
        return
    for document in documents[:1]:
        if isinstance(document.value, dict) and {"targets", "discriminator", "args", "secretsConfig"} & document.value.keys():
            count = max(1, len(items(document.value, "targets")))
            yield Definition(at=file.at(document.start), tool="kluctl", path=file.directory, form="infrastructure", objects=count)


_FLEET = {
    "defaultNamespace", "namespace", "helm", "kustomize", "targetCustomizations", "targets", "dependsOn", "paused", "diff", "yaml", "name",
    "labels", "rolloutStrategy", "correctDrift", "overrideTargets", "keepResources",
}  # fmt: skip
FLEET_BUNDLE = Extractor(name="fleet", run=bundle, names=frozenset({"fleet.yaml"}))
KLUCTL = Extractor(name="kluctl", run=project, names=frozenset({".kluctl.yaml", ".kluctl.yml"}))
