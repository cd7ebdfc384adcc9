"""Which repository a platform's job works on: a workspace is often declared in one and runs the code of another. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from assess.collect.link.repositories import address
from assess.model.fact import Checkout, Fact, Procedure
from assess.model.target import Target


def serving(targets: Iterable[Target], by_target: Mapping[str, list[Fact]]) -> dict[str, list[Fact]]:
    """The facts of each target, in which a job that runs another target's files has that target as its workspace.

    A job of a repository outside the estate is left out. One that names a repository which no target answers to stays
    if the clone that declares it knows no remote and the job names a directory: it may be the very one.
    """
    served = _Served(targets)
    return {label: [kept for fact in facts for kept in served.kept(fact, label)] for label, facts in by_target.items()}


class _Served:
    """The targets by what a platform may call them: an address, `owner/name` or `name`; of several, the first."""

    def __init__(self, targets: Iterable[Target]) -> None:
        self._remotes = {target.label: target.remote for target in targets}
        self._by_address: dict[str, str] = {}
        self._by_end: dict[str, str] = {}
        for label, remote in self._remotes.items():
            if remote:
                found = address(remote)
                self._by_address.setdefault(found, label)
                parts = found.split("/")
                for start in range(1, len(parts)):
                    self._by_end.setdefault("/".join(parts[start:]), label)

    def kept(self, fact: Fact, label: str) -> Iterable[Fact]:
        """A fact as it counts for the target that declares it; none for a job that works on nothing of the estate."""
        if not isinstance(fact, Procedure) or not fact.serves:
            return (fact,)
        home = self._home(fact.serves)
        if home and home != label:
            return (replace(fact, checkouts=(Checkout(path=".", repository=self._remotes[home]),)),)
        here = home == label or (not self._remotes.get(label) and all(command.path not in (".", "") for command in fact.commands))
        return (fact,) if here else ()

    def _home(self, repository: str) -> str:
        wanted = repository.strip().strip("/").removesuffix(".git").lower()
        return self._by_address.get(address(wanted), "") if re.search(r"://|^[\w.-]+@", wanted) else self._by_end.get(wanted, "")
