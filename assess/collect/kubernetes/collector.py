"""One cluster to facts: which GitOps objects it holds, and who wrote its root workloads. Reads only; never Secrets.

Needs `list` on the collections of `_GITOPS` and `_WORKLOADS`; each one that is refused is a gap of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assess.collect.kubernetes.client import Client, Collection, Json, Refused
from assess.collect.kubernetes.objects import gitops_facts, tracked, workload_facts
from assess.collect.seen import Seen
from assess.errors import IncompleteError
from assess.model.fact import Fact
from assess.model.gap import Gap, GapReason
from assess.model.target import Location, Source, Target

_GITOPS = (
    ("argoproj.io", ("applications", "applicationsets")),
    ("kustomize.toolkit.fluxcd.io", ("kustomizations",)),
    ("helm.toolkit.fluxcd.io", ("helmreleases",)),
    ("source.toolkit.fluxcd.io", ("gitrepositories", "ocirepositories")),
)
_WORKLOADS = ("deployments", "statefulsets", "daemonsets")
_DISCOVERY = "Bind the user to the ClusterRole system:discovery."
_KINDS = {"deployments": "Deployment", "statefulsets": "StatefulSet", "daemonsets": "DaemonSet"}


def collect_cluster(context: str, label: str) -> Seen:
    """What the cluster of a kubeconfig context shows.

    Errors: IncompleteError where the context does not exist, the server cannot be reached or takes no credentials.
    """
    client = Client.connect(context)
    gaps: list[Gap] = []
    gitops = [one for collection in _served(client, context, label, gaps) for one in _read(client, collection, label, gaps)]
    delivered = tracked(gitops)
    facts: list[Fact] = list(gitops_facts(label, gitops))
    for resource in _WORKLOADS:
        collection = Collection("apps", "v1", resource, _KINDS[resource], f"/apis/apps/v1/{resource}", metadata_only=True)
        facts += workload_facts(label, _read(client, collection, label, gaps), delivered)
    return Seen(Target(source=Source.KUBERNETES, label=label), tuple(facts), tuple(gaps))


def _served(client: Client, context: str, label: str, gaps: list[Gap]) -> Iterator[Collection]:
    """The GitOps collections that the API server serves: a group that it does not know is an absence, not a gap."""
    try:
        groups = client.get("/apis").get("groups")
    except Refused as refused:
        if refused.status in (0, 401):
            raise IncompleteError(
                refused.what if refused.status == 0 else "the server does not accept the credentials of this context (401)",
                f"kubernetes:{context}", f"`kubectl --context {context} get --raw /apis` has to answer. Log in again.",
            ) from None  # fmt: skip
        gaps.append(_gap(label, "the API groups", "", refused, "GitOpsSource", _DISCOVERY))
        return
    versions = {g.get("name"): (g.get("preferredVersion") or {}).get("version") for g in groups or () if isinstance(g, dict)}
    for group, resources in _GITOPS:
        if version := versions.get(group):
            yield from _resources(client, group, str(version), resources, label, gaps)


def _resources(client: Client, group: str, version: str, resources: Sequence[str], label: str, gaps: list[Gap]) -> Iterator[Collection]:
    path = f"/apis/{group}/{version}"
    try:
        listed = client.get(path).get("resources")
    except Refused as refused:
        gaps.append(_gap(label, f"the resources of {group}", group, refused, "GitOpsSource", _DISCOVERY))
        return
    kinds = {r.get("name"): r.get("kind") for r in listed or () if isinstance(r, dict)}
    for resource in resources:
        if kind := kinds.get(resource):
            yield Collection(group, version, resource, str(kind), f"{path}/{resource}")


def _read(client: Client, collection: Collection, label: str, gaps: list[Gap]) -> Iterator[Json]:
    """The objects of a collection; what could not be listed is a gap that names the permission."""
    try:
        for page in client.pages(collection):
            yield from page
    except Refused as refused:
        name = f"{collection.resource}.{collection.group}"
        blinds = "LiveWorkload" if collection.group == "apps" else "GitOpsSource"
        rule = f'{{apiGroups: ["{collection.group}"], resources: ["{collection.resource}"], verbs: ["list"]}}'
        denied = refused.reason is GapReason.NO_PERMISSION
        settle = f"Grant the user a ClusterRole with the rule {rule}." if denied else "Scan again later."
        gaps.append(_gap(label, name, name, refused, blinds, settle))


def _gap(label: str, what: str, path: str, refused: Refused, blinds: str, settle: str) -> Gap:
    return Gap(
        at=Location(target=label, path=path), reason=refused.reason, what=f"{what} could not be listed: {refused.what}",
        settle=settle, blinds=(blinds,),
    )  # fmt: skip
