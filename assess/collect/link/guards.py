"""What pipelines run beside changing something: policy checks that guard, and the tools that their commands name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from assess.collect.link.chains import Reached
from assess.model.fact import Command, PipelineJob, PolicyGuard, Script, ToolMarker

_GUARDS = frozenset(
    """checkov tfsec terrascan kics conftest kyverno opa gator kubescape polaris datree snyk regula trivy grype semgrep tflint yor
    gitleaks trufflehog detect-secrets cfn-guard cfn-lint kube-score kube-linter sentinel regal zizmor codeql""".split()  # noqa: SIM905
)
"""Commands that judge what is written, by rules of their own or of the repository."""
_TOOLS = {"opa": "rego", "gator": "gatekeeper", "op": "1password", "cr": "chart-releaser"}
USED = frozenset(
    """checkov tfsec terrascan kics conftest kyverno trivy semgrep tflint yor cosign regal chainsaw cfn-guard semantic-release
    release-please chart-releaser terraform packer terragrunt pulumi 1password helmfile skaffold kustomize helm ansible flux oci""".split()  # noqa: SIM905
)
"""Tools whose command is a use of them, which is all that it says."""

Run = tuple[PipelineJob, list[Reached]]


def used(runs: Iterable[tuple[PipelineJob | Script, list[Reached]]]) -> Iterator[ToolMarker]:
    """One marker for each tool that the commands of jobs and scripts use on something that stays."""
    seen: set[str] = set()
    for run, reached in runs:
        if isinstance(run, PipelineJob) and (run.ephemeral or not run.can_run):
            continue
        for command in (r.command for r in reached):
            if command.tool == "helm" and command.does == "lint":
                continue  # to render or check a chart is no delivery with it
            named = {_TOOLS.get(command.tool, command.tool), *(("oci",) if _pushes(command) else ())}
            for tool in sorted(named & USED - seen):
                seen.add(tool)
                yield ToolMarker(at=run.at, tool=tool, category="command")


def _pushes(command: Command) -> bool:
    """Whether it publishes an artifact that is no image to an OCI registry."""
    return command.does == "publish" and (command.tool == "oras" or "oci://" in command.text)


def guards(jobs: Iterable[Run]) -> Iterator[PolicyGuard]:
    """One guard for each check of each job that can run.

    It blocks where neither its job nor its command is told to go on after it fails.
    """
    for job, reached in jobs:
        checks: set[str] = set()
        for command in (r.command for r in reached if job.can_run):
            tool = _TOOLS.get(command.tool, command.tool)
            if command.tool in _GUARDS and tool not in checks:
                checks.add(tool)
                blocks = not (job.soft_fail or command.soft)
                yield PolicyGuard(at=job.at, tool=tool, path=job.at.path, name=job.name, where="pipeline", blocks=blocks)
