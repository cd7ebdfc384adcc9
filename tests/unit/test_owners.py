"""Who owns a unit: the estate file over the catalog over CODEOWNERS, under the estate's own names."""

from __future__ import annotations

import pytest

from assess.collect.owners import matches, owners
from assess.model.fact import CatalogEntity, Fact, Ownership
from assess.model.target import Location
from assess.model.unit import Unit
from assess.spec.estate import Estate, Owns, Team


def unit(path: str) -> Unit:
    """A Terraform root."""
    return Unit(
        id=f"shop:{path}#terraform-root",
        kind="terraform-root",
        target="shop",
        path=path,
        at=Location(target="shop", path=f"{path}/main.tf", line=1),
    )


def codeowners(path: str, owner: str) -> Fact:
    """A line of CODEOWNERS."""
    return Ownership(at=Location(target="shop", path="CODEOWNERS", line=1), path=path, owner=owner, by="codeowners")


def entity(directory: str, owner: str, kind: str = "Component") -> Fact:
    """A catalog entry."""
    at = Location(target="shop", path=f"{directory}/catalog-info.yaml".lstrip("/"), line=1)
    return CatalogEntity(at=at, path=directory or ".", entity_kind=kind, name="x", owner=owner)


def owner(path: str, *facts: Fact, estate: Estate | None = None) -> str:
    """The owner of one unit; empty where nobody claims it."""
    one = unit(path)
    return owners([one], {"shop": facts}, estate or Estate()).get(one.id, "")


PAYMENTS = Estate(
    teams=(Team(name="payments", owns=(Owns(repository="shop", paths=("infra/pay/**",)),), aliases=("@acme/pay",)), Team(name="core"))
)


def test_nobody() -> None:
    assert owner("infra") == ""


def test_the_later_line_of_codeowners_wins() -> None:
    assert owner("infra/pay", codeowners("**", "@acme/core"), codeowners("infra/pay/", "@acme/red")) == "red"
    assert owner("infra/pay", codeowners("infra/pay/", "@acme/red"), codeowners("**", "@acme/core")) == "core"


def test_a_catalog_outranks_codeowners() -> None:
    assert owner("infra", entity("", "group:default/blue"), codeowners("**", "@acme/red")) == "blue"


def test_the_deeper_entity_wins_whatever_the_order() -> None:
    assert owner("infra/pay", entity("infra/pay", "deep"), entity("", "top")) == "deep"
    assert owner("infra/pay", entity("", "top"), entity("infra/pay", "deep")) == "deep"
    assert owner("infra/net", entity("", "top"), entity("infra/pay", "deep")) == "top"


def test_entities_that_own_no_code_claim_nothing() -> None:
    assert owner("infra", entity("", "x", kind="User"), entity("", "", kind="Component")) == ""


def test_the_estate_file_outranks_all() -> None:
    assert owner("infra/pay", entity("", "blue"), codeowners("**", "@acme/red"), estate=PAYMENTS) == "payments"
    assert owner("infra/other", codeowners("**", "@acme/red"), estate=PAYMENTS) == "red"


@pytest.mark.parametrize("written", ["@acme/pay", "payments", "@acme/payments", "group:default/payments", "group:payments"])
def test_a_team_is_known_by_its_aliases(written: str) -> None:
    assert owner("infra/x", codeowners("**", written), estate=PAYMENTS) == "payments"


def test_the_longest_pattern_of_the_estate_file_wins() -> None:
    estate = Estate(
        teams=(Team(name="all", owns=(Owns(repository="*"),)), Team(name="net", owns=(Owns(repository="shop", paths=("infra/net",)),)))
    )
    assert owner("infra/net/vpc", estate=estate) == "net"
    assert owner("infra/pay", estate=estate) == "all"


@pytest.mark.parametrize(
    ("path", "pattern", "covers"),
    [
        ("a/b", "**", True), ("a/b", "*", True), ("a/b", "/a/", True), ("a/b", "a", True), ("ab/c", "a", False), ("a/b.tf", "*.tf", True),
        ("a/b/c", "a/*", True), ("a/b/c", "a/**", True), ("a", "a/**", True), ("b/a", "a/**", False), ("a/b", "", True),
    ],
)  # fmt: skip
def test_globs(path: str, pattern: str, covers: bool) -> None:
    assert matches(path, pattern) is covers
