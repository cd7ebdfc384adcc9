"""Chains that go on in another target of the run, and what inputs, matrices and variables put into them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from assess.collect.git.collector import collect_repository
from assess.collect.link.estate import Estate, link
from assess.model.fact import PipelineJob
from tests.worlds import commit

ROOT = 'terraform {\n  backend "s3" {}\n}\nresource "aws_s3_bucket" "b" {\n  bucket = "b"\n}\n'
CALLER = """\
on: {push: {branches: [main]}}
jobs:
  ship:
    uses: acme/flows/.github/workflows/apply.yml@v1
    with: {directory: infra}
    secrets: inherit
"""
REUSABLE = """\
on: {workflow_call: {inputs: {directory: {type: string, required: true}}}}
jobs:
  apply:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: make apply
        working-directory: ${{ inputs.directory }}
"""


def estate(tmp_path: Path, **worlds: Mapping[str, str]) -> Estate:
    """The estate of repositories by their name; each one's remote is github.com/acme/NAME."""
    seen = []
    for name, files in worlds.items():
        path = commit(tmp_path / name, files, remote=f"https://github.com/acme/{name}.git")
        seen.append(collect_repository(path, name))
    return link(seen)


def applied(found: Estate) -> dict[str, list[tuple[str, ...]]]:
    """For each unit that some job applies: the chains of the jobs that do."""
    jobs = {
        unit.id: [fact.chain for fact in unit.related if isinstance(fact, PipelineJob) and "apply" in fact.does and fact.can_run]
        for unit in found.units
    }
    return {unit: chains for unit, chains in jobs.items() if chains}


def test_a_chain_goes_through_another_repository_and_comes_back_to_the_callers_checkout(tmp_path: Path) -> None:
    found = estate(
        tmp_path,
        shop={".github/workflows/ship.yml": CALLER, "infra/main.tf": ROOT, "infra/Makefile": "apply:\n\tterraform apply\n"},
        flows={".github/workflows/apply.yml": REUSABLE, "main.tf": ROOT},
    )
    assert applied(found) == {
        "shop:infra#terraform-root": [
            (
                ".github/workflows/ship.yml:3 job ship",
                "flows:.github/workflows/apply.yml:1 workflow .github/workflows/apply.yml",
                "flows:.github/workflows/apply.yml:3 job apply",
                "infra/Makefile:1 target apply",
                "infra/Makefile:2 terraform apply",
            )
        ]
    }
    assert found.gaps == ()


def test_a_workflow_of_a_repository_that_is_no_target_is_a_gap(tmp_path: Path) -> None:
    found = estate(tmp_path, shop={".github/workflows/ship.yml": CALLER, "infra/main.tf": ROOT})
    (gap,) = found.gaps
    assert "acme/flows/.github/workflows/apply.yml@v1" in gap.what
    assert gap.blinds == ("PipelineJob",)


def test_another_repositorys_action_runs_its_own_script_on_the_callers_files(tmp_path: Path) -> None:
    action = """\
inputs: {root: {default: infra}}
runs:
  using: composite
  steps:
    - run: ${{ github.action_path }}/plan.sh
      shell: bash
    - run: terraform -chdir=${{ inputs.root }} apply
      shell: bash
"""
    workflow = "on: push\njobs: {a: {runs-on: x, steps: [{uses: acme/tools/tf@main}, {uses: acme/tools/tf@main, with: {root: net}}]}}\n"
    found = estate(
        tmp_path,
        shop={".github/workflows/x.yml": workflow, "infra/main.tf": ROOT, "net/main.tf": ROOT, "other/main.tf": ROOT},
        tools={"tf/action.yml": action, "tf/plan.sh": "#!/bin/sh\nterraform plan\n"},
    )
    assert set(applied(found)) == {"shop:infra#terraform-root", "shop:net#terraform-root"}
    (job,) = [f for u in found.units for f in u.related if isinstance(f, PipelineJob) and u.path == "infra"]
    assert "plan" not in job.does or job.is_this  # where the script stands while it runs is not told, so it may plan anything


def test_what_a_step_checks_out_beside_is_what_the_commands_below_it_work_on(tmp_path: Path) -> None:
    workflow = """\
on: push
jobs:
  apply:
    runs-on: x
    steps:
      - uses: actions/checkout@v4
      - uses: actions/checkout@v4
        with: {repository: acme/live, path: live}
      - run: terraform -chdir=live/prod apply
      - run: ./live/go.sh
"""
    found = estate(
        tmp_path,
        app={".github/workflows/x.yml": workflow, "prod/main.tf": ROOT},
        live={"prod/main.tf": ROOT, "dev/main.tf": ROOT, "go.sh": "#!/bin/sh\nterraform -chdir=dev apply\n"},
    )
    assert applied(found) == {
        "live:dev#terraform-root": [
            ("app:.github/workflows/x.yml:3 job apply", "go.sh:1 script go.sh", "go.sh:2 terraform -chdir=dev apply")
        ],
        "live:prod#terraform-root": [
            ("app:.github/workflows/x.yml:3 job apply", "app:.github/workflows/x.yml:9 terraform -chdir=live/prod apply")
        ],
    }


STEP = "    steps: [{run: 'terraform -chdir=%s apply'}]\n"


@pytest.mark.parametrize(
    ("job", "reached"),
    [
        ("strategy: {matrix: {d: [a, b]}}\n" + STEP % "${{ matrix.d }}", {"a", "b"}),
        ("strategy: {matrix: {t: [{d: a, r: x}, {d: c, r: y}]}}\n" + STEP % "${{ matrix.t.d }}", {"a", "c"}),
        ("strategy: {matrix: {d: [a, b], exclude: [{d: a}], include: [{d: c}]}}\n" + STEP % "${{ matrix.d }}", {"b", "c"}),
        ("strategy: {matrix: {d: [a], include: [{d: a, e: b}]}}\n" + STEP % "${{ matrix.e }}", {"b"}),
        ("env: {D: c}\n" + STEP % "$D", {"c"}),
        ("env: {D: c}\n" + STEP % "${{ env.D }}", {"c"}),
        ("strategy: {matrix: {d: [a, b]}}\n    env: {D: '${{ matrix.d }}'}\n" + STEP % "${D}", {"a", "b"}),
        ("env: {D: c}\n    steps: [{run: 'D=$(pick); terraform -chdir=$D apply'}]\n", set()),
        ("strategy: {matrix: {d: [a, b]}}\n    steps: [{run: terraform apply, working-directory: '${{ matrix.d }}'}]\n", {"a", "b"}),
        ("defaults: {run: {working-directory: b}}\n    steps: [{run: terraform apply}]\n", {"b"}),
        ("strategy: {matrix: {d: [a, b]}}\n    steps: [{run: 'make apply', env: {D: '${{ matrix.d }}'}}]\n", {"a", "b"}),
        ("steps: [{run: 'make apply D=c'}]\n", {"c"}),
        ("steps: [{run: 'for d in a b; do (cd $d && terraform apply); done'}]\n", {"a", "b"}),
        ("strategy: {matrix: {d: '${{ fromJSON(needs.x.outputs.d) }}'}}\n" + STEP % "${{ matrix.d }}", set()),
        (STEP % "${{ needs.x.outputs.d }}", set()),
        ("steps: [{run: 'for d in */; do (cd $d && terraform apply); done'}]\n", set()),
    ],
)
def test_constants_lead_to_the_directories_they_name_and_the_rest_to_none(tmp_path: Path, job: str, reached: set[str]) -> None:
    workflow = "on: push\njobs:\n  x:\n    runs-on: x\n    " + job.lstrip()
    files = {f"{name}/main.tf": ROOT for name in "abc"} | {"Makefile": "apply:\n\tterraform -chdir=$(D) apply\n"}
    found = estate(tmp_path, shop={".github/workflows/x.yml": workflow, **files})
    sure = {u.path for u in found.units for f in u.related if isinstance(f, PipelineJob) and "apply" in f.does and f.is_this}
    assert sure == reached


def test_a_choice_of_a_person_reaches_every_option(tmp_path: Path) -> None:
    workflow = """\
on: {workflow_dispatch: {inputs: {env: {type: choice, options: [a, b]}}}}
jobs:
  x: {runs-on: x, steps: [{run: 'terraform -chdir=${{ inputs.env }} apply'}]}
"""
    found = estate(tmp_path, shop={".github/workflows/x.yml": workflow, **{f"{name}/main.tf": ROOT for name in "abc"}})
    assert set(applied(found)) == {"shop:a#terraform-root", "shop:b#terraform-root"}


def test_a_reusable_workflow_that_nothing_calls_may_run_or_not(tmp_path: Path) -> None:
    workflow = "on: {workflow_call: {}}\njobs: {x: {runs-on: x, steps: [{run: terraform apply}]}}\n"
    found = estate(tmp_path, shop={".github/workflows/x.yml": workflow, "main.tf": ROOT})
    (job,) = [f for u in found.units for f in u.related if isinstance(f, PipelineJob)]
    assert job.can_run is None
    assert (
        job.chain[-1]
        == ".github/workflows/x.yml:2 it is not known whether this runs: only a call starts it, and nothing that was read calls it"
    )
