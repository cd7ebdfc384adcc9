"""Clusters as targets, on a real API server with the real CRDs of Argo CD and Flux."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from assess.collect.kubernetes.collector import collect_cluster
from assess.collect.seen import Seen
from assess.errors import IncompleteError
from assess.model.assessment import Assessment
from assess.model.fact import GitOpsSource, LiveWorkload
from assess.model.gap import GapReason
from assess.model.outcome import Reading
from assess.request import Request
from assess.run import scan
from tests.kube import Cluster, MissingTool, api_server, crd_files
from tests.worlds import commit

Json = dict[str, Any]
DEPLOY = "https://github.com/acme/deploy.git"
GRANTS = {
    "argoproj.io": ["applications", "applicationsets"],
    "kustomize.toolkit.fluxcd.io": ["kustomizations"],
    "helm.toolkit.fluxcd.io": ["helmreleases"],
    "source.toolkit.fluxcd.io": ["gitrepositories", "ocirepositories"],
    "apps": ["deployments", "statefulsets", "daemonsets"],
}
USERS: dict[str, set[str]] = {
    "reader": set(),
    "blind": set(GRANTS),
    "no-argo": {"argoproj.io"},
    "no-apps": {"apps"},
    "no-sources": {"source.toolkit.fluxcd.io"},
    "no-kustomize": {"kustomize.toolkit.fluxcd.io"},
}
"""Each user with the API groups that it may not list."""


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """One API server with an estate in it; tests only read."""
    try:
        with api_server(tmp_path_factory.mktemp("cluster"), crd_files(), {name: [] for name in USERS}) as running:
            _grant(running)
            _fill(running)
            yield running
    except MissingTool as missing:
        if os.environ.get("IDP_REQUIRE_TOOLS"):
            pytest.fail(str(missing))
        pytest.skip(str(missing))


def _grant(cluster: Cluster) -> None:
    for user, denied in USERS.items():
        rules = [{"apiGroups": [g], "resources": r, "verbs": ["list"]} for g, r in GRANTS.items() if g not in denied]
        name = {"metadata": {"name": f"idp-{user}"}}
        api = "rbac.authorization.k8s.io"
        cluster.apply({"apiVersion": f"{api}/v1", "kind": "ClusterRole", **name, "rules": rules}, "tests")
        cluster.apply(
            {
                "apiVersion": f"{api}/v1",
                "kind": "ClusterRoleBinding",
                **name,
                "subjects": [{"apiGroup": api, "kind": "User", "name": user}],
                "roleRef": {"apiGroup": api, "kind": "ClusterRole", "name": f"idp-{user}"},
            },
            "tests",
        )


def _fill(cluster: Cluster) -> None:
    for name in ("argocd", "flux-system", "shop"):
        cluster.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}, "tests")
    cluster.apply(application("shop", "deploy/overlays/prod"), "argocd-controller")
    cluster.apply(application("root", "apps"), "argocd-controller")
    cluster.apply(application("late", "late", status="OutOfSync"), "argocd-controller")
    flux = {"metadata": {"name": "fleet", "namespace": "flux-system"}}
    cluster.apply(
        {
            "apiVersion": "source.toolkit.fluxcd.io/v1",
            "kind": "GitRepository",
            **flux,
            "spec": {"interval": "1m", "url": "https://robin:hunter2@github.com/acme/fleet", "ref": {"branch": "main"}},
        },
        "flux",
    )
    kustomization = {
        "apiVersion": "kustomize.toolkit.fluxcd.io/v1",
        "kind": "Kustomization",
        **flux,
        "spec": {"interval": "1m", "prune": True, "path": "./apps", "sourceRef": {"kind": "GitRepository", "name": "fleet"}},
    }
    cluster.apply(kustomization, "flux")
    ready = {"type": "Ready", "status": "True", "reason": "Done", "message": "", "lastTransitionTime": "2026-10-01T08:00:00Z"}
    cluster.apply(
        {**kustomization, "spec": None, "status": {"observedGeneration": 1, "conditions": [ready]}} | flux,
        "flux",
        subresource="status",
    )
    cluster.update(deployment("clicked"), user_agent="Mozilla/5.0 (X11; Linux x86_64)")
    cluster.update(deployment("typed"), field_manager="kubectl-create")
    cluster.update(deployment("typed", replicas=3), field_manager="kubectl-edit")
    cluster.apply(deployment("applied"), "helm")
    cluster.apply(deployment("tracked", {"argocd.argoproj.io/tracking-id": "shop:apps/Deployment:shop/tracked"}), "argocd-controller")


def application(name: str, path: str, status: str = "Synced") -> Json:
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Application",
        "metadata": {"name": name, "namespace": "argocd"},
        "spec": {
            "project": "default",
            "source": {"repoURL": DEPLOY, "path": path, "targetRevision": "main"},
            "destination": {"server": "https://kubernetes.default.svc", "namespace": "shop"},
            "syncPolicy": {"automated": {"selfHeal": True}},
        },
        "status": {"sync": {"status": status}},
    }


def deployment(name: str, annotations: dict[str, str] | None = None, replicas: int = 1) -> Json:
    template = {
        "metadata": {"labels": {"app": name}},
        "spec": {"containers": [{"name": "web", "image": "registry.example.org/web:1"}]},
    }
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "namespace": "shop", "annotations": annotations or {}},
        "spec": {"replicas": replicas, "selector": {"matchLabels": {"app": name}}, "template": template},
    }


@pytest.fixture
def as_user(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """A function that makes a user's kubeconfig the current one and gives the target's text."""

    def become(user: str) -> str:
        monkeypatch.setenv("KUBECONFIG", str(cluster.kubeconfig(user)))
        return f"kubernetes:{user}"

    return become


def seen_by(user: str, as_user: Callable[[str], str]) -> Seen:
    return collect_cluster(user, as_user(user))


def argo_file(name: str, path: str) -> str:
    return f"""
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: {name}, namespace: argocd}}
spec:
  source: {{repoURL: {DEPLOY}, path: {path}, targetRevision: main}}
  destination: {{server: https://kubernetes.default.svc, namespace: shop}}
  syncPolicy: {{automated: {{selfHeal: true}}}}
"""


@pytest.fixture
def deploy(tmp_path: Path) -> str:
    """A repository whose Applications deliver a Kustomize overlay and themselves."""
    files = {
        "apps/root.yaml": argo_file("root", "apps"),
        "apps/shop.yaml": argo_file("shop", "deploy/overlays/prod"),
        "deploy/overlays/prod/kustomization.yaml": "resources: [../../base]\n",
        "deploy/base/kustomization.yaml": "resources: [web.yaml]\n",
        "deploy/base/web.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: tracked}\nspec: {}\n",
    }
    return str(commit(tmp_path / "deploy", files, remote=DEPLOY))


# --- what is seen


def test_gitops_objects_are_read_with_their_status(as_user: Callable[[str], str]) -> None:
    seen = seen_by("reader", as_user)
    facts = {fact.at.path: fact for fact in seen.facts if isinstance(fact, GitOpsSource)}
    assert not seen.gaps
    assert (facts["argocd/Application/shop"].in_sync, facts["argocd/Application/late"].in_sync) == (True, False)
    assert facts["argocd/Application/shop"].at.uid
    flux = facts["flux-system/Kustomization/fleet"]
    assert (flux.source, flux.revision, flux.in_sync) == ("https://github.com/acme/fleet", "main", True)
    assert "hunter2" not in repr(seen)


def test_field_managers_give_the_channel(as_user: Callable[[str], str]) -> None:
    seen = seen_by("reader", as_user)
    channels = {fact.name: (fact.channel, fact.managers) for fact in seen.facts if isinstance(fact, LiveWorkload)}
    assert channels["clicked"] == ("console", ("Mozilla",))
    assert channels["typed"][0] == "kubectl-imperative"
    assert set(channels["typed"][1]) == {"kubectl-create", "kubectl-edit"}
    assert channels["applied"] == ("helm", ("helm",))
    assert channels["tracked"][0] == "argocd"
    assert {fact.name for fact in seen.facts if isinstance(fact, LiveWorkload) and fact.tracked_by} == {"tracked"}


def test_a_cluster_without_the_custom_resources_has_no_gap_for_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    try:
        with api_server(tmp_path, users={"admin2": ["system:masters"]}) as bare:
            monkeypatch.setenv("KUBECONFIG", str(bare.kubeconfig("admin2")))
            assert collect_cluster("admin2", "kubernetes:bare").gaps == ()
    except MissingTool as missing:
        pytest.skip(str(missing))


# --- where it stands


def levels(assessment: Assessment, reading: Reading = Reading.DECLARED) -> dict[str, tuple[int, int]]:
    return {u.unit: u.declared if reading is Reading.DECLARED else u.confirmed for u in assessment.units}


def test_live_units_stand_where_their_writers_put_them(as_user: Callable[[str], str]) -> None:
    target = as_user("reader")
    assessment = scan(Request(targets=(target,)))
    for reading in Reading:
        found = levels(assessment, reading)
        assert found[f"{target}:shop/Deployment/clicked#workload"] == (0, 0)
        assert found[f"{target}:shop/Deployment/typed#workload"] == (1, 1)
        assert found[f"{target}:shop/Deployment/applied#workload"] == (2, 3)
        assert f"{target}:shop/Deployment/tracked#workload" not in found
    assert levels(assessment)[f"{target}:argocd/Application/shop#gitops"] == (4, 4)
    confirmed = levels(assessment, Reading.CONFIRMED)
    assert confirmed[f"{target}:argocd/Application/shop#gitops"] == (4, 5)
    assert confirmed[f"{target}:flux-system/Kustomization/fleet#gitops"] == (4, 5)
    assert confirmed[f"{target}:argocd/Application/late#gitops"] == (0, 5)


# --- what may not be seen


@pytest.mark.parametrize(
    ("user", "resource", "group", "blinds"),
    [
        ("no-apps", "daemonsets", "apps", "LiveWorkload"),
        ("no-argo", "applications", "argoproj.io", "GitOpsSource"),
        ("no-kustomize", "kustomizations", "kustomize.toolkit.fluxcd.io", "GitOpsSource"),
    ],
)
def test_a_refused_list_is_a_gap_that_names_the_permission(
    as_user: Callable[[str], str], user: str, resource: str, group: str, blinds: str
) -> None:
    seen = seen_by(user, as_user)
    gap = next(gap for gap in seen.gaps if gap.at.path == f"{resource}.{group}")
    assert (gap.reason, gap.blinds) == (GapReason.NO_PERMISSION, (blinds,))
    assert f'{{apiGroups: ["{group}"], resources: ["{resource}"], verbs: ["list"]}}' in gap.settle
    assert {gap.at.path.partition(".")[2] for gap in seen.gaps} == {group}


def test_a_cluster_of_which_nothing_may_be_listed_stands_anywhere(as_user: Callable[[str], str]) -> None:
    target = as_user("blind")
    placement = scan(Request(targets=(target,))).placement(target)
    assert placement is not None
    assert (placement.low, placement.high, placement.not_applicable) == (0, 5, "")
    assert "verbs" in " ".join(placement.settle)


@pytest.mark.parametrize("user", [user for user in USERS if user != "reader"])
def test_losing_a_permission_raises_no_level(as_user: Callable[[str], str], deploy: str, user: str) -> None:
    full, less = _both("reader", as_user, deploy), _both(user, as_user, deploy)
    for reading in Reading:
        before, after = levels(full, reading), levels(less, reading)
        for unit in before.keys() & after.keys():
            assert after[unit][0] <= before[unit][0], unit
            assert reading is Reading.DECLARED or after[unit][1] >= before[unit][1], unit
        lows = [{p.subject: p.low for p in one.placements if p.reading is reading} for one in (full, less)]
        assert all(lows[1][subject] <= lows[0][subject] for subject in lows[0]), user


def _both(user: str, as_user: Callable[[str], str], deploy: str) -> Assessment:
    """The repository and the cluster, as one user sees it, under one name."""
    import assess.collect.collector as collector
    from assess.content import load
    from assess.run import assess

    as_user(user)
    request = Request(targets=(deploy,))
    return assess(request, [*collector.collect(request), collect_cluster(user, "kubernetes:prod")], load())


def test_an_unknown_context_ends_with_three(cluster: Cluster) -> None:
    run = _command("kubernetes:nowhere", cluster.kubeconfig("reader"))
    assert (run.returncode, "nowhere" in run.stderr) == (3, True)


def test_a_server_that_does_not_answer_ends_with_three(cluster: Cluster, tmp_path: Path) -> None:
    config = tmp_path / "config"
    config.write_text(cluster.kubeconfig("reader").read_text().replace(cluster.url, "https://127.0.0.1:1"))
    run = _command("kubernetes:reader", config)
    assert (run.returncode, "cannot be reached" in run.stderr) == (3, True)


def test_refused_credentials_are_no_empty_cluster(cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    token = cluster.tokens["reader"]
    (tmp_path / "config").write_text(cluster.kubeconfig("reader").read_text().replace(token, "stale"))
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "config"))
    with pytest.raises(IncompleteError, match="credentials"):
        collect_cluster("reader", "kubernetes:reader")


def _command(target: str, kubeconfig: Path) -> subprocess.CompletedProcess[str]:
    code = "from assess.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code, "scan", target, "-f", "json"],
        env={**os.environ, "KUBECONFIG": str(kubeconfig)},
        capture_output=True,
        text=True,
        timeout=120,
    )


# --- what a cluster says of a repository


def test_a_cluster_confirms_what_a_repository_declares(as_user: Callable[[str], str], deploy: str) -> None:
    alone = scan(Request(targets=(deploy,))).placement("deploy", Reading.CONFIRMED)
    beside = scan(Request(targets=(deploy, as_user("reader")))).placement("deploy", Reading.CONFIRMED)
    blind = scan(Request(targets=(deploy, as_user("no-argo")))).placement("deploy", Reading.CONFIRMED)
    assert alone is not None
    assert beside is not None
    assert blind is not None
    assert [(p.low, p.high) for p in (alone, beside, blind)] == [(0, 5), (4, 5), (0, 5)]


@pytest.mark.parametrize(
    ("path", "remote"), [("deploy/overlays/test", DEPLOY), ("deploy/overlays/prod", "https://github.com/acme/other.git")]
)
def test_the_same_name_alone_confirms_nothing(as_user: Callable[[str], str], tmp_path: Path, path: str, remote: str) -> None:
    text = argo_file("shop", path).replace(DEPLOY, remote)
    repository = commit(tmp_path / "other", {"apps/shop.yaml": text, f"{path}/web.yaml": "kind: Deployment\n"}, remote=remote)
    beside = scan(Request(targets=(str(repository), as_user("reader"))))
    unit = next(u for u in beside.units if u.target == "other" and u.kind == "gitops")
    assert unit.confirmed == (0, 5)


def test_a_cluster_delivers_manifests_that_no_application_in_git_names(as_user: Callable[[str], str], tmp_path: Path) -> None:
    files = {
        "deploy/overlays/prod/kustomization.yaml": "resources: [web.yaml]\n",
        "deploy/overlays/prod/web.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: tracked}\nspec: {}\n",
    }
    repository = str(commit(tmp_path / "deploy", files, remote=DEPLOY))
    alone = scan(Request(targets=(repository,)))
    beside = scan(Request(targets=(repository, as_user("reader"))))
    [unit] = [u for u in alone.units if u.target == "deploy"]
    [seen] = [u for u in beside.units if u.target == "deploy"]
    assert (unit.unit, unit.confirmed, seen.confirmed) == (seen.unit, (0, 5), (4, 5))
    assert seen.declared[0] > unit.declared[0]
