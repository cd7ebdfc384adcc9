"""Calls by which a repository names itself, and what a job that runs something of elsewhere can and cannot hide."""

from __future__ import annotations

from pathlib import Path

import pytest

from assess.collect.git.collector import collect_repository
from assess.collect.link.estate import link
from assess.model.fact import PipelineJob
from assess.model.placement import Reading, Scope
from assess.request import Request
from assess.run import assess
from tests.worlds import commit

ROOT = 'terraform {\n  backend "s3" {}\n}\nresource "aws_s3_bucket" "logs" {}\n'
CALL = "on: {push: {branches: [main]}}\njobs:\n  ship:\n    uses: %s/.github/workflows/ship.yml@main\n    secrets: inherit\n"
CALLED = "on: {workflow_call: {}}\njobs:\n  apply:\n    steps:\n    - run: terraform apply -auto-approve\n      working-directory: infra\n"


@pytest.mark.parametrize(
    ("remote", "called", "runs"),
    [
        ("https://github.com/acme/shop.git", "acme/shop", True),
        ("https://github.com/acme/shop.git", "acme-old/shop", True),
        ("", "acme/shop", True),
        ("", "acme/flows", False),
        ("https://github.com/acme/shop.git", "acme/flows", False),
    ],
)
def test_a_repository_may_call_its_own_files_by_its_whole_name(tmp_path: Path, remote: str, called: str, runs: bool) -> None:
    files = {"infra/main.tf": ROOT, ".github/workflows/ci.yml": CALL % called, ".github/workflows/ship.yml": CALLED}
    (unit,) = link([collect_repository(commit(tmp_path / "shop", files, remote=remote), "shop")]).units
    assert [fact.name for fact in unit.related if isinstance(fact, PipelineJob) and fact.can_run] == (["ship"] if runs else [])


@pytest.mark.parametrize(
    ("on", "called", "levels"),
    [
        ("push: {branches: [main]}", "all", (2, 3)),
        ("schedule: [{cron: 0 4 * * *}]", "all", (2, 4)),
        ("workflow_call: {}", "all", (2, 4)),
        ("schedule: [{cron: 0 4 * * *}]", "security-scan", (2, 2)),
        ("schedule: [{cron: 0 4 * * *}]", "terraform-check", (2, 4)),
    ],
)
def test_only_what_may_be_started_by_the_clock_may_look_for_drift(tmp_path: Path, on: str, called: str, levels: tuple[int, int]) -> None:
    module = 'module "vpc" {\n  source = "acme/vpc/aws"\n  version = "5.0.0"\n}\n'
    job = f"on: {{{on}}}\njobs:\n  run:\n    uses: acme/flows/.github/workflows/{called}.yml@v1\n    secrets: inherit\n"
    seen = collect_repository(commit(tmp_path / "shop", {"main.tf": module + ROOT, ".github/workflows/ci.yml": job}), "shop")
    (placed,) = [p for p in assess(Request(), [seen]).of_scope(Scope.REPOSITORY) if p.reading is Reading.DECLARED]
    assert (placed.low, placed.high) == levels
