"""Marketplace actions and pipeline tasks that stand for a command: what they do, and on which path.

A row is (pattern over the action's name, what it does, tool, inputs that name the path); the first row that fits wins.
"""

from __future__ import annotations

import re
from typing import Any

from assess.collect.git.commands import analyse
from assess.collect.git.paths import onto, shown, written
from assess.collect.git.pushes import MAX_ADDRESS
from assess.collect.git.settle import PERHAPS
from assess.model.credentials import clean
from assess.model.fact import Command

_PATHS = "path working_directory working-directory tf_path tf_actions_working_dir chdir tg_dir directory dir config_dir chart charts_dir manifests stack-name template workdir RESOURCE"

_ROWS: tuple[tuple[str, str, str], ...] = (
    (r"dflook/(terraform|tofu)-(apply|destroy)", "apply", "terraform"),
    (r"dflook/(terraform|tofu)-(plan|check)", "plan", "terraform"),
    (r"hashicorp/(tfc-workflows-github|terraform-github-actions).*apply|op5dev/tf-via-pr", "apply", "terraform"),
    (r"gruntwork-io/terragrunt-action", "plan", "terragrunt"),
    (r"hashicorp/setup-packer|hashicorp/setup-terraform|opentofu/setup-opentofu", "", ""),
    (r"pulumi/actions", "apply", "pulumi"),
    (r"aws-actions/aws-cloudformation-github-deploy", "apply", "cloudformation"),
    (r"azure/arm-deploy|azure/bicep-deploy", "apply", "arm"),
    (r"azure/k8s-deploy|azure/webapps-deploy|azure/functions-action|azure/container-apps-deploy-action", "deploy", "azure"),
    (r"aws-actions/amazon-ecs-deploy-task-definition", "deploy", "aws"),
    (r"google-github-actions/(deploy-cloudrun|deploy-appengine|deploy-cloud-functions)", "deploy", "gcloud"),
    (r"dawidd6/action-ansible-playbook|arillso/action\.playbook", "configure", "ansible"),
    (r"akhileshns/heroku-deploy", "deploy", "heroku"), (r"nais/deploy/actions/deploy", "deploy", "nais"),
    (r"helm/chart-releaser-action", "publish", "chart-releaser"), (r"stefanprodan/helm-gh-pages", "publish", "helm"),
    (r"helm/chart-testing-action|terraform-linters/|super-linter|ansible/ansible-lint|azure/k8s-lint", "lint", ""),
    (r"helm/kind-action|engineerd/setup-kind|abiosoft/|medyagh/setup-minikube|nolar/setup-k3d", "ephemeral", "kind"),
    (r"docker/build-push-action", "build", "docker"),
    (r"bridgecrewio/checkov-action", "policy", "checkov"), (r"bridgecrewio/yor-action", "policy", "yor"),
    (r"aquasecurity/tfsec", "policy", "tfsec"), (r"checkmarx/kics", "policy", "kics"), (r"instrumenta/conftest", "policy", "conftest"),
    (r"terrascan", "policy", "terrascan"), (r"kyverno/action", "policy", "kyverno"),
    (r"aquasecurity/trivy-action", "scan", "trivy"), (r"semgrep", "scan", "semgrep"), (r"(?:trufflesecurity/)trufflehog", "scan", "trufflehog"),
    (r"gitleaks", "scan", "gitleaks"), (r"zizmor", "lint", "zizmor"), (r"sigstore/cosign-installer", "", ""),
    (r"github/codeql-action", "scan", "codeql"), (r"snyk/actions", "scan", "snyk"), (r"anchore/", "scan", "grype"),
    (r"cycjimmy/semantic-release-action|codfish/semantic-release", "release", "semantic-release"),
    (r"google(apis|-github-actions)/release-please", "release", "release-please"),
    (r"softprops/action-gh-release|goreleaser/|ncipollo/release-action"
     r"|actions/create-release|changesets/action|mathieudutour/github-tag-action|anothrnick/github-tag-action",
     "release", ""),
    (r"upbound/action-up|upbound/actions?-|crossplane-contrib/.*push", "publish", "crossplane"),
    (r"pypa/gh-action-pypi-publish|js-devtools/npm-publish", "publish", ""),
)  # fmt: skip
_TABLE = [(re.compile(pattern, re.I), does, tool) for pattern, does, tool in _ROWS]


def action_command(uses: str, inputs: Any, where: str, line: int) -> Command | None:
    """What a marketplace action does, as a command; None where the table does not know it or it does nothing.

    inputs: the step's `with`, which may turn the meaning (`push: false`, `command: preview`) and names the path.
    """
    name = uses.partition("@")[0]
    given = {str(k): v for k, v in inputs.items()} if isinstance(inputs, dict) else {}
    row = next((row for row in _TABLE if row[0].search(name)), None)
    if row is None:
        return _perhaps(name, uses, given, where, line)
    if not row[1]:
        return None
    if not (does := _turned(name, row[1], given)):
        return None
    path = next((str(given[key]) for key in _PATHS.split() if isinstance(given.get(key), str)), "")
    place = onto(where, path) if path else where
    return Command(
        does=does, tool=row[2], path=shown(place), line=line, text=f"uses: {uses}"[:160], written=written(place),
        resolved=not re.search(r"[$`{}<]", path), soft=_soft(given), sends=_sends(does, given),
    )  # fmt: skip


def _sends(does: str, given: dict[str, Any]) -> str:
    """The image that an action pushes, by the first of its tags. Source: https://github.com/docker/build-push-action#inputs"""
    tags = re.split(r"[\n,]", str(given.get("tags", "")).strip())
    return clean(_INNER.sub("${{\\1}}", tags[0].strip()))[:MAX_ADDRESS] if does == "publish" else ""


_INNER = re.compile(r"\$\{\{\s*([\w.-]{1,100})\s*\}\}")


def _soft(given: dict[str, Any]) -> bool:
    """Whether a checker's inputs keep it from failing.

    Source: https://github.com/bridgecrewio/checkov-action, https://github.com/aquasecurity/trivy-action
    """
    return str(given.get("soft_fail", "")).lower() == "true" or str(given.get("exit-code", "")) == "0"


_DEPLOYS = re.compile(r"(?i)[/_-](?:deploy(?:er|ment|ments)?|apply|provision(?:er)?|rollout)(?:[/_-]|$)")
_SITE = re.compile(r"(?i)pages|docs|preview|notify|slack|status|cleanup|delete|wait|check|test|lint|setup")
_PLACE = re.compile(r"(?:\./)?[\w.@-]+(?:/[\w.@*-]+)*/?")
_MEANS_PLACE = re.compile(r"(?i)file|path|dir|folder|template|manifest|chart|source|root|stack|overlay|playbook")


_SENDS_CHARTS = re.compile(
    r"(?i)(?=.*(?:helm|charts?))(?=.*(?:publish|releas|push|upload|gh-pages))(?!.*(?:lint|test|docs|notes|changelog|setup|bump|diff))"
)


def _perhaps(name: str, uses: str, given: dict[str, Any], where: str, line: int) -> Command | None:
    """An action that the table does not know, whose name says that it publishes charts, or that it deploys, on the path that
    an input names."""
    if _SENDS_CHARTS.match(name):
        path = next((str(given[key]) for key in _PATHS.split() if isinstance(given.get(key), str)), "")
        place = onto(where, path) if path else where
        return Command(
            does="publish", tool="helm", path=shown(place), line=line, text=f"uses: {uses}"[:160], written=written(place),
            resolved=not re.search(r"[$`{}<]", path),
        )  # fmt: skip
    if not _DEPLOYS.search(name) or _SITE.search(name):
        return None
    for key, value in given.items():
        if isinstance(value, str) and _MEANS_PLACE.search(key) and (_PLACE.fullmatch(value) or value.startswith("${{")):
            place = onto(where, value)
            return Command(
                does=PERHAPS, tool="", path=shown(place), line=line, text=f"uses: {uses}"[:160], written=written(place),
                resolved=not value.startswith("${{"),
            )  # fmt: skip
    return None


def _turned(name: str, does: str, given: dict[str, Any]) -> str:
    command = str(given.get("command", "")).lower()
    if "pulumi/" in name.lower():
        return {"": "", "output": "", "preview": "plan"}.get(command, "apply")  # without a command it only installs
    if "terragrunt" in name.lower() or "terraform" in name.lower():
        text = command or str(given.get("tg_command", "")).lower()
        found = analyse(f"terraform {text}")[0] if text else []
        return found[0].does if found else does
    if "build-push-action" in name.lower() and str(given.get("push", "false")).lower() not in ("false", ""):
        return "publish"
    return does
