"""What is set aside by the name of a file or directory, and what the tool of something else takes in."""

from __future__ import annotations

from pathlib import Path

import pytest

from assess.collect.git.classify import Classification
from assess.collect.git.collector import collect_repository
from assess.collect.link.estate import link
from assess.model.fact import Repository, SetAside
from assess.model.placement import Reading, Scope
from assess.request import Request
from assess.run import assess
from tests.worlds import commit

STORE = "resource store 'Microsoft.Storage/storageAccounts@2023-01-01' = {\n  name: 'shop'\n}\n"
APP = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop}\nspec: {}\n"
BUNDLE = "defaultNamespace: %s\nhelm: {chart: %s, repo: https://charts.example.org}\n"
DELIVERY = """apiVersion: gitops.kluctl.io/v1beta1
kind: KluctlDeployment
metadata: {name: shop}
spec:
  source: {url: https://git.example.org/shop.git}
"""


def units(tmp_path: Path, files: dict[str, str]) -> set[tuple[str, str]]:
    seen = collect_repository(commit(tmp_path / "estate", files), "estate")
    return {(unit.kind, unit.path) for unit in link([seen]).units}


@pytest.mark.parametrize(
    ("path", "role"),
    [
        ("infra/cluster-example.bicep", "example"),
        ("infra/values.sample.yaml", "example"),
        ("infra/example.bicep", ""),
        ("infra/sampler.bicep", ""),
        ("modules/vpc/example-usage/main.tf", "example"),
    ],
)
def test_a_file_is_an_example_where_its_name_ends_so(path: str, role: str) -> None:
    assert Classification("estate", [path, "infra/main.bicep", "README.md"]).role(path) == role


def test_examples_by_name_are_told_once_with_their_directory(tmp_path: Path) -> None:
    files = {"samples/one.sample.bicep": STORE, "infra/main.bicep": STORE, "infra/main.example.bicep": STORE, "README.md": "# Shop\n"}
    seen = collect_repository(commit(tmp_path / "estate", files), "estate")
    assert sorted(f.path for f in seen.facts if isinstance(f, SetAside)) == ["infra/main.example.bicep", "samples"]


def test_what_developers_use_is_no_unit(tmp_path: Path) -> None:
    assert units(tmp_path, {"hack/kind/app.yaml": APP, "deploy/app.yaml": APP}) == {("manifests", "deploy")}


def test_few_texts_among_many_files_of_no_known_kind_are_no_documentation(tmp_path: Path) -> None:
    files = {f"{n}.md": "# text\n" for n in range(6)} | {f"zsh/{n}.zsh": "alias a=b\n" for n in range(9)} | {"rcrc": "EXCLUDES=README.md\n"}
    seen = collect_repository(commit(tmp_path / "estate", files), "estate")
    assert {f.purpose for f in seen.facts if isinstance(f, Repository)} == {""}
    assert {(unit.kind, unit.path) for unit in link([seen]).units} == {("scripts", ".")}


def test_manifests_beside_bundles_of_fleet_are_bundles_too(tmp_path: Path) -> None:
    bundles = {f"{name}/fleet.yaml": BUNDLE % (name, name) for name in ("logging", "monitoring")}
    delivered = {("gitops", f"{name}/fleet.yaml/FleetBundle/{name}") for name in ("logging", "monitoring")}
    assert units(tmp_path / "a", bundles | {"shop/app.yaml": APP, "deploy/eu/app.yaml": APP}) == delivered | {("manifests", "deploy/eu")}
    assert ("manifests", "shop") in units(tmp_path / "b", {"logging/fleet.yaml": BUNDLE % ("logging", "logging"), "shop/app.yaml": APP})


def test_a_project_of_kluctl_that_only_delivers_is_no_unit_beside_what_it_delivers(tmp_path: Path) -> None:
    project = {".kluctl.yaml": "targets: [{name: prod}]\n", "gitops/shop.yaml": DELIVERY}
    assert units(tmp_path / "a", project) == {("gitops", "gitops/shop.yaml/KluctlDeployment/shop")}
    assert ("definition", ".@kluctl") in units(tmp_path / "b", project | {"apps/app.yaml": APP})


@pytest.mark.parametrize(
    ("uses", "kind"),
    [
        ("acme/helm-gh-pages@v1", "chart"),
        ("acme/helm-oci-chart-releaser@v1", "chart"),
        ("acme/helm-release-notes@v1", "release"),
        ("acme/helm-lint-and-push-checks@v1", "release"),
    ],
)
def test_an_action_whose_name_says_that_it_publishes_charts_does(tmp_path: Path, uses: str, kind: str) -> None:
    chart = {"charts/shop/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.2.3\n", "charts/shop/templates/app.yaml": APP}
    workflow = f"on: {{push: {{branches: [main]}}}}\njobs: {{release: {{steps: [{{uses: {uses}, with: {{charts_dir: charts}}}}]}}}}\n"
    assert units(tmp_path, chart | {".github/workflows/release.yml": workflow}) == {(kind, "charts/shop")}


def test_scripts_that_a_pipeline_keeps_for_itself_are_no_units(tmp_path: Path) -> None:
    create = "#!/bin/sh\naws ec2 create-vpc --cidr-block 10.0.0.0/16\naws ec2 create-subnet --vpc-id x\n"
    assert units(tmp_path, {".github/scripts/up.sh": create, "network/up.sh": create}) == {("scripts", "network")}


@pytest.mark.parametrize(
    ("path", "text", "tool"),
    [
        ("Capfile", "require 'capistrano/setup'\n", "capistrano"),
        ("deploy.php", "<?php\nnamespace Deployer;\nrequire 'recipe/laravel.php';\n", "deployer"),
    ],
)
def test_a_program_deployed_by_commands_over_ssh_is_deployed_by_a_script(tmp_path: Path, path: str, text: str, tool: str) -> None:
    seen = collect_repository(commit(tmp_path / "shop", {path: text, "app/a.rb": "class A; end\n"}), "shop")
    (placed,) = [p for p in assess(Request(), [seen]).of_scope(Scope.REPOSITORY) if p.reading is Reading.DECLARED]
    assert {(unit.kind, unit.path) for unit in link([seen]).units} == {("definition", f".@{tool}")}
    assert (placed.low, placed.high) == (1, 1)


def test_charts_of_policies_are_a_part_of_the_library(tmp_path: Path) -> None:
    policy = "apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata: {name: p%d}\nspec: {rules: []}\n"
    chart = {"charts/pod/Chart.yaml": "apiVersion: v2\nname: pod\nversion: 1.0.0\n", "charts/pod/templates/app.yaml": APP}
    release = "on: {push: {branches: [main]}}\njobs: {release: {steps: [{uses: helm/chart-releaser-action@v1}]}}\n"
    files = {f"policies/p{n}.yaml": policy % n for n in range(24)} | chart | {".github/workflows/release.yml": release}
    assert units(tmp_path, files) == set()


def test_what_installs_the_controller_is_no_unit_beside_what_it_delivers(tmp_path: Path) -> None:
    operator = "apiVersion: operators.coreos.com/v1alpha1\nkind: Subscription\nmetadata: {name: openshift-gitops-operator}\nspec: {}\n"
    application = "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: shop}\nspec: {source: {repoURL: https://git.example.org/x.git, path: shop}}\n"
    delivered = {"bootstrap/operator.yaml": operator, "apps/shop.yaml": application}
    assert units(tmp_path / "a", delivered) == {("gitops", "apps/shop.yaml/Application/shop")}
    assert ("manifests", "bootstrap") in units(tmp_path / "b", delivered | {"bootstrap/app.yaml": APP})
    assert units(tmp_path / "c", {"bootstrap/operator.yaml": operator}) == {("manifests", "bootstrap")}


def test_a_module_that_talks_to_the_cluster_it_makes_is_a_module(tmp_path: Path) -> None:
    module = 'variable "name" {}\nresource "aws_eks_cluster" "this" { name = var.name }\noutput "id" { value = aws_eks_cluster.this.id }\n'
    own = 'provider "kubernetes" {\n  host = aws_eks_cluster.this.endpoint\n}\n'
    assert units(tmp_path / "a", {"main.tf": module + own, ".releaserc.json": "{}"}) == {("terraform-module", ".")}
    named = 'provider "aws" {\n  region = "eu-west-1"\n}\n'
    assert units(tmp_path / "b", {"main.tf": module + named, ".releaserc.json": "{}"}) == {("terraform-root", ".")}
