"""Promotion from one environment to the next: Kargo, Argo CD's image updater and promoter, Flux image automation.

Source: https://docs.kargo.io/user-guide/reference-docs/, https://argocd-image-updater.readthedocs.io/en/stable/,
https://gitops-promoter.readthedocs.io/en/latest/crd-specs/, https://fluxcd.io/flux/components/image/imageupdateautomations/
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from assess.collect.git.extract.objects import Object, clean_url, dig, items, mapping, text, words
from assess.collect.git.file import Part
from assess.model.fact import Fact, GitOpsSource, Promotion

_WRITES = {"git-commit", "git-push", "git-open-pr"}
_IMAGES = "argocd-image-updater.argoproj.io/"


@dataclass(frozen=True, slots=True)
class Policies(Part):
    """What a Kargo project says of its stages: which move on by themselves. Those it does not name do not."""

    project: str
    automatic: frozenset[str]
    everywhere: bool
    """A pattern or selector names stages that are not told apart here."""


@dataclass(frozen=True, slots=True)
class Staged(Part):
    """A stage, still without its project's word."""

    project: str
    fact: Promotion


def assemble(parts: Iterable[Part]) -> Iterator[Fact]:
    """The stages of Kargo, each with whether it moves on by itself; unknown where its project is not here."""
    parts = tuple(parts)
    projects: dict[str, list[Policies]] = {}
    for part in parts:
        if isinstance(part, Policies):
            projects.setdefault(part.project, []).append(part)
    for part in parts:
        if isinstance(part, Staged):
            said = projects.get(part.project, [])
            automatic = any(part.fact.to in policies.automatic for policies in said)
            open_ = not said or (not automatic and any(policies.everywhere for policies in said))
            yield replace(part.fact, automated=None if open_ else automatic)


def kargo(found: Object) -> Iterator[Fact | Part]:
    """A stage of Kargo with what it takes in, the policies of a project, or the source behind a warehouse."""
    if found.kind == "Warehouse":
        subscriptions = items(found.value, "spec", "subscriptions")
        urls = [text(s, key, "repoURL") for s in subscriptions for key in ("git", "image", "chart") if text(s, key, "repoURL")]
        yield GitOpsSource(
            at=found.at(), tool="kargo", path=found.file.path, object_kind=found.kind, name=found.name, automated=None,
            self_heal=None, source=clean_url(urls[0]) if urls else "",
        )  # fmt: skip
    elif found.kind == "Stage":
        yield Staged(found.file.path, text(found.value, "metadata", "namespace"), _stage(found))
    elif found.kind in ("Project", "ProjectConfig"):
        policies = items(found.value, "spec", "promotionPolicies")
        on = [p for p in policies if dig(p, "autoPromotionEnabled") is True]
        named = {name for p in on for name in (text(p, "stage"), text(p, "stageSelector", "name"), *words(p, "stages"))}
        selected = any(mapping(p, "stageSelector").keys() - {"name"} or ":" in text(p, "stageSelector", "name") for p in on)
        project = found.name if found.kind == "Project" else text(found.value, "metadata", "namespace") or found.name
        yield Policies(found.file.path, project, frozenset(named - {""}), selected)


def _stage(found: Object) -> Promotion:
    spec = mapping(found.value, "spec")
    requested = items(spec, "requestedFreight")
    upstream = [stage for request in requested for stage in words(request, "sources", "stages")]
    upstream += [text(stage, "name") for stage in items(spec, "subscriptions", "upstreamStages")]
    steps = items(spec, "promotionTemplate", "spec", "steps")
    uses = {text(step, "uses") for step in steps}
    tasks = any(mapping(step, "task") for step in steps)
    old = items(spec, "promotionMechanisms", "gitRepoUpdates")
    return Promotion(
        at=found.at(), tool="kargo", path=found.file.path, to=found.name, upstream=tuple(dict.fromkeys(filter(None, upstream))),
        records=True if uses & _WRITES or old else None if tasks else False,
    )  # fmt: skip


def image_updater(found: Object) -> Iterator[Fact]:
    """What Argo CD's image updater does for an Application, by its annotations."""
    said = mapping(found.value, "metadata", "annotations")
    if found.kind == "Application" and text(said, f"{_IMAGES}image-list"):
        method = text(said, f"{_IMAGES}write-back-method")
        yield Promotion(
            at=found.at("metadata", "annotations"), tool="argocd-image-updater", path=found.file.path, to=found.name, automated=True,
            records=None if "*" in method else method.startswith("git"),
        )  # fmt: skip


def promoter(found: Object) -> Iterator[Fact]:
    """The branches of a GitOps Promoter strategy, each fed from the one before."""
    before: tuple[str, ...] = ()
    for index, environment in enumerate(items(found.value, "spec", "environments") if found.kind == "PromotionStrategy" else ()):
        branch = text(environment, "branch")
        yield Promotion(
            at=found.at("spec", "environments", index), tool="gitops-promoter", path=found.file.path, to=branch, upstream=before,
            automated=dig(environment, "autoMerge") is not False, records=True,
        )  # fmt: skip
        before = (branch,)


def image_automation(found: Object) -> Iterator[Fact]:
    """What Flux commits when an image policy finds a newer image."""
    if found.kind == "ImageUpdateAutomation":
        suspend = dig(found.value, "spec", "suspend")
        branch = text(found.value, "spec", "git", "push", "branch") or text(found.value, "spec", "git", "checkout", "ref", "branch")
        yield Promotion(
            at=found.at(), tool="flux", path=found.file.path, to=branch or found.name,
            automated=None if isinstance(suspend, str) else suspend is not True, records=True,
        )  # fmt: skip
