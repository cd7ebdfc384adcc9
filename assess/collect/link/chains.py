"""What a job or script really does: its commands and those of everything it calls, each with the hops that lead there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from assess.model.fact import Command, Procedure

MAX_HOPS = 12
MAX_COMMANDS = 20_000


@dataclass(frozen=True, slots=True)
class Reached:
    """A command with the hops from the entry point to it, each `path:line what`."""

    command: Command
    chain: tuple[str, ...]


class CallGraph:
    """The procedures of one repository, by name."""

    def __init__(self, procedures: Iterable[Procedure]) -> None:
        self._by_name: dict[str, Procedure] = {}
        self._by_group: dict[str, list[Procedure]] = defaultdict(list)
        for procedure in procedures:
            self._by_name.setdefault(procedure.name, procedure)
            self._by_group[_group(procedure.name)].append(procedure)

    def reach(self, entry: Procedure) -> list[Reached]:
        """The commands that a procedure runs, its own first, then those of what it calls; each called one once.

        However deep a chain goes, it is followed; of one longer than `MAX_HOPS`, the hops in its middle are not told.
        """
        found: list[Reached] = []
        seen: set[str] = set()
        open_: list[tuple[Iterator[Procedure], tuple[str, ...]]] = [(iter((entry,)), ())]
        while open_ and len(found) <= MAX_COMMANDS:
            callees, hops = open_[-1]
            procedure = next((callee for callee in callees if callee.name not in seen), None)
            if procedure is None:
                open_.pop()
                continue
            seen.add(procedure.name)
            hops = (*hops[:MAX_HOPS], f"{procedure.at.path}:{procedure.at.line} {procedure.form} {procedure.name.rpartition('#')[2]}")
            found += [Reached(c, (*hops, f"{procedure.at.path}:{c.line} {c.text}")) for c in procedure.commands]
            open_.append((self._called(procedure), hops))
        return found

    def _called(self, procedure: Procedure) -> Iterator[Procedure]:
        for call in procedure.calls:
            yield from self._callees(call.name)

    def reached_names(self, entries: Iterable[Procedure]) -> set[str]:
        """The names of all procedures that the entries call, directly or not."""
        seen: set[str] = set()
        waiting = list(entries)
        while waiting:
            for call in waiting.pop().calls:
                for callee in self._callees(call.name):
                    if callee.name not in seen:
                        seen.add(callee.name)
                        waiting.append(callee)
        return seen

    def unresolved(self, entry: Procedure) -> Iterator[str]:
        """What the chain starts that this repository does not hold, as written."""
        for name in sorted({entry.name} | self.reached_names([entry])):
            if procedure := self._by_name.get(name):
                yield from procedure.unresolved

    def _callees(self, name: str) -> list[Procedure]:
        """The procedures that a call may mean: the one of that name, else those that fit its open parts."""
        if exact := self._by_name.get(name):
            return [exact]
        same = self._by_group.get(_group(name), [])
        if "*" in name:
            return [p for p in same if fnmatchcase(p.name, name)]
        return [p for p in same if "%" in p.name and fnmatchcase(name, p.name.replace("%", "*"))]


def _group(name: str) -> str:
    """Names that may stand for one another: targets of one file, scripts of one directory."""
    return name.partition("#")[0] if "#" in name else name.rpartition("/")[0]
