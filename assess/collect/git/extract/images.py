"""Images, plugins, pipes and orbs that stand for a command in a container-based pipeline.

A row is (pattern over the name, what it does, tool, settings that name the path); the first row that fits wins.
"""

from __future__ import annotations

import re
from posixpath import basename
from typing import Any

from assess.collect.git.commands import analyse
from assess.collect.git.extract.steps import Steps, mapping
from assess.collect.git.paths import join

_ROWS: tuple[tuple[str, str, str, str], ...] = (
    (r"plugins?/(docker|ecr|gcr|acr|kaniko|buildx|docker-buildx)\b|plugin-(docker|kaniko)|/kaniko|\bkaniko-project/executor",
     "publish", "docker", "context"),
    (r"plugins?/(s3|gcs|s3-sync)\b|aws-s3-deploy|plugin-s3", "upload", "", "source"),
    (r"atlassian/aws-cloudformation-deploy", "apply", "cloudformation", "TEMPLATE"),
    (r"atlassian/aws-sam-deploy", "apply", "sam", ""),
    (r"atlassian/(kubectl-run|aws-eks-kubectl-run|google-gke-kubectl-run|azure-aks-deploy)", "deploy", "kubectl",
     "RESOURCE_PATH"),
    (r"atlassian/(aws-ecs-deploy|aws-lambda-deploy|aws-code-deploy|aws-elasticbeanstalk-deploy|heroku-deploy|google-cloud-run"
     r"|google-app-engine-deploy|azure-web-apps-deploy|azure-functions-deploy|firebase-deploy)", "deploy", "", ""),
    (r"atlassian/azure-arm-deploy", "apply", "arm", "TEMPLATE"),
    (r"atlassian/(ssh-run|scp-deploy|rsync-deploy|sftp-deploy)|drone-(ssh|scp|rsync)|plugins?/(ssh|scp|rsync)",
     "operate", "ssh", "LOCAL_PATH"),
    (r"atlassian/(aws-ecr-push-image|npm-publish|pypi-publish)", "publish", "", ""),
    (r"drone-terraform|plugins?/terraform|woodpecker.{0,200}terraform|^terraform/", "apply", "terraform", "root_dir path"),
    (r"drone-helm3?|plugins?/helm|^helm/(install|upgrade)", "deploy", "helm", "chart"),
    (r"^kubernetes/(create-or-update|apply)|^aws-ecs/(deploy|update)|^aws-eks/(create|update)|^gcp-cloud-run/deploy",
     "deploy", "", "resource-file-path"),
    (r"^aws-ecr/build[-_]and[-_]push|^docker/(publish|push)|^gcp-gcr/", "publish", "docker", "path"),
    (r"^pulumi/(update|up|destroy)", "apply", "pulumi", "working_directory"),
    (r"^(aws-s3|gcp-storage)/(sync|copy)", "upload", "", "from"),
    (r"plugins?/(github-release|gitea-release)|plugin-release", "release", "", ""),
    (r"bridgecrew/checkov|aquasec/tfsec|checkmarx/kics|accurics/terrascan|openpolicyagent/conftest", "policy", "", ""),
)  # fmt: skip
_TABLE = [(re.compile(pattern, re.I), does, tool, keys) for pattern, does, tool, keys in _ROWS]
_TOOL_IMAGES = re.compile(
    r"(?i)(?:^|/)(terraform|opentofu|tofu|terragrunt|kubectl|helm|gcloud|docker|ansible|pulumi|packer|skaffold|kustomize|npm|yarn|mvn|gradle)"
    r"(?:[:@]|$)"
)
_SHELLS = {"sh", "bash", "ash", "zsh", "dash", "pwsh"}


def plugin(name: str, settings: Any, where: str, line: int, steps: Steps, word: str = "image") -> bool:
    """Add what a plugin, pipe or orb does by itself; False where the table does not know it."""
    given = mapping(settings)
    for pattern, does, tool, keys in _TABLE:
        if pattern.search(name.partition("@")[0]):
            path = next((str(given[key]) for key in keys.split() if isinstance(given.get(key), str)), "")
            if tool == "terraform" and does == "apply" and re.search(r"(?i)/(init|plan|validate|fmt|install)\b", name):
                does = "plan" if "plan" in name else "lint"
            steps.command(does, tool, join(where, path) if path else where, line, f"{word}: {name}")
            return True
    return False


def container(image: str, entrypoint: str, arguments: list[str], lines: list[int], where: str, steps: Steps) -> None:
    """Add what a container does by its entrypoint and arguments, as Cloud Build, Tekton and Concourse write them.

    lines: the line of each argument; a shell's script starts below its own where it has several lines.
    """
    program = basename(entrypoint)
    if not program and (known := _TOOL_IMAGES.search(image)):
        program = known[1].lower().replace("opentofu", "tofu")
    if program in _SHELLS:
        index = next((i for i, a in enumerate(arguments) if re.fullmatch(r"-\w*c\w*", a)), -1)
        script = index + 1 if index >= 0 else next((i for i, a in enumerate(arguments) if not a.startswith("-")), -1)
        if 0 <= script < len(arguments):
            text = arguments[script] if index >= 0 else f"{program} {arguments[script]}"
            steps.shell([(text, lines[script] + (1 if "\n" in text else 0))], where, lambda t: t.replace("$$", "$"))
    elif program:
        text = " ".join([program, *(a.replace("\n", " ") for a in arguments)])
        first = lines[0] if lines else 0
        if analyse(text, where)[0] or analyse(text, where)[1]:
            steps.shell([(text, first)], where)
