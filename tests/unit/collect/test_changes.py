"""Which unit a machine's changes in Git speak of."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pygit2

from assess.collect.git.collector import collect_repository
from assess.collect.git.history import Window
from assess.collect.link.estate import link
from assess.model.fact import AutomatedChange
from tests.worlds import WHEN, commit

FLUX = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: %s, namespace: flux-system}\nspec: {path: ./%s, prune: true}\n"
DEPLOYMENT = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop}\nspec: {replicas: %d}\n"
DAY = 86_400


def changed_units(path: Path, before: dict[str, str], after: dict[str, str], name: str, email: str) -> set[str]:
    """The units that a machine's commit, which makes `before` into `after`, speaks of."""
    commit(path, before)
    commit(path, before | after, when=WHEN + DAY)
    repository = pygit2.Repository(str(path))
    tip = repository.head.peel(pygit2.Commit)
    by = pygit2.Signature(name, email, WHEN + DAY, 0)
    made = repository.create_commit(None, by, by, "chore(release): 1.1.0", tip.tree_id, tip.parent_ids)
    repository.references.create("refs/heads/main", made, force=True)
    repository.references.create("refs/tags/v1.1.0", made)
    window = Window(datetime.fromtimestamp(WHEN + 2 * DAY, UTC), 1)
    units = link([collect_repository(path, "shop", window=window)]).units
    return {unit.id for unit in units if any(isinstance(fact, AutomatedChange) for fact in unit.related)}


def test_a_controllers_commit_speaks_of_the_object_that_delivers_the_file_and_of_no_other(tmp_path: Path) -> None:
    files = {"clusters/a.yaml": FLUX % ("a", "apps/a"), "clusters/b.yaml": FLUX % ("b", "apps/b"), "apps/a/shop.yaml": DEPLOYMENT % 1,
             "apps/b/shop.yaml": DEPLOYMENT % 1}  # fmt: skip
    found = changed_units(tmp_path / "r", files, {"apps/a/shop.yaml": DEPLOYMENT % 2}, "fluxcdbot", "fluxcdbot@users.noreply.github.com")
    assert found == {"shop:clusters/a.yaml/Kustomization/a#gitops"}


def test_what_nothing_delivers_is_the_innermost_unit(tmp_path: Path) -> None:
    files = {"charts/shop/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.0.0\n", "other/shop.yaml": DEPLOYMENT % 1}
    after = {"charts/shop/templates/shop.yaml": DEPLOYMENT % 2}
    assert changed_units(tmp_path / "r", files, after, "Kargo", "no-reply@kargo.io") == {"shop:charts/shop#release"}


def test_a_plain_version_releases_modules_and_nothing_else(tmp_path: Path) -> None:
    module = 'variable "a" {}\nresource "aws_s3_bucket" "b" { bucket = var.a }\noutput "c" { value = aws_s3_bucket.b.arn }\n'
    files = {
        "main.tf": module, ".releaserc": "{}", "live/main.tf": 'terraform { backend "s3" {} }\nresource "aws_sns_topic" "t" { name = "t" }\n',
        "README.md": '# Bucket\n```hcl\nmodule "b" {\n  source = "northwind/bucket/aws"\n  version = "1.0.0"\n}\n```\n',
    }  # fmt: skip
    found = changed_units(tmp_path / "r", files, {"CHANGELOG.md": "1.1.0\n"}, "semantic-release-bot", "semantic-release-bot@martynus.net")
    assert found == {"shop:.#terraform-module"}
