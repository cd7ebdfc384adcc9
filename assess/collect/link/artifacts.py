"""What pipelines of the estate push to registries, by address: an object that pulls it uses what stands in that target. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from assess.collect.git.expressions import filled
from assess.collect.link.chains import Reached
from assess.collect.link.repositories import address
from assess.model.fact import PipelineJob
from assess.model.target import Location, Target


@dataclass(frozen=True, slots=True)
class Pushed:
    """One thing that a job pushes: from which directory of which target, and where that is said."""

    target: str
    path: str
    at: Location
    tool: str


class Artifacts:
    """What is pushed, by the address in its registry, without scheme and tag."""

    def __init__(self, by_address: Mapping[str, Iterable[Pushed]]) -> None:
        self._by_address = {key: sorted(set(found), key=_order) for key, found in by_address.items()}

    def pushed(self, source: str) -> Pushed | None:
        """What stands at an address of a registry; None where nothing does, or what two targets push there."""
        found = self._by_address.get(registry(source), ()) if source else ()
        return found[0] if found and len({(one.target, one.path) for one in found}) == 1 else None

    def images(self) -> Iterator[tuple[str, Pushed]]:
        """Each image that is pushed, by its address."""
        return ((key, one) for key, found in sorted(self._by_address.items()) for one in found if one.tool in _BUILDERS)

    def pushers(self, source: str) -> tuple[str, ...]:
        """The targets that push to an address, or to one below it that is named."""
        return tuple(sorted({one.target for one in self._by_address.get(registry(source), ())}))


_BUILDERS = {"docker", "podman", "buildah", "nerdctl", "kaniko", "buildx"}


def image_key(reference: str) -> str:
    """The address of an image without tag and digest; one without a host is Docker's.

    Source: https://docs.docker.com/reference/cli/docker/image/tag/#description
    """
    key = registry(reference)
    host = key.partition("/")[0]
    return key if "/" in key and ("." in host or ":" in host or host == "localhost") else f"docker.io/{key}"


def _order(one: Pushed) -> tuple[str, str, str, int]:
    return one.target, one.path, one.at.path, one.at.line


def artifacts(targets: Iterable[Target], runs: Mapping[str, Sequence[tuple[PipelineJob, list[Reached]]]]) -> Artifacts:
    """What the jobs of the targets push; an address that holds an expression nobody can resolve is left out."""
    found: dict[str, list[Pushed]] = defaultdict(list)
    for target in targets:
        known = _forge(target)
        for job, reached in runs.get(target.label, ()):
            for command in (r.command for r in reached if r.command.does == "publish" and job.can_run is not False):
                for key in _addresses(target, command.sends, command.tool, known):
                    path = command.path if command.resolved else "."
                    found[key].append(Pushed(target.label, path, job.at, command.tool))
    return Artifacts(found)


def _addresses(target: Target, sends: str, tool: str, known: Mapping[str, str]) -> Iterable[str]:
    if tool == "chart-releaser" and (pages := pages_of(target)):
        yield pages
    named = filled(sends, known)
    key = "" if not sends else image_key(named) if tool in _BUILDERS else registry(named)
    if key and "/" in key and not re.search(r"[$*`{}<>]", key):
        yield key


def pages_of(target: Target) -> str:
    """The address of GitHub Pages that a repository is served at; empty for one that is not on GitHub.

    Source: https://docs.github.com/en/pages/getting-started-with-github-pages/what-is-github-pages#types-of-github-pages-sites
    """
    host, _, path = address(target.remote).partition("/") if target.remote else ("", "", "")
    owner, _, name = path.partition("/")
    if host != "github.com" or not name:
        return ""
    return f"{owner}.github.io" if name == f"{owner}.github.io" else f"{owner}.github.io/{name}"


def registry(reference: str) -> str:
    """An address in a registry, or of a chart repository, without scheme, userinfo, tag, digest and trailing slash."""
    bare = re.sub(r"\A[a-z]+://", "", reference.strip(), flags=re.I).partition("?")[0]
    host, slash, path = bare.partition("/")
    host = host.rpartition("@")[2] if slash else host
    path, _, name = path.partition("@")[0].rpartition("/")
    return "/".join(part for part in (host, path, name.partition(":")[0]) if part).lower()


def _forge(target: Target) -> Mapping[str, str]:
    """The variables that a forge sets in every job, as far as the repository's address says them.

    Source: https://docs.github.com/en/actions/reference/workflows-and-actions/variables,
    https://docs.gitlab.com/ci/variables/predefined_variables/
    """
    if not target.remote:
        return {}
    host, _, path = address(target.remote).partition("/")
    owner, _, name = path.rpartition("/")
    known = {
        "github.repository": path, "github.repository_owner": owner, "github.event.repository.name": name,
        "GITHUB_REPOSITORY": path, "GITHUB_REPOSITORY_OWNER": owner, "CI_PROJECT_PATH": path, "CI_PROJECT_NAME": name,
        "CI_PROJECT_NAMESPACE": owner, "CI_PROJECT_ROOT_NAMESPACE": owner.partition("/")[0],
    }  # fmt: skip
    if host == "gitlab.com":
        known |= {"CI_REGISTRY": "registry.gitlab.com", "CI_REGISTRY_IMAGE": f"registry.gitlab.com/{path}"}
    return known
