"""What a whole repository settles: who runs Terraform, what is a module, what a test, what unknown."""

from __future__ import annotations

from pathlib import Path

import pygit2
import pytest

from assess.collect.git.collector import collect_repository
from assess.collect.git.extract.cluster_ci import TEKTON
from assess.collect.git.file import File
from assess.collect.link.estate import link
from assess.collect.seen import Seen
from assess.model.fact import HelmRelease, PipelineJob, Procedure, TerraformModule, TerraformRoot
from assess.model.fact import Repository as Whole
from assess.model.placement import Scope
from assess.request import Request
from assess.run import assess
from tests.worlds import commit

Tree = dict[str, str]
RESOURCE = 'resource "aws_s3_bucket" "logs" { bucket = "logs" }\n'
CLOUD = 'terraform {\n  cloud {\n    organization = "shop"\n  }\n}\n' + RESOURCE
MODULE = 'variable "name" {}\n' + RESOURCE + 'output "id" { value = 1 }\n'
TFE = 'resource "tfe_workspace" "infra" {\n  working_directory = "/infra/"\n  vcs_repo {\n    identifier = "shop/infra"\n  }\n'
PLAYBOOK = "- hosts: all\n  roles: [nginx]\n"


def seen(path: Path, tree: Tree, tags: tuple[str, ...] = ()) -> Seen:
    at = commit(path / "shop.git", tree)
    repository = pygit2.Repository(str(at))
    for tag in tags:
        repository.references.create(f"refs/tags/{tag}", repository.head.target)
    return collect_repository(at, "shop")


def placed(path: Path, tree: Tree) -> tuple[int, int]:
    found = assess(Request(), [seen(path, tree)]).of_scope(Scope.REPOSITORY)[0]
    return found.low, found.high


def workflow(step: str, on: str = "push: {branches: [main]}", key: str = "run") -> Tree:
    text = f"on: {{{on}}}\njobs:\n  go:\n    runs-on: ubuntu-latest\n    env: {{A: '${{{{ secrets.A }}}}'}}\n    steps:\n      - {key}: {step}\n"
    return {".github/workflows/go.yml": text}


@pytest.mark.parametrize(("tree", "interval"), [({"infra/main.tf": CLOUD}, (2, 3)), ({"infra/main.tf": RESOURCE}, (2, 2))])
def test_what_hcp_terraform_may_run_stays_open(tmp_path: Path, tree: Tree, interval: tuple[int, int]) -> None:
    assert placed(tmp_path, tree) == interval


@pytest.mark.parametrize(
    ("workspace", "runs"),
    [
        (TFE + "}\n", True),
        (TFE + '  execution_mode = "local"\n}\n', False),
        (TFE.replace("/infra/", "other") + "}\n", False),
        (TFE.replace("vcs_repo", "x") + "}\n", False),
        (
            TFE + '}\nresource "tfe_workspace_settings" "s" {\n  workspace_id = tfe_workspace.infra.id\n  execution_mode = "local"\n}\n',
            False,
        ),
        (
            'module "infra" {\n  source = "alexbasista/workspacer/tfe"\n  working_directory = "infra"\n  vcs_repo = {\n    x = 1\n  }\n}\n',
            True,
        ),
    ],
)
def test_a_workspace_fed_from_git_runs_its_directory(tmp_path: Path, workspace: str, runs: bool) -> None:
    units = link([seen(tmp_path, {"infra/main.tf": CLOUD, "tfc/main.tf": workspace})]).units
    infra = next(unit for unit in units if unit.path == "infra")
    assert [job.tool for job in infra.related if isinstance(job, PipelineJob)] == (["hcp-terraform"] if runs else [])


@pytest.mark.parametrize(
    ("tree", "published"),
    [
        ({"main.tf": MODULE}, ["."]),
        ({"main.tf": MODULE, "prod.tfvars": 'name = "x"\n'}, []),
        ({"main.tf": MODULE, "example.tfvars": 'name = "x"\n'}, ["."]),
        ({"modules/a/main.tf": MODULE, "modules/a/README.md": "a"}, ["modules/a"]),
        ({"modules/a/main.tf": MODULE}, []),
        ({"app/main.py": "print()\n", "terraform/app/main.tf": MODULE}, []),
        ({"main.tf": MODULE, "live/main.tf": MODULE} | workflow("terraform -chdir=live apply"), ["."]),
        ({"modules/a/main.tf": MODULE, "modules/a/README.md": "a", "live/main.tf": CLOUD}, []),
    ],
)
def test_version_tags_alone_make_no_module(tmp_path: Path, tree: Tree, published: list[str]) -> None:
    facts = seen(tmp_path, tree, ("v1.0.0", "v1.1.0", "v1.2.0")).facts
    assert sorted(f.path for f in facts if isinstance(f, TerraformModule) and f.published) == published
    assert any(isinstance(f, TerraformRoot | TerraformModule) for f in facts)


@pytest.mark.parametrize(
    ("tree", "does"),
    [
        ({"site.yml": PLAYBOOK} | workflow("ansible-playbook -i localhost, site.yml"), "test"),
        ({"site.yml": PLAYBOOK} | workflow("ansible-playbook --connection=local site.yml"), "test"),
        ({"site.yml": PLAYBOOK} | workflow("ansible-playbook -i hosts site.yml"), "configure"),
        (
            {"site.yml": PLAYBOOK, "inventory": "[all]\n127.0.0.1 ansible_connection=local\n"} | workflow("ansible-playbook site.yml"),
            "test",
        ),
        ({"site.yml": PLAYBOOK, "inventory": "[all]\nweb.example\n"} | workflow("ansible-playbook site.yml"), "configure"),
        (
            {"site.yml": PLAYBOOK, "tasks/main.yml": "- name: bucket\n  amazon.aws.s3_bucket: {name: x}\n"}
            | workflow("ansible-playbook -c local site.yml"),
            "configure",
        ),
        ({"site.yml": PLAYBOOK} | workflow("molecule test"), "test"),
    ],
)
def test_a_playbook_run_on_the_runner_is_a_test_of_it(tmp_path: Path, tree: Tree, does: str) -> None:
    jobs = [f for f in seen(tmp_path, tree).facts if isinstance(f, Procedure) and f.form == "job"]
    assert [command.does for command in jobs[0].commands] == [does]


@pytest.mark.parametrize(
    ("step", "deployed", "unresolved"),
    [
        ("acme/openshift-deployer@v1\n        with: {file: deploy/app.yaml}", ["deploy/app.yaml"], ()),
        ("acme/deploy-action@v1\n        with: {path: deploy}", ["deploy"], ()),
        ("acme/deploy-action@v1\n        with: {manifest: '${{ steps.made.outputs.file }}'}", [], ("acme/deploy-action@v1",)),
        ("acme/deploy-action@v1\n        with: {path: elsewhere}", [], ()),
        ("acme/deploy-action@v1", [], ()),
        ("actions/deploy-pages@v4\n        with: {path: deploy}", [], ()),
        ("acme/notify@v1\n        with: {path: deploy}", [], ()),
    ],
)
def test_an_action_named_for_deploying_deploys_what_it_is_given(
    tmp_path: Path, step: str, deployed: list[str], unresolved: tuple[str, ...]
) -> None:
    app = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop}\nspec: {}\n"
    facts = seen(tmp_path, {"deploy/app.yaml": app} | workflow(step, key="uses")).facts
    jobs = [f for f in facts if isinstance(f, Procedure) and f.form == "job"]
    assert [(command.does, command.path) for command in jobs[0].commands] == [("deploy", path) for path in deployed]
    assert jobs[0].unresolved == unresolved


@pytest.mark.parametrize(
    ("path", "text", "charts"),
    [
        ("clusters/prod.yaml", "releases:\n- {name: a, chart: x/a, version: 1.0.0}\n", ["x/a"]),
        ("clusters/prod.yaml", "releases:\n- {name: a}\n", []),
        ("x.yaml", "apiVersion: example.org/v1\nkind: X\nreleases:\n- {name: a, chart: x/a}\n", []),
        ("helmfile.yaml", "releases:\n- {name: a, chart: x/a}\n", ["x/a"]),
    ],
)
def test_a_helmfile_is_known_by_what_it_holds(tmp_path: Path, path: str, text: str, charts: list[str]) -> None:
    assert [f.chart for f in seen(tmp_path, {path: text}).facts if isinstance(f, HelmRelease)] == charts


@pytest.mark.parametrize(("on", "high"), [('schedule: [{cron: "*/30 * * * *"}]', 4), ("push: {branches: [main]}", 3)])
def test_what_is_applied_on_a_schedule_is_reconciled(tmp_path: Path, on: str, high: int) -> None:
    tree = {"prod.yaml": "releases:\n- {name: a, chart: x/a, version: 1.0.0}\n"} | workflow("helmfile -f prod.yaml apply", on)
    assert placed(tmp_path, tree)[1] == high


@pytest.mark.parametrize(
    ("script", "unit"),
    [("mount /dev/x /mnt", False), ("apt-get update\napt-get install nginx", True), ("aws ec2 run-instances --image-id x", True)],
)
def test_one_lone_command_on_a_host_is_no_operation(tmp_path: Path, script: str, unit: bool) -> None:
    units = link([seen(tmp_path, {"x.sh": f"#!/bin/sh\n{script}\n"})]).units
    assert [u.kind for u in units] == (["scripts"] if unit else [])


@pytest.mark.parametrize(("delivered", "purpose"), [(False, "policy"), (True, "operations")])
def test_samples_and_suites_belong_to_their_policy(tmp_path: Path, delivered: bool, purpose: str) -> None:
    template = "apiVersion: templates.gatekeeper.sh/v1\nkind: ConstraintTemplate\nmetadata: {name: x}\nspec: {}\n"
    pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: x}\n"
    tree = {f"library/{n}/template.yaml": template for n in range(25)}
    tree |= {f"library/{n}/{name}": pod for n in range(25) for name in ("cases/a.yaml", "cases/b.yaml", "suite.yaml")}
    application = "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: x}\nspec:\n  source: {repoURL: 'https://h/x', path: library}\n"
    whole = [f for f in seen(tmp_path, tree | ({"app.yaml": application} if delivered else {})).facts if isinstance(f, Whole)]
    assert [fact.purpose for fact in whole] == [purpose]


@pytest.mark.parametrize(("destroys", "roots"), [(True, []), (False, ["infra"])])
def test_terraform_that_only_serves_a_programs_tests_is_set_aside(tmp_path: Path, destroys: bool, roots: list[str]) -> None:
    program = {"go.mod": "module x\n"} | {f"pkg/{n}.go": "package x\n" for n in range(25)}
    script = "|\n          terraform -chdir=infra apply\n" + ("          terraform -chdir=infra destroy\n" if destroys else "")
    facts = seen(tmp_path, program | {"infra/main.tf": RESOURCE} | workflow(script)).facts
    assert [f.path for f in facts if isinstance(f, TerraformRoot)] == roots


RUN = "spec:\n  taskSpec:\n    steps:\n    - script: terraform apply\n"


@pytest.mark.parametrize(
    ("text", "form", "started"),
    [
        ("apiVersion: tekton.dev/v1\nkind: TaskRun\nmetadata: {name: a}\n" + RUN, "job", ["apply"]),
        ("apiVersion: tekton.dev/v1\nkind: TaskRun\nmetadata: {name: a}\nspec: {taskRef: {name: up}}\n", "job", ["tekton:up"]),
        ("apiVersion: tekton.dev/v1\nkind: PipelineRun\nmetadata: {generateName: a-}\nspec: {pipelineRef: {name: up}}\n", "job", ["tekton-pipeline:up"]),
        (
            "apiVersion: triggers.tekton.dev/v1beta1\nkind: TriggerTemplate\nmetadata: {name: t}\nspec:\n  resourcetemplates:\n"
            "  - apiVersion: tekton.dev/v1\n    kind: PipelineRun\n    metadata: {generateName: a-}\n    spec: {pipelineRef: {name: up}}\n",
            "job",
            ["tekton-pipeline:up"],
        ),
        ("apiVersion: tekton.dev/v1\nkind: PipelineRun\nmetadata: {name: a}\nspec: {pipelineRef: {resolver: git}}\n", "job", ["pipelineRef: git"]),
    ],
)  # fmt: skip
def test_runs_of_tekton_are_jobs_wherever_they_stand(text: str, form: str, started: list[str]) -> None:
    found = [f for f in TEKTON.run(File("t", "x.yaml", text.encode())) if isinstance(f, Procedure)]
    assert TEKTON.reads(text.encode())
    assert [f.form for f in found] == [form]
    assert [*(c.does for c in found[0].commands), *(c.name for c in found[0].calls), *found[0].unresolved] == started


@pytest.mark.parametrize(("resource", "level"), [("deploy/app.yaml", 3), ("other/app.yaml", 2)])
def test_an_action_may_be_told_the_path_by_a_variable(tmp_path: Path, resource: str, level: int) -> None:
    step = f"uses: nais/deploy/actions/deploy@v2\n        env: {{RESOURCE: {resource}, CLUSTER: prod}}"
    job = f"on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - {step}\n"
    app = "apiVersion: nais.io/v1alpha1\nkind: Application\nmetadata: {name: shop}\nspec: {image: shop}\n"
    assert placed(tmp_path, {"deploy/app.yaml": app, ".github/workflows/a.yml": job}) == (level, level)


@pytest.mark.parametrize(
    ("name", "kinds"), [("{{ .Values.name }}", ["chart"]), ("shop-{{ .Values.name }}", ["chart"]), ("shop", ["chart", "gitops"])]
)
def test_what_a_published_chart_makes_of_its_users_values_is_theirs(tmp_path: Path, name: str, kinds: list[str]) -> None:
    application = (
        f"apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: {name}\nspec:\n"
        "  source: {repoURL: https://h/shop, path: deploy}\n  syncPolicy: {automated: {}}\n"
    )
    tree = {"apps/Chart.yaml": "apiVersion: v2\nname: apps\nversion: 1.0.0\n", "apps/templates/app.yaml": application}
    units = link([seen(tmp_path, tree | workflow("helm push apps-1.0.0.tgz oci://h/charts"))]).units
    assert sorted(unit.kind for unit in units) == kinds
