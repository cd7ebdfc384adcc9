"""What GitOps objects deliver: which object, from which repository and path, and whether a path is covered."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from posixpath import normpath

from assess.model.fact import Fact, GitOpsSource, Kustomization
from assess.model.target import Target
from assess.model.unit import within

DELIVERING = {
    "Application", "ApplicationSet", "Kustomization", "HelmRelease", "FluxInstance", "ResourceSet", "GitRepo", "KluctlDeployment",
    "Bundle", "Terraform", "FleetBundle", "ClusterProfile", "Profile", "App", "PackageInstall",
}  # fmt: skip


_ADDRESS = re.compile(r"://|^[\w.-]+@[\w.-]+:")


def address(url: str) -> str:
    """A repository's address reduced to `host/path`, so that the same one under several protocols compares equal."""
    match = re.match(r"(?:[a-z+]+://)?(?:[^@/]+@)?([\w.-]+)(?::\d+)?[:/](.+?)(?:\.git)?/?$", url.strip(), re.I)
    return f"{match[1]}/{match[2]}".lower() if match else url.strip().lower()


class Delivery:
    """The GitOps objects of the whole estate, and the paths that they cover, by target."""

    def __init__(self, targets: Iterable[Target], facts: Mapping[str, Iterable[Fact]]) -> None:
        self._by_address = {address(t.remote): t.label for t in targets if t.remote}
        self._known = set(self._by_address.values())
        self._places = {label: [fact.at.path for fact in own] for label, own in facts.items()}
        self._named: dict[str, dict[str, GitOpsSource]] = {}
        self._covered: dict[str, list[tuple[str, GitOpsSource]]] = defaultdict(list)
        self._builds: dict[str, dict[str, tuple[str, ...]]] = {}
        for label, own in facts.items():
            own = list(own)
            self._builds[label] = {f.path: f.resources for f in own if isinstance(f, Kustomization)}
            self._named[label] = {f"{f.object_kind}/{f.name}": f for f in own if isinstance(f, GitOpsSource)}
            for fact in own:
                if isinstance(fact, GitOpsSource) and self.delivers(fact):
                    self._cover(label, fact)

    def delivers(self, fact: GitOpsSource) -> bool:
        """Whether an object delivers something itself, rather than only naming a source or a project."""
        return fact.object_kind in DELIVERING

    def source_of(self, label: str, fact: GitOpsSource) -> str | None:
        """The target that an object delivers from; None where it lies outside the estate.

        An address that no target has is taken for the object's own repository where the delivered path exists there:
        clones often know no remote. A local or templated address means the own repository.
        """
        source = fact.source
        if named := self._named.get(label, {}).get(source):
            source = named.source
        if not source or "*" in source or not _ADDRESS.search(source):
            return label
        if found := self._by_address.get(address(source)):
            return found
        here = label not in self._known and any(self._holds(label, path) for path in fact.delivers)
        return label if here else None

    def _holds(self, label: str, path: str) -> bool:
        return any(_fits(place, path) for place in self._places.get(label, ()))

    def covers(self, label: str, path: str) -> bool:
        """Whether some object delivers a path."""
        return any(_fits(path, pattern) for pattern, fact in self._covered.get(label, ()) if fact.object_kind != "Terraform")

    def deliverers(self, label: str, path: str, terraform: bool = False) -> list[GitOpsSource]:
        """The objects that deliver a path; a Terraform root only those that run Terraform, anything else only the others."""
        found = [fact for pattern, fact in self._covered.get(label, ()) if _fits(path, pattern)]
        return [fact for fact in found if (fact.object_kind == "Terraform") is terraform]

    def directories(self, label: str, fact: GitOpsSource, paths: Iterable[str]) -> list[str]:
        """The directories among `paths` that the patterns of a generator select: each becomes an application of its own."""
        several = fact.object_kind == "ApplicationSet" and len(fact.delivers) > 1
        patterns = [p for p in fact.delivers if several or "*" in p or "{{" in p]
        if not patterns or self.source_of(label, fact) != label:
            return []
        found = set()
        for path in paths:
            for pattern in patterns:
                depth = pattern.count("/") + 1
                if path.count("/") >= depth and _fits(path, pattern):
                    found.add("/".join(path.split("/")[:depth]))
        return sorted(found)

    def _cover(self, label: str, fact: GitOpsSource) -> None:
        home = self.source_of(label, fact)
        if home is None:
            return
        for path in self._paths(label, fact):
            self._cover_build(home, normpath(path.lstrip("/") or "."), fact, set())

    def _paths(self, label: str, fact: GitOpsSource) -> tuple[str, ...]:
        """The paths in the repository; those within an artifact stand for the directories that were copied into it."""
        artifact = self._named.get(label, {}).get(fact.source)
        if artifact is None or artifact.object_kind != "ExternalArtifact":
            return fact.delivers
        return tuple(
            copied if copied.endswith(f"/{path}") or copied == path else normpath(f"{copied}/{path}")
            for path in fact.delivers for copied in artifact.delivers
        )  # fmt: skip

    def _cover_build(self, label: str, path: str, fact: GitOpsSource, seen: set[str]) -> None:
        """A path, and what the Kustomize build there takes in from elsewhere."""
        if path in seen:
            return
        seen.add(path)
        self._covered[label].append((path, fact))
        builds = self._builds.get(label, {})
        for directory in [d for d in builds if _fits(d, path)]:
            for resource in builds[directory]:
                if "://" not in resource and not within(resource, path):
                    self._cover_build(label, normpath(resource), fact, seen)


def _fits(path: str, pattern: str) -> bool:
    if "*" not in pattern and "{{" not in pattern:
        return within(path, pattern)
    pattern = re.sub(r"\{\{.{0,400}?\}\}", "*", pattern)
    depth = pattern.count("/") + 1
    return fnmatchcase("/".join(path.split("/")[:depth]), pattern)
