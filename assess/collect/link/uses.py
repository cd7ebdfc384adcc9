"""Which modules and charts are used, and what of the estate they are; those of nowhere else are outside. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from posixpath import normpath

from assess.collect.link.artifacts import Artifacts, registry
from assess.collect.link.delivery import Delivery
from assess.collect.link.repositories import Repositories, address
from assess.model.fact import Fact, GitOpsSource, HelmChart, HelmRelease, ModuleCall, TerraformModule, TerraformRoot
from assess.model.graph import EdgeType, Resolved
from assess.model.target import Location


@dataclass(frozen=True, slots=True)
class Place:
    """What a name means: a directory of a target, or an address outside of all of them."""

    resolved: Resolved
    target: str = ""
    path: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One module or chart that something in a directory of a target uses."""

    label: str
    path: str
    at: Location
    kind: str
    """The kind of the fact that says so."""
    type: EdgeType
    to: Place
    written: str
    pinned: bool = False


_GETTER = re.compile(r"\A(?:git|hg)::")
_PAGE = re.compile(r"/(?:-/)?(?:tree|blob|src/branch|src/commit|src)/[^/]+(?:/|\Z)")
_REGISTRY = re.compile(r"(?:(?P<host>[\w-]+(?:\.[\w-]+)+)/)?(?P<namespace>[\w-]+)/(?P<name>[\w-]+)/(?P<provider>[\w-]+)\Z")
_PUBLIC = ("registry.terraform.io", "registry.opentofu.org")


def located(written: str) -> tuple[str, str]:
    """The repository and the directory in it that an address names: `//` or a page of the forge stands between them."""
    bare = _GETTER.sub("", written.strip()).partition("?")[0]
    scheme, mark, rest = bare.partition("://")
    rest = rest if mark else bare
    repository, _, path = rest.partition("//")
    if page := _PAGE.search(repository):
        repository, path = repository[: page.start()], repository[page.end() :]
    elif not path and re.match(r"(?:www\.)?(?:github\.com|bitbucket\.org)/", repository):
        repository, path = "/".join(repository.split("/")[:3]), "/".join(repository.split("/")[3:])
    start = f"{scheme}://" if mark else "" if "@" in repository else "https://"
    return f"{start}{repository}", normpath(path.strip("/") or ".")


def place_of(label: str, written: str, repositories: Repositories) -> Place:
    """What an address of a repository, with a directory or without, means to a file of a target."""
    repository, path = located(written)
    if re.search(r"[$*{}<>]", repository):
        return Place(Resolved.AMBIGUOUS, address=address(repository))
    found = repositories.meant(label, repository)
    if not found:
        return Place(Resolved.OUTSIDE, path=path, address=address(repository))
    return Place(Resolved.INSIDE if len(found) == 1 else Resolved.AMBIGUOUS, found[-1], path)


def uses(by_target: Mapping[str, Iterable[Fact]], delivery: Delivery, repositories: Repositories, artifacts: Artifacts) -> list[Use]:
    """Every use of a module or chart that names it: by the address of a repository, of a registry, or by its path."""
    charts = _Charts(by_target, repositories, artifacts)
    found: list[Use] = []
    for label, facts in by_target.items():
        for fact in facts:
            if isinstance(fact, ModuleCall) and fact.origin != "local":
                to = _module(label, fact.source, repositories)
                found.append(_use(label, fact, fact.path, EdgeType.CALLS_MODULE, (fact.source, fact.pinned, to)))
            elif isinstance(fact, GitOpsSource | HelmRelease | HelmChart):
                found += [_use(label, fact, fact.path, EdgeType.USES_CHART, one) for one in charts.used(label, fact, delivery)]
    return found


def _use(label: str, fact: Fact, path: str, type: EdgeType, used: tuple[str, bool, Place]) -> Use:
    written, pinned, to = used
    return Use(label=label, path=path, at=fact.at, kind=fact.kind, type=type, to=to, written=written, pinned=pinned)


def _module(label: str, source: str, repositories: Repositories) -> Place:
    """What a module's source means. A registry's module has a repository that its name prescribes.

    Source: https://developer.hashicorp.com/terraform/registry/modules/publish#requirements
    """
    name, _, sub = source.partition("?")[0].partition("//")
    if "::" in source or "://" in source or not (match := _REGISTRY.match(name)) or _is_forge(match["host"]):
        return place_of(label, source, repositories)
    repository = f"terraform-{match['provider']}-{match['name']}"
    public = (match["host"] or _PUBLIC[0]) in _PUBLIC
    found = (
        repositories.meant(label, f"https://github.com/{match['namespace']}/{repository}") if public else repositories.ending(repository)
    )
    if not found:
        at = name if match["host"] else f"{_PUBLIC[0]}/{name}"
        return Place(Resolved.OUTSIDE, path=sub, address=at.lower())
    return Place(Resolved.INSIDE if len(found) == 1 else Resolved.AMBIGUOUS, found[-1], normpath(sub or "."))


def _is_forge(host: str | None) -> bool:
    """Whether a host without a scheme means Git: Terraform knows these two so.

    Source: https://developer.hashicorp.com/terraform/language/modules/sources#github
    """
    return host in ("github.com", "bitbucket.org")


class _Charts:
    """The charts of the estate: by their path, and by the repository that they are pulled from."""

    def __init__(self, by_target: Mapping[str, Iterable[Fact]], repositories: Repositories, artifacts: Artifacts) -> None:
        self._repositories, self._artifacts = repositories, artifacts
        self._paths: dict[str, dict[str, str]] = defaultdict(dict)
        self._own: set[tuple[str, str]] = set()
        for label, facts in by_target.items():
            for fact in facts:
                if isinstance(fact, HelmChart) and fact.origin == "own":
                    self._paths[label].setdefault(fact.name, fact.path)
                    self._own.add((label, fact.path))

    def used(self, label: str, fact: GitOpsSource | HelmRelease | HelmChart, delivery: Delivery) -> Iterator[tuple[str, bool, Place]]:
        """The charts that a fact uses: as written, whether at a fixed version, and what they are."""
        if isinstance(fact, HelmChart):
            for need in fact.needs:
                yield need, True, self._needed(label, fact.path, need)
        elif isinstance(fact, HelmRelease):
            local = fact.chart.startswith(("./", "../"))
            repository, _, name = fact.chart.rpartition("/")
            written = f"{fact.repository}/{name}" if fact.repository else fact.chart
            to = (
                self._needed(label, fact.path, f"file://{fact.chart}")
                if local
                else self._pulled(fact.repository or repository, name, written)
            )
            yield written, bool(fact.version), to
        elif fact.chart and delivery.delivers(fact):
            repository = delivery.address_of(label, fact)
            yield f"{repository}/{fact.chart}".lstrip("/"), bool(fact.revision), self._pulled(repository, fact.chart, repository)
        elif delivery.delivers(fact) and (home := delivery.source_of(label, fact)) is not None:
            for path in delivery.paths(label, fact):
                if (home, path) in self._own:
                    yield path, bool(fact.revision), Place(Resolved.INSIDE, home, path)

    def _needed(self, label: str, directory: str, need: str) -> Place:
        if need.startswith("file://"):
            path = normpath(f"{directory}/{need.removeprefix('file://')}")
            here = (label, path) in self._own
            return Place(Resolved.INSIDE, label, path) if here else Place(Resolved.AMBIGUOUS, label, path)
        repository, _, name = need.rpartition("/")
        return self._pulled(repository, name, repository)

    def _pulled(self, repository: str, name: str, written: str) -> Place:
        """A chart by the repository that it is pulled from: one that a pipeline of the estate pushes to, or a Git repository."""
        if re.search(r"[$*{}<>]", f"{repository}{name}") or "://" not in repository:
            return Place(Resolved.AMBIGUOUS, address=written.lower())
        pushers = {*self._artifacts.pushers(repository), *self._artifacts.pushers(f"{repository.rstrip('/')}/{name}")}
        if not pushers:
            pushers |= set(self._repositories.meant("", repository))
        found = sorted((label, self._paths[label][name]) for label in pushers if name in self._paths.get(label, {}))
        if not found:
            return Place(Resolved.OUTSIDE, address=registry(repository))
        return Place(Resolved.INSIDE if len(found) == 1 else Resolved.AMBIGUOUS, *found[0])


def consumed(by_target: Mapping[str, list[Fact]], used: Iterable[Use]) -> dict[str, list[Fact]]:
    """The facts, in which modules and charts know how many other targets use them.

    A directory of Terraform that nothing here calls is no root where another target calls it: it is a module, and one that
    is published where that is at a fixed version.
    """
    users: dict[tuple[str, str], set[str]] = defaultdict(set)
    pinned: set[tuple[str, str]] = set()
    for use in used:
        if use.to.resolved is Resolved.INSIDE and use.to.target != use.label:
            users[use.to.target, use.to.path].add(use.label)
            pinned |= {(use.to.target, use.to.path)} if use.pinned else set()
    return {label: [_known(fact, label, users, pinned) for fact in facts] for label, facts in by_target.items()}


def _known(fact: Fact, label: str, users: Mapping[tuple[str, str], set[str]], pinned: set[tuple[str, str]]) -> Fact:
    if not isinstance(fact, TerraformModule | TerraformRoot | HelmChart) or (label, fact.path) not in users:
        return fact
    consumers, published = len(users[label, fact.path]), (label, fact.path) in pinned
    if isinstance(fact, TerraformRoot):
        if fact.backend != "local" or fact.remote_runs:
            return fact
        return TerraformModule(
            at=fact.at, tool="terraform-modules", path=fact.path, resources=fact.resources, called_locally=False, published=published,
            consumers=consumers,
        )  # fmt: skip
    if isinstance(fact, TerraformModule):
        return replace(fact, consumers=consumers, published=fact.published or published)
    return replace(fact, consumers=consumers)
