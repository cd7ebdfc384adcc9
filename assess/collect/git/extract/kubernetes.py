"""Kubernetes objects and Kustomize: what is in each manifest, handed on to whoever knows its group."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from assess.collect.git.extract.app_of_apps import ranged
from assess.collect.git.extract.argo import argo
from assess.collect.git.extract.controllers import carvel, fleet, kluctl, sveltos
from assess.collect.git.extract.environments import charted, flux_previews, previews, virtual_cluster
from assess.collect.git.extract.gitops import flux, inline
from assess.collect.git.extract.groups import CLIENT_SIDE, operated, tool_of
from assess.collect.git.extract.objects import (
    KINDS,
    MARKS,
    Object,
    clean_url,
    dig,
    in_helm_templates,
    items,
    mapping,
    read_objects,
    resolved,
    text,
    words,
)  # fmt: skip
from assess.collect.git.extract.platform import crd, crossplane, humanitec, kratix, kro, kubevela, package
from assess.collect.git.extract.policy_objects import admission, chainsaw, gatekeeper, gator_suite, kubewarden, kyverno, kyverno_test
from assess.collect.git.extract.portal import deployed_portal, entity, workload_portal
from assess.collect.git.extract.promotion import image_automation, image_updater, kargo, promoter
from assess.collect.git.extract.secret_objects import csi, external_secrets, kubeconfig, operator_secret, plain_secret
from assess.collect.git.extract.supply_objects import supplies
from assess.collect.git.extract.workload_images import object_images
from assess.collect.git.file import Extractor, File, Part
from assess.model.fact import Definition, Fact, HelmRelease, Kustomization, Manifest
from assess.model.gap import Gap
from assess.spec.document import DocumentError

_Reader = Callable[[Object], Iterator[Fact | Gap | Part]]
_KUSTOMIZE_API = "kustomize.config.k8s.io/"
_KUSTOMIZE = frozenset({"kustomization.yaml", "kustomization.yml", "kustomization"})


def _one_run(tool: str) -> _Reader:
    """A reader for files that a person hands to a tool: one file, one run."""

    def read(found: Object) -> Iterator[Fact]:
        yield Definition(at=found.at(), tool=tool, path=found.file.path, form="infrastructure")

    return read


def _argo(found: Object) -> Iterator[Fact | Gap | Part]:
    for fact in argo(found):
        yield ranged(found, fact) or fact
        yield from charted(fact)
    yield from previews(found)
    yield from image_updater(found)


def _flux(found: Object) -> Iterator[Fact | Gap | Part]:
    for fact in flux(found):
        yield fact
        yield from charted(fact)
    yield from image_automation(found)
    yield from flux_previews(found)
    if found.kind == "ResourceSet":
        for inner in inline(found):
            yield from _facts(inner)


def _core(found: Object) -> Iterator[Fact | Gap | Part]:
    yield from workload_portal(found)
    yield from plain_secret(found)
    yield from kubeconfig(found)


_READERS: tuple[tuple[re.Pattern[str], _Reader], ...] = tuple(
    (re.compile(pattern), reader)
    for pattern, reader in (
        (r"argoproj\.io\Z", _argo),
        (r"kargo\.akuity\.io\Z", kargo),
        (r"(.{1,200}\.toolkit\.fluxcd\.io|(fluxcd\.controlplane|source\.extensions\.fluxcd|infra\.contrib\.fluxcd)\.io)\Z", _flux),
        (r"fleet\.cattle\.io\Z", fleet),
        (r"gitops\.kluctl\.io\Z", kluctl),
        (r"config\.projectsveltos\.io\Z", sveltos),
        (r"(kappctrl\.k14s\.io|packaging\.carvel\.dev)\Z", carvel),
        (r"promoter\.argoproj\.io\Z", promoter),
        (r"((management|storage)\.loft\.sh|infrastructure\.cluster\.x-k8s\.io)\Z", virtual_cluster),
        (r"apiextensions\.crossplane\.io\Z", crossplane),
        (r"meta\.(pkg\.crossplane|dev\.upbound)\.io\Z", package),
        (r"apiextensions\.k8s\.io\Z", crd),
        (r"kro\.run\Z", kro),
        (r"platform\.kratix\.io\Z", kratix),
        (r"core\.oam\.dev\Z", kubevela),
        (r"entity\.humanitec\.io\Z", humanitec),
        (r"(scaffolder\.)?backstage\.io\Z", entity),
        (r"rhdh\.redhat\.com\Z", deployed_portal),
        (r"(|apps)\Z", _core),
        (r"(policies\.)?kyverno\.io\Z", kyverno),
        (r"(templates|constraints|mutations)\.gatekeeper\.sh\Z", gatekeeper),
        (r"test\.gatekeeper\.sh\Z", gator_suite),
        (r"admissionregistration\.k8s\.io\Z", admission),
        (r"policies\.kubewarden\.io\Z", kubewarden),
        (r"cli\.kyverno\.io\Z", kyverno_test),
        (r"chainsaw\.kyverno\.io\Z", chainsaw),
        (r"external-secrets\.io\Z", external_secrets),
        (r"secrets-store\.csi\.x-k8s\.io\Z", csi),
        (r"(bitnami\.com|secrets\.hashicorp\.com|onepassword\.com|isindir\.github\.com)\Z", operator_secret),
        (r"eksctl\.io\Z", _one_run("eksctl")),
        (r"template\.openshift\.io\Z", _one_run("openshift-templates")),
    )
)


def manifests(file: File) -> Iterator[Fact | Gap | Part]:
    """A manifest for each object, and what its group says besides; a gap where a manifest does not parse."""
    objects, error = read_objects(file)
    for found in objects:
        yield from _facts(found)
    if error and _PLAIN.search(file.content) and not (in_helm_templates(file.path) and b"{{" in file.content):
        yield file.unreadable(error, *KINDS, under=file.directory)


_PLAIN = re.compile(rb"(?m)^[\"' {]*kind[\"']?[ \t]*:[ \t]*[\"']?[A-Z]")


def _facts(found: Object) -> Iterator[Fact | Gap | Part]:
    group = found.group
    if group not in CLIENT_SIDE and not _is_config(found):
        yield _manifest(found, group)
        yield from object_images(found)
    yield from supplies(found)
    for pattern, reader in _READERS:
        if pattern.match(group):
            yield from reader(found)
            return


def _is_config(found: Object) -> bool:
    """Whether it only looks like an object: a kubeconfig, Talos documents, a template that is processed first."""
    return (
        (found.kind == "Config" and found.api == "v1") or found.api == "v1alpha1" or found.group == "template.openshift.io"
        or (found.kind == "Template" and found.api == "v1")
    )  # fmt: skip


_HOOKS = {"argocd.argoproj.io/hook", "helm.sh/hook"}
"""Source: https://argo-cd.readthedocs.io/en/stable/user-guide/resource_hooks/, https://helm.sh/docs/topics/charts_hooks/"""


def _manifest(found: Object, group: str) -> Manifest:
    metadata = mapping(found.value, "metadata")
    tool = tool_of(group, found.kind)
    if tool == "crd":
        tool = tool_of(text(found.value, "spec", "group"), "") or tool
    plain = "helm" if found.templated and in_helm_templates(found.file.path) else "kubernetes-manifests"
    return Manifest(
        at=found.at(), tool=tool or plain, path=found.file.path, api_version=found.api, object_kind=found.kind,
        name=found.name if found.name and "*" not in found.name else None,
        exported=_is_exported(metadata), operated=operated(group, found.kind),
        hook=not _HOOKS.isdisjoint(mapping(metadata, "annotations")),
    )  # fmt: skip


def _is_exported(metadata: dict[str, Any]) -> bool:
    """Whether only an API server can have written this: what people strip from a dump, they rarely strip whole.

    Source: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/#read-only
    """
    if any(metadata.get(key) for key in ("uid", "managedFields", "resourceVersion", "selfLink", "deletionTimestamp")):
        return True
    created, applied = metadata.get("creationTimestamp"), mapping(metadata, "annotations")
    return bool(created) or "kubectl.kubernetes.io/last-applied-configuration" in applied or "deployment.kubernetes.io/revision" in applied


def kustomization(file: File) -> Iterator[Fact | Gap | Part]:
    """What one kustomization builds from. Source: https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/"""
    try:
        documents = file.documents()
    except DocumentError as error:
        yield file.unreadable(error, "Kustomization", under=file.directory)
        return
    for document in documents[:1]:
        value = document.value
        api = text(value, "apiVersion") or _KUSTOMIZE_API
        if not isinstance(value, dict) or not api.startswith((_KUSTOMIZE_API, "v1")):
            return
        paths = [clean_url(path) for path in _referenced(value)]
        yield Kustomization(
            at=file.at(document.start), tool="kustomize", path=file.directory,
            resources=tuple(dict.fromkeys(p if _is_remote(p) else resolved(file.directory, p) for p in paths)),
            remote=sum(map(_is_remote, paths)),
        )  # fmt: skip
        for index, chart in enumerate(items(value, "helmCharts")):
            if name := text(chart, "name"):
                yield HelmRelease(
                    at=file.at(document.line("helmCharts", index)), tool="helm", path=file.directory, chart=name,
                    version=text(chart, "version") or None,
                )  # fmt: skip


def _referenced(value: dict[str, Any]) -> Iterator[str]:
    """The paths that a kustomization names: resources, bases, components, generators and patches."""
    for key in ("resources", "bases", "components", "crds", "generators", "transformers", "patchesStrategicMerge"):
        yield from (path for path in words(value, key) if path and "\n" not in path)
    for key in ("patches", "patchesJson6902"):
        yield from (dig(patch, "path") for patch in items(value, key) if isinstance(dig(patch, "path"), str))


def _is_remote(path: str) -> bool:
    return bool(re.match(r"[\w+.-]+://|git@|(?:[\w-]+\.)+(?:com|org|io|net|dev)/", path) or "?ref=" in path)


KUBERNETES = Extractor(
    name="kubernetes", run=manifests, suffixes=(".yaml", ".yml", ".json"), words=(b"apiVersion",), by_line=True, marks=MARKS
)
KUSTOMIZE = Extractor(name="kustomize", run=kustomization, names=_KUSTOMIZE)
