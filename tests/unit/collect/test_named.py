"""What jobs run from elsewhere, read by its name and what it is handed; scripts beside what is declared."""

from __future__ import annotations

from pathlib import Path

import pytest

from assess.collect.git.collector import collect_repository
from assess.collect.link.estate import link
from assess.model.fact import PipelineJob
from assess.model.unit import Unit
from tests.worlds import commit

ROOT = 'terraform {\n  backend "s3" {}\n}\nresource "aws_s3_bucket" "logs" {}\n'
TASK = """      - task: run
        file: tasks/terraform-apply.yml
        params: {TERRAFORM_ACTION: %s, SUBDIR: stacks/%s}
"""
OCTODNS = "providers: {route53: {class: octodns_route53.Route53Provider}}\nzones: {example.org.: {targets: [route53]}}\n"
DNSCONTROL = 'var REG = NewRegistrar("none");\nD("example.org", REG, DnsProvider(DNS), A("@", "192.0.2.1"));\n'


def units(tmp_path: Path, files: dict[str, str]) -> dict[str, Unit]:
    commit(tmp_path / "estate", files)
    return {unit.path: unit for unit in link([collect_repository(tmp_path / "estate", "estate")]).units}


def jobs(unit: Unit) -> list[tuple[str, tuple[str, ...], bool | None]]:
    return sorted((fact.name, fact.does, fact.is_this) for fact in unit.related if isinstance(fact, PipelineJob))


@pytest.mark.parametrize(
    ("called", "does"),
    [
        ("terraform.yml", None),
        ("reusable-terraform-workflow.yml", None),
        ("terraform_apply.yml", ("apply",)),
        ("terraform-plan-apply.yaml", ("apply",)),
        ("tofu-deploy.yml", ("apply",)),
        ("terraform-plan.yml", None),
        ("terraform-checks.yml", None),
        ("terraform-module-ci.yml", None),
        ("python.yml", None),
    ],
)
def test_a_workflow_of_another_repository_does_what_its_name_says(tmp_path: Path, called: str, does: tuple[str, ...] | None) -> None:
    made = units(
        tmp_path,
        {
            "main.tf": ROOT,
            ".github/workflows/ci.yml": f"on: {{push: {{branches: [main]}}}}\njobs:\n  run:\n    uses: acme/ci/.github/workflows/{called}@v1\n    secrets: inherit\n",
        },
    )
    assert jobs(made["."]) == ([("run", does, True)] if does else [])


def test_a_task_of_elsewhere_works_where_it_is_told_to_and_only_plans_when_told_so(tmp_path: Path) -> None:
    pipeline = "jobs:\n" + "".join(
        f"  - name: {action}-{stack}\n    plan:\n      - {{get: code, trigger: true}}\n{TASK % (action, stack)}"
        for action, stack in (("plan", "dns"), ("apply", "dns"), ("apply", "network"))
    )
    made = units(tmp_path, {"ci/pipeline.yml": pipeline, **{f"stacks/{name}/main.tf": ROOT for name in ("dns", "network", "bootstrap")}})
    assert jobs(made["stacks/dns"]) == [("apply-dns", ("apply",), True), ("plan-dns", ("plan",), True)]
    assert jobs(made["stacks/network"]) == [("apply-network", ("apply",), True)]
    assert jobs(made["stacks/bootstrap"]) == []


@pytest.mark.parametrize(("action", "does"), [("apply", ("apply",)), ("plan", None), ("${{ parameters.action }}", None)])
def test_a_tools_name_alone_says_nothing_of_what_is_done_with_it(tmp_path: Path, action: str, does: tuple[str, ...] | None) -> None:
    pipeline = """resources: {repositories: [{repository: library, type: github, name: acme/library, endpoint: acme}]}
trigger: [main]
stages:
- ${{ each one in parameters.stacks }}:
  - stage: ${{ one.name }}
    jobs:
    - job: Run
      steps:
      - template: steps/terraform.yaml@library
        parameters: {component: "${{ one.name }}", action: "%s"}
"""
    made = units(tmp_path, {"azure-pipelines.yml": pipeline % action, "stacks/a/main.tf": ROOT, "stacks/b/main.tf": ROOT})
    assert [found[1:] for found in jobs(made["stacks/a"])] == ([(does, None)] if does else [])  # which of the two is not told


def test_steps_handed_to_a_template_of_elsewhere_are_run(tmp_path: Path) -> None:
    pipeline = """resources: {repositories: [{repository: library, type: github, name: acme/library, endpoint: acme}]}
trigger: [main]
extends:
  template: stages/wrapper.yml@library
  parameters:
    stages:
    - name: Apply
      jobs:
      - name: Apply
        steps:
        - ${{ if eq(variables['x'], 'y') }}:
          - template: ${{ variables['Build.SourcesDirectory'] }}/steps/terragrunt_apply_all.yml@library
            parameters:
              ${{ if eq(parameters.region, 'all') }}:
                workingDirectory: $(System.DefaultWorkingDirectory)/app/stacks
              ${{ else }}:
                workingDirectory: $(System.DefaultWorkingDirectory)/app/stacks/west
        - script: kubectl apply -f deploy
"""
    manifest = "apiVersion: v1\nkind: Service\nmetadata: {name: shop}\n"
    files = {"azure-pipelines.yml": pipeline, "deploy/shop.yaml": manifest, "other/main.tf": ROOT}
    made = units(tmp_path, files | {f"app/stacks/{place}/main.tf": ROOT for place in ("west/web", "east/web")})
    assert [found[1:] for found in jobs(made["app/stacks/west/web"])] == [(("apply",), True)]
    assert [found[1:] for found in jobs(made["app/stacks/east/web"])] == [(("apply",), True)]
    assert [found[1:] for found in jobs(made["deploy"])] == [(("deploy",), True)]
    assert jobs(made["other"]) == []


@pytest.mark.parametrize(("call", "does"), [("terraformApply", ("apply",)), ("terraform", None)])
def test_a_pipeline_that_is_one_call_of_a_shared_library_is_one(tmp_path: Path, call: str, does: tuple[str, ...] | None) -> None:
    made = units(tmp_path, {"Jenkinsfile_infra": f"{call}(\n  productionCredentials: [],\n)\n", "main.tf": ROOT})
    assert [found[1:] for found in jobs(made["."])] == ([(does, True)] if does else [])


def test_scripts_are_units_where_they_outnumber_what_is_declared(tmp_path: Path) -> None:
    create = "#!/bin/sh\naws ec2 create-vpc --cidr-block 10.0.0.0/16\naws ec2 create-subnet --vpc-id x\n"
    few = units(tmp_path / "few", {"main/main.tf": ROOT, "tools/logs.sh": create})
    many = units(tmp_path / "many", {"main/main.tf": ROOT, "network/up.sh": create, "servers/up.sh": create})
    assert sorted(few) == ["main"]
    assert sorted(many) == ["main", "network", "servers"]


def test_a_deploying_action_in_a_matrix_deploys_each(tmp_path: Path) -> None:
    workflow = """on: {push: {branches: [main]}}
jobs:
  ship:
    strategy: {matrix: {name: [api, web], include: [{name: api, overwrite: true}]}}
    steps:
    - uses: acme/action-deployer@v4
      with: {file: "${{ matrix.name }}/deploy.yml"}
    - uses: pulumi/actions@v6
"""
    app = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop}\nspec: {}\n"
    made = units(
        tmp_path,
        {".github/workflows/ship.yml": workflow, "Pulumi.yaml": "name: x\nruntime: nodejs\n"}
        | {f"{n}/deploy.yml": app for n in ("api", "web", "db")},
    )
    assert jobs(made["api"]) == jobs(made["web"]) == [("ship", ("deploy",), True)]
    assert jobs(made["db"]) == jobs(made[".@pulumi"]) == []


def test_what_hosts_the_documentation_of_a_program_is_no_operation_of_it(tmp_path: Path) -> None:
    program = {"go.mod": "module x\n"} | {f"pkg/{n}.go": "package pkg\n" for n in range(25)}
    site = {"site/.vitepress/config.ts": "export default {}\n", "site/hosting/main.tf": ROOT, "site/index.md": "# Docs\n"}
    assert sorted(units(tmp_path / "site", program | site)) == []
    assert sorted(units(tmp_path / "infra", program | {"infra/main.tf": ROOT})) == ["infra"]


def test_notes_in_hidden_directories_do_not_tell_what_a_repository_is_for(tmp_path: Path) -> None:
    notes = {f".assistant/issue-{n}/plan.md": "# Plan\n" for n in range(12)}
    assert sorted(units(tmp_path, {"main.tf": ROOT} | notes)) == ["."]


@pytest.mark.parametrize(
    ("files", "command", "unit", "does"),
    [
        ({"config.yaml": OCTODNS}, "octodns-sync --config-file=config.yaml --doit", ".@octodns", "apply"),
        ({"config.yaml": OCTODNS}, "octodns-sync --config-file=config.yaml", ".@octodns", "plan"),
        ({"dns/dnsconfig.js": DNSCONTROL}, "cd dns && dnscontrol push", "dns@dnscontrol", "apply"),
        ({"dns/dnsconfig.js": DNSCONTROL}, "cd dns && nix run --inputs-from . nixpkgs#dnscontrol -- push", "dns@dnscontrol", "apply"),
        ({"dns/dnsconfig.js": DNSCONTROL}, "cd dns && dnscontrol preview", "dns@dnscontrol", "plan"),
    ],
)
def test_zones_as_code_are_units_of_their_own(tmp_path: Path, files: dict[str, str], command: str, unit: str, does: str) -> None:
    workflow = f"on: {{push: {{branches: [main]}}}}\njobs:\n  dns:\n    steps:\n    - run: {command}\n"
    assert jobs(units(tmp_path, files | {".github/workflows/dns.yml": workflow})[unit]) == [("dns", (does,), True)]


def test_a_deployment_service_applies_what_a_build_hands_to_it(tmp_path: Path) -> None:
    handed = """stacks: [shop]
templates: {stack: {type: cloud-formation}}
deployments:
  shop-stack: {template: stack, parameters: {templateStagePaths: {PROD: Shop.template.json}}}
  shop: {type: autoscaling, dependencies: [shop-stack]}
"""
    made = units(
        tmp_path, {"riff-raff.yaml": handed, "cdk/cdk.json": '{"app": "npx ts-node bin/cdk.ts"}', "cdk/bin/cdk.ts": "new App();\n"}
    )
    assert jobs(made["cdk@aws-cdk"]) == [("shop-stack", ("apply",), True)]


@pytest.mark.parametrize(
    ("called", "charts", "found"),
    [
        ("deploy_env.yml", 1, [("ship", ("deploy",), True)]),
        ("helm-deploy-to-k8s.yml", 1, [("ship", ("deploy",), True)]),
        ("deploy_env.yml", 2, [("ship", ("deploy",), None)]),
        ("deploy-docs.yml", 1, []),
        ("deploy-lambda.yml", 1, []),
        ("build.yml", 1, []),
    ],
)
def test_a_workflow_that_is_called_deploy_deploys_the_one_thing_there_is(
    tmp_path: Path, called: str, charts: int, found: list[object]
) -> None:
    workflow = (
        f"on: {{push: {{branches: [main]}}}}\njobs:\n  ship:\n    uses: acme/ci/.github/workflows/{called}@v1\n    secrets: inherit\n"
    )
    files = {f"helm/{n}/Chart.yaml": f"apiVersion: v2\nname: shop{n}\nversion: 0.1.0\n" for n in range(charts)}
    assert jobs(units(tmp_path, files | {".github/workflows/cd.yml": workflow})["helm/0"]) == found
