"""What the files of a repository said the last time, used again for each that is the same: same path, mode and blob."""

from __future__ import annotations

from assess.collect.cache import Cache, key
from assess.collect.git.packed import Found, Unreadable, pack, pack_seen, storable, unpack, unpack_seen
from assess.collect.git.repository import Entry
from assess.collect.seen import Seen
from assess.model.gap import GapReason

Kept = tuple[bytes, bool, tuple[Found, ...]]
"""The blob id, the executable bit, and what the extractors brought."""


class Reuse:
    """The results by file of one repository, read at once and written at once: a thousand look-ups would cost more.

    The place is by the repository's name, the truth by content: what is used again is what the same code made of the same
    path, mode and blob id. So another branch, or another repository of that name, finds what it has in common, and no more.
    """

    def __init__(self, cache: Cache | None, *name: str) -> None:
        self._cache, self._key = cache, key("files", *name) if cache else b""
        self._before = self._read()
        self._now: dict[str, Kept] = {}
        self._changed = False

    def _read(self) -> dict[str, Kept]:
        text = self._cache.get(self._key) if self._cache else None
        if text is None:
            return {}
        try:
            heads, groups = unpack(text)
            return {path: (oid, executable, found) for (path, oid, executable), found in zip(heads, groups, strict=True)}
        except (Unreadable, TypeError, ValueError):
            return {}

    def get(self, entry: Entry) -> tuple[Found, ...] | None:
        """What the file said, if it is the same file."""
        before = self._before.get(entry.path)
        if before is None or before[0] != entry.oid or before[1] != entry.executable:
            return None
        self._now[entry.path] = before
        return before[2]

    def put(self, entry: Entry, found: tuple[Found, ...]) -> None:
        """Keep what a file said, if it may be kept."""
        if self._cache and storable(found):
            self._now[entry.path] = (entry.oid, entry.executable, found)
            self._changed = True

    def save(self) -> None:
        """Write what the files say now, unless it is what they said before."""
        if self._cache and (self._changed or len(self._now) != len(self._before)):
            heads = [(path, oid, executable) for path, (oid, executable, _) in self._now.items()]
            self._cache.put(self._key, pack(heads, [found for _, _, found in self._now.values()]))


def recalled(cache: Cache | None, name: bytes) -> Seen | None:
    """What a repository said in an earlier run; None where nobody knows."""
    text = cache.get(name) if cache else None
    try:
        return unpack_seen(text) if text is not None else None
    except Unreadable:
        return None


def remember(cache: Cache | None, name: bytes, seen: Seen) -> None:
    """Keep what a repository says, unless the clone lacked some of it: a better clone of the same commit will say more."""
    if cache and not any(gap.reason is GapReason.MISSING_OBJECT for gap in seen.gaps):
        cache.put(name, pack_seen(seen))
