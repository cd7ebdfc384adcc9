"""What is read in a repository, one module a family of files; the tuple is the registry, in the order of reading."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from posixpath import basename

from assess.collect.git.extract import (
    app_of_apps,
    azure,
    cloudformation,
    definitions,
    helm,
    platform,
    portal,
    promotion,
    terraform_uses,
    terragrunt,
    workload_images,
)
from assess.collect.git.extract.ansible import ANSIBLE_FILES
from assess.collect.git.extract.app_of_apps import CHART_VALUES
from assess.collect.git.extract.argo import ARGO_VALUES
from assess.collect.git.extract.argo_workflows import ARGO_WORKFLOWS
from assess.collect.git.extract.aws_pipelines import CODEPIPELINE
from assess.collect.git.extract.azure import AZURE
from assess.collect.git.extract.azure_pipelines import AZURE_PIPELINES
from assess.collect.git.extract.build_images import BASES, PIPELINE_IMAGES
from assess.collect.git.extract.circleci import CIRCLECI
from assess.collect.git.extract.cloudformation import CLOUD_TEMPLATES
from assess.collect.git.extract.cluster_ci import ATLANTIS, CONCOURSE, TEKTON
from assess.collect.git.extract.configuration import (
    CHEF,
    CLOUD_INIT,
    DEPLOYERS,
    DOTBOT,
    HOME_FILES,
    NIX,
    PUPPET,
    PUPPET_CONTROL,
    SALT,
    TALOS,
)
from assess.collect.git.extract.container_ci import CLOUD_BUILD, WOODPECKER
from assess.collect.git.extract.controllers import FLEET_BUNDLE, KLUCTL
from assess.collect.git.extract.deployments import DEPLOYMENTS, PLATFORMS
from assess.collect.git.extract.docker import COMPOSE, DOCKERFILE
from assess.collect.git.extract.documents import DOCUMENTS
from assess.collect.git.extract.environments import ENVIRONMENT_FILES, NETLIFY
from assess.collect.git.extract.github import ACTIONS, WORKFLOWS
from assess.collect.git.extract.gitlab import GITLAB
from assess.collect.git.extract.helm import CHART, HELMFILE, HELMFILE_BY_CONTENT, SKAFFOLD
from assess.collect.git.extract.infrastructure import CUE, JSONNET, KCL, NOMAD, PACKER, PACKER_JSON, TANKA, TIMONI, VAGRANT
from assess.collect.git.extract.jenkins import JENKINS
from assess.collect.git.extract.kubernetes import KUBERNETES, KUSTOMIZE
from assess.collect.git.extract.markers import CODEOWNERS, MARKERS
from assess.collect.git.extract.objects import KINDS
from assess.collect.git.extract.platform import KUBEVELA_CUE, SCORE
from assess.collect.git.extract.policy_files import (
    AZURE_POLICY,
    CUSTODIAN,
    POLICY_NAMES,
    PRE_COMMIT,
    REGAL,
    REGO,
    SENTINEL,
    SKIPPED,
    TRIVY_IGNORE,
)
from assess.collect.git.extract.portal import BACKSTAGE, OTHER_PORTALS, PORT_FOLDER
from assess.collect.git.extract.riff_raff import RIFF_RAFF
from assess.collect.git.extract.runners import JUST, MAKE
from assess.collect.git.extract.scripts import POWERSHELL, PYTHON, RUBY, SHELL
from assess.collect.git.extract.secret_files import (
    AGENIX,
    ANSIBLE_VAULT,
    CREDENTIALS,
    GIT_CRYPT,
    KEY_STORE,
    LOGINS,
    PRIVATE_KEY,
    SOPS,
    SOPS_RULES,
    STATE,
    VAULT,
)
from assess.collect.git.extract.stack_files import ENV0, SPACELIFT
from assess.collect.git.extract.step_ci import BITBUCKET, BUILDKITE
from assess.collect.git.extract.supply_files import SUPPLY_FILES
from assess.collect.git.extract.task_runners import PACKAGE, PYTHON_TASKS, TASK
from assess.collect.git.extract.teamcity import TEAMCITY
from assess.collect.git.extract.terraform import TERRAFORM
from assess.collect.git.extract.terraform_json import TERRAFORM_JSON
from assess.collect.git.extract.terragrunt import TERRAGRUNT
from assess.collect.git.extract.travis_like import APPVEYOR, CODEBUILD, TRAVIS
from assess.collect.git.extract.update_bots import UPDATE_BOTS
from assess.collect.git.extract.workload_images import COMPOSE_IMAGES, KUSTOMIZE_IMAGES, SKAFFOLD_IMAGES, TASK_DEFINITION, VALUES
from assess.collect.git.extract.workspaces import WORKSPACES
from assess.collect.git.file import Extractor, Part
from assess.model.fact import Fact

# fmt: off
FAMILIES: tuple[tuple[tuple[str, ...], tuple[Extractor, ...]], ...] = (
    # infrastructure and configuration as code
    (("TerraformRoot", "TerraformModule", "ModuleCall", "Definition"), (
        TERRAFORM, TERRAFORM_JSON, TERRAGRUNT, PACKER, PACKER_JSON, *CLOUD_TEMPLATES, *AZURE, *DEPLOYMENTS, NOMAD, VAGRANT,
        *ANSIBLE_FILES, PUPPET, PUPPET_CONTROL, CHEF, SALT, NIX, TALOS, CLOUD_INIT, DOTBOT, HOME_FILES, DEPLOYERS)),
    # Kubernetes, packages and GitOps
    (("Manifest", "Kustomization", "HelmChart", "HelmRelease", "GitOpsSource", "CustomApi"), (
        KUBERNETES, KUSTOMIZE, CHART, CHART_VALUES, ARGO_VALUES, FLEET_BUNDLE, KLUCTL, KUBEVELA_CUE, HELMFILE, HELMFILE_BY_CONTENT, SKAFFOLD, KCL, JSONNET, TANKA, CUE, TIMONI)),
    # pipelines
    (("PipelineJob",), (
        WORKFLOWS, ACTIONS, GITLAB, AZURE_PIPELINES, JENKINS, CIRCLECI, TRAVIS, APPVEYOR, BITBUCKET, BUILDKITE, WOODPECKER,
        CLOUD_BUILD, CODEBUILD, CODEPIPELINE, CONCOURSE, TEKTON, ARGO_WORKFLOWS, ATLANTIS, SPACELIFT, ENV0, TEAMCITY, RIFF_RAFF)),
    # what pipelines and people call; a job that calls one of these says so itself
    (("Script",), (MAKE, JUST, TASK, PACKAGE, PYTHON_TASKS, SHELL, POWERSHELL, PYTHON, RUBY)),
    # in front
    (("SoftwareTemplate", "Portal", "SelfService"), (BACKSTAGE, OTHER_PORTALS, PORT_FOLDER, SCORE, ENVIRONMENT_FILES, NETLIFY)),
    # policies and secrets
    (("PolicyGuard", "PolicyException", "PolicyTest"), (
        REGO, REGAL, POLICY_NAMES, SENTINEL, CUSTODIAN, AZURE_POLICY, TRIVY_IGNORE, SKIPPED, PRE_COMMIT)),
    (("SecretSource", "ExposedSecret"), (
        SOPS, SOPS_RULES, AGENIX, ANSIBLE_VAULT, GIT_CRYPT, VAULT, STATE, PRIVATE_KEY, KEY_STORE, LOGINS, CREDENTIALS)),
    # what a platform is supplied with
    (("WorkloadImage", "BuildImage"), (VALUES, KUSTOMIZE_IMAGES, SKAFFOLD_IMAGES, COMPOSE_IMAGES, TASK_DEFINITION, BASES, PIPELINE_IMAGES)),
    (("UpdateBot", "DevelopmentEnvironment"), (*UPDATE_BOTS, *WORKSPACES)),
    (("DnsRecord", "Certificate", "Telemetry", "CostControl"), SUPPLY_FILES),
    # around it
    ((), (PLATFORMS, DOCKERFILE, COMPOSE, DOCUMENTS, CODEOWNERS, MARKERS)),
)
"""The extractors by family, each with the fact kinds that stay unseen where one of its files cannot be read."""
# fmt: on

EXTRACTORS: tuple[Extractor, ...] = tuple(extractor for _, family in FAMILIES for extractor in family)


def hidden(path: str, extractors: Iterable[Extractor]) -> tuple[str, ...]:
    """The fact kinds that a file would have shown these extractors.

    Any YAML may be a pipeline or a Kubernetes object, so only what says so by its path counts as such; people write
    neither as JSON.
    """
    fronts = ("SelfService",) if basename(path).startswith("template") else ()
    named = [e for e in extractors if not path.endswith(".json") and (e.within or e.names or not (e.marks or e.words) or e is KUBERNETES)]
    objects = KINDS if KUBERNETES in named else ()
    return tuple(sorted({*fronts, *objects, *(kind for kinds, family in FAMILIES for kind in kinds if any(e in family for e in named))}))


ASSEMBLERS: tuple[Callable[[Iterable[Part]], Iterator[Fact]], ...] = (
    app_of_apps.assemble,
    helm.assemble,
    platform.assemble,
    portal.assemble,
    promotion.assemble,
    definitions.assemble,
    terraform_uses.assemble,
    terragrunt.assemble,
    workload_images.assemble,
    cloudformation.assemble,
    azure.assemble,
)
"""What makes facts of the parts of a whole repository; Terraform's own stands in its module, for it asks more."""
