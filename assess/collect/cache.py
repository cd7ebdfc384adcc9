"""What collecting may ask of a cache, and the name of the code whose results are kept there.

The cache itself is `store/content.py`: collecting knows only that it keeps bytes under a key, or loses them.
"""

from __future__ import annotations

from functools import cache as once
from hashlib import sha256
from pathlib import Path
from typing import Protocol


class Cache(Protocol):
    """Bytes under a key. What was put may be gone, or never be there; what is given back is what was put."""

    def get(self, key: bytes) -> bytes | None:
        """The bytes, if they are there."""

    def put(self, key: bytes, value: bytes) -> None:
        """Keep the bytes."""


_CODE = ("errors.py", "request.py", "model", "spec", "collect")
"""What the result of collecting depends on: everything up to and with `collect` in the import order."""
_LIBRARIES = ("ahocorasick_rs", "msgspec", "orjson", "pygit2", "pyyaml", "ryaml", "tree-sitter", "tree-sitter-hcl")


def key(*parts: str | bytes) -> bytes:
    """The key of something that is determined by these parts and by the version of the code."""
    made = sha256(version())
    for part in parts:
        raw = part if isinstance(part, bytes) else part.encode("utf-8", "surrogateescape")
        made.update(len(raw).to_bytes(8, "little") + raw)
    return made.digest()


@once
def version() -> bytes:
    """A digest of the code that collects and of the libraries that it reads with: other code, other results."""
    import sys
    from importlib.metadata import version as release

    root = Path(__file__).parents[1]
    made = sha256(repr((sys.version_info[:2], [release(name) for name in _LIBRARIES])).encode())
    for name in _CODE:
        for path in sorted((root / name).rglob("*.py")) if (root / name).is_dir() else [root / name]:
            made.update(f"\0{path.relative_to(root)}\0".encode() + path.read_bytes())
    return made.digest()
