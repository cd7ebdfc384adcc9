"""What a file is by its name and the first of its content, for policies about files that should not be committed.

Nothing of the content is handed on, only what kind of thing it is: a secret that is found is named by place and kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from assess.policy.formats.source import Read, Source
from assess.spec.nodes import Span

_FILLED_LATER = rb"(?![\"']?(?:[\s$<*]|\{\{|op://|ref\+|vault:|(?i:x{3}|your|change|replace|example|placeholder|dummy|fake|secret\b|password\b|todo|none\b|null\b)))"
"""What does not follow `=` or `:` where a secret stands there: a reference, or a word that says of itself that it is none."""
_MARKS: dict[str, re.Pattern[bytes]] = {
    "private-key": re.compile(rb"(?m)^-----BEGIN (?:[A-Z0-9]+ )?PRIVATE KEY(?: BLOCK)?-----"),
    "encrypted": re.compile(rb"^(?:-----BEGIN AGE ENCRYPTED FILE|age-encryption\.org/|\$ANSIBLE_VAULT;|\0GITCRYPT\0)|(?m:^-----BEGIN ENCRYPTED "
                            rb"PRIVATE KEY)|(?m:^[ \t]*[\"']?sops[\"']?:)|\bENC\[AES256_GCM,|\"encrypted_data\"\s{0,9}:|=[\"']?encrypted:"),
    "terraform-state": re.compile(rb"\A\s*\{[^}]{0,400}\"terraform_version\"\s*:"),
    "kubeconfig-credentials": re.compile(rb"(?m)^[ \t]*(?:client-key-data|token|password): ?" + _FILLED_LATER + rb"\S{8}"),
    "docker-credentials": re.compile(rb"\"auths\"\s{0,9}:\s{0,9}\{[^{}]{0,400}\{[^{}]{0,400}\"auth\"\s{0,9}:\s{0,9}" + _FILLED_LATER + rb"\"\S{8}"),
    "registry-credentials": re.compile(rb"(?m)(?:^|:)(?:_authToken|_password|_auth)[ \t]?=[ \t]?" + _FILLED_LATER + rb"\S{8}"
                                       rb"|^[ \t]{0,9}(?:machine[ \t].{0,200})?\bpassword[ \t:=]{1,4}" + _FILLED_LATER + rb"\S{8}"),
    "dotenv": re.compile(rb"(?m)^(?:export[ \t])?[A-Z][A-Z0-9_]*(?:SECRET|TOKEN|PASSWORD|PASSWD|API_?KEY|PRIVATE_KEY)(?:_[A-Z0-9]+)?=" + _FILLED_LATER
                         + rb"\S{8}"),
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
