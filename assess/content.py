"""Packs: find the directories of rules, policies and scaffolds, load them once, refuse what does not check."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, reduce
from hashlib import sha256
from pathlib import Path

from assess.errors import ContentError
from assess.spec.axis import Axis
from assess.spec.channels import Channels
from assess.spec.ladder import Ladder
from assess.spec.pack import PackSpec
from assess.spec.rule import Rule, Settles
from assess.spec.shipped import shipped
from assess.spec.strict import near_miss, read_file

CHANNELS = "channels/aws.yaml"
_RESERVED = ("axes", "channels")
"""Directories beside the areas that hold no rules."""


@dataclass(frozen=True)
class Pack:
    """One directory of content. `rules` maps each rule to the file that holds it; `channels` is None without a table."""

    root: Path
    spec: PackSpec
    rules: dict[str, tuple[Rule, Path]]
    channels: Channels | None = None
    axes: tuple[Axis, ...] = ()


@dataclass(frozen=True)
class Content:
    """Everything that judges, from all packs; ours first."""

    packs: tuple[Pack, ...]
    ladder: Ladder
    axes: tuple[Axis, ...] = ()
    """In the order of their ids; of a pack's axis that we have too, the statements are added to ours."""

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """The rules that take part, by id."""
        alive = [rule for pack in self.packs for rule, _ in pack.rules.values() if rule.lifecycle != "removed"]
        return tuple(sorted(alive, key=lambda rule: rule.id))

    @cached_property
    def channels(self) -> Channels:
        """The channel table: the rows of every pack, ours last, so that a pack's own come first."""
        tables = [pack.channels for pack in self.packs if pack.channels is not None]
        return reduce(lambda table, earlier: table.after(earlier), tables, Channels())

    @cached_property
    def digest(self) -> str:
        """Names the rules, the channels and the ladder: 16 hex digits of the sha256 over their meaning."""
        parts = [rule.model_dump_json(exclude={"examples"}) for rule in self.rules]
        parts += [self.channels.model_dump_json(), self.ladder.model_dump_json(), *(axis.model_dump_json() for axis in self.axes)]
        return sha256("\n".join(parts).encode()).hexdigest()[:16]

    def file_of(self, rule_id: str) -> Path | None:
        """The file that holds a rule, or None."""
        return next((pack.rules[rule_id][1] for pack in self.packs if rule_id in pack.rules), None)


def policies_of(pack: Path) -> Path | None:
    """The directory of a pack that holds its policies: its `policies`, or itself; None where it has none."""
    return next((place for place in (pack / "policies", pack) if (place / "rego").is_dir()), None)


def load(packs: Iterable[Path] = ()) -> Content:
    """Our content and that of every further pack directory.

    Errors: ContentError with every problem of every file, one a line; a duplicate id and a pack without rules are
    problems.
    """
    problems: list[str] = []
    loaded = [pack for root in [shipped("rules"), *packs] if (pack := _load_pack(root, problems)) is not None]
    axes = _joined(loaded)
    problems += [*_clashes(loaded), *_unsettled(loaded, axes)]
    if problems:
        raise ContentError("\n".join(problems), fix="`idp-assess pack check DIR` checks a pack without scanning.")
    return Content(tuple(loaded), read_file(shipped("rules") / "ladder.yaml", Ladder, ContentError), axes)


def _load_pack(root: Path, problems: list[str]) -> Pack | None:
    rules_dir = root / "rules" if (root / "rules" / "pack.yaml").is_file() else root
    if not (rules_dir / "pack.yaml").is_file():
        if policies_of(root):
            return None  # a pack of policies alone
        problems.append(f"{root}: no pack.yaml here: not a pack")
        return None
    rules: dict[str, tuple[Rule, Path]] = {}
    try:
        spec = read_file(rules_dir / "pack.yaml", PackSpec, ContentError)
    except ContentError as error:
        problems.append(error.what)
        return None
    for path in sorted(rules_dir.glob("*/*.yaml")):
        if path.parent.name in _RESERVED:
            continue
        try:
            rule = read_file(path, Rule, ContentError)
        except ContentError as error:
            problems.append(error.what)
            continue
        problems += _misplaced(rule, path, spec, rules)
        rules[rule.id] = rule, path
    if not rules:
        problems.append(f"{root}: holds no rule that loads")
    return Pack(root, spec, rules, _load_channels(rules_dir / CHANNELS, problems), tuple(_load_axes(rules_dir / "axes", problems)))


def _load_channels(path: Path, problems: list[str]) -> Channels | None:
    if not path.is_file():
        return None
    try:
        return read_file(path, Channels, ContentError)
    except ContentError as error:
        problems.append(error.what)
        return None


def _load_axes(directory: Path, problems: list[str]) -> Iterator[Axis]:
    for path in sorted(directory.glob("*.yaml")):
        try:
            axis = read_file(path, Axis, ContentError)
        except ContentError as error:
            problems.append(error.what)
            continue
        if path.stem != axis.id:
            problems.append(f"{path}:1: id: the file should be called {axis.id}.yaml")
        yield axis


def _joined(packs: Iterable[Pack]) -> tuple[Axis, ...]:
    """The axes of all packs, each once."""
    found: dict[str, Axis] = {}
    for axis in (axis for pack in packs for axis in pack.axes):
        first = found.setdefault(axis.id, axis)
        if first is not axis:
            found[axis.id] = first.model_copy(update={"statements": (*first.statements, *axis.statements)})
    return tuple(found[name] for name in sorted(found))


def _unsettled(packs: Iterable[Pack], axes: Iterable[Axis]) -> Iterator[str]:
    """Statements that rules name and no axis has, and those that an axis has twice."""
    known = [f"{axis.id}.{statement.id}" for axis in axes for statement in axis.statements]
    yield from (f"axes: {name} stands there more than once" for name in sorted({n for n in known if known.count(n) > 1}))
    for pack in packs:
        for rule, path in pack.rules.values():
            if isinstance(rule.effect, Settles) and rule.effect.statement not in known:
                what = f"'{rule.effect.statement}' is no statement of an axis{near_miss(rule.effect.statement, known)}"
                yield f"{path}:1: effect.statement: {what}"


def _misplaced(rule: Rule, path: Path, spec: PackSpec, known: dict[str, tuple[Rule, Path]]) -> Iterator[str]:
    if path.stem != f"{rule.id}-{rule.name}":
        yield f"{path}:1: name: the file should be called {rule.id}-{rule.name}.yaml"
    if rule.id.split("-")[0] not in spec.prefixes:
        yield f"{path}:1: id: {rule.id} is outside this pack's prefixes ({', '.join(spec.prefixes)})"
    if rule.id in known:
        yield f"{path}:1: id: {rule.id} is taken by {known[rule.id][1]}"


def _clashes(packs: list[Pack]) -> Iterator[str]:
    for position, pack in enumerate(packs):
        for earlier in packs[:position]:
            for row in sorted(_rows(pack) & _rows(earlier)):
                yield f"{pack.root}: {CHANNELS}: id: {row} is a row of {earlier.root} too"
            for rule_id in pack.rules.keys() & earlier.rules.keys():
                yield f"{pack.rules[rule_id][1]}:1: id: {rule_id} is taken by {earlier.rules[rule_id][1]}"


def _rows(pack: Pack) -> set[str]:
    table = pack.channels or Channels()
    return {row.id for row in (*table.drop, *table.channels, *table.executors)}
