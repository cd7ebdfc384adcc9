"""The estate's graph: what one repository says of another, with the place that says so, and what lies outside."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assess.collect.git.collector import collect_repository
from assess.collect.link.estate import Estate, link
from assess.collect.link.uses import located
from assess.collect.seen import Seen
from assess.model.fact import HelmChart, TerraformModule
from assess.model.graph import EdgeType, Resolved
from tests.worlds import commit

MANIFEST = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop}\nspec: {template: {spec: {containers: [{name: x, image: %s}]}}}\n"
ROOT = 'terraform {\n  backend "s3" {}\n}\nmodule "net" {\n  source = "%s"\n}\n'
MODULE = 'variable "a" {}\nresource "aws_vpc" "x" {}\noutput "b" {\n  value = 1\n}\n'
APPLICATION = """apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop}
spec:
  source: {repoURL: "%s", %s, targetRevision: 1.2.3}
  destination: {namespace: shop}
  syncPolicy: {automated: {selfHeal: true}}
"""
FLUX = """apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata: {name: app}
spec: {url: oci://ghcr.io/acme/app-manifests, ref: {tag: latest}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: app}
spec: {path: ./, prune: true, interval: 5m, sourceRef: {kind: OCIRepository, name: app}}
"""
ENTITY = """apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: %s
  annotations: {%s}
spec: {type: service, owner: payments, dependsOn: [%s]}
"""
TEMPLATE = """apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata: {name: service}
spec: {steps: [{id: p, action: "publish:github"}]}
"""


def workflow(*commands: str) -> dict[str, str]:
    """A pipeline on the default branch."""
    steps = "".join(f"      - run: {command}\n" for command in commands)
    return {".github/workflows/ship.yml": f"on: {{push: {{branches: [main]}}}}\njobs:\n  ship:\n    steps:\n{steps}"}


def seen(tmp_path: Path, **repositories: dict[str, str]) -> list[Seen]:
    """What each repository shows; one called `a_b` is `a-b`."""
    found = []
    for name, files in repositories.items():
        label = name.replace("_", "-")
        path = commit(tmp_path / label, files, remote=f"https://github.com/acme/{label}.git")
        found.append(collect_repository(path, label))
    return found


def edges(estate: Estate, type: EdgeType) -> list[tuple[str, str, str]]:
    """Source, target and whether it is known, of the edges of one type."""
    return [(edge.source, edge.target, edge.resolved.value) for edge in estate.graph.edges if edge.type is type]


@pytest.mark.parametrize(
    ("source", "target", "resolved"),
    [
        ("git::https://github.com/acme/modules.git//net?ref=v1.2.0", "modules:net#terraform-module", "inside"),
        ("git@github.com:acme/modules.git//net?ref=v1.2.0", "modules:net#terraform-module", "inside"),
        ("github.com/acme/modules//net?ref=v1.2.0", "modules:net#terraform-module", "inside"),
        ("git::https://github.com/acme/modules.git//net", "modules", "inside"),
        ("git::https://github.com/else/modules.git//net?ref=v1.2.0", "external:github.com/else/modules", "outside"),
        ("terraform-aws-modules/vpc/aws", "external:registry.terraform.io/terraform-aws-modules/vpc/aws", "outside"),
        ("app.terraform.io/acme/vpc/aws", "external:app.terraform.io/acme/vpc/aws", "outside"),
        ("git::https://github.com/acme/${var.name}.git", "external:github.com/acme/${var.name}", "ambiguous"),
    ],
)
def test_a_module_by_its_source(tmp_path: Path, source: str, target: str, resolved: str) -> None:
    found = link(seen(tmp_path, infra={"live/main.tf": ROOT % source}, modules={"net/main.tf": MODULE}))
    assert edges(found, EdgeType.CALLS_MODULE) == [("infra:live#terraform-root", target, resolved)]


def test_a_module_of_the_public_registry_has_the_repository_that_its_name_prescribes(tmp_path: Path) -> None:
    estate = link(seen(tmp_path, infra={"main.tf": ROOT % "acme/vpc/aws"}, terraform_aws_vpc={"main.tf": MODULE}))
    ((_, target, resolved),) = edges(estate, EdgeType.CALLS_MODULE)
    assert (target.partition(":")[0], resolved) == ("terraform-aws-vpc", "inside")


def test_a_module_knows_who_calls_it_and_is_published_where_that_is_at_a_version(tmp_path: Path) -> None:
    call = ROOT % "git::https://github.com/acme/modules.git//net?ref=v1.2.0"
    estate = link(seen(tmp_path, a={"main.tf": call}, b={"x/main.tf": call, "y/main.tf": call}, modules={"net/main.tf": MODULE}))
    (module,) = [fact for fact in estate.facts if isinstance(fact, TerraformModule)]
    assert (module.consumers, module.published) == (2, True)


def test_a_chart_that_a_pipeline_pushes_is_the_one_that_others_pull(tmp_path: Path) -> None:
    chart = {"charts/shop/Chart.yaml": "name: shop\nversion: 1.2.3\n", "charts/shop/templates/a.yaml": "kind: X\n"}
    push = workflow("helm push shop-1.2.3.tgz oci://ghcr.io/${{ github.repository_owner }}/charts")
    estate = link(
        seen(
            tmp_path,
            charts=chart | push,
            fleet={"shop.yaml": APPLICATION % ("oci://ghcr.io/acme/charts", "chart: shop")},
            other={"o.yaml": APPLICATION % ("https://charts.example.org", "chart: shop")},
        )
    )
    assert edges(estate, EdgeType.USES_CHART) == [
        ("fleet:shop.yaml/Application/shop#gitops", "charts:charts/shop#chart", "inside"),
        ("other:o.yaml/Application/shop#gitops", "external:charts.example.org", "outside"),
    ]
    assert [fact.consumers for fact in estate.facts if isinstance(fact, HelmChart)] == [1]


def test_a_chart_in_another_repository_is_delivered_and_used(tmp_path: Path) -> None:
    chart = {"charts/shop/Chart.yaml": "name: shop\nversion: 1.2.3\n", "charts/shop/templates/a.yaml": "kind: X\n"}
    application = APPLICATION % ("git@github.com:acme/shop.git", "path: charts/shop")
    alone = link(seen(tmp_path / "alone", shop=chart))
    both = link(seen(tmp_path / "both", shop=chart, fleet={"shop.yaml": application}))
    assert {unit.kind for unit in alone.units} == {"release"}
    assert {(unit.target, unit.kind) for unit in both.units} == {("fleet", "gitops")}
    for type in (EdgeType.DELIVERS, EdgeType.USES_CHART):
        assert edges(both, type) == [("fleet:shop.yaml/Application/shop#gitops", "shop", "inside")]


@pytest.mark.parametrize(
    "push", ["oci://ghcr.io/acme/app-manifests:$(git rev-parse HEAD)", "oci://ghcr.io/${{ github.repository }}-manifests:v1"]
)
def test_an_artifact_that_a_pipeline_pushes_is_delivered_by_whoever_pulls_it(tmp_path: Path, push: str) -> None:
    app = {"deploy/app.yaml": MANIFEST % "ghcr.io/acme/app:1"} | workflow(f"flux push artifact {push} --path=./deploy --source=x")
    alone = link(seen(tmp_path / "alone", app=app))
    both = link(seen(tmp_path / "both", app=app, fleet={"clusters/app.yaml": FLUX}))
    assert {unit.kind for unit in alone.units} == {"manifests"}
    assert {(unit.target, unit.kind) for unit in both.units} == {("fleet", "gitops")}
    (edge,) = [edge for edge in both.graph.edges if edge.type is EdgeType.DELIVERS]
    assert (edge.target, edge.path, edge.resolved) == ("app", "deploy", Resolved.INSIDE)


def test_an_artifact_of_nowhere_is_outside(tmp_path: Path) -> None:
    estate = link(seen(tmp_path, app={"deploy/app.yaml": MANIFEST % "x"}, fleet={"clusters/app.yaml": FLUX}))
    assert ("app", "manifests") in {(unit.target, unit.kind) for unit in estate.units}
    assert edges(estate, EdgeType.DELIVERS) == [
        ("fleet:clusters/app.yaml/Kustomization/app#gitops", "external:ghcr.io/acme/app-manifests", "outside")
    ]


@pytest.mark.parametrize(
    "build",
    [
        "docker build -t ghcr.io/acme/shop:1 . && docker push ghcr.io/acme/shop:1",
        "docker buildx build --push -t ghcr.io/${{ github.repository }}:${{ github.sha }} .",
    ],
)
def test_an_image_that_one_builds_and_another_runs(tmp_path: Path, build: str) -> None:
    program = {"main.go": "package main\n", "deploy/x.tf": MODULE} | workflow(build)
    deploy = {"k8s/app.yaml": MANIFEST % "ghcr.io/acme/shop:1.2", "k8s/other.yaml": MANIFEST % "nginx:1"}
    estate = link(seen(tmp_path, shop=program, deploy=deploy))
    assert edges(estate, EdgeType.BUILDS_IMAGE) == [("shop", "image:ghcr.io/acme/shop", "inside")]
    assert edges(estate, EdgeType.RUNS_IMAGE) == [
        ("deploy:k8s#manifests", "image:docker.io/nginx", "outside"),
        ("deploy:k8s#manifests", "image:ghcr.io/acme/shop", "inside"),
    ]


GENERATOR = """apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: all}
spec:
  generators: [{git: {repoURL: "https://github.com/acme/fleet", directories: [{path: apps/*}]}}]
  template:
    metadata: {name: "{{path.basename}}"}
    spec: {source: {repoURL: "https://github.com/acme/fleet", path: "{{path}}"}, destination: {namespace: x}, syncPolicy: {automated: {}}}
"""


def test_what_a_generator_makes_delivers_a_directory_each(tmp_path: Path) -> None:
    charts = {f"apps/{name}/Chart.yaml": f"name: {name}\nversion: 1.0.0\n" for name in "ab"}
    estate = link(seen(tmp_path, fleet={"set.yaml": GENERATOR} | charts))
    found = [(edge.source, edge.target, edge.path) for edge in estate.graph.edges if edge.type is EdgeType.DELIVERS]
    assert found == [("fleet:apps/a#gitops", "fleet", "apps/a"), ("fleet:apps/b#gitops", "fleet", "apps/b")]
    assert edges(estate, EdgeType.USES_CHART) == []


def test_a_catalog_describes_repositories_and_their_directories(tmp_path: Path) -> None:
    here = ENTITY % ("here", "", "component:there")
    mono = ENTITY % ("there", '"backstage.io/source-location": "url:https://github.com/acme/mono/tree/main/apps/pay/"', "")
    slug = ENTITY % ("slug", '"github.com/project-slug": acme/nowhere', "")
    estate = link(
        seen(
            tmp_path,
            catalog={"a/catalog-info.yaml": here, "b/catalog-info.yaml": mono, "c/catalog-info.yaml": slug},
            mono={"apps/pay/app.yaml": MANIFEST % "x"},
        )
    )
    assert edges(estate, EdgeType.DESCRIBES) == [
        ("catalog:a/catalog-info.yaml#component:default/here", "catalog", "inside"),
        ("catalog:b/catalog-info.yaml#component:default/there", "mono:apps/pay#manifests", "inside"),
        ("catalog:c/catalog-info.yaml#component:default/slug", "external:github.com/acme/nowhere", "outside"),
    ]
    assert edges(estate, EdgeType.DEPENDS_ON) == [
        ("catalog:a/catalog-info.yaml#component:default/here", "catalog:b/catalog-info.yaml#component:default/there", "inside")
    ]


def test_a_child_knows_its_template(tmp_path: Path) -> None:
    child = ENTITY % ("child", '"backstage.io/source-template": "template:default/service"', "")
    orphan = ENTITY % ("orphan", '"backstage.io/source-template": "template:default/gone"', "")
    estate = link(
        seen(tmp_path, portal={"t/template.yaml": TEMPLATE}, child={"catalog-info.yaml": child}, orphan={"catalog-info.yaml": orphan})
    )
    assert edges(estate, EdgeType.GENERATED_FROM) == [
        ("child", "portal:t/template.yaml#template:default/service", "inside"),
        ("orphan", "template:default/gone", "outside"),
    ]


def test_what_runs_and_what_asks(tmp_path: Path) -> None:
    xrd = (
        "apiVersion: apiextensions.crossplane.io/v2\nkind: CompositeResourceDefinition\nmetadata: {name: databases.acme.org}\n"
        "spec: {group: acme.org, scope: Namespaced, names: {kind: Database, plural: databases}, versions: []}\n"
    )
    estate = link(
        seen(
            tmp_path,
            api={"apis/database.yaml": xrd},
            team={"db.yaml": "apiVersion: acme.org/v1\nkind: Database\nmetadata: {name: orders}\n"},
            infra={"live/main.tf": ROOT % "./x"} | workflow("terraform -chdir=live apply"),
        )
    )
    assert edges(estate, EdgeType.REQUESTS) == [("team:db.yaml#request", "api:acme.org/Database#platform-api", "inside")]
    assert edges(estate, EdgeType.RUNS) == [("infra:.github/workflows/ship.yml#job:ship", "infra:live#terraform-root", "inside")]


def test_workflows_of_other_repositories_are_depended_on(tmp_path: Path) -> None:
    text = "on: push\njobs:\n  a:\n    uses: acme/flows/.github/workflows/ship.yml@v1\n  b:\n    uses: else/flows/.github/workflows/ship.yml@v1\n"
    estate = link(
        seen(tmp_path, app={".github/workflows/x.yml": text}, flows={".github/workflows/ship.yml": "on: workflow_call\njobs: {}\n"})
    )
    assert edges(estate, EdgeType.DEPENDS_ON) == [
        ("app", "external:github.com/else/flows", "outside"),
        ("app", "flows", "inside"),
    ]
    assert list(estate.graph.outside()) == [("github.com/else/flows", 1)]


def test_every_edge_joins_nodes_that_there_are_and_says_where(world: list[Seen]) -> None:
    graph = link(world).graph
    ids = [node.id for node in graph.nodes]
    assert len(set(ids)) == len(ids)
    labels = {one.target.label for one in world}
    for edge in graph.edges:
        assert {edge.source, edge.target} <= set(ids)
        assert edge.at.target in labels
        assert edge.at.path
        assert edge in graph.of(edge.source)
        assert edge in graph.of(edge.target)


@given(st.randoms(use_true_random=False))
def test_the_order_of_targets_changes_nothing(world: list[Seen], random: object) -> None:
    order = list(world)
    random.shuffle(order)  # type: ignore[attr-defined]
    assert link(order) == link(world)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> list[Seen]:
    """An estate with every type of edge, and two clones of one repository."""
    call = ROOT % "git::https://github.com/acme/modules.git//net?ref=v1.2.0"
    found = seen(
        tmp_path_factory.mktemp("world"),
        modules={"net/main.tf": MODULE},
        infra={"live/main.tf": call} | workflow("terraform -chdir=live apply"),
        app={"deploy/app.yaml": MANIFEST % "ghcr.io/acme/app:1"}
        | workflow("flux push artifact oci://ghcr.io/acme/app-manifests:1 --path=./deploy", "docker push ghcr.io/acme/app:1"),
        fleet={"clusters/app.yaml": FLUX, "net.yaml": APPLICATION % ("https://github.com/acme/app", "path: deploy")},
        portal={"t/template.yaml": TEMPLATE, "catalog-info.yaml": ENTITY % ("p", '"backstage.io/source-template": service', "other")},
    )
    twin = commit(tmp_path_factory.mktemp("twin") / "app", {"deploy/app.yaml": MANIFEST % "x"}, remote="https://github.com/acme/app")
    return [*found, collect_repository(twin, "twin")]


@pytest.mark.parametrize(
    ("written", "repository", "path"),
    [
        ("git::https://x.org/a/b.git//c/d?ref=v1", "https://x.org/a/b.git", "c/d"),
        ("git::ssh://git@x.org/a/b//c", "ssh://git@x.org/a/b", "c"),
        ("git@x.org:a/b.git", "git@x.org:a/b.git", "."),
        ("github.com/a/b/c/d?ref=v1", "https://github.com/a/b", "c/d"),
        ("https://github.com/a/b/tree/main/c", "https://github.com/a/b", "c"),
        ("https://gitlab.com/g/s/b/-/blob/main/c/x.yaml", "https://gitlab.com/g/s/b", "c/x.yaml"),
        ("https://github.com/a/b/", "https://github.com/a/b", "."),
    ],
)
def test_a_repository_and_the_directory_in_it(written: str, repository: str, path: str) -> None:
    assert located(written) == (repository, path)
