"""What GitOps objects cover."""

from __future__ import annotations

from typing import Any

import pytest

from assess.collect.link.delivery import Delivery
from assess.model.fact import Fact, GitOpsSource, Kustomization
from assess.model.target import Location, Source, Target


def object_(*delivers: str, kind: str = "Application", source: str = "", name: str = "shop", **more: Any) -> GitOpsSource:
    """A GitOps object that delivers paths."""
    at = Location(target="shop", path=f"argo/{name}.yaml", line=1)
    return GitOpsSource(
        at=at,
        tool="argocd",
        path="argo",
        object_kind=kind,
        name=name,
        automated=True,
        self_heal=True,
        source=source,
        delivers=delivers,
        **more,
    )


def build(path: str, *resources: str) -> Kustomization:
    """A Kustomize build."""
    return Kustomization(
        at=Location(target="shop", path=f"{path}/kustomization.yaml", line=1), tool="kustomize", path=path, resources=resources
    )


def delivery(*facts: Fact, **more: list[Fact]) -> Delivery:
    """The deliveries of an estate of `shop` and others."""
    by_target = {"shop": list(facts), **more}
    return Delivery(
        [Target(source=Source.GIT, label=label, remote=f"https://github.com/acme/{label}.git") for label in by_target], by_target
    )


@pytest.mark.parametrize(
    ("delivers", "path", "covered"),
    [
        ("apps", "apps", True), ("apps", "apps/shop", True), ("apps", "apps2", False), ("apps/", "apps", True), ("./apps", "apps/x", True),
        (".", "anything", True), ("apps/*", "apps/shop", True), ("apps/*", "apps/shop/deep", True), ("apps/*", "apps", False),
        ("apps/{{path.basename}}", "apps/shop", True), ("*/prod", "a/prod", True), ("*/prod", "a/dev", False), ("apps/shop", "apps", False),
    ],
)  # fmt: skip
def test_paths(delivers: str, path: str, covered: bool) -> None:
    assert delivery(object_(delivers)).covers("shop", path) is covered


def test_what_a_build_takes_in_is_delivered_with_it() -> None:
    found = delivery(
        object_("overlays/prod"), build("overlays/prod", "base"), build("base", "shared/policies"), build("other", "elsewhere")
    )
    assert [found.covers("shop", path) for path in ("overlays/prod", "base", "shared/policies", "other", "elsewhere")] == [
        True,
        True,
        True,
        False,
        False,
    ]


def test_builds_that_take_in_each_other_end() -> None:
    assert delivery(object_("a"), build("a", "b"), build("b", "a")).covers("shop", "b")


@pytest.mark.parametrize("kind", ["AppProject", "GitRepository", "OCIRepository"])
def test_objects_that_only_name_something_deliver_nothing(kind: str) -> None:
    assert not delivery(object_("apps", kind=kind)).covers("shop", "apps")


def test_another_repository_of_the_estate_is_covered_and_not_ones_own() -> None:
    found = delivery(object_("apps", source="git@github.com:acme/other.git"), other=[])
    assert found.covers("other", "apps/x")
    assert not found.covers("shop", "apps/x")


def test_a_repository_outside_the_estate_is_nobodys() -> None:
    assert not delivery(object_("apps", source="https://github.com/stranger/x")).covers("shop", "apps")


def test_a_terraform_object_delivers_roots_and_nothing_else() -> None:
    found = delivery(object_("infra", kind="Terraform"))
    assert not found.covers("shop", "infra")
    assert found.deliverers("shop", "infra", terraform=True)
    assert not found.deliverers("shop", "infra")
