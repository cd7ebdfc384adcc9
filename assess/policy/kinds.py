"""The kinds of documents that policies judge, by the word that a policy's `reads` has."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assess.policy.formats.source import Read, Source


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of document.

    paths: the files that may hold it; a plan is in none, for `gate --plan` is given it. marks: what the content of such a file must hold, if its name does not say enough.
    read: files -> documents; errors: Unreadable. whole: a document is made of all such files of a directory.
    example: the path of an example of it.
    """

    name: str
    paths: re.Pattern[str]
    read: Callable[[Sequence[Source]], list[Read]]
    example: str
    marks: bytes = b""
    whole: bool = False


def _yaml(sources: Sequence[Source]) -> list[Read]:
    from assess.policy.formats.yaml import read_file

    return read_file(sources)


def _kubernetes(sources: Sequence[Source]) -> list[Read]:
    from assess.policy.formats.yaml import read_kubernetes

    return read_kubernetes(sources)


def _directory(sources: Sequence[Source]) -> list[Read]:
    from assess.policy.formats.yaml import read_directory

    return read_directory(sources)


def _backstage(sources: Sequence[Source]) -> list[Read]:
    from assess.policy.formats.yaml import read_backstage

    return read_backstage(sources)


def _terraform(sources: Sequence[Source]) -> list[Read]:
    from assess.policy.formats.hcl import read_module

    return read_module(sources)


def _dockerfile(sources: Sequence[Source]) -> list[Read]:
    from assess.policy.formats.dockerfile import read_dockerfile

    return read_dockerfile(sources)


def _committed(sources: Sequence[Source]) -> list[Read]:
    from assess.policy.formats.committed import read_committed

    return read_committed(sources)


_OBJECTS = re.compile(r"(?i)\.(ya?ml|json)$")
_SECRETIVE = re.compile(
    r"(?i)(^|/)(\.env(\.[\w.-]+)?|[\w.-]*kubeconfig[\w.-]*|\.dockercfg|\.dockerconfigjson|id_(rsa|dsa|ecdsa|ed25519)|\.npmrc|\.pypirc|\.netrc"
    r"|[\w.-]*secrets?[\w.-]*\.(ya?ml|json|env|txt))$|\.(pem|key|p12|pfx|jks|keystore|ppk|asc|tfstate|tfstate\.backup|tfvars|age|kdbx)$"
)
ALL: tuple[Kind, ...] = (
    Kind("github-workflow", re.compile(r"^\.(github|gitea|forgejo)/workflows/[^/]+\.ya?ml$"), _yaml, ".github/workflows/deploy.yml"),
    Kind("github-action", re.compile(r"(^|/)action\.ya?ml$"), _yaml, "action.yml", marks=b"runs"),
    Kind("dependabot", re.compile(r"^\.github/dependabot\.ya?ml$"), _yaml, ".github/dependabot.yml"),
    Kind("gitlab-ci", re.compile(r"(^|[/.-])gitlab-ci\.ya?ml$|^\.gitlab/ci/.+\.ya?ml$"), _yaml, ".gitlab-ci.yml"),
    Kind(
        "azure-pipelines",
        re.compile(r"(^|/)\.?azure-pipelines?([.-][\w.-]+)?\.ya?ml$|^\.azure-?pipelines/.+\.ya?ml$"),
        _yaml,
        "azure-pipelines.yml",
    ),
    Kind("terraform", re.compile(r"\.(tf|tofu)(\.json)?$"), _terraform, "main.tf", whole=True),
    Kind(
        "dockerfile",
        re.compile(r"(?i)(^|/)(dockerfile|containerfile)([._-][\w.-]+)?$|\.(dockerfile|containerfile)$"),
        _dockerfile,
        "Dockerfile",
    ),
    Kind("terraform-plan", re.compile(r"(?!)"), _yaml, "plan.json"),
    Kind("kubernetes", _OBJECTS, _kubernetes, "object.yaml", marks=b"apiVersion"),
    Kind("kubernetes-directory", _OBJECTS, _directory, "objects.yaml", marks=b"apiVersion", whole=True),
    Kind("backstage", _OBJECTS, _backstage, "catalog-info.yaml", marks=b"backstage.io/"),
    Kind("helm-chart", re.compile(r"(^|/)Chart\.ya?ml$"), _yaml, "Chart.yaml"),
    Kind("helm-values", re.compile(r"(^|/)values([._-][\w.-]+)?\.ya?ml$"), _yaml, "values.yaml"),
    Kind("kustomization", re.compile(r"(^|/)(kustomization\.ya?ml|Kustomization)$"), _yaml, "kustomization.yaml"),
    Kind("sops", re.compile(r"(^|/)\.sops\.ya?ml$"), _yaml, ".sops.yaml"),
    Kind("committed-file", _SECRETIVE, _committed, ""),
)
KINDS: dict[str, Kind] = {kind.name: kind for kind in ALL}
"""By name."""


def kinds_of(path: str) -> tuple[Kind, ...]:
    """The kinds that a file of this path may hold, by its path alone."""
    return tuple(kind for kind in ALL if kind.paths.search(path))
