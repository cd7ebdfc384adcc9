"""Which target a repository is that a file names, in whatever way its forge lets it be named."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from assess.model.target import Target

_AZURE = re.compile(
    r"(?:(?:ssh\.)?dev\.azure\.com/(?:v3/)?([^/]+)/|([^./]+)\.visualstudio\.com/(?:defaultcollection/)?)([^/]+)/(?:_git/)?([^/]+)$"
)


def address(url: str) -> str:
    """A repository's address reduced to `host/path`, so that the same one under several protocols compares equal."""
    match = re.match(r"(?:[a-z+]+://)?(?:[^@/]+@)?([\w.-]+)(?::\d+)?[:/](.+?)(?:\.git)?/?$", url.strip(), re.I)
    return f"{match[1]}/{match[2]}".lower() if match else url.strip().lower()


class Repositories:
    """The targets of a run by their addresses."""

    def __init__(self, targets: Iterable[Target]) -> None:
        self._by_address: dict[str, list[str]] = defaultdict(list)
        self._by_path: dict[str, list[str]] = defaultdict(list)
        self._by_name: dict[str, list[str]] = defaultdict(list)
        self._own: dict[str, str] = {}
        for target in targets:
            if target.remote:
                own = _normal(address(target.remote))
                path = own.partition("/")[2]
                self._own[target.label] = own
                self._by_address[own].append(target.label)
                self._by_path[path].append(target.label)
                self._by_name[path.rpartition("/")[2]].append(target.label)

    def named(self, label: str, repository: str) -> str | None:
        """The label of the target that a file of target `label` names; None where it is none, or cannot be told.

        Of several clones of one repository, the last. A name without a host means the forge of the file's own repository;
        where its clone does not know one, the one target of that path. `library:NAME` is a library that Jenkins knows by a
        name of its own: the one target so named.
        """
        found = self.meant(label, repository)
        sure = len(found) == 1 or _is_address(repository) or (label in self._own and not repository.startswith("library:"))
        return found[-1] if found and sure else None

    def meant(self, label: str, repository: str) -> list[str]:
        """Every target that may be meant."""
        if repository == ".":
            return [label]
        if repository.startswith("library:"):
            return self.ending(repository.removeprefix("library:").rpartition("/")[2])
        if _is_address(repository):
            return self._by_address.get(_normal(address(repository)), [])
        path = repository.strip("/").lower()
        if label not in self._own:
            return self._by_path.get(path, [])
        host, _, own = self._own[label].partition("/")
        if host == "dev.azure.com":
            organization, project = own.split("/")[:2]
            path = f"{organization}/{path}" if "/" in path else f"{organization}/{project}/{path}"
        return self._by_address.get(f"{host}/{path}", [])

    def is_called(self, label: str, repository: str) -> bool:
        """Whether a target goes by the name that an address ends with, whoever owns it."""
        own = self._own.get(label, label.lower())
        name = (
            _normal(address(repository)).rpartition("/")[2] if _is_address(repository) else repository.strip("/").lower().rpartition("/")[2]
        )
        return own.rpartition("/")[2] == name

    def ending(self, name: str) -> list[str]:
        """The targets whose repository is called so, whatever stands before it."""
        return self._by_name.get(name.lower(), [])


def _is_address(repository: str) -> bool:
    return "://" in repository or "@" in repository


def _normal(found: str) -> str:
    """An address in one form: Azure DevOps has several for the same repository.

    Source: https://learn.microsoft.com/en-us/azure/devops/repos/git/clone
    """
    if azure := _AZURE.match(found):
        return f"dev.azure.com/{azure[1] or azure[2]}/{azure[3]}/{azure[4]}"
    return found
