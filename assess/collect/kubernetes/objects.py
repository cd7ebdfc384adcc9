"""Live objects to facts: GitOps objects with what their status says, and root workloads with who wrote them. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from assess.collect.git.extract.argo import argo
from assess.collect.git.extract.gitops import flux
from assess.collect.git.extract.objects import Object, dig, items, mapping, text
from assess.collect.git.file import File
from assess.collect.kubernetes.channels import written
from assess.model.fact import Assurance, Fact, GitOpsSource, LiveWorkload
from assess.model.target import Location
from assess.spec.document import Document

Json = dict[str, Any]
Tracked = Mapping[tuple[str, str, str, str], str]
"""The GitOps object that lists a live object as its own, by API group, kind, namespace and name."""

GITOPS_GROUPS = {"argoproj.io", "kustomize.toolkit.fluxcd.io", "helm.toolkit.fluxcd.io", "source.toolkit.fluxcd.io"}
SYSTEM_NAMESPACES = {"kube-system", "kube-public", "kube-node-lease"}
_FLUX_SOURCES = {"GitRepository", "OCIRepository"}
_IN_CLUSTER = "https://kubernetes.default.svc"


def facts_from_objects(label: str, objects: Iterable[Json]) -> tuple[Fact, ...]:
    """The facts of a cluster that holds these objects; kinds that tell nothing are passed over.

    Shape: each object as the API server sends it, with apiVersion and kind; of workloads only the metadata is read.
    """
    known = [o for o in objects if isinstance(o, dict) and isinstance(o.get("metadata"), dict)]
    gitops = [o for o in known if _group(o) in GITOPS_GROUPS]
    workloads = [o for o in known if _group(o) == "apps" and text(o, "kind") in ("Deployment", "StatefulSet", "DaemonSet")]
    return (*gitops_facts(label, gitops), *workload_facts(label, workloads, tracked(gitops)))


# --- GitOps objects --------------------------------------------------------------------------------------------------


def gitops_facts(label: str, objects: Iterable[Json]) -> Iterator[GitOpsSource]:
    """The GitOps objects of a cluster, with what their controllers say of them.

    What an ApplicationSet generated counts once, as the set: what a controller created is no item of its own. The set
    is known by its applications' owner, so that it is the same whether sets may be listed or not.
    """
    objects = list(objects)
    sources = {_key(o): fact for o in objects if text(o, "kind") in _FLUX_SOURCES for fact in _written(label, o)}
    generated: dict[tuple[str, str, str], list[GitOpsSource]] = defaultdict(list)
    made = {(_namespace(o), owner) for o in objects if (owner := _set_of(o)[0])}
    for one in objects:
        for fact in _written(label, one):
            if owner := _set_of(one)[0]:
                generated[(_namespace(one), *_set_of(one))].append(_judged(fact, one))
            elif fact.object_kind != "ApplicationSet" or (_namespace(one), fact.name) not in made:
                yield _judged(_resolved(fact, one, sources), one)
    for (namespace, owner, uid), facts in generated.items():
        yield _set(facts, owner, Location(target=label, path=f"{namespace}/ApplicationSet/{owner}", uid=uid))


def _written(label: str, one: Json) -> Iterator[GitOpsSource]:
    """What an object's specification says, read as in a file of a repository."""
    at = _at(label, one)
    found = Object(File(label, at.path, b""), Document(one, 0), one)
    for fact in argo(found) if _group(one) == "argoproj.io" else flux(found):
        if isinstance(fact, GitOpsSource):
            yield replace(fact, at=at)


def _judged(fact: GitOpsSource, one: Json) -> GitOpsSource:
    """A fact with its controller's verdict.

    It is effective where the controller says that what runs is what is declared, else only declared: that an object
    asks for something does not show that it was done.
    """
    in_sync = _argo_in_sync(one) if fact.tool == "argocd" else None if fact.suspended else _flux_ready(one)
    return replace(fact, in_sync=in_sync, assurance=Assurance.EFFECTIVE if in_sync else Assurance.DECLARED)


def _argo_in_sync(one: Json) -> bool | None:
    """Source: https://argo-cd.readthedocs.io/en/stable/core_concepts/ (sync status)."""
    return {"Synced": True, "OutOfSync": False}.get(text(one, "status", "sync", "status"))


def _flux_ready(one: Json) -> bool | None:
    """Whether the newest specification was reconciled; None while the controller has not looked at it or is at work.

    Source: https://fluxcd.io/flux/components/kustomize/kustomizations/#conditions
    """
    ready = next((c for c in items(one, "status", "conditions") if text(c, "type") == "Ready"), None)
    looked_at = dig(ready, "observedGeneration") or dig(one, "status", "observedGeneration")
    if looked_at is not None and looked_at != dig(one, "metadata", "generation"):
        return None
    return {"True": True, "False": False}.get(text(ready, "status"))


def _resolved(fact: GitOpsSource, one: Json, sources: Mapping[tuple[str, str, str], GitOpsSource]) -> GitOpsSource:
    """A fact with what other objects say: for one of Flux, the address and revision of the source that it names.

    New commits do not arrive through a suspended source; whether they do through one that was not seen is not known.
    Source: https://fluxcd.io/flux/components/source/gitrepositories/#suspend
    """
    if fact.object_kind == "ApplicationSet":  # what its template says may be patched: its applications, unseen here, tell
        return replace(fact, automated=None, self_heal=None)
    spec = mapping(one, "spec")
    named = mapping(spec, "sourceRef") or mapping(spec, "chart", "spec", "sourceRef") or mapping(spec, "chartRef")
    kind, name = text(named, "kind"), text(named, "name")
    if fact.tool != "flux" or not named:
        return fact
    source = sources.get((kind, text(named, "namespace") or _namespace(one), name))
    if source is None:
        arrives = None if kind in _FLUX_SOURCES else True
        return replace(fact, source=fact.source or f"{kind}/{name}", automated=fact.automated and arrives)
    return replace(fact, source=source.source, revision=fact.revision or source.revision, automated=fact.automated and source.automated)


def _set_of(one: Json) -> tuple[str, str]:
    """Name and uid of the ApplicationSet that generated an Application; empty where none did."""
    owner = _controller(one)
    return (text(owner, "name"), text(owner, "uid")) if text(owner, "kind") == "ApplicationSet" else ("", "")


def _set(facts: list[GitOpsSource], name: str, at: Location) -> GitOpsSource:
    """What a set generated, as one: it does only what each of its applications does."""
    in_sync = _all(fact.in_sync for fact in facts)
    return GitOpsSource(
        at=at, tool="argocd", path=at.path, object_kind="ApplicationSet", name=name, automated=_all(f.automated for f in facts),
        self_heal=_all(f.self_heal for f in facts), source=_same(f.source for f in facts),
        delivers=tuple(dict.fromkeys(path for f in facts for path in f.delivers)), chart=_same(f.chart for f in facts),
        revision=_same(f.revision for f in facts), in_sync=in_sync,
        assurance=Assurance.EFFECTIVE if in_sync else Assurance.DECLARED,
    )  # fmt: skip


def _all(values: Iterable[bool | None]) -> bool | None:
    seen = set(values)
    return False if False in seen else None if None in seen else True


def _same(values: Iterable[str]) -> str:
    seen = set(values)
    return seen.pop() if len(seen) == 1 else ""


# --- workloads -------------------------------------------------------------------------------------------------------


def tracked(objects: Iterable[Json]) -> Tracked:
    """What the GitOps objects of a cluster list as their own in this cluster, by their status.

    It finds what Argo CD tracks by the label alone, which many charts set too and which therefore proves nothing.
    """
    found: dict[tuple[str, str, str, str], str] = {}
    for one in objects:
        if text(one, "kind") == "Application" and _here(mapping(one, "spec", "destination")):
            for entry in items(one, "status", "resources"):
                group, kind, namespace, name = (text(entry, key) for key in ("group", "kind", "namespace", "name"))
                if dig(entry, "requiresPruning") is not True:
                    found[(group, kind, namespace, name)] = _path(one)
        elif text(one, "kind") == "Kustomization" and not mapping(one, "spec", "kubeConfig"):
            for entry in items(one, "status", "inventory", "entries"):
                namespace, name, group, kind, *rest = [*text(entry, "id").split("_"), "", "", ""]
                if not any(rest[:-3]):
                    found[(group, kind, namespace, name)] = _path(one)
    return found


def workload_facts(label: str, objects: Iterable[Json], delivered: Tracked) -> Iterator[LiveWorkload]:
    """The root workloads among some objects: no controller owns them, and they are none of the cluster's own."""
    for one in objects:
        if _namespace(one) in SYSTEM_NAMESPACES or _controller(one):
            continue
        by = written(mapping(one, "metadata"))
        yield LiveWorkload(
            at=_at(label, one), tool=_TOOLS.get(by.channel, ""), assurance=Assurance.EFFECTIVE, namespace=_namespace(one),
            object_kind=text(one, "kind"), name=_name(one), managers=by.managers, channel=by.channel,
            tracked_by=_tracking_id(one) or _flux_label(one) or delivered.get((_group(one), *_key(one)), ""),
        )  # fmt: skip


_TOOLS = {
    "kubectl-imperative": "kubectl", "kubectl-apply": "kubectl", "helm": "helm", "terraform": "terraform", "pulumi": "pulumi",
    "argocd": "argocd", "flux": "flux", "crossplane": "crossplane",
}  # fmt: skip


def _tracking_id(one: Json) -> str:
    """The Application that tracks an object, if the annotation speaks of the object itself: copies of it do not count.

    Source: https://argo-cd.readthedocs.io/en/stable/user-guide/resource_tracking/
    """
    annotation = text(one, "metadata", "annotations", "argocd.argoproj.io/tracking-id")
    application, _, itself = annotation.partition(":")
    own = f"{_group(one)}/{text(one, 'kind')}:{_namespace(one)}/{_name(one)}"
    return f"Application/{application}" if application and itself == own else ""


def _flux_label(one: Json) -> str:
    """The Kustomization or HelmRelease that delivers an object. Source: https://fluxcd.io/flux/faq/"""
    labels = mapping(one, "metadata", "labels")
    for kind, prefix in (("Kustomization", "kustomize.toolkit.fluxcd.io"), ("HelmRelease", "helm.toolkit.fluxcd.io")):
        if name := text(labels, f"{prefix}/name"):
            return f"{text(labels, f'{prefix}/namespace')}/{kind}/{name}"
    return ""


def _here(destination: Mapping[str, Any]) -> bool:
    return text(destination, "server") == _IN_CLUSTER or text(destination, "name") == "in-cluster"


# --- any object ------------------------------------------------------------------------------------------------------


def _controller(one: Json) -> Json:
    """The owner reference of the controller that made an object; empty where nothing did."""
    owners = items(one, "metadata", "ownerReferences")
    return next((owner for owner in owners if isinstance(owner, dict) and owner.get("controller") is True), {})


def _at(label: str, one: Json) -> Location:
    return Location(target=label, path=_path(one), uid=text(one, "metadata", "uid"))


def _path(one: Json) -> str:
    return f"{_namespace(one)}/{text(one, 'kind')}/{_name(one)}"


def _key(one: Json) -> tuple[str, str, str]:
    return text(one, "kind"), _namespace(one), _name(one)


def _group(one: Json) -> str:
    return text(one, "apiVersion").rpartition("/")[0]


def _namespace(one: Json) -> str:
    return text(one, "metadata", "namespace")


def _name(one: Json) -> str:
    return text(one, "metadata", "name")
