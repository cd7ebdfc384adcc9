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
    remotes = {target.label: target.remote for target in targets}
    return {label: [kept for fact in facts for kept in _kept(fact, label, remotes)] for label, facts in by_target.items()}


def _kept(fact: Fact, label: str, remotes: Mapping[str, str]) -> Iterable[Fact]:
    if not isinstance(fact, Procedure) or not fact.serves:
        return (fact,)
    home = next((other for other, remote in remotes.items() if remote and _answers(remote, fact.serves)), "")
    if home and home != label:
        return (replace(fact, checkouts=(Checkout(path=".", repository=remotes[home]),)),)
    here = home == label or (not remotes.get(label) and all(command.path not in (".", "") for command in fact.commands))
    return (fact,) if here else ()


def _answers(remote: str, repository: str) -> bool:
    """Whether an address is that of the repository that is meant by an address, `owner/name` or `name`."""
    wanted = repository.strip().strip("/").removesuffix(".git").lower()
    if re.search(r"://|^[\w.-]+@", wanted):
        return address(remote) == address(wanted)
    return address(remote).endswith(f"/{wanted}")
