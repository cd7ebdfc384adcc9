"""GitLab, Azure Pipelines, Jenkins and the other pipelines: jobs, what they do, where, and when."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from assess.collect.git.extract import azure_pipelines, circleci, cluster_ci, container_ci, gitlab, jenkins, step_ci, travis_like
from assess.collect.git.file import Extractor, File
from assess.model.fact import Procedure


def procedures(extractor: Extractor, path: str, text: str) -> dict[str, Procedure]:
    found = extractor.run(File("t", path, text.encode()))
    return {fact.name: fact for fact in found if isinstance(fact, Procedure)}


def does(procedure: Procedure) -> list[tuple[str, str, int]]:
    return [(command.does, command.path, command.line) for command in procedure.commands]


def test_gitlab_inherits_scripts_and_variables_and_keeps_lines() -> None:
    text = """\
include:
  - local: /ci/lint.yml
  - template: Terraform.gitlab-ci.yml
  - project: group/shared
    file: deploy.yml
variables:
  DIR: infra/prod
.base:
  before_script:
    - cd $DIR
apply:
  extends: .base
  script:
    - |
      terraform init
      terraform apply
  environment: {name: prod}
  allow_failure: true
  rules:
    - if: $CI_COMMIT_BRANCH == "main"
      when: manual
off:
  script: [terraform apply]
  rules: [{when: never}]
child:
  trigger: {include: infra/.gitlab-ci.yml}
"""
    found = procedures(gitlab.GITLAB, ".gitlab-ci.yml", text)
    job = found[".gitlab-ci.yml#apply"]
    assert does(job) == [("apply", "infra/prod", 16)]
    assert job.trigger is not None
    assert (job.trigger.events, job.trigger.branches, job.trigger.environment) == (("push", "manual"), ("main",), "prod")
    assert job.trigger.soft_fail
    off = found[".gitlab-ci.yml#off"].trigger
    assert off is not None
    assert not off.can_run
    assert [call.name for call in found[".gitlab-ci.yml#child"].calls] == ["infra/.gitlab-ci.yml"]
    include = found[".gitlab-ci.yml#include"]
    assert [(call.name, call.repository, call.otherwise) for call in include.calls] == [
        ("ci/lint.yml", ".", ""),
        ("deploy.yml", "group/shared", "include: project: group/shared:deploy.yml"),
    ]
    assert [command.does for command in include.commands] == ["apply"]


def test_gitlab_job_of_an_included_file_is_only_called() -> None:
    text = "deploy:\n  stage: x\n  extends: .terraform:apply\n  script: [gitlab-terraform apply]\n  variables: {TF_ROOT: net}\n"
    job = procedures(gitlab.GITLAB, "ci/deploy.yml", text)["ci/deploy.yml#deploy"]
    assert job.trigger is not None
    assert job.trigger.events == ("call",)
    assert ("apply", "net", 4) in does(job)
    assert [call.name for call in job.calls] == ["gitlab:#.terraform:apply"]


def test_gitlab_leaves_other_yaml_alone() -> None:
    assert procedures(gitlab.GITLAB, "compose.yml", "services:\n  web:\n    extends: base\n") == {}


def test_azure_reads_tasks_templates_and_deployments() -> None:
    text = """\
trigger: none
stages:
  - stage: prod
    jobs:
      - deployment: infra
        environment: production
        strategy:
          runOnce:
            deploy:
              steps:
                - ${{ if eq(parameters.x, true) }}:
                    - template: steps/plan.yml
                - template: other.yml@templates
                - task: TerraformTaskV4@4
                  inputs:
                    command: apply
                    workingDirectory: $(System.DefaultWorkingDirectory)/terraform
                - script: |
                    cd charts
                    helm upgrade x ./x
"""
    found = procedures(azure_pipelines.AZURE_PIPELINES, "infra/pipeline.yml", text)
    job = found["infra/pipeline.yml#prod.infra"]
    assert does(job) == [("apply", "terraform", 14), ("deploy", "charts/x", 20)]
    assert [(call.name, call.repository) for call in job.calls] == [("infra/steps/plan.yml", ".")]
    assert job.unresolved == ("template: other.yml@templates",)
    assert job.trigger is not None
    assert (job.trigger.events, job.trigger.environment) == (("manual",), "production")


def test_azure_template_of_steps_is_no_job() -> None:
    found = procedures(azure_pipelines.AZURE_PIPELINES, "t.yml", "parameters: []\nsteps:\n- bash: terraform apply\n")
    assert [(p.name, p.form) for p in found.values()] == [("t.yml", "template")]


def test_azure_does_not_take_github_workflows() -> None:
    assert procedures(azure_pipelines.AZURE_PIPELINES, "w.yml", "on: push\njobs:\n  a:\n    steps:\n    - run: terraform apply\n") == {}


def test_jenkins_reads_shell_steps_in_their_stage_and_directory() -> None:
    text = """\
pipeline {
  stages {
    stage('Plan') { steps { sh 'make plan' } }
    stage('Apply') {
      when { branch 'main' }
      input { message 'ok?' }
      steps {
        // sh 'terraform destroy'
        dir('infra') {
          sh '''
            terraform apply
          '''
        }
      }
    }
  }
}
"""
    found = procedures(jenkins.JENKINS, "Jenkinsfile", text)
    assert [call.name for call in found["Jenkinsfile#Plan"].calls] == ["make:.#plan"]
    job = found["Jenkinsfile#Apply"]
    assert does(job) == [("apply", "infra", 11)]
    assert job.trigger is not None
    assert job.trigger.branches == ("main",)
    assert "manual" in job.trigger.events


def test_jenkins_names_the_shared_library_it_cannot_see() -> None:
    text = '#!groovy\n@Library("Infra@1.0") _\n\ndef product = "x"\n\nwithInfraPipeline(product) {\n  expires(1)\n}\n'
    found = procedures(jenkins.JENKINS, "Jenkinsfile_CNP", text)["Jenkinsfile_CNP#pipeline"]
    assert [call.otherwise for call in found.calls] == ['@Library("Infra@1.0") withInfraPipeline']
    assert found.at.line == 6


def test_atlantis_applies_each_project_from_a_pull_request() -> None:
    text = "version: 3\nprojects:\n- dir: a\n- name: b\n  dir: envs/b\n"
    found = procedures(cluster_ci.ATLANTIS, "atlantis.yaml", text)
    assert does(found["atlantis.yaml#b"]) == [("plan", "envs/b", 4), ("apply", "envs/b", 4)]
    whole = procedures(cluster_ci.ATLANTIS, "atlantis.yaml", "version: 3\nautomerge: true\n")
    assert does(whole["atlantis.yaml#."])[-1][:2] == ("apply", ".")


@pytest.mark.parametrize(
    ("extractor", "path", "text", "expected"),
    [
        (
            travis_like.TRAVIS,
            ".travis.yml",
            "script: make test\ndeploy:\n  provider: script\n  script: terraform apply\n",
            "apply",
        ),
        (
            travis_like.CODEBUILD,
            "buildspec.yml",
            "version: 0.2\nphases:\n  build:\n    commands:\n    - terraform apply\n",
            "apply",
        ),
        (travis_like.APPVEYOR, "appveyor.yml", "deploy_script:\n- ps: terraform apply\n", "apply"),
        (
            step_ci.BITBUCKET,
            "bitbucket-pipelines.yml",
            "pipelines:\n  branches:\n    main:\n    - step:\n        script: [terraform apply]\n",
            "apply",
        ),
        (
            container_ci.WOODPECKER,
            ".woodpecker/a.yml",
            "steps:\n  a:\n    image: x\n    commands: [terraform apply]\n",
            "apply",
        ),
        (container_ci.WOODPECKER, ".drone.yml", "kind: pipeline\nsteps:\n- name: a\n  commands: [terraform apply]\n", "apply"),
        (step_ci.BUILDKITE, ".buildkite/pipeline.yml", "steps:\n- command: terraform apply\n", "apply"),
        (
            container_ci.CLOUD_BUILD,
            "cloudbuild.yaml",
            "steps:\n- name: hashicorp/terraform:1.9\n  args: [apply, -auto-approve]\n",
            "apply",
        ),
        (
            circleci.CIRCLECI,
            ".circleci/config.yml",
            "jobs:\n  a:\n    steps:\n    - run: terraform apply\nworkflows:\n  w:\n    jobs: [a]\n",
            "apply",
        ),
        (
            cluster_ci.CONCOURSE,
            "ci/pipeline.yml",
            "jobs:\n- name: a\n  plan:\n  - task: t\n    config:\n      run: {path: terraform, args: [apply]}\n",
            "apply",
        ),
        (
            cluster_ci.TEKTON,
            "task.yaml",
            "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: a}\nspec:\n  steps:\n  - script: terraform apply\n",
            "apply",
        ),
    ],
)
def test_each_pipeline_shows_what_it_applies(extractor: Extractor, path: str, text: str, expected: str) -> None:
    found = procedures(extractor, path, text)
    assert expected in [command.does for procedure in found.values() for command in procedure.commands]


ODD: list[Any] = [None, True, 7, 1.5, "x", "", [], {}, [[]], [None], {"a": None}, ["x", 1, {"y": []}], {"1": [{}]}]
KEYS = """script before_script extends rules if when only trigger include local variables default workflow jobs stages
stage steps job deployment strategy runOnce deploy task inputs command template parameters pipelines branches step parallel pipe
workflows run orbs phases build commands projects dir plan config platform args entrypoint name image events event spec tasks
taskRef apiVersion kind metadata annotations environment on matrix provider branch filters requires"""


def test_yaml_of_any_shape_is_read_without_an_error() -> None:
    """Values of any type at any place; the seed is fixed so that a failure repeats."""
    dice = random.Random(7)
    keys = KEYS.split()

    def grow(depth: int) -> Any:
        if depth == 0 or dice.random() < 0.25:
            return dice.choice(ODD)
        if dice.random() < 0.3:
            return [grow(depth - 1) for _ in range(dice.randint(0, 3))]
        return {dice.choice(keys): grow(depth - 1) for _ in range(dice.randint(1, 5))}

    extractors = [e for m in (gitlab, azure_pipelines, travis_like, container_ci, cluster_ci) for e in vars(m).values()
                  if isinstance(e, Extractor)]  # fmt: skip
    for _ in range(400):
        text = json.dumps({dice.choice(keys): grow(5) for _ in range(4)} | {"apiVersion": "tekton.dev/v1", "kind": "Pipeline"})
        for extractor in extractors:
            list(extractor.run(File("t", f".gitlab-ci.yml/{dice.choice(['cloudbuild.yaml', '.gitlab-ci.yml'])}", text.encode())))
