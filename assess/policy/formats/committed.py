"""What a file is by its name and the first of its content, for policies about files that should not be committed.

Nothing of the content is handed on, only what kind of thing it is: a secret that is found is named by place and kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from assess.policy.formats.source import Read, Source
from assess.spec.nodes import Span

_MARKS: dict[str, re.Pattern[bytes]] = {
    "private-key": re.compile(rb"(?m)^-----BEGIN (?:[A-Z0-9]+ )?PRIVATE KEY(?: BLOCK)?-----"),
    "encrypted": re.compile(rb"^(?:-----BEGIN AGE ENCRYPTED FILE|age-encryption\.org/|\$ANSIBLE_VAULT;|\0GITCRYPT\0)|(?m:^-----BEGIN ENCRYPTED "
                            rb"PRIVATE KEY)|(?m:^[ \t]*[\"']?sops[\"']?:)|\bENC\[AES256_GCM,"),
    "terraform-state": re.compile(rb"\A\s*\{[^}]{0,400}\"terraform_version\"\s*:"),
    "kubeconfig-credentials": re.compile(rb"(?m)^[ \t]*(?:client-key-data|token): ?\S"),
    "docker-credentials": re.compile(rb"\"auths\"\s{0,9}:\s{0,9}\{"),
    "dotenv": re.compile(rb"(?m)^(?:export[ \t])?[A-Z][A-Z0-9_]*(?:SECRET|TOKEN|PASSWORD|PASSWD|API_?KEY|PRIVATE_KEY)[A-Z0-9_]*=[^\s$<]"),
}  # fmt: skip
HEAD = 64_000
"""Bytes of a file that are looked at."""


def read_committed(sources: Iterable[Source]) -> list[Read]:
    """One document a file: `{"path", "name", "marks": […]}`. Its only place is the first line that a mark is on."""
    return [_read(source) for source in sources]


def _read(source: Source) -> Read:
    head = source.content[:HEAD]
    found = {mark: match for mark, pattern in _MARKS.items() if (match := pattern.search(head))}
    line = min((head.count(b"\n", 0, match.start()) + 1 for match in found.values()), default=1)
    value = {"path": source.path, "name": source.path.rpartition("/")[2], "marks": sorted(found)}
    return Read(source.path, value, lambda _path: (source.path, Span(line)))
