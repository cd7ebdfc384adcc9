"""Findings of both sides of a change, told apart: new, resolved, unchanged, and what cannot be compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assess.model.finding import Finding


@dataclass(frozen=True, slots=True)
class Compared:
    """The findings of a change. incomparable: what one side could not be asked, and findings that hang on it.

    noted: what could not be seen on both sides alike, where nothing of it was touched: said, and not held against the change.
    """

    new: tuple[Finding, ...] = ()
    resolved: tuple[Finding, ...] = ()
    unchanged: tuple[Finding, ...] = ()
    incomparable: tuple[Finding, ...] = ()
    noted: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Moves:
    """What a change did to paths. renamed: old -> new, by content. gone: the touched paths that the head has no more."""

    touched: frozenset[str] = frozenset()
    renamed: Mapping[str, str] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()


def compare(before: Sequence[Finding], after: Sequence[Finding], moves: Moves) -> Compared:
    """The findings of one engine, compared.

    A finding is the same one by its fingerprint; then in a renamed file; then, where its file is gone, by the loose
    fingerprint if that is one to one. Otherwise it is new. A suppression comment is part of the code under test: a finding
    that arrives together with its own suppression is new.
    """
    blind = [finding for finding in before if finding.unseen]
    unseen = [finding for finding in after if finding.unseen]
    old = [finding for finding in before if not finding.unseen]
    same, fresh = _matched(old, [finding for finding in after if not finding.unseen], moves)
    kept = {id(finding) for pair in same for finding in pair}
    known = {finding.fingerprint for finding in blind}
    noted = [f for f in unseen if f.fingerprint in known and f.at.path and f.at.path not in moves.touched]
    unsure = [f for f in fresh if _hangs(f, blind)]
    lost = [f for f in blind if _engine_lost(f) and f not in unseen]
    return Compared(
        new=tuple(f for f in fresh if f not in unsure),
        resolved=tuple(f for f in old if id(f) not in kept and not _hangs(f, unseen)),
        unchanged=tuple(head for _, head in same),
        incomparable=(*(f for f in unseen if f not in noted), *unsure, *lost),
        noted=tuple(noted),
    )


def _matched(old: Sequence[Finding], new: Sequence[Finding], moves: Moves) -> tuple[list[tuple[Finding, Finding]], list[Finding]]:
    """Pairs of the same finding, base and head, and the findings of the head that have no other."""
    pairs, left, fresh = _paired(old, new, lambda f: f.fingerprint, lambda f: f.fingerprint)
    to = moves.renamed.get
    renamed, left, fresh = _paired(left, fresh, lambda f: (to(f.at.path), f.loose), lambda f: (f.at.path, f.loose))
    gone = [finding for finding in left if finding.at.path in moves.gone]
    once = {loose for loose, number in Counter(f.loose for f in gone).items() if number == 1}
    once &= {loose for loose, number in Counter(f.loose for f in fresh).items() if number == 1}
    moved, _, rest = _paired(
        [f for f in gone if f.loose in once], [f for f in fresh if f.loose in once], lambda f: f.loose, lambda f: f.loose
    )
    return [*pairs, *renamed, *moved], [*rest, *(f for f in fresh if f.loose not in once)]


def _paired(
    old: Iterable[Finding], new: Iterable[Finding], old_key: Callable[[Finding], Any], new_key: Callable[[Finding], Any]
) -> tuple[list[tuple[Finding, Finding]], list[Finding], list[Finding]]:
    """Findings of equal keys, each used once, in order; then what is left of the base and of the head."""
    waiting: dict[Any, list[Finding]] = {}
    for finding in old:
        waiting.setdefault(old_key(finding), []).append(finding)
    pairs: list[tuple[Finding, Finding]] = []
    fresh: list[Finding] = []
    for finding in new:
        if same := waiting.get(new_key(finding)):
            pairs.append((same.pop(0), finding))
        else:
            fresh.append(finding)
    return pairs, [finding for found in waiting.values() for finding in found], fresh


def _hangs(finding: Finding, blind: Iterable[Finding]) -> bool:
    """Whether the other side of a finding was not seen: its file, a directory above it, or its engine."""
    return any(_engine_lost(one) or f"{finding.at.path}/".startswith(f"{one.at.path}/") for one in blind)


def _engine_lost(finding: Finding) -> bool:
    """Whether trouble is not about one file, but about the engine or one of its checks as a whole."""
    return not finding.at.path
