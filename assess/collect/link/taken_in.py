"""What the tool of something else takes in, so that it is no unit of its own: read, handed on, bundled, delivered. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from assess.collect.link.places import above
from assess.model.fact import (
    Definition,
    Fact,
    GitOpsSource,
    HelmChart,
    HelmRelease,
    Kustomization,
    Manifest,
    TerraformModule,
    TerraformRoot,
)
from assess.model.unit import within

_CONTROLLERS = {
    "argocd", "flux", "crossplane-package", "fleet", "kluctl", "sveltos", "kapp-controller", "kargo", "gitops-promoter",
}  # fmt: skip
"""Tools whose own objects are no items: they deliver, or say how to."""


def is_no_item(fact: Manifest) -> bool:
    """A dump of a live object, a GitOps object (a unit of its own), an API's definition, a tool's own settings."""
    group = fact.api_version.partition("/")[0]
    hidden = fact.hook or fact.path.rpartition("/")[2].startswith(".")
    own = hidden or fact.tool in _CONTROLLERS or group.endswith(".toolkit.fluxcd.io")
    return fact.exported or own or fact.object_kind == "CustomResourceDefinition"


def only_delivers(path: str, by_kind: dict[type[Fact], list[Fact]]) -> bool:
    """Whether a project puts nothing into a cluster but objects by which controllers deliver the rest: those are the units."""
    inside = [fact for kind in (Manifest, Kustomization, HelmChart, HelmRelease) for fact in by_kind[kind] if within(fact.at.path, path)]
    objects = [fact for fact in by_kind[GitOpsSource] if within(fact.at.path, path)]
    return bool(objects) and all(isinstance(fact, Manifest) and is_no_item(fact) for fact in inside)


HANDED_ON = re.compile(r"(^|/)(?:roles|modules|site|site-modules|cookbooks)/[^/]+/(?:files|templates)/")
"""What a role, module or cookbook hands to the machines and clouds it works on: that tool's run covers it."""


def handed_on(by_kind: dict[type[Fact], list[Fact]]) -> bool:
    """Whether a tool that configures machines is at work here."""
    return any(fact.tool in ("ansible", "puppet", "chef") for fact in by_kind[Definition])


READ_BY_OTHERS = {"cloud-init", "talos", "ansible"}
"""Tools whose files are often read by what stands around them: user data by Terraform, playbooks by Packer."""


def read_by_others(by_kind: dict[type[Fact], list[Fact]]) -> Callable[[str], bool]:
    """Whether a directory lies in one of Terraform or Packer, which read it, or among the values of a Helmfile."""
    around = {f.path for kind in (TerraformRoot, TerraformModule) for f in by_kind[kind] if isinstance(f, kind)}
    around |= {f.path for f in by_kind[Definition] if isinstance(f, Definition) and f.tool == "packer"}
    values = {f.at.path.rpartition("/")[0] or "." for f in by_kind[HelmRelease] if f.tool == "helmfile"}

    def inside(path: str) -> bool:
        directories = above(path)
        read = path in around or not around.isdisjoint(directories[1:])  # at the root it reads what it names, not all there is
        return read or ("values" in path.split("/") and not values.isdisjoint(directories))

    return inside


def beside_bundles(by_kind: dict[type[Fact], list[Fact]]) -> Callable[[str], bool]:
    """Whether a directory stands beside bundles of Fleet, whose GitRepo is none of the files here.

    A GitRepo without `paths` takes in every directory; one with a `fleet.yaml` only says more of how.
    Source: https://fleet.rancher.io/gitrepo-content
    """
    sources = [fact for fact in by_kind[GitOpsSource] if isinstance(fact, GitOpsSource)]
    told = any(fact.object_kind == "GitRepo" for fact in sources)
    homes = {
        fact.at.path.rpartition("/")[0].rpartition("/")[0] for fact in sources if fact.object_kind == "FleetBundle" and "/" in fact.at.path
    }
    several = sum(fact.object_kind == "FleetBundle" for fact in sources) > 1

    def beside(directory: str) -> bool:
        return several and not told and len(homes) == 1 and directory != "." and directory.rpartition("/")[0] in homes

    return beside


_CONTROLLER = re.compile(r"(?i)gitops|argo-?cd|flux")
_AROUND_IT = {"Subscription", "OperatorGroup", "Namespace", "ServiceAccount", "Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding"}


def brings_the_controller(items: Iterable[Fact], by_kind: Mapping[type[Fact], list[Fact]]) -> bool:
    """Whether objects do no more than install the controller that delivers the rest: somebody has to, once."""
    found = [fact for fact in items if isinstance(fact, Manifest)]
    installs = any(
        fact.object_kind == "ArgoCD" or (fact.object_kind == "Subscription" and _CONTROLLER.search(fact.name or "")) for fact in found
    )
    return bool(by_kind[GitOpsSource]) and installs and {fact.object_kind for fact in found} <= _AROUND_IT | {"ArgoCD"}
