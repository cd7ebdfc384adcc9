"""Which repository a platform's job works on: a workspace is often declared in one and runs the code of another. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from assess.collect.link.delivery import address
from assess.model.fact import Fact, Procedure
from assess.model.target import Target


def serving(targets: Iterable[Target], by_target: Mapping[str, list[Fact]]) -> dict[str, list[Fact]]:
    """The facts of each target, with the jobs that run its files from elsewhere in place of those that run others'.

    A job of a repository outside the estate belongs to none. One that names a repository which no target answers to stays
    where it is declared if that clone knows no remote and the job names a directory: it may be the very one.
    """
    targets = list(targets)
    found: dict[str, list[Fact]] = {label: [] for label in by_target}
    for label, facts in by_target.items():
        for fact in facts:
            home = _home(fact, label, targets) if isinstance(fact, Procedure) and fact.serves else label
            if home in found:
                found[home].append(fact)
    return found


def _home(job: Procedure, label: str, targets: list[Target]) -> str:
    named = next((target.label for target in targets if _answers(target, job.serves)), "")
    if named:
        return named
    unknown = any(target.label == label and not target.remote for target in targets)
    return label if unknown and all(command.path not in (".", "") for command in job.commands) else ""


def _answers(target: Target, repository: str) -> bool:
    """Whether a target is the repository that is meant by an address, `owner/name` or `name`."""
    wanted = repository.strip().strip("/").removesuffix(".git").lower()
    if re.search(r"://|^[\w.-]+@", wanted):
        return bool(target.remote) and address(target.remote) == address(wanted)
    if target.remote:
        return address(target.remote).endswith(f"/{wanted}")
    return target.label.lower() == wanted.rpartition("/")[2]
