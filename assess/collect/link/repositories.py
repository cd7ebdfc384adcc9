"""Which target a repository is that a file names, in whatever way its forge lets it be named."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from assess.collect.link.delivery import address
from assess.model.target import Target

_AZURE = re.compile(
    r"(?:(?:ssh\.)?dev\.azure\.com/(?:v3/)?([^/]+)/|([^./]+)\.visualstudio\.com/(?:defaultcollection/)?)([^/]+)/(?:_git/)?([^/]+)$"
)


class Repositories:
    """The targets of a run by their addresses."""

    def __init__(self, targets: Iterable[Target]) -> None:
        self._by_address: dict[str, str] = {}
        self._by_path: dict[str, set[str]] = defaultdict(set)
        self._host: dict[str, str] = {}
        for target in targets:
            if target.remote:
                host, _, path = _normal(address(target.remote)).partition("/")
                self._by_address[f"{host}/{path}"] = target.label
                self._by_path[path].add(target.label)
                self._host[target.label] = host

    def named(self, label: str, repository: str) -> str | None:
        """The label of the target that a file of target `label` names; None where it is none, or cannot be told.

        A name without a host means the forge of the file's own repository; where its clone does not know one, the one
        target of that path. `library:NAME` is a library that Jenkins knows by a name of its own: the one target so named.
        """
        if repository == ".":
            return label
        if repository.startswith("library:"):
            name = repository.removeprefix("library:").lower().rpartition("/")[2]
            found = {label for path, labels in self._by_path.items() if path.rpartition("/")[2] == name for label in labels}
            return next(iter(found)) if len(found) == 1 else None
        if "://" in repository or "@" in repository:
            return self._by_address.get(_normal(address(repository)))
        path = repository.strip("/").lower()
        host = self._host.get(label)
        if host is None:
            found = self._by_path.get(path, set())
            return next(iter(found)) if len(found) == 1 else None
        if host == "dev.azure.com" and (own := next((a for a, other in self._by_address.items() if other == label), "")):
            organization, project = own.split("/")[1:3]
            path = f"{organization}/{path}" if "/" in path else f"{organization}/{project}/{path}"
        return self._by_address.get(f"{host}/{path}")


def _normal(found: str) -> str:
    """An address in one form: Azure DevOps has several for the same repository.

    Source: https://learn.microsoft.com/en-us/azure/devops/repos/git/clone
    """
    if azure := _AZURE.match(found):
        return f"dev.azure.com/{azure[1] or azure[2]}/{azure[3]}/{azure[4]}"
    return found
