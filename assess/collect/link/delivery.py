"""What GitOps objects deliver: which object, from which repository and path, and whether a path is covered."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from posixpath import normpath

from assess.collect.link.artifacts import Artifacts
from assess.collect.link.places import Patterns, Tree, prefixed
from assess.collect.link.repositories import Repositories
from assess.model.fact import Fact, GitOpsSource, Kustomization
from assess.model.target import Target
from assess.model.unit import within

DELIVERING = {
    "Application", "ApplicationSet", "Kustomization", "HelmRelease", "FluxInstance", "ResourceSet", "GitRepo", "KluctlDeployment",
    "Bundle", "Terraform", "FleetBundle", "ClusterProfile", "Profile", "App", "PackageInstall",
}  # fmt: skip


_ADDRESS = re.compile(r"://|^[\w.-]+@[\w.-]+:")


class Delivery:
    """The GitOps objects of the whole estate, and the paths that they cover, by target.

    artifacts: what pipelines of the estate push to registries; an object that pulls such an artifact delivers the directory
    that was pushed.
    """

    def __init__(self, targets: Iterable[Target], facts: Mapping[str, Iterable[Fact]], artifacts: Artifacts | None = None) -> None:
        targets = list(targets)
        self._repositories = Repositories(targets)
        self._artifacts = artifacts or Artifacts({})
        self._known = {t.label for t in targets if t.remote}
        self._places = {label: Tree(fact.at.path for fact in own) for label, own in facts.items()}
        self._named: dict[str, dict[str, GitOpsSource]] = {}
        self._covered: dict[str, Patterns[GitOpsSource]] = defaultdict(Patterns)
        self._builds: dict[str, dict[str, tuple[str, ...]]] = {}
        for label, own in facts.items():
            self._builds[label] = {f.path: f.resources for f in own if isinstance(f, Kustomization)}
            self._named[label] = {f"{f.object_kind}/{f.name}": f for f in own if isinstance(f, GitOpsSource)}
        self._trees = {label: Tree(builds) for label, builds in self._builds.items()}
        for label, own in facts.items():
            for fact in own:
                if isinstance(fact, GitOpsSource) and self.delivers(fact):
                    self._cover(label, fact)

    def delivers(self, fact: GitOpsSource) -> bool:
        """Whether an object delivers something itself, rather than only naming a source or a project."""
        return fact.object_kind in DELIVERING

    def address_of(self, label: str, fact: GitOpsSource) -> str:
        """The address that an object delivers from, looked up where it names a source object; empty: its own repository."""
        named = self._named.get(label, {}).get(fact.source)
        source = named.source if named else fact.source
        return source if _ADDRESS.search(source) else ""

    def source_of(self, label: str, fact: GitOpsSource) -> str | None:
        """The target that an object delivers from; None where it lies outside the estate.

        An address that no target has is taken for the object's own repository where the delivered path exists there:
        clones often know no remote. A local or templated address means the own repository.
        """
        source = self.address_of(label, fact)
        if not source or "*" in source:
            return label
        if pushed := self._artifacts.pushed(source):
            return pushed.target
        if found := self._repositories.named(label, source):
            return found
        here = label not in self._known and any(path in self._places[label] for path in fact.delivers if label in self._places)
        return label if here else None

    def covers(self, label: str, path: str) -> bool:
        """Whether some object delivers a path."""
        return any(fact.object_kind != "Terraform" for fact in self._covering(label, path))

    def deliverers(self, label: str, path: str, terraform: bool = False) -> list[GitOpsSource]:
        """The objects that deliver a path; a Terraform root only those that run Terraform, anything else only the others."""
        return [fact for fact in self._covering(label, path) if (fact.object_kind == "Terraform") is terraform]

    def _covering(self, label: str, path: str) -> list[GitOpsSource]:
        return self._covered[label].of(path) if label in self._covered else []

    def directories(self, label: str, fact: GitOpsSource, paths: Tree) -> list[str]:
        """The directories among `paths` that the patterns of a generator select: each becomes an application of its own."""
        several = fact.object_kind == "ApplicationSet" and len(fact.delivers) > 1
        patterns = [p for p in fact.delivers if (several or "*" in p or "{{" in p) and not prefixed(p)]
        if not patterns or self.source_of(label, fact) != label:
            return []
        found = set()
        for pattern in patterns:
            depth = pattern.count("/") + 1
            found |= {"/".join(path.split("/")[:depth]) for path in paths.fitting(pattern) if path.count("/") >= depth}
        return sorted(found)

    def paths(self, label: str, fact: GitOpsSource) -> tuple[str, ...]:
        """The paths in the repository that it delivers from; those within an artifact stand for what was put into it."""
        artifact = self._named.get(label, {}).get(fact.source)
        if artifact is not None and artifact.object_kind == "ExternalArtifact":
            return tuple(
                copied if copied.endswith(f"/{path}") or copied == path else normpath(f"{copied}/{path}")
                for path in fact.delivers for copied in artifact.delivers
            )  # fmt: skip
        paths = tuple(normpath(path.lstrip("/") or ".") for path in fact.delivers)
        pushed = self._artifacts.pushed(self.address_of(label, fact))
        return tuple(normpath(f"{pushed.path}/{path}") for path in paths) if pushed else paths

    def _cover(self, label: str, fact: GitOpsSource) -> None:
        home = self.source_of(label, fact)
        if home is None:
            return
        for path in self.paths(label, fact):
            self._cover_build(home, normpath(path.lstrip("/") or "."), fact, set())

    def _cover_build(self, label: str, path: str, fact: GitOpsSource, seen: set[str]) -> None:
        """A path, and what the Kustomize build there takes in from elsewhere."""
        if path in seen:
            return
        seen.add(path)
        self._covered[label].add(path, fact)
        builds = self._builds.get(label, {})
        for directory in self._trees[label].fitting(path) if label in self._trees else ():
            for resource in builds[directory]:
                if "://" not in resource and not within(resource, path):
                    self._cover_build(label, normpath(resource), fact, seen)
