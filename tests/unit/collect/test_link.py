"""Joins over the estate: what is delivered from where, who owns it, what a job from elsewhere may hide."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assess.collect.git.collector import collect_repository
from assess.collect.git.complete import followed, published
from assess.collect.git.extract.kubernetes import KUBERNETES
from assess.collect.git.file import File
from assess.collect.link.delivery import Delivery
from assess.collect.link.estate import link
from assess.collect.link.places import Tree
from assess.collect.link.repositories import address
from assess.collect.link.runs import runs
from assess.collect.owners import environments, matches, owners
from assess.collect.seen import Seen
from assess.model.fact import Call, CatalogEntity, Definition, Fact, GitOpsSource, HelmChart, Manifest, Ownership, Procedure, Trigger
from assess.model.target import Location, Source, Target
from assess.model.unit import Unit
from assess.spec.estate import Environment, Estate, Owns, Team
from tests.worlds import commit

MANIFEST = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop}\nspec: {}\n"
APPLICATION = """apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop}
spec:
  source: {repoURL: %s, path: deploy, targetRevision: main}
  destination: {namespace: shop}
  syncPolicy: {automated: {selfHeal: true}}
"""


def at(path: str) -> Location:
    return Location(target="shop", path=path, line=1)


@pytest.mark.parametrize(
    "url",
    [
        "https://github.com/Acme/Shop.git",
        "git@github.com:acme/shop.git",
        "ssh://git@github.com/acme/shop",
        "https://x:y@github.com/acme/shop/",
    ],
)
def test_one_repository_under_several_addresses_is_one(url: str) -> None:
    assert address(url) == "github.com/acme/shop"


@pytest.mark.parametrize(
    ("remote", "source", "kinds"),
    [
        ("https://github.com/acme/shop.git", "https://github.com/acme/shop.git", {"gitops"}),
        ("https://github.com/acme/shop.git", "https://github.com/somebody/else.git", {"gitops", "manifests"}),
        ("", "https://github.com/acme/shop.git", {"gitops"}),
    ],
)
def test_an_application_covers_only_the_repository_it_names(tmp_path: Path, remote: str, source: str, kinds: set[str]) -> None:
    """Where the clone knows no remote, the delivered path is taken for its own, for it exists there."""
    path = commit(tmp_path / "shop", {"apps/shop.yaml": APPLICATION % source, "deploy/app.yaml": MANIFEST}, remote=remote)
    assert {unit.kind for unit in link([collect_repository(path, "shop")]).units} == kinds


def test_one_repository_delivers_another(tmp_path: Path) -> None:
    remote = "https://github.com/acme/shop.git"
    shop = commit(tmp_path / "shop", {"deploy/app.yaml": MANIFEST}, remote=remote)
    fleet = commit(tmp_path / "fleet", {"apps/shop.yaml": APPLICATION % remote}, remote="https://github.com/acme/fleet.git")
    seen = [collect_repository(shop, "shop"), collect_repository(fleet, "fleet")]
    assert {(unit.target, unit.kind) for unit in link(seen).units} == {("fleet", "gitops")}
    assert link(seen).units == link(seen[::-1]).units


def test_a_generators_directories_are_units_of_their_own() -> None:
    source = GitOpsSource(
        at=at("set.yaml"), path="set.yaml", object_kind="ApplicationSet", name="all", automated=True, self_heal=True, delivers=("apps/*",)
    )
    paths = ["apps/a/app.yaml", "apps/b/deep/app.yaml", "other/c.yaml", "apps/readme.yaml"]
    delivery = Delivery([Target(source=Source.GIT, label="shop")], {"shop": [source]})
    assert delivery.directories("shop", source, Tree(paths)) == ["apps/a", "apps/b"]


def job(*unresolved: str, **trigger: object) -> Procedure:
    return Procedure(
        at=at(".github/workflows/x.yml"), name="x.yml#x", form="job", unresolved=unresolved,
        trigger=Trigger(**{"events": ("push",), **trigger}),  # type: ignore[arg-type]
    )  # fmt: skip


@pytest.mark.parametrize(
    ("trigger", "what", "blinds"),
    [
        ({}, "acme/flows/.github/workflows/ship.yml@v1", True),
        ({"events": ("pull_request", "chat")}, "acme/flows/.github/workflows/ship.yml@v1", False),
        ({"credentials": False}, "acme/flows/.github/workflows/ship.yml@v1", False),
        ({}, "include: template: Security/SAST.gitlab-ci.yml", False),
        ({}, "include: template: Terraform.gitlab-ci.yml", True),
    ],
)
def test_what_runs_elsewhere_hides_a_change_only_where_it_could_make_one(trigger: dict[str, object], what: str, blinds: bool) -> None:
    (gap,) = runs({"shop": [job(what, **trigger)]}).gaps
    assert bool(gap.blinds) is blinds
    assert what in gap.what


def test_a_call_of_a_template_that_is_not_here_is_unresolved() -> None:
    calls = ("ci/task.yml", "scripts/deploy.sh", "scripts/fmt.sh", "make:.#deploy", "~/x/deploy.sh")
    procedure = Procedure(at=at("p.yml"), name="p", form="job", calls=tuple(Call(name=name, line=1) for name in calls), trigger=Trigger())
    (found,) = followed([procedure], {"p.yml"})
    assert isinstance(found, Procedure)
    assert found.unresolved == ("ci/task.yml", "scripts/deploy.sh")
    (found,) = followed([procedure], {"p.yml", "ci/task.yml", "scripts/deploy.sh"})
    assert isinstance(found, Procedure)
    assert found.unresolved == ()


def test_what_is_tagged_or_marked_is_published() -> None:
    chart = HelmChart(at=at("charts/shop/Chart.yaml"), path="charts/shop", name="shop", version="1.2.3", origin="own")
    role = Definition(at=at("site.yml"), tool="ansible", path=".", form="configuration")
    facts: list[Fact] = [chart, role]
    tags = ["shop-1.2.3", "v1.0.0", "v1.1.0", "v1.2.0"]
    assert [f.published for f in published(facts, {"galaxy.yml"}, tags)] == [True, True]  # type: ignore[attr-defined]
    assert [f.published for f in published(facts, {"galaxy.yml"}, [])] == [False, False]  # type: ignore[attr-defined]
    assert [f.published for f in published(facts, set(), tags)] == [True, False]  # type: ignore[attr-defined]


def unit(path: str) -> Unit:
    return Unit(id=f"shop:{path}", kind="manifests", target="shop", path=path, at=at(f"{path}/app.yaml"))


def entity(directory: str, owner: str) -> CatalogEntity:
    path = f"{directory}/catalog-info.yaml".lstrip("/")
    return CatalogEntity(at=at(path), path=path, entity_kind="Component", name="x", owner=owner)


OWNED: list[Fact] = [
    Ownership(at=at("CODEOWNERS"), path="**", owner="@acme/everybody", by="codeowners"),
    Ownership(at=at("CODEOWNERS"), path="apps/checkout/", owner="@acme/checkout", by="codeowners"),
    entity("apps/billing", "group:default/billing"),
]


@pytest.mark.parametrize(
    ("path", "facts", "estate", "owner"),
    [
        ("other", OWNED, Estate(), "everybody"),
        ("apps/checkout", OWNED, Estate(), "checkout"),
        ("apps/billing", OWNED, Estate(), "billing"),
        ("apps/billing", [*OWNED, entity("", "root")], Estate(), "billing"),
        ("apps/checkout", [*OWNED, entity("", "root")], Estate(), "root"),
        ("apps/billing", OWNED, Estate(teams=(Team(name="money", owns=(Owns(repository="shop"),)),)), "money"),
        ("apps/billing", OWNED, Estate(teams=(Team(name="money", aliases=("group:default/billing",)),)), "money"),
    ],
)
def test_the_strongest_voice_names_the_owner(path: str, facts: list[Fact], estate: Estate, owner: str) -> None:
    assert owners([unit(path)], {"shop": facts}, estate) == {f"shop:{path}": owner}


def test_the_longest_pattern_names_the_environment() -> None:
    estate = Estate(environments=(Environment(name="any", paths=("**",)), Environment(name="prod", paths=("**/prod/**",))))
    assert environments([unit("envs/prod"), unit("envs/dev")], estate) == {"shop:envs/prod": "prod", "shop:envs/dev": "any"}


@pytest.mark.parametrize(("path", "pattern", "covers"), [("a/b.tf", "/a/", True), ("ab/c.tf", "a", False), ("x.tf", "*.tf", True)])
def test_globs_of_codeowners(path: str, pattern: str, covers: bool) -> None:
    assert matches(path, pattern) is covers


def test_a_manifest_of_ones_own_api_is_a_request(repository: Callable[..., Path]) -> None:
    xrd = (
        "apiVersion: apiextensions.crossplane.io/v2\nkind: CompositeResourceDefinition\nmetadata: {name: databases.acme.org}\n"
        "spec: {group: acme.org, scope: Namespaced, names: {kind: Database, plural: databases}, versions: []}\n"
    )
    api = collect_repository(repository({"apis/database.yaml": xrd}, name="api"), "api")
    team = collect_repository(
        repository({"db.yaml": "apiVersion: acme.org/v1\nkind: Database\nmetadata: {name: orders}\n"}, name="team"), "team"
    )
    alone = {unit.kind for unit in link([team]).units}
    together = {(unit.target, unit.kind) for unit in link([api, team]).units}
    assert alone == {"manifests"}
    assert together == {("api", "platform-api"), ("team", "request")}


def test_seen_in_another_order_is_the_same_estate() -> None:
    manifest = Manifest(at=at("k8s/app.yaml"), path="k8s/app.yaml", api_version="apps/v1", object_kind="Deployment")
    one = Seen(Target(source=Source.GIT, label="a"), (manifest,))
    two = Seen(Target(source=Source.GIT, label="b"), ())
    assert link([one, two]) == link([two, one])


@pytest.mark.parametrize(
    ("pattern", "path", "covered"),
    [
        ("{{.metadata.annotations.basepath}}addons/core", "fleet/eu/addons/core/api.yaml", True),
        ("{{.metadata.annotations.basepath}}addons/core", "addons/core/api.yaml", True),
        ("{{.metadata.annotations.basepath}}addons/core", "fleet/addons/other/api.yaml", False),
        ("{{.metadata.annotations.basepath}}addons/core", "fleet/my-addons/core/api.yaml", False),
        ("{{env}}-addons/core", "fleet/prod-addons/core/api.yaml", False),
        ("{{.metadata.annotations.basepath}}core", "fleet/eu/core/api.yaml", False),
    ],
)
def test_what_is_glued_to_a_path_may_be_directories(pattern: str, path: str, covered: bool) -> None:
    whole = f"""apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {{name: core}}
spec:
  generators: [{{clusters: {{}}}}]
  template:
    metadata: {{name: core}}
    spec:
      source: {{repoURL: '{{{{.metadata.annotations.url}}}}', path: '{pattern}'}}
      syncPolicy: {{automated: {{selfHeal: true}}}}
"""
    facts = [fact for fact in KUBERNETES.run(File("shop", "set.yaml", whole.encode())) if isinstance(fact, GitOpsSource)]
    target = Target(source=Source.GIT, label="shop")
    delivery = Delivery([target], {"shop": facts})
    assert delivery.covers("shop", path) is covered
    assert delivery.directories("shop", facts[0], Tree([path])) == []
