"""What GitOps objects deliver: which object, from which repository and path, and whether a path is covered."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from posixpath import normpath

from assess.model.fact import Fact, GitOpsSource, Kustomization
from assess.model.target import Target

DELIVERING = {
    "Application", "ApplicationSet", "Kustomization", "HelmRelease", "FluxInstance", "ResourceSet", "GitRepo", "KluctlDeployment",
    "Bundle",
}  # fmt: skip


def within(path: str, directory: str) -> bool:
    """Whether a path is a directory or lies below it; `.` holds everything."""
    return directory in (".", "") or path == directory or path.startswith(directory + "/")


def address(url: str) -> str:
    """A repository's address reduced to `host/path`, so that the same one under several protocols compares equal."""
    match = re.match(r"(?:[a-z+]+://)?(?:[^@/]+@)?([\w.-]+)(?::\d+)?[:/](.+?)(?:\.git)?/?$", url.strip(), re.I)
    return f"{match[1]}/{match[2]}".lower() if match else url.strip().lower()


class Delivery:
    """The GitOps objects of the whole estate, and the paths that they cover, by target."""

    def __init__(self, targets: Iterable[Target], facts: Mapping[str, Iterable[Fact]]) -> None:
        self._by_address = {address(t.remote): t.label for t in targets if t.remote}
        self._covered: dict[str, list[tuple[str, GitOpsSource]]] = defaultdict(list)
        self._builds: dict[str, dict[str, tuple[str, ...]]] = {}
        for label, own in facts.items():
            own = list(own)
            self._builds[label] = {f.path: f.resources for f in own if isinstance(f, Kustomization)}
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
        if not fact.source or "{{" in fact.source or not re.search(r"[:/]", fact.source):
            return label
        return self._by_address.get(address(fact.source))

    def covers(self, label: str, path: str) -> bool:
        """Whether some object delivers a path."""
        return any(_fits(path, pattern) for pattern, _ in self._covered.get(label, ()))

    def deliverers(self, label: str, path: str) -> list[GitOpsSource]:
        """The objects that deliver a path."""
        return [fact for pattern, fact in self._covered.get(label, ()) if _fits(path, pattern)]

    def _cover(self, label: str, fact: GitOpsSource) -> None:
        source = self.source_of(label, fact)
        home = source if source is not None else label
        for path in fact.delivers:
            self._cover_build(home, normpath(path.lstrip("/") or "."), fact, set())

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
    pattern = re.sub(r"\{\{.*?\}\}", "*", pattern)
    depth = pattern.count("/") + 1
    return fnmatchcase("/".join(path.split("/")[:depth]), pattern)
