"""The content cache: a SQLite file of results that can be made again, safe to lose and to share between processes."""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from pathlib import Path
from stat import S_ISREG
from time import time
from typing import Any

FILE = "content.sqlite"
MAX_BYTES = 1_000_000_000
"""How much is kept; what was used longest ago goes first."""
MAX_DAYS = 90
MAX_VALUE = 500_000_000
"""How large one value may be before it is compressed."""
_WAIT = 5.0
"""Seconds to wait for another process that writes; after that it is a miss, or not kept."""
_MADE = "CREATE TABLE kept (key BLOB PRIMARY KEY, used INTEGER NOT NULL, size INTEGER NOT NULL, value BLOB NOT NULL)"
_SCHEMA = _MADE.replace("TABLE", "TABLE IF NOT EXISTS")


def default_directory() -> Path | None:
    """Where the cache lies unless somebody says otherwise; None for a user without a home.

    Source: https://specifications.freedesktop.org/basedir-spec/latest/ (a relative XDG_CACHE_HOME is to be ignored).
    """
    places = (Path(os.environ.get("XDG_CACHE_HOME", "")), Path("~/.cache").expanduser())
    return next((place / "idp-assess" for place in places if place.is_absolute()), None)


class ContentCache:
    """A cache in a directory; it opens the file when it is first asked, in each process for itself.

    trouble: why it is not used, once something went wrong: then everything is a miss, and the run goes on without it.
    """

    def __init__(self, directory: Path, max_bytes: int = MAX_BYTES) -> None:
        self.path, self.max_bytes, self.trouble = directory / FILE, max_bytes, ""
        self._connection: sqlite3.Connection | None = None
        self._today = int(time()) // 86_400

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_connection": None}

    def get(self, key: bytes) -> bytes | None:
        """The bytes kept under a key. What was damaged since it was written is a miss."""
        import zstandard

        row = self._do("SELECT value, used FROM kept WHERE key = ?", key)
        if row is None or not isinstance(row[0], bytes):
            return None
        if row[1] != self._today:
            self._do("UPDATE kept SET used = ? WHERE key = ?", self._today, key)
        try:
            whole = 0 <= zstandard.frame_content_size(row[0]) <= MAX_VALUE
            return zstandard.ZstdDecompressor().decompress(row[0]) if whole else None
        except zstandard.ZstdError:
            return None

    def put(self, key: bytes, value: bytes) -> None:
        """Keep bytes under a key, in place of what was there; not more than a quarter of the whole cache."""
        import zstandard

        packed = zstandard.ZstdCompressor(level=1, write_checksum=True).compress(value)
        if len(value) <= MAX_VALUE and len(packed) <= self.max_bytes // 4:
            self._do("INSERT OR REPLACE INTO kept VALUES (?, ?, ?, ?)", key, self._today, len(packed), packed)

    def prune(self) -> None:
        """Drop what was not used for `MAX_DAYS`, and what was used longest ago until the rest is within the bound."""
        self._do("DELETE FROM kept WHERE used < ?", self._today - MAX_DAYS)
        self._do(
            "DELETE FROM kept WHERE key IN (SELECT key FROM "
            "(SELECT key, sum(size) OVER (ORDER BY used DESC, rowid DESC) AS held FROM kept) WHERE held > ?)",
            self.max_bytes,
        )

    def close(self) -> None:
        """Give the file back; the next question opens it again."""
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None

    def _do(self, statement: str, *values: Any) -> Any:
        """The first row that a statement gives; None where there is none, or the cache cannot be used."""
        if self.trouble:
            return None
        try:
            if self._connection is None:
                self._connection = self._open()
            return self._connection.execute(statement, values).fetchone()
        except (sqlite3.Error, OSError) as error:
            if not (isinstance(error, sqlite3.OperationalError) and "locked" in str(error)):
                self.trouble = f"{self.path}: {error.strerror if isinstance(error, OSError) else error}"
                self.close()
            return None

    def _open(self) -> sqlite3.Connection:
        """The file, made where there is none, for its owner alone. Errors: OSError, sqlite3.Error."""
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with suppress(FileExistsError):
            os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        mode = self.path.stat().st_mode
        if mode & 0o002:
            raise OSError(1, "everybody can write to it")
        if not S_ISREG(mode):
            raise OSError(1, "it is no file")
        connection = sqlite3.connect(self.path, timeout=_WAIT, isolation_level=None)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute(_SCHEMA)
            if connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall() != [(_MADE,)]:
                raise sqlite3.DatabaseError("it holds what no cache of ours does")  # a view or trigger would run at each question
        except sqlite3.Error:
            connection.close()
            raise
        return connection
