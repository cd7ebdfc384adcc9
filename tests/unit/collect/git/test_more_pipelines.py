"""TeamCity, Argo Workflows, Buildkite, CircleCI, Concourse, Tekton as code, Travis: what starts a job, and what it does then."""

from __future__ import annotations

import json

import pytest

from assess.collect.git.extract import argo_workflows, azure_pipelines, circleci, cluster_ci, container_ci, jenkins, step_ci, teamcity
from assess.collect.git.extract import travis_like as travis
from assess.collect.git.file import Extractor, File
from assess.model.fact import Procedure, Trigger


def procedures(extractor: Extractor, path: str, text: str) -> dict[str, Procedure]:
    found = extractor.run(File("t", path, text.encode()))
    return {fact.name.removeprefix(f"{path}#"): fact for fact in found if isinstance(fact, Procedure)}


def starts(procedure: Procedure) -> Trigger:
    assert procedure.trigger is not None
    return procedure.trigger


def does(procedure: Procedure) -> list[tuple[str, str, int]]:
    return [(command.does, command.path, command.line) for command in procedure.commands]


TEAMCITY = '''\
import jetbrains.buildServer.configs.kotlin.*
// object Old : BuildType({ steps { script { scriptContent = "terraform apply" } } })
object Apply : BuildType({
    name = "Apply"
    type = BuildTypeSettings.Type.DEPLOYMENT
    steps {
        script {
            name = "apply { }"
            workingDir = "infra/%env%"
            scriptContent = """
                terraform init
                terraform apply -auto-approve
            """.trimIndent()
        }
        script {
            enabled = false
            scriptContent = "kubectl apply -f k8s"
        }
        powerShell {
            workingDir = "azure"
            scriptMode = script {
                content = "az deployment group create --template-file main.bicep"
            }
        }
        gradle { tasks = "clean build" }
        dockerCommand {
            commandType = push { namesAndTags = "shop:1" }
        }
    }
    triggers {
        vcs { branchFilter = "+:main" }
        schedule { enabled = false }
    }
})
object Idle : BuildType({
    name = "Idle"
    paused = true
    steps { exec { path = "./deploy.sh"; arguments = "prod" } }
})
'''


def test_teamcity_reads_the_steps_of_each_build() -> None:
    found = procedures(teamcity.TEAMCITY, ".teamcity/settings.kts", TEAMCITY)
    assert does(found["Apply"]) == [
        ("apply", "infra/${env}", 12), ("apply", "azure/main.bicep", 22), ("build", ".", 25), ("publish", ".", 27),
    ]  # fmt: skip
    assert starts(found["Apply"]) == Trigger(events=("push",), branches=("main",), environment="deployment")
    assert [call.name for call in found["Idle"].calls] == ["deploy.sh"]
    assert not starts(found["Idle"]).can_run
    assert starts(found["Idle"]).events == ("manual",)


def test_teamcity_says_nothing_of_other_kotlin() -> None:
    assert procedures(teamcity.TEAMCITY, ".teamcity/Roots.kt", 'object Root : GitVcsRoot({ name = "x" })\n') == {}


WORKFLOW = """\
apiVersion: argoproj.io/v1alpha1
kind: CronWorkflow
metadata: {name: nightly}
spec:
  schedule: "0 3 * * *"
  workflowSpec:
    entrypoint: main
    arguments: {parameters: [{name: dir, value: infra}]}
    templates:
      - name: main
        dag:
          tasks:
            - {name: a, template: apply}
            - {name: b, templateRef: {name: shared, template: notify}}
            - {name: c, template: off, when: "false"}
      - name: apply
        inputs: {artifacts: [{name: src, path: /src, git: {repo: https://git.example.com/shop/infra.git}}]}
        script:
          image: terraform
          command: [sh]
          source: |
            cd /src/{{workflow.parameters.dir}}
            terraform apply
      - name: image
        container: {image: "gcr.io/kaniko-project/executor:v1", args: ["--destination=shop"]}
      - name: wanted
        resource: {action: apply, manifest: "kind: ConfigMap"}
"""


def test_argo_workflows_are_followed_from_the_schedule_to_the_script() -> None:
    found = procedures(argo_workflows.ARGO_WORKFLOWS, "wf.yaml", WORKFLOW)
    assert starts(found["nightly"]) == Trigger(events=("schedule",))
    assert [call.name for call in found["nightly"].calls] == ["argo-workflow:nightly#main"]
    assert [call.name for call in found["argo-workflow:nightly#main"].calls] == [
        "argo-workflow:nightly#apply",
        "argo-workflow:shared#notify",
    ]
    assert does(found["argo-workflow:nightly#apply"]) == [("apply", "infra", 23)]
    assert [c.does for c in found["argo-workflow:nightly#image"].commands] == ["publish"]
    assert [(c.does, c.path) for c in found["argo-workflow:nightly#wanted"].commands] == [("deploy", "wf.yaml")]


def test_a_suspended_cron_workflow_cannot_run() -> None:
    text = WORKFLOW.replace("  schedule:", "  suspend: true\n  schedule:")
    assert not starts(procedures(argo_workflows.ARGO_WORKFLOWS, "wf.yaml", text)["nightly"]).can_run


def test_a_sensor_starts_a_workflow() -> None:
    text = """\
apiVersion: argoproj.io/v1alpha1
kind: Sensor
metadata: {name: ci}
spec:
  dependencies: [{name: d, eventSourceName: github, eventName: shop}]
  triggers:
    - template:
        argoWorkflow:
          source:
            resource:
              apiVersion: argoproj.io/v1alpha1
              kind: Workflow
              metadata: {generateName: ci-}
              spec: {workflowTemplateRef: {name: build}}
"""
    job = procedures(argo_workflows.ARGO_WORKFLOWS, "sensor.yaml", text)["ci-"]
    assert starts(job).events == ("push",)
    assert [call.name for call in job.calls] == ["argo-workflow:build"]


BUILDKITE = """\
env: {DIR: infra}
steps:
  - {label: plan, command: terraform -chdir=$DIR plan}
  - wait
  - block: "Go?"
  - group: apply
    if: build.branch == "main"
    steps:
      - {key: apply, command: terraform -chdir=$DIR apply, soft_fail: [{exit_status: 1}]}
  - {label: off, command: kubectl apply -f k8s, skip: "not now"}
  - trigger: deploy-prod
"""


def test_buildkite_waits_behind_a_block() -> None:
    found = procedures(step_ci.BUILDKITE, ".buildkite/pipeline.yml", BUILDKITE)
    assert does(found["apply"]) == [("apply", "infra", 9)]
    assert starts(found["apply"]) == Trigger(events=("push", "manual"), branches=("main",), soft_fail=True)
    assert starts(found["plan"]).events == ("push",)
    assert not starts(found["off"]).can_run
    assert any(job.unresolved == ("trigger: deploy-prod",) for job in found.values())
    assert procedures(step_ci.BUILDKITE, ".buildkite/docker-compose.yml", "services: {app: {image: x}}\n") == {}


def test_bitbucket_stages_say_it_for_their_steps() -> None:
    text = """\
pipelines:
  branches:
    main:
      - stage:
          deployment: production
          trigger: manual
          steps: [{step: {script: [terraform apply]}}]
  custom:
    shared: {import: "pipelines-repo:main:deploy"}
"""
    found = procedures(step_ci.BITBUCKET, "bitbucket-pipelines.yml", text)
    assert starts(found["branches.main.1"]) == Trigger(events=("push", "manual"), branches=("main",), environment="production")
    assert found["custom.shared"].unresolved == ("import: pipelines-repo:main:deploy",)


CIRCLE = """\
jobs:
  apply:
    parameters: {dir: {type: string, default: infra/dev}}
    steps: [{run: terraform -chdir=<< parameters.dir >> apply}]
  idle: {steps: [{run: kubectl apply -f k8s}]}
workflows:
  main:
    jobs:
      - apply
      - hold: {type: approval, requires: [apply]}
      - check: {requires: [hold]}
      - apply: {name: prod, dir: infra/prod, requires: [check], filters: {branches: {only: main}}}
  off:
    when: false
    jobs: [apply]
"""


def test_circleci_has_a_job_for_each_use() -> None:
    found = procedures(circleci.CIRCLECI, ".circleci/config.yml", CIRCLE)
    assert does(found["apply"]) == [("apply", "infra/dev", 4)]
    assert does(found["prod"]) == [("apply", "infra/prod", 4)]
    assert starts(found["prod"]) == Trigger(events=("push", "manual"), branches=("main",))
    assert not starts(found["off.apply"]).can_run
    assert not starts(found["idle"]).can_run


def test_concourse_puts_in_hooks_and_under_other_names() -> None:
    text = """\
resources:
  - {name: infra, type: terraform}
  - {name: image, type: registry-image}
  - {name: nightly, type: time}
jobs:
  - name: deploy
    plan:
      - {get: tick, resource: nightly, trigger: true}
      - {put: state, resource: infra, params: {terraform_source: src/infra/prod}}
      - try: {put: image}
        on_success: {set_pipeline: self, file: src/ci/pipeline.yml}
"""
    job = procedures(cluster_ci.CONCOURSE, "ci/pipeline.yml", text)["deploy"]
    assert does(job) == [("apply", "infra/prod", 9), ("publish", ".", 10)]
    assert [call.name for call in job.calls] == ["ci/pipeline.yml"]
    assert starts(job).events == ("schedule",)


@pytest.mark.parametrize(
    ("annotations", "trigger"),
    [
        ({"on-event": "[push]", "on-target-branch": "[main, release-*]"}, Trigger(events=("push",), branches=("main", "release-*"))),
        (
            {"on-cel-expression": 'event == "pull_request" && target_branch == "main"'},
            Trigger(events=("pull_request",), branches=("main",)),
        ),
        ({"on-event": "[push]", "on-target-branch": "[refs/tags/*]"}, Trigger(events=("tag",))),
        ({"on-comment": "^/deploy"}, Trigger(events=("chat",))),
        ({"max-keep-runs": "3"}, Trigger(events=("manual",))),
    ],
)
def test_pipelines_as_code_start_by_their_annotations(annotations: dict[str, str], trigger: Trigger) -> None:
    said = json.dumps({f"pipelinesascode.tekton.dev/{key}": value for key, value in annotations.items()})
    text = (
        f"apiVersion: tekton.dev/v1\nkind: PipelineRun\nmetadata: {{name: run, annotations: {said}}}\nspec: {{pipelineRef: {{name: ci}}}}\n"
    )
    assert starts(procedures(cluster_ci.TEKTON, ".tekton/run.yaml", text)["run"]) == trigger


@pytest.mark.parametrize(
    ("condition", "trigger"),
    [
        ("branch = main AND type = push", Trigger(events=("push",), branches=("main",))),
        ("type = cron", Trigger(events=("schedule",))),
        ("tag IS present", Trigger(events=("tag",))),
        ("false", Trigger(events=("push", "pull_request"), can_run=False)),
        ("branch = main OR tag IS present", Trigger(events=("push", "pull_request"))),
    ],
)
def test_travis_conditions(condition: str, trigger: Trigger) -> None:
    text = f"jobs:\n  include:\n    - {{name: apply, if: {condition}, script: terraform apply}}\n"
    assert starts(procedures(travis.TRAVIS, ".travis.yml", text)["apply"]) == trigger


def test_a_branch_that_jenkins_excludes_is_none_it_runs_for() -> None:
    text = "pipeline { stages { stage('x') { when { not { branch 'main' } }\n steps { sh 'terraform plan' } } } }\n"
    assert starts(procedures(jenkins.JENKINS, "Jenkinsfile", text)["x"]).branches == ()


def test_woodpecker_events_that_are_left() -> None:
    text = "steps:\n  - {name: x, image: a, commands: [helm upgrade x ./x], failure: ignore}\nwhen: {event: {exclude: [pull_request]}}\n"
    assert starts(procedures(container_ci.WOODPECKER, ".woodpecker.yml", text)["x"]) == Trigger(
        events=("push", "tag", "schedule", "manual"), soft_fail=True
    )


def test_azure_waits_for_a_person_and_names_where_templates_are() -> None:
    text = """\
trigger: {branches: {include: [main]}}
pr: [main]
resources: {repositories: [{repository: shared, type: github, name: shop/pipelines}]}
jobs:
  - job: ask
    pool: server
    steps: [{task: ManualValidation@0}]
  - job: apply
    condition: and(succeeded(), ne(variables['Build.Reason'], 'PullRequest'))
    steps: [{template: apply.yml@shared}]
"""
    job = procedures(azure_pipelines.AZURE_PIPELINES, "azure-pipelines.yml", text)["apply"]
    assert starts(job).events == ("push", "manual")
    assert [(call.repository, call.name) for call in job.calls] == [("https://github.com/shop/pipelines", "apply.yml")]
