"""What pipelines run beside changing something: policy checks that guard, and the tools that their commands name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from assess.collect.link.chains import Reached
from assess.model.fact import Fact, PipelineJob, PolicyGuard, ToolMarker
from assess.model.target import Location

_GUARDS = frozenset(
    """checkov tfsec terrascan kics conftest kyverno opa gator kubescape polaris datree snyk regula trivy grype semgrep tflint yor
    gitleaks trufflehog detect-secrets cfn-guard cfn-lint kube-score kube-linter sentinel regal zizmor codeql""".split()  # noqa: SIM905
)
"""Commands that judge what is written, by rules of their own or of the repository."""
_TOOLS = {"opa": "rego", "gator": "gatekeeper"}
_USED = frozenset(
    """checkov tfsec terrascan kics conftest kyverno trivy semgrep tflint yor cosign regal chainsaw cfn-guard semantic-release
    release-please chart-releaser terraform packer terragrunt pulumi helmfile skaffold kustomize helm ansible flux kubeval""".split()  # noqa: SIM905
)
"""Tools whose command in a pipeline is a use of them."""
_SOFT = re.compile(r"\|\|\s*(?:true|:|exit 0)|--soft-fail\b|--exit-zero\b|--exit-code[= ]0\b|--no-fail\b")

Run = tuple[PipelineJob, list[Reached]]


def guards(jobs: Iterable[Run]) -> Iterator[Fact]:
    """One guard for each check of each job that can run, and one marker for each tool that its commands use.

    A check blocks where neither its job nor its command is told to go on after it fails.
    """
    used: set[str] = set()
    for job, reached in jobs:
        checks: set[str] = set()
        for command in (r.command for r in reached if job.can_run):
            tool = _TOOLS.get(command.tool, command.tool)
            at = Location(target=job.at.target, path=job.at.path, line=job.at.line)
            if command.tool in _GUARDS and tool not in checks:
                checks.add(tool)
                blocks = not (job.soft_fail or _SOFT.search(command.text))
                yield PolicyGuard(at=at, tool=tool, path=job.at.path, name=job.name, where="pipeline", blocks=blocks)
            elif tool in _USED and tool not in used and not job.ephemeral:
                used.add(tool)
                yield ToolMarker(at=at, tool=tool, category="pipeline")
