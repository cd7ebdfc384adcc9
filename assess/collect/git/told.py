"""What the tree of a commit says, kept for the commits after it: most of them change little of it, and some nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from assess.collect.cache import Cache, key
from assess.collect.git.classify import Classification, Signs
from assess.collect.git.packed import Found, Unreadable, pack, pack_seen, parted, unpack, unpack_seen
from assess.collect.git.repository import Repository
from assess.collect.seen import Seen
from assess.model.credentials import cleaned
from assess.model.fact import Fact
from assess.model.fact import Repository as Whole
from assess.model.gap import Gap, GapReason

_KEY = 32
"""Bytes of a key."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a tree says, whichever commit it belongs to."""

    facts: tuple[Fact, ...]
    gaps: tuple[Gap, ...]

    def on(self, day: str) -> Told:
        """The same as of a commit of that day."""
        for place, fact in enumerate(self.facts):  # the first, or nearly so
            if isinstance(fact, Whole):
                return replace(self, facts=(*self.facts[:place], replace(fact, last_commit=day), *self.facts[place + 1 :]))
        return self


@dataclass(frozen=True, slots=True)
class Shape:
    """What the paths of a tree say, whatever is in its files.

    paths: those of all files. reads: how many files some extractor reads. gaps: what the tree itself does not show. aside: what does not count as use.
    """

    paths: tuple[str, ...]
    reads: int
    gaps: tuple[Gap, ...]
    aside: tuple[Fact, ...]
    classification: Classification


class Memory:
    """What earlier runs saw of a repository under the same settings: of its trees, and of how it was changed.

    Where there is no cache, nothing was seen before. said: what the result is made of beside the tree and the code.
    """

    def __init__(
        self, cache: Cache | None, repository: Repository, said: Iterable[object], use: list[str], exclude: dict[str, str]
    ) -> None:
        self._cache, self._repository, self._use, self._exclude = cache, repository, use, exclude
        self._name = key("told", repository.label, repr((*said, use, exclude))) if cache else b""

    def told(self, tree: bytes) -> Told | None:
        """What a tree says; None where nobody knows."""
        try:
            return Told(*parted(unpack(self._get("tree", tree))[1]))
        except Unreadable:
            return None

    def shape(self, tree: bytes) -> Shape | None:
        """What the paths of a tree say; None where nobody knows."""
        try:
            (paths, reads, used, signs), found = unpack(self._get("shape", tree))
            if not isinstance(reads, int) or not all(isinstance(path, str) for path in (*paths, *used)):
                return None
            classification = Classification.by(self._repository.label, Signs.of(signs), self._use, self._exclude, used)
        except (Unreadable, TypeError, ValueError):
            return None
        aside, gaps = parted(found)
        return Shape(tuple(paths), reads, gaps, aside, classification)

    def before(self) -> bytes | None:
        """The tree that was read last."""
        return self._cache.get(key("last", self._name, self._repository.target.remote)) if self._cache else None

    def keep(self, told: Told, shape: Shape, like: bytes | None = None) -> None:
        """Keep what the repository's tree says, unless the clone lacked some of it: a better clone of the same commit will say
        more. like: a tree of the same shape.
        """
        if self._cache and not any(gap.reason is GapReason.MISSING_OBJECT for gap in told.gaps):
            known = shape.classification
            self._put("tree", pack((), (*told.facts, *told.gaps)))
            paths = (shape.paths, shape.reads, known.used, known.signs.kept())
            found: list[Found] = [*(cleaned(fact) for fact in shape.aside), *(cleaned(gap) for gap in shape.gaps)]
            self._put("shape", self._root("shape", like) if like else pack(paths, found))

    def keep_same(self, before: bytes) -> None:
        """Keep that the repository's tree says what another of its shape says."""
        for what in ("tree", "shape"):
            self._put(what, self._root(what, before))

    def of(self, tree: bytes) -> bytes:
        """The name of a tree."""
        return key("tree", self._name, tree)

    def _get(self, what: str, tree: bytes) -> bytes:
        """What is kept of a tree, or of the one that is named instead; empty where nothing is."""
        text = self._cache.get(key(what, self._name, tree)) if self._cache else None
        if self._cache and text is not None and len(text) == _KEY:
            text = self._cache.get(text)
        return text or b""

    def _root(self, what: str, tree: bytes) -> bytes:
        """The name under which something of a tree is kept."""
        name = key(what, self._name, tree)
        text = self._cache.get(name) if self._cache else None
        return text if text is not None and len(text) == _KEY else name

    def _put(self, what: str, text: bytes) -> None:
        if self._cache:
            self._cache.put(key(what, self._name, self._repository.tree), text)
            self._cache.put(key("last", self._name, self._repository.target.remote), self._repository.tree)

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
