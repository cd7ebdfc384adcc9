"""What fills a scaffold's parameters: readers over a unit, its facts and the tree of its commit. Pure.

A reader answers `Found` (a value with the places that say so), None (nothing says so: the default stands), or raises
`Ask` (only a person knows) or `Blocked` (it cannot work, and why).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from posixpath import dirname
from typing import Any, Protocol

from assess.model.fact import Fact, Procedure
from assess.model.target import Location, Target
from assess.model.unit import Unit
from assess.spec.scaffold import Pins


class Tree(Protocol):
    """The files of one commit."""

    @property
    def paths(self) -> Sequence[str]:
        """Every file's path, in tree order."""

    @property
    def default_branch(self) -> str:
        """The branch that changes end up on; empty where the clone does not know it."""

    def read(self, path: str) -> bytes | None:
        """The bytes of a file; None where there is none that can be read."""


@dataclass(frozen=True)
class Evidence:
    """Everything a reader may look at."""

    target: Target
    unit: Unit
    facts: Sequence[Fact]
    tree: Tree
    pins: Pins
    answers: dict[str, Any] = field(default_factory=dict)
    """What was found or answered for the parameters before this one, by name."""

    def at(self, path: str, line: int = 0) -> Location:
        """A place in the unit's repository."""
        return Location(target=self.target.label, path=path, line=line)

    def files(self, directory: str, *suffixes: str) -> list[str]:
        """The files directly in a directory that end in one of the suffixes, sorted."""
        here = "" if directory == "." else directory
        return sorted(p for p in self.tree.paths if dirname(p) == here and p.endswith(suffixes))


@dataclass(frozen=True, slots=True)
class Found:
    """A value, and where it stands."""

    value: Any
    at: tuple[Location, ...] = ()
    note: str = ""
    """Who says so, where no place does."""


class Ask(Exception):
    """Only a person knows; `str()` is the question, `at` what raises it."""

    def __init__(self, question: str, *at: Location) -> None:
        super().__init__(question)
        self.at = at


class Blocked(Exception):
    """It cannot work as things are; `str()` says what comes first, `at` where."""

    def __init__(self, why: str, *at: Location) -> None:
        super().__init__(why)
        self.at = at


Reader = Callable[[Evidence], Found | None]


def branch_of(evidence: Evidence) -> Found | None:
    """The default branch, as the clone knows it."""
    if branch := evidence.tree.default_branch:
        return Found(branch, (evidence.at(""),))
    raise Ask("Which branch is applied? The clone does not know the default branch.", evidence.at(""))


_CI_FILES = {".gitlab-ci.yml": "gitlab", "azure-pipelines.yml": "azure-devops", "Jenkinsfile": "jenkins"}
_HOSTS = {"github": "github", "gitlab": "gitlab", "dev.azure": "azure-devops"}
_CI_TOOLS = {"github-actions": "github", "gitlab-ci": "gitlab", "azure-pipelines": "azure-devops", "jenkins": "jenkins"}


def forge_of(evidence: Evidence) -> Found | None:
    """Where pipelines run: by the jobs that there are, the files of a CI, then the repository's host."""
    for fact in evidence.facts:
        if isinstance(fact, Procedure) and fact.form == "job" and fact.tool in _CI_TOOLS:
            return Found(_CI_TOOLS[fact.tool], (fact.at,))
    for path, forge in _CI_FILES.items():
        if path in evidence.tree.paths:
            return Found(forge, (evidence.at(path, 1),))
    if workflow := next((p for p in evidence.tree.paths if p.startswith(".github/workflows/")), ""):
        return Found("github", (evidence.at(workflow, 1),))
    host = evidence.target.remote or evidence.target.web
    named = next((forge for word, forge in _HOSTS.items() if word in host), "")
    return Found(named, (evidence.at(""),)) if named else None
