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


GITLAB_SHARED = """\
spec: {inputs: {dir: {default: a}}}
---
.tf:
  script: [terraform -chdir=$DIR apply]
apply:
  extends: .tf
  variables: {DIR: '$[[ inputs.dir ]]'}
net:
  script: ['terraform -chdir=$[[ inputs.dir ]] apply']
"""
AZURE_TEMPLATE = """\
parameters: [{name: dir, type: string, default: a}]
steps:
  - script: terraform apply
    workingDirectory: ${{ parameters.dir }}
"""
AZURE_CALLER = """\
trigger: [main]
resources: {repositories: [{repository: tpl, type: github, name: acme/ci}]}
jobs:
  - job: x
    steps: [{template: steps.yml@tpl, parameters: {dir: b}}]
"""
ROOTS = {f"{name}/main.tf": ROOT for name in "abc"}


@pytest.mark.parametrize(
    ("file", "pipeline", "ci", "reached"),
    [
        (".gitlab-ci.yml", "include: [{project: acme/ci, file: /tf.yml, ref: v1, inputs: {dir: b}}]\n", {"tf.yml": GITLAB_SHARED}, {"b"}),
        (".gitlab-ci.yml", "include: [{component: $CI_SERVER_FQDN/acme/ci/tf@1.0}]\n", {"templates/tf.yml": GITLAB_SHARED}, {"a"}),
        ("azure-pipelines.yml", AZURE_CALLER, {"steps.yml": AZURE_TEMPLATE}, {"b"}),
        (
            "azure-pipelines.yml",
            "trigger: [main]\njobs:\n- job: x\n  strategy: {matrix: {one: {d: a}, two: {d: c}}}\n"
            "  steps: [{script: terraform -chdir=$(d) apply}]\n",
            {},
            {"a", "c"},
        ),
        (".gitlab-ci.yml", "x:\n  parallel: {matrix: [{D: [a, b]}]}\n  script: ['terraform -chdir=$D apply']\n", {}, {"a", "b"}),
        (
            "Jenkinsfile",
            "@Library('ci') _\nshipIt()\n",
            {"vars/shipIt.groovy": "def call() {\n  dir('c') { sh 'terraform apply' }\n}\n"},
            {"c"},
        ),
    ],
)
def test_a_chain_goes_on_in_the_repository_that_a_pipeline_names(
    tmp_path: Path, file: str, pipeline: str, ci: dict[str, str], reached: set[str]
) -> None:
    found = estate(tmp_path, shop={file: pipeline, **ROOTS}, ci={"README.md": "x\n", **ci})
    assert set(applied(found)) == {f"shop:{path}#terraform-root" for path in reached}
    alone = estate(tmp_path / "alone", shop={file: pipeline, **ROOTS})
    assert bool(alone.gaps) is bool(ci)


def test_what_keeps_a_job_from_running_is_told_with_its_line(tmp_path: Path) -> None:
    github = "on: push\njobs:\n  x:\n    if: false\n    runs-on: x\n    steps: [{run: terraform apply}]\n"
    gitlab = "x:\n  script: [terraform apply]\n  rules: [{when: never}]\n"
    azure = "trigger: [main]\njobs:\n- job: x\n  condition: false\n  steps: [{script: terraform apply}]\n"
    jenkins = "pipeline { stages { stage('x') { when { expression { false } }\n steps { sh 'terraform apply' } } } }\n"
    files = {".github/workflows/x.yml": github, ".gitlab-ci.yml": gitlab, "azure-pipelines.yml": azure, "Jenkinsfile": jenkins}
    found = estate(tmp_path, shop={**files, "main.tf": ROOT})
    jobs = {f.path: f for u in found.units for f in u.related if isinstance(f, PipelineJob)}
    assert {path: job.chain[-1] for path, job in jobs.items() if job.can_run is False} == {
        ".github/workflows/x.yml": ".github/workflows/x.yml:4 never runs: if: false",
        ".gitlab-ci.yml": ".gitlab-ci.yml:3 never runs: no rule lets it run",
        "azure-pipelines.yml": "azure-pipelines.yml:4 never runs: condition: false",
        "Jenkinsfile": "Jenkinsfile:1 never runs: when: expression { false }",
    }


@pytest.mark.parametrize(
    ("step", "credentials"),
    [
        ("{uses: aws-actions/configure-aws-credentials@v4, with: {role-to-assume: 'arn:aws:iam::1:role/x'}}", "oidc"),
        ("{uses: aws-actions/configure-aws-credentials@v4, with: {aws-access-key-id: '${{ secrets.A }}'}}", "static"),
        ("{uses: azure/login@v2, with: {client-id: x, tenant-id: y}}", "oidc"),
        ("{uses: azure/login@v2, with: {creds: '${{ secrets.A }}'}}", "static"),
        ("{uses: google-github-actions/auth@v2, with: {workload_identity_provider: x}}", "oidc"),
        ("{uses: google-github-actions/auth@v2, with: {credentials_json: '${{ secrets.A }}'}}", "static"),
        ("{run: ls, env: {AWS_SECRET_ACCESS_KEY: '${{ secrets.A }}'}}", "static"),
        ("{run: ls, env: {AWS_SECRET_ACCESS_KEY: '${{ steps.login.outputs.key }}'}}", None),
        ("{run: ls}", None),
    ],
)
def test_how_a_job_signs_in_is_told_where_a_step_shows_it(tmp_path: Path, step: str, credentials: str | None) -> None:
    workflow = f"on: push\njobs: {{x: {{runs-on: x, steps: [{step}, {{run: terraform apply}}]}}}}\n"
    found = estate(tmp_path, shop={".github/workflows/x.yml": workflow, "main.tf": ROOT})
    (job,) = [f for u in found.units for f in u.related if isinstance(f, PipelineJob)]
    assert job.credentials == credentials


@pytest.mark.parametrize(
    ("run", "soft"),
    [
        ("checkov -d .", ()),
        ("checkov -d . || true", ("policy",)),
        ("checkov -d . --soft-fail", ("policy",)),
        ("set +e; tfsec .", ("policy",)),
    ],
)
def test_a_gate_that_lets_everything_through_is_told(tmp_path: Path, run: str, soft: tuple[str, ...]) -> None:
    workflow = f"on: push\njobs:\n  x:\n    runs-on: x\n    steps:\n    - run: '{run}'\n    - run: terraform plan\n"
    found = estate(tmp_path, shop={".github/workflows/x.yml": workflow, "main.tf": ROOT})
    (job,) = [f for u in found.units for f in u.related if isinstance(f, PipelineJob)]
    assert job.soft == soft
    assert job.chain[-1] == ".github/workflows/x.yml:7 the job plans this, and applies nothing of it"


@pytest.mark.parametrize(
    ("on", "why_not"),
    [
        ("{push: {branches: [main]}}", ""),
        ("{push: {branches: [gone]}}", "only pushes to gone start it, and there is no such branch"),
        ("{push: {branches: [gone]}, workflow_dispatch: {}}", ""),
        ("{push: {branches: ['release/*']}}", ""),
        ("{push: {paths: ['infra/**']}}", "only changes below infra/** start it, and no file is there"),
        ("{push: {paths: ['**/main.tf']}}", ""),
        ("{push: {paths: ['infra/**']}, pull_request: {}}", ""),
        ("{}", "nothing starts it: `on` names no event"),
    ],
)
def test_a_trigger_that_nothing_can_fire_is_told(tmp_path: Path, on: str, why_not: str) -> None:
    workflow = f"on: {on}\njobs: {{x: {{runs-on: x, steps: [{{run: terraform apply}}]}}}}\n"
    found = estate(tmp_path, shop={".github/workflows/x.yml": workflow, "main.tf": ROOT})
    (job,) = [f for u in found.units for f in u.related if isinstance(f, PipelineJob)]
    assert (job.why_not, job.can_run) == (why_not, not why_not)
