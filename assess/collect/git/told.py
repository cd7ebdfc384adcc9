"""What the tree of a commit says, kept for the commits after it: most of them change little of it, and some nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from assess.collect.cache import Cache, key
from assess.collect.git.classify import Classification, Signs
from assess.collect.git.packed import Unreadable, pack, pack_seen, parted, unpack, unpack_seen
from assess.collect.git.repository import Repository
from assess.collect.seen import Seen
from assess.model.fact import Fact
from assess.model.fact import Repository as Whole
from assess.model.gap import Gap, GapReason

_KEY = 32
"""Bytes of a key."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a tree says, whichever commit it belongs to. reads: how many files some extractor reads."""

    facts: tuple[Fact, ...]
    gaps: tuple[Gap, ...]
    reads: int
    classification: Classification

    def on(self, day: str) -> Told:
        """The same as of a commit of that day."""
        facts = tuple([replace(fact, last_commit=day) if isinstance(fact, Whole) else fact for fact in self.facts])
        return replace(self, facts=facts)


class Memory:
    """What earlier runs saw of a repository under the same settings: of its trees, and of how it was changed.

    Where there is no cache, nothing was seen before. said: what the result is made of beside the tree and the code.
    """

    def __init__(
        self, cache: Cache | None, repository: Repository, said: Iterable[object], use: list[str], exclude: dict[str, str]
    ) -> None:
        self._cache, self._repository, self._use, self._exclude = cache, repository, use, exclude
        self._name = key("told", repository.label, repr((*said, use, exclude))) if cache else b""
        self._tree = repository.tree

    def told(self, tree: bytes | None = None) -> Told | None:
        """What a tree says, the repository's own unless another is given; None where nobody knows."""
        text = self._cache.get(self._of(tree or self._tree)) if self._cache else None
        if self._cache and text is not None and len(text) == _KEY:
            text = self._cache.get(text)
        if text is None:
            return None
        try:
            (reads, signs), found = unpack(text)
            facts, gaps = parted(found)
            classification = Classification.by(self._repository.label, Signs.of(signs), self._use, self._exclude)
        except (Unreadable, TypeError, ValueError):
            return None
        return Told(facts, gaps, reads if isinstance(reads, int) else 0, classification)

    def before(self) -> bytes | None:
        """The tree that was read last."""
        return self._cache.get(key("last", self._name, self._repository.target.remote)) if self._cache else None

    def keep(self, told: Told) -> None:
        """Keep what the tree says, unless the clone lacked some of it: a better clone of the same commit will say more."""
        if self._cache and not any(gap.reason is GapReason.MISSING_OBJECT for gap in told.gaps):
            self._put(pack((told.reads, told.classification.signs().kept()), (*told.facts, *told.gaps)))

    def keep_same(self, before: bytes) -> None:
        """Keep that the tree says what another says."""
        if self._cache:
            text = self._cache.get(self._of(before))
            self._put(text if text is not None and len(text) == _KEY else self._of(before))

    def _put(self, text: bytes) -> None:
        assert self._cache
        self._cache.put(self._of(self._tree), text)
        self._cache.put(key("last", self._name, self._repository.target.remote), self._tree)

    def _of(self, tree: bytes) -> bytes:
        return key("tree", self._name, tree)

    def changed(self, window: str) -> tuple[Fact, ...] | None:
        """How the repository was changed within a window; None where nobody knows."""
        text = self._cache.get(self._lately(window)) if self._cache else None
        try:
            return unpack_seen(text).facts if text is not None else None
        except Unreadable:
            return None

    def keep_changed(self, window: str, facts: tuple[Fact, ...]) -> None:
        """Keep how it was changed."""
        if self._cache:
            self._cache.put(self._lately(window), pack_seen(Seen(self._repository.target, facts)))

    def _lately(self, window: str) -> bytes:
        return key("changed", self._name, str(self._repository.commit.id), window)
