"""Images, DNS, certificates, telemetry, cost, updates: what each file says, and what it does not."""

from __future__ import annotations

import pytest

from assess.collect.git.extract import build_images, image_names, kubernetes, supply_files, terraform_uses, update_bots, workload_images
from assess.collect.git.extract.image_names import image_name
from assess.collect.git.extract.terraform import TERRAFORM
from assess.collect.git.file import Extractor, File, Part
from assess.collect.link.supplies import brought, covering
from assess.model.fact import (
    BuildImage,
    CostControl,
    Dockerfile,
    Fact,
    HelmRelease,
    TerraformRoot,
    UpdateBot,
    WorkloadImage,
)
from assess.model.target import Location

DIGEST = "sha256:" + "0123456789abcdef" * 4


def read(path: str, text: str, *extractors: Extractor) -> list[Fact | Part]:
    """What the extractors find in one file."""
    file = File("shop", path, text.encode())
    return [found for extractor in extractors if extractor.reads(file.content) for found in extractor.run(file)]  # type: ignore[misc]


def images(*found: Fact | Part) -> list[tuple[str | None, str | None]]:
    """The name and pin of each image that is left over after joining."""
    made = workload_images.assemble([part for part in found if isinstance(part, Part)])
    return [(fact.image, fact.pin) for fact in made if isinstance(fact, WorkloadImage)]


@pytest.mark.parametrize(
    ("written", "image", "registry", "pin"),
    [
        ("nginx", "nginx", "docker.io", "none"),
        ("nginx:latest", "nginx", "docker.io", "latest"),
        ("nginx:stable-alpine", "nginx", "docker.io", "latest"),
        ("app:1.2-latest", "app", "docker.io", "latest"),
        ("ghcr.io/acme/shop:v1.4.2", "ghcr.io/acme/shop", "ghcr.io", "version"),
        ("localhost:5000/shop:3", "localhost:5000/shop", "localhost:5000", "version"),
        (f"quay.io/acme/shop:1@{DIGEST}", "quay.io/acme/shop", "quay.io", "digest"),
        ("ghcr.io/acme/shop:${TAG}", "ghcr.io/acme/shop", "ghcr.io", None),
        ("$REGISTRY/shop:1.4", None, None, "version"),
        ("${IMAGE}", None, None, None),
        ("bob:hunter2@registry.example.org/shop:1.4", "registry.example.org/shop", "registry.example.org", "version"),
    ],
)
def test_a_reference_in_its_parts(written: str, image: str | None, registry: str | None, pin: str | None) -> None:
    assert image_name(written) == image_names.ImageName(image, registry, pin)


@pytest.mark.parametrize("written", ["", "two words", "http://[", "Not An Image", "-x"])
def test_what_is_no_reference(written: str) -> None:
    assert image_name(written) is None


def test_every_container_of_a_workload() -> None:
    text = """apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec:
  template:
    spec:
      initContainers: [{name: a, image: "busybox"}]
      containers:
        - name: b
          image: shop:1.4.2
      ephemeralContainers: [{name: c, image: "debug:latest"}]
"""
    found = read("app.yaml", text, kubernetes.KUBERNETES)
    assert sorted(images(*found)) == [("busybox", "none"), ("debug", "latest"), ("shop", "version")]
    lines = {p.fact.image: p.fact.at.line for p in found if isinstance(p, workload_images.NamedImage)}
    assert lines == {"busybox": 7, "shop": 10, "debug": 11}


def test_a_kustomization_gives_the_tag_that_a_manifest_leaves_open() -> None:
    manifest = "apiVersion: v1\nkind: Pod\nmetadata: {name: shop}\nspec: {containers: [{name: a, image: shop}]}\n"
    given = "images:\n  - name: shop\n    newName: registry.example.org/shop\n    newTag: 1.4.2\n"
    found = read("base/pod.yaml", manifest, kubernetes.KUBERNETES)
    assert images(*found) == [("shop", "none")]
    assert images(*found, *read("kustomization.yaml", given, workload_images.KUSTOMIZE_IMAGES)) == [
        ("registry.example.org/shop", "version")
    ]


def test_an_image_that_only_a_template_names_is_told_by_its_values() -> None:
    template = (
        "apiVersion: v1\nkind: Pod\nmetadata: {name: shop}\nspec:\n  containers:\n"
        '    - name: a\n      image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"\n'
    )
    assert images(*read("chart/templates/pod.yaml", template, kubernetes.KUBERNETES)) == []
    values = (
        'image:\n  repository: nginx\n  # the chart\'s appVersion\n  tag: ""\nsidecar:\n  proxyImage: {repository: envoy, tag: v1.30.1}\n'
    )
    assert sorted(images(*read("chart/values.yaml", values, workload_images.VALUES))) == [("envoy", "version"), ("nginx", None)]


@pytest.mark.parametrize(
    ("name", "services", "workload"),
    [
        ("compose.yaml", "{shop: {image: 'shop:latest'}}", True),
        ("docker-compose.dev.yml", "{shop: {image: 'shop:latest'}}", False),
        ("docker-compose.override.yml", "{shop: {image: 'shop:latest'}}", False),
        ("compose.yaml", "{app: {build: .}, db: {image: 'postgres:latest'}}", False),
        ("compose.yaml", "{db: {image: 'postgres:latest', volumes: ['./:/src']}}", False),
    ],
)
def test_a_compose_file_for_development_runs_nothing_in_operation(name: str, services: str, workload: bool) -> None:
    found = read(name, f"services: {services}\n", workload_images.COMPOSE_IMAGES)
    assert bool(images(*found)) is workload
    assert any(isinstance(fact, BuildImage) and fact.use == "development" for fact in found) is not workload


def test_containers_of_pipelines_and_no_machines() -> None:
    text = "jobs:\n  a:\n    machine: {image: ubuntu-2204:current}\n  b:\n    docker: [{image: 'cimg/go:1.25'}]\n  # image: old:latest\n"
    found = read(".circleci/config.yml", text, build_images.PIPELINE_IMAGES)
    assert [(f.image, f.pin, f.at.line) for f in found if isinstance(f, BuildImage)] == [("cimg/go", "version", 5)]
    text = "image: {name: 'alpine:3', entrypoint: ['']}\ntest: {services: ['postgres:17'], script: [make], variables: {image: x}}\n"
    found = read(".gitlab-ci.yml", text, build_images.PIPELINE_IMAGES)
    assert sorted((f.image, f.pin) for f in found if isinstance(f, BuildImage)) == [("alpine", "version"), ("postgres", "version")]


def test_terraform_rows_look_into_the_block() -> None:
    text = """provider "aws" {
  # default_tags {}
  region = "eu-west-1"
}
resource "google_storage_bucket" "a" {
  lifecycle_rule {
    action { type = "Delete" }
  }
}
resource "aws_budgets_budget" "b" { name = "b" }
resource "aws_ecs_task_definition" "c" {
  container_definitions = jsonencode([{ name = "c", image = "shop:${var.tag}" }])
}
"""
    parts = [part for part in read("infra/main.tf", text, TERRAFORM) if isinstance(part, Part)]
    told = [(f.form, f.at.line) for f in terraform_uses.assemble(parts) if isinstance(f, CostControl)]
    assert told == [("lifecycle", 5), ("budget", 10)]
    assert images(*parts) == [("shop", None)]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("alerts.yaml", "groups:\n  - name: x\n    rules: [{record: 'a:b', expr: up}]\n"),  # records, and alerts of nothing
        ("x.yaml", "receivers: [a]\nroute: x\n"),
        ("values.yaml", "alertmanager:\n  config: {route: {receiver: a}, receivers: [{name: a}]}\n"),
        ("data.json", '{"panels": [], "title": "no dashboard"}'),
        ("policy.json", '{"policyRule": {"if": {"field": "type", "equals": "Microsoft.Consumption/budgets"}}}'),
        ("notes.yaml", "about: we may use AWS::Budgets::Budget one day\n"),
        ("zone.bicep", "resource zone 'Microsoft.Network/privateDnsZones@2020-06-01' existing = {\n  name: 'x'\n}\n"),
        (".github/workflows/a.yml", "# run: infracost breakdown\njobs: {}\n"),
    ],
)
def test_a_mention_is_no_fact(path: str, text: str) -> None:
    name = path.rpartition("/")[2]
    offered = [
        e for e in supply_files.SUPPLY_FILES if any(name.endswith(s) for s in e.suffixes) and (not e.within or e.within.search(path))
    ]
    assert read(path, text, *offered) == []


def test_what_a_bot_leaves_out() -> None:
    at = Location(target="shop", path="x")
    here = [TerraformRoot(at=at, path=".", backend="s3"), Dockerfile(at=at, path="Dockerfile", base=("alpine:3",))]
    (bot,) = read(
        ".github/dependabot.yml",
        "updates:\n  - {package-ecosystem: docker}\n  - {package-ecosystem: npm, open-pull-requests-limit: 0}\n", update_bots.DEPENDABOT,
    )  # fmt: skip
    assert isinstance(bot, UpdateBot)
    assert bot.ecosystems == ("docker",)
    assert [f.left_out for f in covering([*here, bot]) if isinstance(f, UpdateBot)] == [("terraform",)]
    (renovate,) = read("renovate.json", '{"extends": ["config:recommended"]}', update_bots.RENOVATE)
    assert isinstance(renovate, UpdateBot)
    assert [f.left_out for f in covering([*here, bot, renovate]) if isinstance(f, UpdateBot)] == [(), ()]
    assert read("renovate.json", '{"enabled": false}', update_bots.RENOVATE) == []
    nested = '{\n  "extends": ["config:recommended"],\n  "lockFileMaintenance": {\n    "enabled": false\n  }\n}'
    assert len(read("renovate.json", nested, update_bots.RENOVATE)) == 1


def test_what_a_chart_brings() -> None:
    release = HelmRelease(at=Location(target="shop", path="a.yaml", line=3), path=".", chart="jetstack/cert-manager", version="1")
    assert [(fact.kind, fact.tool) for fact in brought([release])] == [("Certificate", "cert-manager")]
