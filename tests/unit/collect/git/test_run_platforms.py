"""Who runs Terraform from Git: HCP Terraform, Spacelift, Scalr, env0, CodePipeline; in this repository or in another."""

from __future__ import annotations

from pathlib import Path

import pygit2
import pytest

from assess.collect.git.collector import collect_repository
from assess.collect.git.extract.aws_pipelines import CODEPIPELINE
from assess.collect.git.extract.stack_files import ENV0, SPACELIFT
from assess.collect.git.file import Extractor, File
from assess.collect.link.estate import link
from assess.collect.seen import Seen
from assess.model.fact import PipelineJob, Procedure
from tests.worlds import commit

ROOT = 'terraform {\n  backend "s3" {}\n}\nresource "aws_s3_bucket" "logs" { bucket = "logs" }\n'
STACK = """\
resource "spacelift_stack" "network" {
  name         = "network"
  repository   = "network"
  branch       = "main"
  project_root = "infra"
  autodeploy   = true
}
"""


def seen(path: Path, label: str, tree: dict[str, str], remote: str = "") -> Seen:
    at = commit(path / f"{label}.git", tree)
    if remote:
        pygit2.Repository(str(at)).remotes.create("origin", remote)
    return collect_repository(at, label)


def jobs(estate: list[Seen], target: str, path: str) -> dict[str, PipelineJob]:
    """The jobs that reach one unit of an estate."""
    unit = next(unit for unit in link(estate).units if unit.target == target and unit.path == path)
    return {job.name: job for job in unit.related if isinstance(job, PipelineJob)}


def procedures(extractor: Extractor, path: str, text: str) -> dict[str, Procedure]:
    return {fact.name: fact for fact in extractor.run(File("t", path, text.encode())) if isinstance(fact, Procedure)}


@pytest.mark.parametrize(
    ("declared", "tool", "events"),
    [
        (STACK, "spacelift", ("push",)),
        (STACK.replace("  autodeploy   = true\n", ""), "spacelift", ("push", "manual")),
        (
            'resource "scalr_workspace" "x" {\n  working_directory = "infra"\n  vcs_repo {\n    identifier = "shop/network"\n  }\n}\n',
            "scalr", ("push",),
        ),
        (
            'resource "tfe_workspace" "x" {\n  working_directory = "infra"\n  vcs_repo {\n    identifier = "shop/network"\n  }\n}\n',
            "hcp-terraform", ("push",),
        ),
        (
            'resource "env0_template" "t" {\n  repository = "https://github.com/shop/network"\n  path = "infra"\n  type = "opentofu"\n}\n'
            'resource "env0_environment" "x" {\n  template_id = env0_template.t.id\n  deploy_on_push = true\n}\n',
            "env0", ("push",),
        ),
    ],
)  # fmt: skip
def test_a_platform_runs_a_directory_of_another_repository(tmp_path: Path, declared: str, tool: str, events: tuple[str, ...]) -> None:
    estate = [
        seen(tmp_path, "admin", {"main.tf": declared}, "git@github.com:shop/admin.git"),
        seen(tmp_path, "net", {"infra/main.tf": ROOT}, "https://github.com/shop/network.git"),
        seen(tmp_path, "other", {"infra/main.tf": ROOT}, "https://github.com/shop/other.git"),
    ]
    (job,) = jobs(estate, "net", "infra").values()
    assert (job.tool, job.events, job.at.target, job.does) == (tool, events, "admin", ("apply",))
    assert not jobs(estate, "other", "infra")


@pytest.mark.parametrize(
    "declared",
    [
        STACK.replace('"network"\n  branch', '"elsewhere"\n  branch'),
        STACK.replace('repository   = "network"', "repository   = var.repository").replace('"infra"', '"other"'),
        'resource "env0_template" "t" {\n  repository = "https://github.com/shop/network"\n  path = "infra"\n}\n',
        'resource "scalr_workspace" "x" {\n  working_directory = "infra"\n}\n',
        "# " + STACK.replace("\n", "\n# ") + "\nlocals {}\n",
    ],
)
def test_what_a_platform_is_not_told_to_run_it_does_not(tmp_path: Path, declared: str) -> None:
    estate = [
        seen(tmp_path, "admin", {"main.tf": declared}, "https://github.com/shop/admin.git"),
        seen(tmp_path, "net", {"infra/main.tf": ROOT}, "https://github.com/shop/network.git"),
    ]
    assert not jobs(estate, "net", "infra")


def test_a_clone_without_a_remote_may_be_the_repository_that_a_stack_names(tmp_path: Path) -> None:
    assert jobs([seen(tmp_path, "clone", {"main.tf": STACK, "infra/main.tf": ROOT})], "clone", "infra").keys() == {"network"}


def test_drift_detection_is_a_job_of_its_own(tmp_path: Path) -> None:
    drift = 'resource "spacelift_drift_detection" "d" {\n  stack_id = spacelift_stack.network.id\n  schedule = ["0 3 * * *"]\n}\n'
    found = jobs([seen(tmp_path, "network", {"main.tf": STACK + drift, "infra/main.tf": ROOT})], "network", "infra")
    assert (found["network.drift"].does, found["network.drift"].events) == (("drift",), ("schedule",))


def test_a_stack_of_another_vendor_runs_that_vendor(tmp_path: Path) -> None:
    stack = STACK.replace("  autodeploy   = true\n", '  kubernetes {\n    namespace = "shop"\n  }\n')
    manifests = {"infra/app.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop}\nspec: {}\n"}
    assert jobs([seen(tmp_path, "network", {"main.tf": stack, **manifests})], "network", "infra")["network"].does == ("deploy",)


def test_spacelift_reads_its_file_at_the_root() -> None:
    text = """\
version: "1"
stack_defaults: {before_init: [terraform fmt -check]}
stacks:
  net:
    project_root: infra
    after_apply: [kubectl apply -f k8s]
"""
    job = procedures(SPACELIFT, ".spacelift/config.yml", text)[".spacelift/config.yml#net"]
    assert [(c.does, c.tool, c.path, c.line) for c in job.commands] == [
        ("deploy", "kubectl", "infra/k8s", 6), ("apply", "terraform", "infra", 4),
    ]  # fmt: skip
    module = procedures(SPACELIFT, ".spacelift/config.yml", "version: 1\nmodule_version: 1.2.3\ntests: []\n")
    assert [c.does for c in module[".spacelift/config.yml#module"].commands] == ["publish"]


def test_env0_deploys_the_directory_of_its_file() -> None:
    text = "version: 2\ndeploy:\n  steps:\n    terraformApply:\n      after:\n        - name: x\n          run: ./notify.sh\n"
    job = procedures(ENV0, "prod/env0.yml", text)["prod/env0.yml#deploy"]
    assert {(c.does, c.tool, c.path) for c in job.commands} == {("apply", "terraform", "prod"), ("apply", "terragrunt", "prod")}
    assert [c.name for c in job.calls] == ["prod/notify.sh"]
    pulumi = procedures(ENV0, "env0.yml", "version: 1\ndeploy: {steps: {pulumiUp: {before: [npm ci]}}}\n")["env0.yml#deploy"]
    assert ("apply", "pulumi", ".") in {(c.does, c.tool, c.path) for c in pulumi.commands}
    assert not procedures(ENV0, "env0.yml", "environments: {vpc: {}}\n")


CFN = """\
Resources:
  Pipeline:
    Type: AWS::CodePipeline::Pipeline
    Properties:
      Stages:
        - Name: Source
          Actions:
            - ActionTypeId: {Category: Source, Provider: CodeStarSourceConnection}
              OutputArtifacts: [{Name: Src}]
        - Name: Deploy
          Actions:
            - ActionTypeId: {Category: Build, Provider: CodeBuild}
              Configuration: {ProjectName: !Ref Project}
              InputArtifacts: [{Name: Src}]
              OutputArtifacts: [{Name: Built}]
            - ActionTypeId: {Category: Approval, Provider: Manual}
            - ActionTypeId: {Category: Deploy, Provider: CloudFormation}
              Configuration: {ActionMode: CREATE_UPDATE, TemplatePath: "Src::stacks/app.yml"}
              InputArtifacts: [{Name: Src}]
            - ActionTypeId: {Category: Deploy, Provider: CloudFormation}
              Configuration: {ActionMode: CHANGE_SET_REPLACE, TemplatePath: "Built::packaged.yml"}
              InputArtifacts: [{Name: Built}]
  Project:
    Type: AWS::CodeBuild::Project
    Properties:
      Source:
        BuildSpec: |
          version: 0.2
          phases:
            build:
              commands:
                - terraform -chdir=infra apply -auto-approve
"""


def test_codepipeline_in_cloudformation() -> None:
    found = procedures(CODEPIPELINE, "pipe.yml", CFN)
    job = found["pipe.yml#Pipeline"]
    assert [(c.does, c.tool, c.path, c.line) for c in job.commands] == [
        ("apply", "terraform", "infra", 32), ("apply", "cloudformation", "stacks/app.yml", 17), ("plan", "cloudformation", "${artifact}", 20),
    ]  # fmt: skip
    assert job.trigger is not None
    assert job.trigger.events == ("push", "manual")
    assert job.tool == "codepipeline"


def test_codepipeline_in_terraform(tmp_path: Path) -> None:
    text = """\
resource "aws_codebuild_project" "apply" {
  name = "apply"
  source {
    type      = "CODEPIPELINE"
    buildspec = "ci/apply.yml"
  }
}
resource "aws_codepipeline" "infra" {
  name = "infra"
  stage {
    name = "Source"
    action {
      category         = "Source"
      provider         = "CodeStarSourceConnection"
      output_artifacts = ["src"]
      configuration = {
        FullRepositoryId = "shop/shop"
      }
    }
  }
  stage {
    name = "Apply"
    action {
      category        = "Build"
      provider        = "CodeBuild"
      input_artifacts = ["src"]
      configuration = {
        ProjectName = aws_codebuild_project.apply.name
      }
    }
  }
}
"""
    spec = "version: 0.2\nphases:\n  build:\n    commands:\n      - terraform -chdir=infra apply -auto-approve\n"
    tree = {"pipeline/main.tf": text, "infra/main.tf": ROOT, "ci/apply.yml": spec}
    found = jobs([seen(tmp_path, "shop", tree)], "shop", "infra")
    assert (found["infra"].tool, found["infra"].does, found["infra"].events) == ("codepipeline", ("apply",), ("push",))


def test_a_build_project_that_is_only_created_runs_nothing_here(tmp_path: Path) -> None:
    project = 'resource "aws_codebuild_project" "p" {\n  source {\n    type = "GITHUB"\n    location = var.repository\n  }\n}\n'
    facts = seen(tmp_path, "shop", {"main.tf": project + ROOT}).facts
    assert not [fact for fact in facts if isinstance(fact, Procedure)]
