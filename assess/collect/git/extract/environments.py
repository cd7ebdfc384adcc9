"""Environments that are made on demand: previews of proposals, virtual clusters, development environments.

Source: https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/Generators-Pull-Request/,
https://fluxoperator.dev/docs/resourcesets/github-pull-requests/, https://www.vcluster.com/docs/platform/administer/templates/,
https://www.okteto.com/docs/reference/okteto-manifest/, https://render.com/docs/preview-environments,
https://docs.netlify.com/build/configure-builds/file-based-configuration/
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from assess.collect.git.extract.objects import Object, dig, items, mapping, text
from assess.collect.git.file import Extractor, File, Part
from assess.model.fact import Environment, Fact, GitOpsSource
from assess.model.gap import Gap
from assess.spec.document import DocumentError

_PROPOSALS = re.compile(r"(GitHub|GitLab|AzureDevOps|Gitea)(Pull|Merge)Request\Z")
_MAX_NESTING = 5


def previews(found: Object) -> Iterator[Fact]:
    """The environment for each proposal that an ApplicationSet makes; it goes with the proposal, unless told to stay."""
    if found.kind == "ApplicationSet" and _asks_proposals(items(found.value, "spec", "generators"), _MAX_NESTING):
        stays = dig(found.value, "spec", "syncPolicy", "preserveResourcesOnDeletion") is True
        yield _made(found, "argocd", "preview", "controller", "pull_request", not stays)


def _asks_proposals(generators: list[Any], depth: int) -> bool:
    inner = (items(generator, kind, "generators") for generator in generators for kind in ("matrix", "merge"))
    return any(isinstance(dig(g, "pullRequest"), dict) for g in generators) or (
        depth > 0 and any(_asks_proposals(nested, depth - 1) for nested in inner)
    )


def flux_previews(found: Object) -> Iterator[Fact]:
    """The environment for each proposal that a provider of inputs finds."""
    if found.kind == "ResourceSetInputProvider" and _PROPOSALS.match(text(found.value, "spec", "type")):
        yield _made(found, "flux", "preview", "controller", "pull_request", True)


def virtual_cluster(found: Object) -> Iterator[Fact]:
    """A virtual cluster, or the template by which teams get one."""
    if found.kind in ("VirtualClusterTemplate", "VirtualClusterInstance", "VCluster"):
        spec = mapping(found.value, "spec", "template") or mapping(found.value, "spec")
        ends = mapping(spec, "instanceTemplate", "metadata", "annotations") or mapping(found.value, "metadata", "annotations")
        removed = True if any("auto-delete" in str(key) or "delete-after" in str(key) for key in ends) else None
        on = "command" if found.kind == "VCluster" else "request"
        yield _made(found, "vcluster", "virtual-cluster", "platform" if on == "request" else "controller", on, removed)


def charted(fact: Fact) -> Iterator[Fact]:
    """The virtual cluster that a delivered `vcluster` chart is."""
    if isinstance(fact, GitOpsSource) and fact.chart.rpartition("/")[2] in ("vcluster", "vcluster-k8s", "vcluster-eks"):
        yield Environment(
            at=fact.at, tool="vcluster", path=fact.path, name=fact.name, form="virtual-cluster", made_by="controller", on="command"
        )


def _made(found: Object, tool: str, form: str, made_by: str, on: str, removed: bool | None) -> Environment:
    return Environment(
        at=found.at(), tool=tool, path=found.file.path, name=found.name, form=form, made_by=made_by, on=on, removed=removed
    )  # fmt: skip


def files(file: File) -> Iterator[Fact | Gap | Part]:
    """The environments that a platform makes by a file of its own: Okteto, Render."""
    try:
        documents = file.documents()
    except DocumentError:
        return
    for document in documents[:1]:
        value = document.value
        if file.name.startswith("okteto"):
            if dig(value, "deploy"):
                at = file.at(document.line("deploy"))
                name = text(value, "name") or file.directory
                yield Environment(at=at, tool="okteto", path=file.path, name=name, form="development", made_by="platform", on="command")
        elif text(value, "previews", "generation") in ("automatic", "manual") or dig(value, "previewsEnabled") is True:
            key = "previews" if dig(value, "previews") else "previewsEnabled"
            yield Environment(
                at=file.at(document.line(key)), tool="render", path=file.path, name="preview", form="preview", made_by="platform",
                on="pull_request", removed=True,
            )  # fmt: skip


def netlify(file: File) -> Iterator[Fact | Gap | Part]:
    """The preview of each proposal that a site is set up for."""
    if found := re.search(rb"(?m)^[ \t]*\[context\.deploy-preview[\].]", file.content):
        yield Environment(
            at=file.at(file.line_of(found.start())), tool="netlify", path=file.path, name="deploy-preview", form="preview",
            made_by="platform", on="pull_request",
        )  # fmt: skip


ENVIRONMENT_FILES = Extractor(name="environments", run=files, names=frozenset({"okteto.yml", "okteto.yaml", "render.yaml", "render.yml"}))
NETLIFY = Extractor(name="netlify", run=netlify, names=frozenset({"netlify.toml"}))
