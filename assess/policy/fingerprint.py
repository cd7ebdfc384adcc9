"""Fingerprint v1: which finding is the same one after lines moved, files were renamed, or a text was reworded.

Over (rule, source, scope, relative path, logical address, attribute path, normalized evidence). Never over line, title,
severity or message. The loose form leaves the path out. Positions in lists are left out, for an inserted step moves them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any

from assess.model.finding import Finding

VERSION = "v1"


def identify(
    finding: Finding, *, scope: str, path: str, attribute: Sequence[str | int] = (), evidence: Mapping[str, Any] | None = None,
    source: str = "git",
) -> Finding:  # fmt: skip
    """The finding with both forms of its fingerprint.

    scope: what the path is relative to (a repository's address). path: may be wider than the file where the address is
    unique in more than the file: Terraform's are unique in a directory.
    """
    identity = [finding.engine, finding.policy, source, scope, finding.address, logical(attribute), normalized(evidence or {})]
    return replace(finding, fingerprint=_hash([*identity, path]), loose=_hash(identity))


def logical(path: Sequence[str | int]) -> str:
    """A document path as text, list positions as `[]`; dots within a key are told from dots between keys."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += "[]"
        else:
            text += ("." if text else "") + (f'"{part}"' if set(part) & set('."[]') else part)
    return text


def normalized(value: Any) -> Any:
    """A value with runs of white space as one space, so that reindented text is the same text."""
    if isinstance(value, str):
        return " ".join(value.split())
    if isinstance(value, Mapping):
        return {str(key): normalized(item) for key, item in sorted(value.items(), key=lambda pair: str(pair[0]))}
    if isinstance(value, list | tuple):
        return [normalized(item) for item in value]
    return value


def _hash(identity: Any) -> str:
    return f"{VERSION}:{sha256(json.dumps(identity, sort_keys=True).encode()).hexdigest()}"
