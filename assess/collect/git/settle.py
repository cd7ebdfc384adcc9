"""What only the whole repository settles of a command: guesses about actions, and configuration of the runner itself. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from assess.collect.git.file import Part
from assess.model.fact import ANY_TOOL, Command, Definition, Fact, HelmChart, HelmRelease, Kustomization, Manifest, Procedure, TerraformRoot
from assess.model.unit import within

PERHAPS = "perhaps"
"""What an action may do, by no more than its name and an input that looks like a path; no fact keeps it."""
_IN_USE = (Definition, HelmChart, HelmRelease, Kustomization, Manifest, TerraformRoot)
_LOCAL = re.compile(r"(?:^|\s)(?:-i|--inventory)[= ]?[\"']?(?:localhost|127\.0\.0\.1),|(?:^|\s)(?:-c|--connection)[= ]?[\"']?local\b")
_INVENTORY = re.compile(r"(?:^|\s)(?:-i|--inventory)[= ]?[\"']?(?!localhost|127\.)\S")
_IN_A_PIPELINE = ("job", "action", "workflow", "template")


@dataclass(frozen=True, slots=True)
class Remote(Part):
    """A playbook or task file that changes a cloud or a cluster through modules, wherever Ansible itself runs."""


@dataclass(frozen=True, slots=True)
class Inventory(Part):
    """The machines that Ansible works on. local: all of them are the one that it runs on."""

    local: bool


def settled(facts: Iterable[Fact], parts: Iterable[Part]) -> Iterator[Fact]:
    """Facts without guesses: each became a deployment, something unresolved, or nothing; and with what only tests told so.

    An action whose name says that it deploys, and that is given what is in use here, deploys that. Where it is given an
    expression, it may be what runs anything here: then a job without another sign of it is unknown. Ansible against
    `localhost` configures a pipeline's runner, which is thrown away, so it is a test of the playbook; not where modules of
    the repository reach a cloud from there.
    """
    facts, parts = list(facts), list(parts)
    places = {fact.at.path for fact in facts if isinstance(fact, _IN_USE)}
    only_local = {part.local for part in parts if isinstance(part, Inventory)} == {True}
    reaches_out = any(isinstance(part, Remote) for part in parts)
    for fact in facts:
        if not isinstance(fact, Procedure) or not fact.commands:
            yield fact
            continue
        guesses = [c for c in fact.commands if c.does == PERHAPS]
        kept = tuple(
            replace(c, does="test") if not reaches_out and fact.form in _IN_A_PIPELINE and _only_tests(c, only_local) else c
            for c in fact.commands if c.does != PERHAPS
        )  # fmt: skip
        kept += tuple(replace(c, does="deploy", tool=ANY_TOOL) for c in guesses if "$" not in c.path and _in_use(c, places))
        unresolved = (c.text.removeprefix("uses: ") for c in guesses if "$" in c.path and places)
        yield replace(fact, commands=kept, unresolved=tuple(dict.fromkeys((*fact.unresolved, *unresolved))))


def _only_tests(command: Command, only_local: bool) -> bool:
    """Whether a run works on the machine it runs on: it says so, or names no inventory and none here names another."""
    here = _LOCAL.search(command.text) or (only_local and not _INVENTORY.search(command.text))
    return command.does == "configure" and command.tool.startswith("ansible") and bool(here)


def _in_use(command: Command, places: Collection[str]) -> bool:
    """Whether something in use lies at the path."""
    return command.path != "." and any(within(place, command.path) for place in places)
