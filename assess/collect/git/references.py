"""The branches that a clone knows of its repository."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pygit2

_EVERY = ("refs/heads/*:", "refs/*:")
_BRANCH = re.compile(r"refs/(?:heads|remotes/origin)/(?!HEAD$)(.+)")


def branches(clone: pygit2.Repository, references: Iterable[str]) -> frozenset[str] | None:
    """The names of all branches; None where the clone does not fetch each of them, or does not say what it fetches.

    Source: https://git-scm.com/docs/git-fetch#_configured_remote_tracking_branches
    """
    import pygit2

    try:
        fetched = list(clone.remotes["origin"].fetch_refspecs)
    except (KeyError, ValueError, pygit2.GitError):
        return None
    if not any(spec.lstrip("+").startswith(_EVERY) for spec in fetched):
        return None
    return frozenset(match[1] for name in references if (match := _BRANCH.match(name)))
