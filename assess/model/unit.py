"""What is changed and delivered as one, and the five questions that place it on the ladder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from assess.model.fact import Fact
from assess.model.target import Location


class Question(StrEnum):
    """The five questions about a unit."""

    DEFINITION = "definition"
    EXECUTOR = "executor"
    PACKAGED = "packaged"
    RECONCILED = "reconciled"
    REQUESTER = "requester"


ANSWERS: dict[Question, frozenset[str]] = {
    Question.DEFINITION: frozenset({"none", "script", "declarative"}),
    Question.EXECUTOR: frozenset({"console", "cli", "pipeline", "controller"}),
    Question.PACKAGED: frozenset({"yes", "no", "n/a"}),
    Question.RECONCILED: frozenset({"yes", "no", "n/a"}),
    Question.REQUESTER: frozenset({"platform", "consumer"}),
}

Answers = Mapping[Question, frozenset[str]]
"""The answers still possible, by question; evidence only ever removes some."""


UNIT_KINDS: dict[str, str] = {
    "terraform-root": "A directory that Terraform or OpenTofu is run in; one state.",
    "terraform-module": "A Terraform module that is published at versions and not deployed from here.",
    "collection": "A collection, role, module or cookbook of a configuration tool that is published at versions.",
    "definition": "A project of another declarative tool: an Ansible playbook set, a Pulumi project, a stack.",
    "manifests": "Kubernetes objects or a Kustomize build that no GitOps object delivers.",
    "release": "A Helm chart put to use without GitOps.",
    "chart": "A Helm chart that is published at versions.",
    "gitops": "What one GitOps object delivers.",
    "scripts": "The scripts of one directory that change something themselves.",
    "platform-api": "An API of one's own (CRD, XRD, kro graph, promise) with what makes it work.",
    "portal": "A developer portal with its software templates.",
    "templates": "Software templates that a portal elsewhere offers.",
    "request": "An instance of a self-service API: a claim, a composite resource, a Score workload.",
    "workload": "A live workload of a cluster that no GitOps object tracks.",
}

WHOLE = "repository"
"""What rules ask about that settle a statement of an axis: a repository as a whole, which is no unit and has no level."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One unit of delivery.

    id: `TARGET:PATH` with the kind behind `#`; stable between runs.
    items: the facts that it is made of. related: what runs, delivers, requests or observes it.
    """

    id: str
    kind: str
    target: str
    path: str
    at: Location
    items: tuple[Fact, ...] = field(repr=False, default=())
    related: tuple[Fact, ...] = field(repr=False, default=())


def within(path: str, directory: str) -> bool:
    """Whether a path is a directory or lies below it; `.` and the empty path hold everything."""
    return directory in (".", "") or path == directory or path.startswith(directory + "/")


def level_of(definition: str, executor: str, packaged: str, reconciled: str, requester: str) -> int:
    """The ladder level (0-5) of one definite set of answers. Source: DESIGN section 5.3."""
    if definition == "none":
        return 0 if executor == "console" else 1
    if definition == "script":
        return 1
    if executor in ("console", "cli"):
        return 2
    if "no" in (packaged, reconciled):
        return 3
    return 5 if requester == "consumer" else 4


def interval(answers: Answers) -> tuple[int, int]:
    """The lowest and highest level over every combination still possible."""
    from itertools import product

    levels = [level_of(*combination) for combination in product(*(answers[question] for question in Question))]
    return min(levels), max(levels)
