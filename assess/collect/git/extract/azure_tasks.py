"""Tasks of Azure Pipelines that stand for a command or hold a script.

Source: https://learn.microsoft.com/en-us/azure/devops/pipelines/tasks/reference/
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from assess.collect.git.commands import analyse
from assess.collect.git.extract.steps import Steps, chunks, mapping
from assess.collect.git.paths import join
from assess.spec.document import Document

_SCRIPTS = re.compile(r"(?i)^(bash|shellscript|powershell|cmdline|azurecli|azurepowershell|awsshellscript|awspowershell\w*|batchscript)@")
_INLINE = ("script", "inlineScript", "Inline", "inline")
_FILES = ("filePath", "scriptPath", "ScriptPath", "filename")
_WHERE = ("workingDirectory", "workingFolder", "cwd")

_ROWS: tuple[tuple[str, str, str, str], ...] = (
    (r"^(AzureResourceManagerTemplateDeployment|AzureResourceGroupDeployment)@", "apply", "arm", "csmFile"),
    (r"^(CloudFormationCreateOrUpdateStack|CloudFormationExecuteChangeSet)@", "apply", "cloudformation", "templateFile"),
    (r"^Ansible@", "configure", "ansible-playbook",
     "playbookPathOnAgent playbookPathLinkedArtifactOnLinuxMachine playbookRootRemoteMachine"),
    (r"^KubernetesManifest@", "deploy", "kubectl", "manifests"),
    (r"^(AzureWebApp|AzureRmWebAppDeployment|AzureFunctionApp|AzureContainerApps|AzureWebAppContainer|AzureStaticWebApp)\w*@",
     "deploy", "azure", "package packageForLinux appSourcePath app_location"),
    (r"^(S3Upload|AzureFileCopy)@", "upload", "", "sourceFolder SourcePath"),
    (r"^(ECRPushImage|NuGetCommand|NpmAuthenticate|TwineAuthenticate|UniversalPackages)@", "", "", ""),
    (r"^(LambdaDeployFunction|BeanstalkDeployApplication|CodeDeployDeployApplication|AzureSpringCloud)@", "deploy", "", ""),
    (r"^(CopyFilesOverSSH|SSH)@", "operate", "ssh", ""),
    (r"(?i)^(checkov|terrascan|tfsec|advsec|trivy|templateanalyzer)\w*@", "policy", "", "path"),
    (r"^GitHubRelease@", "release", "gh", ""),
)  # fmt: skip
_TABLE = [(re.compile(pattern), does, tool, keys) for pattern, does, tool, keys in _ROWS]
_VERBS = (
    (re.compile(r"(?i)^terraform(task\w*|cli|\w*)@"), "terraform", "command", "workingDirectory cwd"),
    (re.compile(r"(?i)^opentofu\w*@"), "terraform", "command", "workingDirectory cwd"),
    (re.compile(r"(?i)^helmdeploy@"), "helm", "command", "chartPath workingDirectory"),
    (re.compile(r"(?i)^kubernetes@"), "kubectl", "command", "configuration workingDirectory"),
    (re.compile(r"(?i)^pulumi@"), "pulumi", "command", "cwd"),
    (re.compile(r"(?i)^docker@"), "docker", "command", "buildContext"),
    (re.compile(r"(?i)^packerbuild@|^packer@"), "packer", "command", "customTemplateLocation"),
    (re.compile(r"(?i)^npm@"), "npm", "command", "workingDir"),
    (re.compile(r"(?i)^awscli@"), "aws", "awsCommand", ""),
    (re.compile(r"(?i)^gradle@"), "gradle", "tasks", "workingDirectory"),
    (re.compile(r"(?i)^maven@"), "mvn", "goals", ""),
)


def task(document: Document, path: tuple[str | int, ...], step: dict[str, Any], steps: Steps, read: Callable[[str], str]) -> None:
    """Add what one task does; nothing for a task that is not known or does nothing of note."""
    name = str(step.get("task", ""))
    inputs = mapping(step.get("inputs"))
    line = document.line(*path)
    where = next((join(".", read(inputs[key])) for key in _WHERE if isinstance(inputs.get(key), str)), ".")
    if _SCRIPTS.search(name):
        _script(document, path, inputs, where, line, steps, read)
        return
    for pattern, tool, verb, keys in _VERBS:
        if pattern.search(name):
            place = next((read(inputs[key]) for key in keys.split() if isinstance(inputs.get(key), str)), "")
            _verb(name, tool, inputs, verb, join(".", place) if place else where, line, steps)
            return
    for pattern, does, tool, keys in _TABLE:
        if pattern.search(name) and does:
            place = next((read(inputs[key]) for key in keys.split() if isinstance(inputs.get(key), str)), "")
            dry = does == "apply" and str(inputs.get("deploymentMode", "")).lower() == "validation"
            steps.command("lint" if dry else does, tool, join(".", place.split("\n")[0]) if place else where, line, f"task: {name}")
            return


def _script(
    document: Document, path: tuple[str | int, ...], inputs: dict[str, Any], where: str, line: int, steps: Steps,
    read: Callable[[str], str],
) -> None:  # fmt: skip
    for key in _INLINE:
        if isinstance(inputs.get(key), str):
            steps.shell(chunks(document, inputs[key], *path, "inputs", key), where, read)
    for key in _FILES:
        if isinstance(inputs.get(key), str) and not any(isinstance(inputs.get(k), str) for k in _INLINE):
            steps.call(re.sub(r"\$\([^)]{0,400}\)|\$\{\{.{0,400}?\}\}", "*", join(".", read(inputs[key]))), line)


def _verb(name: str, tool: str, inputs: dict[str, Any], verb: str, place: str, line: int, steps: Steps) -> None:
    """A task whose input names the tool's command: what that command line would do."""
    command = str(inputs.get(verb) or ("upgrade" if tool == "helm" else "buildAndPush" if tool == "docker" else ""))
    if command == "custom":
        command = str(inputs.get("customCommand") or "")
    command = {"buildAndPush": "push", "createOrUpdate": "up"}.get(command, command)
    options = inputs.get("commandOptions") or inputs.get("args") or inputs.get("arguments") or ""
    prefix = "apply -f " if tool == "kubectl" and command == "apply" else f"{command} "
    for found in analyse(f"{tool} {prefix}{options}".replace("\n", " "))[0][:1]:
        steps.command(found.does, found.tool, place, line, f"task: {name} {command}".strip())
