"""The engines asked about both sides of a change, and what they say compared."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path

from assess.model.finding import Finding, PolicyText, Verdict
from assess.policy.engine import ENGINE, UNSEEN, Checked, Engine, EngineFailed, run, trouble
from assess.policy.engines import ENGINES, Means, engine, pack_engine
from assess.policy.gate.change import Change
from assess.policy.gate.compare import Compared, compare
from assess.policy.gate.result import EngineRun
from assess.policy.gate.settle import merged
from assess.policy.rego import catalogue
from assess.policy.tree import Tree


@dataclass(frozen=True)
class Asked:
    """What engines said. compared: of both sides. runs: what each was asked. before, after: what each said of a side."""

    compared: Compared
    runs: tuple[EngineRun, ...] = ()
    before: tuple[Checked, ...] = ()
    after: tuple[Checked, ...] = ()

    def told(self) -> Iterator[str]:
        """What nobody judged, in words: templates are no documents before another program has filled them in."""
        if found := sorted({path for side in self.after for path in side.unjudged}):
            more = f" and {len(found) - 3} more" if len(found) > 3 else ""
            yield f"not judged, for they are templates: {', '.join(found[:3])}{more}"


def together(every: Iterable[Asked]) -> Asked:
    """Several answers as one."""
    told = list(every)
    return Asked(
        merged(one.compared for one in told), tuple(run for one in told for run in one.runs),
        tuple(side for one in told for side in one.before), tuple(side for one in told for side in one.after),
    )  # fmt: skip


def ask(seen: Change, engines: Sequence[str], packs: Sequence[Path], means: Means) -> Asked:
    """What engines and packs say of a change; all engines where none is named.

    One of all that has nothing to read anywhere in the repository is left out. A named one that has nothing to read, a pack
    that has nothing, and all of them having nothing, is incomparable.
    """
    told: list[Asked] = []
    idle: list[str] = []
    hidden: dict[str, str] = {}
    for name, one in _ready(seen, engines or ENGINES, packs, means):
        before, after = _sides(name, one, seen)
        silent = not (before.inputs or after.inputs or after.findings)
        if silent and not isinstance(one, EngineFailed) and not _anything_to_read(one, seen):
            idle.append(name)
            continue
        hidden |= {} if isinstance(one, EngineFailed) else _hidden(one, seen)
        compared = compare(before.findings, after.findings, seen.moves)
        told.append(Asked(compared, (EngineRun(name, after.policies, after.inputs),), (before,), (after,)))
    nothing = (_idle(seen, name) for name in idle if engines or not told or name not in ENGINES)
    lost = Asked(Compared(incomparable=(*nothing, *_moved_aside(seen, hidden))))
    found = together([*told, lost])
    kept = tuple(finding for finding in found.compared.resolved if finding.at.path not in hidden)
    return replace(found, compared=replace(found.compared, resolved=kept))


def was_asked(texts: Iterable[PolicyText], engines: Sequence[str]) -> Callable[[str], bool]:
    """Whether a policy was asked, by its id: only then does a finding that is not there mean that it is mended.

    texts: the policies that judged something; those of a pack are known by that alone.
    """
    names = engines or ENGINES

    @cache
    def ids() -> frozenset[str]:
        ours = catalogue.load().policies if "rego" in names else ()
        return frozenset([*(text.id for text in texts), *(policy.id for policy in ours)])

    return lambda id: id in ids() or ("checkov" in names and id.startswith("CKV"))


def _ready(seen: Change, names: Sequence[str], packs: Sequence[Path], means: Means) -> Iterator[tuple[str, Engine | EngineFailed]]:
    """The engines by name, and why one could not be made ready."""
    ready: list[Engine] = []
    makers = [(name, partial(engine, name, means)) for name in dict.fromkeys(names)]
    makers += [(f"rego:{pack}", partial(_pack, pack, seen, ready, means)) for pack in dict.fromkeys(packs)]
    for name, make in makers:
        try:
            ready.append(make())
            yield name, ready[-1]
        except EngineFailed as failure:
            yield name, failure


def _pack(pack: Path, seen: Change, others: Sequence[Engine], means: Means) -> Engine:
    """The policies of a pack. What is part of the repository is taken from the base, as settings are: a change does not bring its own."""
    from assess.policy.rego.pack import in_tree, on_disk

    place, home = pack.resolve(), seen.before.repository.path.resolve()
    if home.name == ".git":
        home = home.parent
    if not place.is_relative_to(home):
        return pack_engine(pack, on_disk(pack), others, means)
    if not (sources := in_tree(Tree(seen.tip), place.relative_to(home).as_posix())):
        raise EngineFailed("is part of the repository, and the base has no policies there", str(pack), _BASE)
    return pack_engine(pack, sources, others, means)


_BASE = "Bring the pack to the base branch first, or name a directory outside of the repository: a change does not bring its own policies."


def _sides(name: str, one: Engine | EngineFailed, seen: Change) -> tuple[Checked, Checked]:
    """What an engine says of both sides."""
    if isinstance(one, EngineFailed):
        where = f"{one.where}: " if one.where else ""
        bad = trouble(name, ENGINE, seen.after.at(""), f"{where}{one.what}", one.fix)
        return Checked((bad,)), Checked((bad,))
    if seen.whole:
        return Checked(), run(one, [seen.after])[0]
    before, after = run(one, [seen.before, seen.after])
    return before, after


def _anything_to_read(one: Engine, seen: Change) -> bool:
    return any(one.reads(tree, path) for tree in (seen.after, seen.before) for path in tree.entries)


def _idle(seen: Change, name: str) -> Finding:
    return trouble(
        name, ENGINE, seen.after.at(""), "its policies judge no file of the repository: the gate would always be green",
        "Name another --engine, or leave the gate out of this repository.", Verdict.NOT_OBSERVED,
    )  # fmt: skip


def _hidden(one: Engine, seen: Change) -> dict[str, str]:
    """The files of the base that an engine reads and that this change moved to where nothing counts as use: path there -> here."""
    origins = {new: old for old, new in seen.renamed.items()}
    aside = {origins.get(path, path): path for path in seen.touched if path in seen.after.entries and not seen.after.counts(path)}
    return {old: new for old, new in sorted(aside.items()) if old in seen.before.entries and one.reads(seen.before, old)}


def _moved_aside(seen: Change, hidden: Mapping[str, str]) -> Iterator[Finding]:
    """A finding for each file that was checked on the base and is out of sight now."""
    for old, new in hidden.items():
        yield trouble(
            "gate", UNSEEN, seen.after.at(new), f"was checked as {old}; its tree does not count as use any more",
            "Name it as use in the estate file of the base branch first, or take it away.", Verdict.NOT_OBSERVED,
        )  # fmt: skip
