"""What a job or script really does: its commands and those of everything it calls, each with the hops that lead there.

A chain may go on in another target of the run. What stands there works on what the job has checked out: the caller's
repository, unless a step puts another one into the workspace.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from posixpath import relpath

from assess.collect.git.expressions import bound
from assess.collect.link.repositories import Repositories
from assess.model.fact import Call, Command, Procedure
from assess.model.unit import within

MAX_HOPS = 12
MAX_COMMANDS = 20_000
MAX_VISITS = 5_000
_OPENS = ("workflow", "action", "template")
"""Forms with inputs of their own: they see none of their caller's."""

Key = tuple[str, str]
"""A procedure by its target and name."""


@dataclass(frozen=True, slots=True)
class Reached:
    """A command with the hops from the entry point to it, each `path:line what`.

    target: the repository that it works on; empty where that is no target of the run. Before the path of a hop that stands
    in another one, its name.
    """

    command: Command
    chain: tuple[str, ...]
    target: str = ""


@dataclass(slots=True)
class Walk:
    """Everything that a procedure leads to."""

    commands: list[Reached] = field(default_factory=list)
    called: set[Key] = field(default_factory=set)
    unresolved: set[str] = field(default_factory=set)
    """What the chain starts that no target holds, as written."""
    handed: dict[str, set[tuple[str, ...]]] = field(default_factory=lambda: defaultdict(set))
    """The values that such a call passes, by what is unresolved."""
    signs_in: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _At:
    """Where a walk stands: the procedure, what its expressions stand for, what the workspace holds."""

    procedure: Procedure
    known: tuple[tuple[str, str], ...]
    root: str
    """The target whose checkout the job works on."""
    mounts: tuple[tuple[str, str], ...]
    """Other places of the workspace, and the target that lies there; empty: no target."""
    hops: tuple[str, ...] = ()


class CallGraph:
    """The procedures of an estate, by target and name."""

    def __init__(self, procedures: Iterable[Procedure], repositories: Repositories | None = None) -> None:
        self._by_name: dict[Key, Procedure] = {}
        self._by_group: dict[Key, list[Procedure]] = defaultdict(list)
        self._repositories = repositories or Repositories(())
        for procedure in procedures:
            self._by_name.setdefault((procedure.at.target, procedure.name), procedure)
            self._by_group[procedure.at.target, _group(procedure.name)].append(procedure)

    def reach(self, entry: Procedure) -> list[Reached]:
        """The commands that a procedure runs, its own first, then those of what it calls."""
        return self.walk(entry).commands

    def walk(self, entry: Procedure) -> Walk:
        """Where a procedure leads. What is called twice in the same way is entered once.

        However deep a chain goes, it is followed; of one longer than `MAX_HOPS`, the hops in its middle are not told.
        """
        found = Walk()
        seen: set[tuple[Key, object, str]] = set()
        start = _At(entry, entry.defaults, entry.at.target, self._mounts(entry, entry.at.target))
        open_: list[Iterator[_At]] = [iter((start,))]
        while open_ and len(found.commands) <= MAX_COMMANDS and len(seen) <= MAX_VISITS:
            at = next((at for at in open_[-1] if _visit(at) not in seen), None)
            if at is None:
                open_.pop()
                continue
            seen.add(_visit(at))
            at = replace(at, hops=(*at.hops[:MAX_HOPS], _hop(at.procedure)))
            self._read(at, found)
            open_.append(self._called(at, found))
        return found

    def _read(self, at: _At, found: Walk) -> None:
        procedure, known = at.procedure, dict(at.known)
        found.signs_in.update(procedure.signs_in)
        mine = {_as_used(call) for call in procedure.calls if call.repository and self._callees(at, bound(call, known))}
        found.unresolved.update(name for name in procedure.unresolved if name not in mine)
        for command in procedure.commands:
            command = bound(command, known)
            target, path = _place(at, command.path)
            if procedure.form == "script" and procedure.at.target != at.root:
                path = "$PWD"  # a script of another repository: where it stands while it runs is not told
            moved = replace(command, path=path) if path != command.path else command
            hops = (*at.hops, f"{_line(procedure, command.line)} {command.text}")
            home = f"{target or at.root}:"
            found.commands.append(Reached(moved, tuple(hop.removeprefix(home) for hop in hops), target))

    def _called(self, at: _At, found: Walk) -> Iterator[_At]:
        for written in at.procedure.calls:
            call = bound(written, dict(at.known))
            callees = self._callees(at, call)
            if not callees and call.otherwise:
                found.unresolved.add(call.otherwise)
            if not callees and call.given:
                found.handed[call.otherwise or call.name].add(_passed(written, call))
            for callee, root, mounts in callees:
                found.called.add((callee.at.target, callee.name))
                yield _At(callee, _scope(at, callee, call), root, mounts, at.hops)

    def _callees(self, at: _At, call: Call) -> list[tuple[Procedure, str, tuple[tuple[str, str], ...]]]:
        """What a call starts, each with the workspace that it works on."""
        if call.repository:
            label = self._repositories.named(at.procedure.at.target, call.repository) or self._itself(at, call)
            name, root, mounts = call.name, at.root, at.mounts
        else:
            label, name = _place(at, call.name)
            root, mounts = (label, ()) if name != call.name else (at.root, at.mounts)
        found = self._named(label, name) if label else []
        if not found and name.startswith("gitlab:"):  # what a pipeline's files extend stands in any of them
            found = self._named(at.procedure.at.target, name)
        return [(p, root, self._mounts(p, root) if p.form == "job" else mounts) for p in found]

    def _itself(self, at: _At, call: Call) -> str:
        """The target that a call stands in, where it means that one: its name, and the file is here; a fork or a repository
        that has moved names its former owner."""
        home = at.procedure.at.target
        return home if self._repositories.is_called(home, call.repository) and (home, call.name) in self._by_name else ""

    def _mounts(self, job: Procedure, root: str) -> tuple[tuple[str, str], ...]:
        return tuple((one.path, self._repositories.named(root, one.repository) or "") for one in job.checkouts)

    def _named(self, label: str, name: str) -> list[Procedure]:
        """The procedures that a name may mean: the one of that name, else those that fit its open parts."""
        if exact := self._by_name.get((label, name)):
            return [exact]
        same = self._by_group.get((label, _group(name)), [])
        if "*" in name:
            return [p for p in same if fnmatchcase(p.name, name)]
        return [p for p in same if "%" in p.name and fnmatchcase(name, p.name.replace("%", "*"))]

    def unresolved(self, entry: Procedure) -> Iterator[str]:
        """What the chain starts that no target holds, as written."""
        yield from sorted(self.walk(entry).unresolved)


def _visit(at: _At) -> tuple[Key, object, str]:
    return (at.procedure.at.target, at.procedure.name), at.known, at.root


def _scope(at: _At, callee: Procedure, call: Call) -> tuple[tuple[str, str], ...]:
    """What the expressions of a called procedure stand for: what is passed, else its defaults; variables are handed down."""
    if not at.known and not call.given and not callee.defaults:
        return ()
    opens = callee.form in _OPENS
    kept = {name: value for name, value in at.known if not opens or "." not in name}
    return tuple({**kept, **dict(callee.defaults), **dict(call.given)}.items())


def _place(at: _At, name: str) -> tuple[str, str]:
    """The target that a path or name of the workspace belongs to, and what it is called there."""
    if not at.mounts or name.startswith(("$", "*", "/", "~")):
        return dict(at.mounts).get(".", at.root), name
    head, mark, rest = name.partition("#")
    kind, colon, path = head.rpartition(":")
    for place, label in sorted(at.mounts, key=lambda mount: -len(mount[0])):
        if within(path, place):
            return label, f"{kind}{colon}{relpath(path, place)}{mark}{rest}"
    return at.root, name


def _passed(written: Call, call: Call) -> tuple[str, ...]:
    """The values that a call passes: words as written, for what an expression stands for may change; paths with it put in."""
    pairs = zip(written.given, call.given, strict=True)
    return tuple(dict.fromkeys(now if "/" in now else before for (_, before), (_, now) in pairs))


def _as_used(call: Call) -> str:
    path = "" if call.name == "." else f"/{call.name}"
    return f"{call.repository}{path}@{call.ref}"


def _hop(procedure: Procedure) -> str:
    return f"{_line(procedure, procedure.at.line)} {procedure.form} {procedure.name.rpartition('#')[2]}"


def _line(procedure: Procedure, line: int) -> str:
    return f"{procedure.at.target}:{procedure.at.path}:{line}"


def _group(name: str) -> str:
    """Names that may stand for one another: targets of one file, scripts of one directory."""
    return name.partition("#")[0] if "#" in name else name.rpartition("/")[0]
