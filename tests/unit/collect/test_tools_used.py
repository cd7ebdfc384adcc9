"""Which tools a repository uses: what only stands in its files for others, or is only checked, is no use."""

from __future__ import annotations

from pathlib import Path

import pytest

from assess.collect.git.collector import collect_repository
from assess.collect.link.estate import link
from assess.collect.link.tools import tools
from tests.worlds import commit

MODULE = 'variable "name" {}\nresource "aws_s3_bucket" "this" { bucket = var.name }\noutput "id" { value = aws_s3_bucket.this.id }\n'
SECRET = "apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: shop}\nspec: {}\n"
CHART = {"charts/shop/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.2.3\n", "charts/shop/templates/secret.yaml": SECRET}
RELEASE = "on: {push: {branches: [main]}}\njobs: {release: {steps: [{uses: helm/chart-releaser-action@v1}]}}\n"
SET = """apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: addons}
spec:
  generators:
  - merge:
      generators:
      - clusters: {values: {addonChart: kyverno, addonChartRepository: https://kyverno.github.io/kyverno}}
      - clusters: {selector: {matchLabels: {environment: prod}}, values: {addonChartVersion: 3.2.0}}
  template:
    metadata: {name: 'addon-{{values.addonChart}}'}
    spec:
      source: {chart: '{{values.addonChart}}', repoURL: '{{values.addonChartRepository}}', targetRevision: '{{values.addonChartVersion}}'}
"""
JOB = "on: {push: {branches: [main]}}\njobs: {one: {steps: [{run: '%s'}]}}\n"


def used(tmp_path: Path, files: dict[str, str]) -> set[str]:
    return set(tools(link([collect_repository(commit(tmp_path / "estate", files), "estate")]).facts))


@pytest.mark.parametrize(
    ("files", "tool", "is_used"),
    [
        ({"main.tf": MODULE, ".releaserc.json": "{}"}, "terraform", True),
        (CHART, "external-secrets", True),
        (CHART | {".github/workflows/release.yml": RELEASE}, "external-secrets", False),
        ({"addons.yaml": SET}, "kyverno", True),
        ({".travis.yml": "script: [make test]\n"}, "travis", True),
        ({"roles/web/.travis.yml": "script: [make test]\n"}, "travis", False),
        ({".forgejo/workflows/ci.yml": JOB % "make test"}, "forgejo-actions", True),
        ({".forgejo/workflows/ci.yml": JOB % "make test"}, "github-actions", False),
        ({".github/workflows/ci.yml": JOB % "cat tags | xargs -I {} cosign sign --yes {}"}, "cosign", True),
        ({".github/workflows/ci.yml": JOB % "helm template redis > redis.yaml"}, "helm", False),
        ({".github/workflows/ci.yml": JOB % "helm upgrade --install shop acme/shop"}, "helm", True),
        ({"Makefile": "help:\n\t@echo targets\n"}, "make", True),
        ({"Taskfile.yml": "version: '3'\nincludes: {k8s: .taskfiles/k8s.yml}\n"}, "task", True),
        ({"app-config.yaml": "app: {title: Portal}\ncatalog:\n  locations: []\n"}, "backstage", True),
        ({"app-config.yaml": "app: {title: Shop}\nport: 80\n"}, "backstage", False),
        ({".tfsec-config.yml": "minimum_severity: HIGH\n"}, "tfsec", True),
        ({"vault.yaml": "apiVersion: ricoberger.de/v1alpha1\nkind: VaultSecret\nmetadata: {name: a}\nspec: {}\n"}, "vault", True),
    ],
)
def test_what_counts_as_use_of_a_tool(tmp_path: Path, files: dict[str, str], tool: str, is_used: bool) -> None:
    assert (tool in used(tmp_path, files)) is is_used
