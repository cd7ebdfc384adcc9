"""Answers of policies, kept by what they are answers to: the document as it is asked about, the policies, the engine's code."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache as once
from hashlib import sha256
from pathlib import Path
from typing import Any

from assess.collect.cache import Cache
from assess.policy.rego.catalogue import Catalogue

_CODE = (
    "builtins.py", "catalogue.py", "go_regex.py", "go_text.py", "go_time.py", "json_patch.py", "value.py", "wasm.py",
    "units.py", "verdicts.py", "host.py", "runtime.py",
)  # fmt: skip
"""What an answer depends on, beside the module that OPA made."""


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Answers that may be there. What comes back is not to be trusted: whoever asks looks at its shape."""

    cache: Cache
    policies: bytes

    @classmethod
    def of(cls, catalogue: Catalogue, cache: Cache | None) -> Verdicts | None:
        """Those of a set of policies; None without a cache, and for policies whose answers change with the time."""
        if cache is None or catalogue.manifest.changing:
            return None
        return cls(cache, sha256(f"rego-verdict {catalogue.manifest.wasm} {_engine()}".encode()).digest())

    def get(self, text: str) -> Any:
        """The answer to a document's text; None where there is none."""
        kept = self.cache.get(self._key(text))
        try:
            return None if kept is None else json.loads(kept)
        except (ValueError, RecursionError):
            return None

    def put(self, text: str, answer: Any) -> None:
        """Keep an answer."""
        self.cache.put(self._key(text), json.dumps(answer, separators=(",", ":")).encode())

    def _key(self, text: str) -> bytes:
        return sha256(self.policies + text.encode()).digest()


@once
def _engine() -> str:
    """A digest of the code that evaluates."""
    made = sha256()
    for name in _CODE:
        made.update(Path(__file__).with_name(name).read_bytes())
    return made.hexdigest()
