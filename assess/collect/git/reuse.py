"""What the files of a repository said the last time, used again for each that is the same: same path, mode and blob."""

from __future__ import annotations

from assess.collect.cache import Cache, key
from assess.collect.git.packed import Found, Row, Unreadable, pack_few, pack_rows, storable, unpack_few, unpack_rows
from assess.collect.git.repository import Entry


class Reuse:
    """The results by file of one repository, read at once and written at once: a thousand look-ups would cost more.

    The place is by the repository's name, the truth by content: what is used again is what the same code made of the same
    path, mode and blob id. So another branch, or another repository of that name, finds what it has in common, and no more.
    """

    def __init__(self, cache: Cache | None, *name: str) -> None:
        self._cache, self._key = cache, key("files", *name) if cache else b""
        self._before = self._read()
        self._now: dict[str, Row] = {}

    def _read(self) -> dict[str, Row]:
        text = self._cache.get(self._key) if self._cache else None
        try:
            return {row[0]: row for row in unpack_rows(text)} if text is not None else {}
        except Unreadable:
            return {}

    def get(self, entry: Entry) -> tuple[Found, ...] | None:
        """What the file said, if it is the same file."""
        for row in (self._now.get(entry.path), self._before.get(entry.path)):
            if row is not None and row[1:3] == entry[1:]:
                try:
                    found = unpack_few(row[3])
                except Unreadable:
                    continue
                self._now.setdefault(entry.path, row)
                return found
        return None

    def put(self, entry: Entry, found: tuple[Found, ...]) -> None:
        """Keep what a file said, if it may be kept."""
        if self._cache and storable(found):
            self._now[entry.path] = (*entry, pack_few(found))

    def save(self, others: bool = False) -> None:
        """Write what the files say now, unless it is what they said before. others: and what those said that nobody asked for."""
        now = {**self._before, **self._now} if others else self._now
        if self._cache and now != self._before:
            self._cache.put(self._key, pack_rows(now.values()))
