"""Live objects to facts, without a cluster."""

from __future__ import annotations

from typing import Any

import pytest

from assess.collect.kubernetes.objects import facts_from_objects
from assess.model.fact import Assurance, GitOpsSource, LiveWorkload

Json = dict[str, Any]
CLUSTER = "kubernetes:prod"


def application(name: str = "shop", status: str = "Synced", **spec: Any) -> Json:
    source = {"repoURL": "https://robin:hunter2@github.com/acme/deploy.git", "path": "deploy", "targetRevision": "main"}
    whole = {
        "source": source,
        "destination": {"server": "https://kubernetes.default.svc"},
        "syncPolicy": {"automated": {"selfHeal": True}},
    }
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Application",
        "metadata": {"name": name, "namespace": "argocd", "uid": f"u-{name}"},
        "spec": {**whole, **spec},
        "status": {"sync": {"status": status}} if status else {},
    }


def generated(name: str, status: str = "Synced", **spec: Any) -> Json:
    one = application(name, status, **spec)
    one["metadata"]["ownerReferences"] = [{"kind": "ApplicationSet", "name": "all", "uid": "u-all", "controller": True}]
    return one


def kustomization(ready: str = "True", *, generation: int = 1, observed: int = 1, source: str = "fleet", **spec: Any) -> Json:
    return {
        "apiVersion": "kustomize.toolkit.fluxcd.io/v1",
        "kind": "Kustomization",
        "metadata": {"name": "apps", "namespace": "flux-system", "generation": generation},
        "spec": {"path": "./apps", "sourceRef": {"kind": "GitRepository", "name": source}, **spec},
        "status": {"observedGeneration": observed, "conditions": [{"type": "Ready", "status": ready}]},
    }


def git_repository(**spec: Any) -> Json:
    return {
        "apiVersion": "source.toolkit.fluxcd.io/v1",
        "kind": "GitRepository",
        "metadata": {"name": "fleet", "namespace": "flux-system"},
        "spec": {"url": "https://github.com/acme/fleet", "ref": {"branch": "main"}, **spec},
    }


def wrote(manager: str, operation: str = "Update", *, at: int = 0, subresource: str = "", fields: str = "f:spec") -> Json:
    entry = {"manager": manager, "operation": operation, "time": f"2026-10-01T08:00:{at:02}Z", "fieldsV1": {fields: {}}}
    return {**entry, "subresource": subresource} if subresource else entry


def deployment(*entries: Json, **metadata: Any) -> Json:
    meta = {"name": "web", "namespace": "shop", "uid": "u-web", "managedFields": list(entries), **metadata}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": meta}


def sources(*objects: Json) -> list[GitOpsSource]:
    return [f for f in facts_from_objects(CLUSTER, objects) if isinstance(f, GitOpsSource)]


def source(*objects: Json) -> GitOpsSource:
    return sources(*objects)[0]


def workload(*objects: Json) -> LiveWorkload:
    return next(f for f in facts_from_objects(CLUSTER, objects) if isinstance(f, LiveWorkload))


# --- GitOps objects


def test_a_synced_application_is_effective_and_carries_no_credentials() -> None:
    fact = source(application())
    assert (fact.source, fact.delivers, fact.revision) == ("https://github.com/acme/deploy.git", ("deploy",), "main")
    assert (fact.automated, fact.self_heal, fact.in_sync, fact.assurance) == (True, True, True, Assurance.EFFECTIVE)
    assert (fact.at.target, fact.at.path, fact.at.uid) == (CLUSTER, "argocd/Application/shop", "u-shop")
    assert "hunter2" not in repr(fact)


@pytest.mark.parametrize(("status", "in_sync"), [("OutOfSync", False), ("Unknown", None), ("", None)])
def test_an_application_that_is_not_in_sync_is_only_declared(status: str, in_sync: bool | None) -> None:
    fact = source(application(status=status))
    assert (fact.in_sync, fact.assurance) == (in_sync, Assurance.DECLARED)


def test_manual_sync_is_seen() -> None:
    assert source(application(syncPolicy={})).automated is False


def test_a_kustomization_gets_the_address_of_the_source_it_names() -> None:
    fact = source(kustomization(), git_repository())
    assert (fact.source, fact.revision, fact.delivers) == ("https://github.com/acme/fleet", "main", ("apps",))
    assert (fact.automated, fact.in_sync, fact.assurance) == (True, True, Assurance.EFFECTIVE)


@pytest.mark.parametrize(
    ("ready", "generation", "in_sync"), [("True", 1, True), ("False", 1, False), ("Unknown", 1, None), ("True", 2, None)]
)
def test_ready_counts_for_the_generation_that_was_reconciled(ready: str, generation: int, in_sync: bool | None) -> None:
    assert source(kustomization(ready, generation=generation), git_repository()).in_sync is in_sync


def test_a_suspended_kustomization_keeps_an_old_verdict_that_does_not_count() -> None:
    fact = source(kustomization(suspend=True), git_repository())
    assert (fact.suspended, fact.automated, fact.in_sync, fact.assurance) == (True, False, None, Assurance.DECLARED)


def test_nothing_new_arrives_through_a_suspended_source_and_an_unseen_one_leaves_it_open() -> None:
    assert source(kustomization(), git_repository(suspend=True)).automated is False
    assert source(kustomization()).automated is None
    assert source(kustomization()).source == "GitRepository/fleet"


def test_what_a_set_generated_counts_once_and_does_what_each_of_its_applications_does() -> None:
    [fact] = sources(generated("a"), generated("b", syncPolicy={}))
    assert (fact.object_kind, fact.name, fact.at.path) == ("ApplicationSet", "all", "argocd/ApplicationSet/all")
    assert (fact.automated, fact.in_sync, fact.delivers) == (False, True, ("deploy",))
    assert sources(generated("a"), generated("b", "OutOfSync"))[0].assurance is Assurance.DECLARED


def test_a_set_whose_applications_are_unseen_leaves_open_whether_it_syncs() -> None:
    template = {"metadata": {"name": "x"}, "spec": application()["spec"]}
    one = {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "ApplicationSet",
        "metadata": {"name": "all", "namespace": "argocd"},
        "spec": {"generators": [{"list": {"elements": []}}], "template": template},
    }
    assert source(one).automated is None
    assert [f.object_kind for f in sources(one, generated("a"))] == ["ApplicationSet"]
    assert source(one, generated("a")).automated is True


# --- who wrote a workload


@pytest.mark.parametrize(
    ("manager", "operation", "channel"),
    [
        ("Mozilla", "Update", "console"),
        ("kubectl-edit", "Update", "kubectl-imperative"),
        ("kubectl-create", "Update", "kubectl-imperative"),
        ("kubectl", "Update", "kubectl-imperative"),
        ("kubectl", "Apply", "kubectl-apply"),
        ("kubectl-client-side-apply", "Update", "kubectl-apply"),
        ("helm", "Apply", "helm"),
        ("HashiCorp", "Update", "terraform"),
        ("terraform-provider-helm_v2.17.0_x5", "Update", "terraform"),
        ("argocd-controller", "Apply", "argocd"),
        ("argocd-application-controller", "Update", "argocd"),
        ("kustomize-controller", "Apply", "flux"),
        ("helm-controller", "Apply", "flux"),
        ("apiextensions.crossplane.io/composed/9f2", "Apply", "crossplane"),
        ("pulumi-kubernetes-1a2b", "Apply", "pulumi"),
        ("OpenAPI-Generator", "Update", "sdk"),
        ("fleetagent", "Update", "unattributed"),
        ("Mozillafoo", "Update", "unattributed"),
    ],
)
def test_the_channel_of_a_manager(manager: str, operation: str, channel: str) -> None:
    fact = workload(deployment(wrote(manager, operation)))
    assert (fact.channel, fact.managers, fact.assurance) == (channel, (manager,), Assurance.EFFECTIVE)


def test_the_last_known_writer_of_the_specification_gives_the_channel() -> None:
    fact = workload(deployment(wrote("kubectl-edit", at=30), wrote("helm", "Apply", at=5), wrote("robot", at=59)))
    assert (fact.channel, fact.managers) == ("kubectl-imperative", ("helm", "kubectl-edit", "robot"))
    assert workload(deployment(wrote("Mozilla", at=5), wrote("helm", at=6))).channel == "helm"
    assert workload(deployment(wrote("helm", at=5), wrote("Mozilla", at=5))).channel == "console"


@pytest.mark.parametrize(
    "entry",
    [
        wrote("kube-controller-manager", at=9, subresource="status"),
        wrote("kubectl", at=9, subresource="scale"),
        wrote("kubectl-annotate", at=9, fields="f:metadata"),
        wrote("kubectl-rollout", at=9),
        wrote("vpa-updater", at=9),
    ],
)
def test_what_defines_nothing_is_no_writer(entry: Json) -> None:
    fact = workload(deployment(wrote("helm"), entry))
    assert (fact.channel, fact.managers) == ("helm", ("helm",))


def test_without_managers_only_helms_own_note_says_something() -> None:
    assert workload(deployment()).channel == "unattributed"
    assert workload(deployment(annotations={"meta.helm.sh/release-name": "web"})).channel == "helm"


# --- which workloads, and who tracks them


@pytest.mark.parametrize(
    "metadata",
    [{"namespace": "kube-system"}, {"ownerReferences": [{"kind": "Database", "name": "db", "controller": True}]}],
)
def test_system_and_owned_workloads_are_none_of_ours(metadata: Json) -> None:
    assert not facts_from_objects(CLUSTER, [deployment(**metadata)])


def test_a_tracking_id_counts_only_on_the_object_it_names() -> None:
    own, copied = "shop:apps/Deployment:shop/web", "shop:apps/Deployment:shop/other"
    assert workload(deployment(annotations={"argocd.argoproj.io/tracking-id": own})).tracked_by == "Application/shop"
    assert workload(deployment(annotations={"argocd.argoproj.io/tracking-id": copied})).tracked_by == ""


def test_the_instance_label_alone_is_no_evidence_but_the_applications_own_list_is() -> None:
    one = deployment(labels={"app.kubernetes.io/instance": "shop"})
    assert workload(one).tracked_by == ""
    listed = {"group": "apps", "kind": "Deployment", "namespace": "shop", "name": "web"}
    app = application()
    app["status"]["resources"] = [listed]
    assert workload(one, app).tracked_by == "argocd/Application/shop"
    app["spec"]["destination"] = {"server": "https://elsewhere.example.org"}
    assert workload(one, app).tracked_by == ""


def test_flux_labels_and_the_inventory_track() -> None:
    labels = {"kustomize.toolkit.fluxcd.io/name": "apps", "kustomize.toolkit.fluxcd.io/namespace": "flux-system"}
    assert workload(deployment(labels=labels)).tracked_by == "flux-system/Kustomization/apps"
    flux = kustomization()
    flux["status"]["inventory"] = {"entries": [{"id": "shop_web_apps_Deployment", "v": "v1"}]}
    assert workload(deployment(), flux).tracked_by == "flux-system/Kustomization/apps"


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"metadata": None},
        {"metadata": {}},
        deployment() | {"metadata": {"managedFields": 5, "ownerReferences": {}}},
        {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"managedFields": "x"}},
        {"apiVersion": "argoproj.io/v1alpha1", "kind": "Application", "metadata": {}, "spec": [], "status": "Synced"},
        {
            "apiVersion": "kustomize.toolkit.fluxcd.io/v1",
            "kind": "Kustomization",
            "metadata": {"name": 7},
            "spec": {"sourceRef": "x"},
            "status": {"conditions": ["Ready"], "inventory": {"entries": [{"id": "_"}, None]}},
        },
    ],
)
def test_objects_of_any_shape_end_in_facts_not_in_failure(broken: Json) -> None:
    assert isinstance(facts_from_objects(CLUSTER, [broken]), tuple)
