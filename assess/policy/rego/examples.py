"""The good and the bad example beside a policy: files as they stand in a repository, `good.*` and `bad.*`.

A policy about names has the name itself in them: `bad-terraform.tfstate`.
"""

from __future__ import annotations

from pathlib import Path

from assess.errors import ContentError
from assess.policy.formats.source import Read, Source, Unreadable
from assess.policy.kinds import KINDS
from assess.spec.policy import PolicySpec


def example(root: Path, policy: PolicySpec, which: str) -> tuple[Path, list[Read]]:
    """The file of one example (`good`, `bad`) and its documents. Errors: ContentError where there is not one, or it does not parse."""
    found = sorted(path for path in (root / policy.directory).glob(f"{which}*") if path.stem.partition("-")[0] == which)
    if len(found) != 1:
        raise ContentError(f"{policy.directory}: has {len(found)} files {which}.*: one is needed")
    path, kind = found[0], KINDS[policy.reads]
    named = path.name.partition("-")[2] if "-" in path.name else ""
    try:
        read = kind.read([Source(named or kind.example, path.read_bytes())])
    except Unreadable as error:
        raise ContentError(f"{policy.directory}/{path.name}:{error.line}: {error.why}") from None
    if not read:
        raise ContentError(f"{policy.directory}/{path.name}: holds no document of kind {policy.reads}")
    return path, read
