"""The library that reads Git's objects, loaded when there is something to read."""

from __future__ import annotations

from functools import cache
from typing import Any


@cache
def git() -> Any:
    """pygit2, set up once: object hashes are not verified on each read, owners of directories are not asked for.

    Reading runs nothing of the repository's, so the owner check that guards hooks and filters has nothing to guard.
    """
    import pygit2

    pygit2.option(pygit2.enums.Option.ENABLE_STRICT_HASH_VERIFICATION, 0)
    pygit2.settings.owner_validation = False
    return pygit2
