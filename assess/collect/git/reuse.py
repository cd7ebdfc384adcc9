"""What the files of a repository said the last time, used again for each that is the same: same path, mode and blob."""

from __future__ import annotations

from functools import cached_property

from assess.collect.cache import Cache, key
from assess.collect.git.packed import UNKNOWN, Found, Row, Unreadable, pack_few, pack_rows, storable, unpack_few, unpack_rows
from assess.collect.git.repository import Entry


class Reuse:
    """The results by file of one repository, read at once and written at once: a thousand look-ups would cost more.

    The place is by the repository's name, the truth by content: what is used again is what the same code made of the same
    path, mode and blob id. So another branch, or another repository of that name, finds what it has in common, and no more.
    """

    def __init__(self, cache: Cache | None, *name: str) -> None:
        self._cache, self._key = cache, key("files", *name) if cache else b""
        self._now: dict[str, Row] = {}

    @cached_property
    def _read(self) -> tuple[bytes, dict[str, Row]]:
        text = self._cache.get(self._key) if self._cache else None
        try:
            of, rows = unpack_rows(text) if text is not None else (b"", [])
        except Unreadable:
            return b"", {}
        return of, {row[0]: row for row in rows}

    @property
    def of(self) -> bytes:
        """The name of the tree whose files were read the last time."""
        return self._read[0]

    def files(self) -> list[Entry]:
        """The files that were read of it, in their order."""
        return [Entry(*row[:3]) for row in self._read[1].values()]

    def get(self, entry: Entry) -> tuple[Found, ...] | None:
        """What the file said, if it is the same file."""
        for row in (self._now.get(entry.path), self._read[1].get(entry.path)):
            if row is not None and row[1:3] == entry[1:]:
                try:
                    found = unpack_few(row[3])
                except Unreadable:
                    continue
                self._now.setdefault(entry.path, row)
                return found
        return None

    def put(self, entry: Entry, found: tuple[Found, ...] | None) -> None:
        """Keep what a file said, or that there is such a file where that may not be kept, or nobody knows."""
        if self._cache:
            self._now[entry.path] = (*entry, pack_few(found) if found is not None and storable(found) else UNKNOWN)

    def save(self, of: bytes, others: bool = False) -> None:
        """Write what the files of a tree say now. of: its name. others: and what those said before that nobody asked for."""
        now = {**self._read[1], **self._now} if others else self._now
        if self._cache and (of, now) != self._read:
            self._cache.put(self._key, pack_rows(of, now.values()))
