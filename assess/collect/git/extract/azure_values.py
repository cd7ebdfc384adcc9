"""What names in an Azure pipeline stand for: variables, parameters, matrices, aliases of repositories."""

from __future__ import annotations

from typing import Any

from assess.collect.git.expressions import MAX_ROWS, Row, is_plain
from assess.collect.git.extract.steps import constants, given, mapping, sequence


def variables(value: dict[str, Any]) -> dict[str, str]:
    """The variables of a pipeline, stage or job that are constants."""
    found = value.get("variables")
    if isinstance(found, list):
        pairs = [mapping(item) for item in found]
        return constants({str(pair["name"]): pair.get("value") for pair in pairs if "name" in pair})
    return constants(found)


def parameters(value: Any) -> tuple[tuple[str, str], ...]:
    """The parameters with their defaults; a list of them, or the older mapping.

    Source: https://learn.microsoft.com/en-us/azure/devops/pipelines/process/template-parameters
    """
    if isinstance(value, list):
        value = {str(entry["name"]): entry.get("default") for entry in map(mapping, value) if "name" in entry}
    return given("parameters", value)


def repositories(value: dict[str, Any]) -> dict[str, tuple[str, str, str]]:
    """The other repositories that a pipeline names, by its alias for them: where each is, at which ref, and its name there.

    Source: https://learn.microsoft.com/en-us/azure/devops/pipelines/yaml-schema/resources-repositories-repository
    """
    found: dict[str, tuple[str, str, str]] = {}
    hosts = {"github": "https://github.com/", "bitbucket": "https://bitbucket.org/", "git": "", "tfsgit": ""}
    for entry in map(mapping, sequence(mapping(value.get("resources")).get("repositories"))):
        kind, name = str(entry.get("type", "git")).lower(), str(entry.get("name") or "")
        if name:
            known = kind in hosts and "$" not in name
            found[str(entry.get("repository"))] = (hosts[kind] + name if known else "", str(entry.get("ref") or ""), name)
    return found


def matrix(value: Any) -> list[Row]:
    """The variables of each run of a job's matrix."""
    return [
        {name: str(item) for name, item in mapping(one).items() if is_plain(str(item))}
        for one in list(mapping(value).values())[:MAX_ROWS] if isinstance(one, dict)
    ]  # fmt: skip


def laid_out(parameters: Any) -> dict[str, Any]:
    """Parameters with those behind `${{ if }}` beside the rest; of two of one name, the first."""
    found: dict[str, Any] = {}
    for key, value in mapping(parameters).items():
        for name, one in (mapping(value) if str(key).startswith("${{") else {key: value}).items():
            found.setdefault(str(name), one)
    return found
