"""A Rego file read as text: its METADATA, its package, what its code names. OPA itself compiles it; this needs none.

Strings and comments are told from code by one expression, so that a word in a string is not taken for code.
Source: https://www.openpolicyagent.org/docs/policy-language#metadata, https://www.openpolicyagent.org/docs/policy-reference#grammar
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from pydantic import ValidationError

from assess.errors import ContentError
from assess.policy.kinds import KINDS
from assess.spec.document import DocumentError, read_yaml
from assess.spec.policy import Metadata, PolicySpec
from assess.spec.strict import near_miss

ROOT = "idp_assess"
FORBIDDEN = ("http.send", "net.lookup_ip_addr", "opa.runtime", "providers.aws.sign_req", "rego.parse_module")
"""What no policy may call: the network, the process's environment, credentials, code in a text."""
_QUIET = re.compile(r'"(?:\\.|[^"\\\n])*"|`[^`]*`|#[^\n]*')
_PACKAGE = re.compile(r"^[ \t]*package[ \t]+([\w.]+)", re.MULTILINE)
_HEAD = re.compile(r"^[ \t]*(?:default[ \t]+)?(deny|warn)\b", re.MULTILINE)
_DATA = re.compile(r"(?<![\w.])data\b(?:[ \t]*\.[ \t]*(\w+))?")
_REFERENCE = re.compile(rf"(?<![\w.])data\.({ROOT}(?:\.\w+)+)")
_METADATA = re.compile(r"^# METADATA[ \t]*\n((?:#.*\n)+)(?=package\b)", re.MULTILINE)
_NAMED = re.compile(rf"(?<![\w.])(package[ \t]+|data[ \t]*\.[ \t]*){ROOT}(?=\.)")


def policy(name: str, text: str) -> PolicySpec:
    """One policy of a pack. Errors: ContentError with every problem of the file, each `file:line: key: what`."""
    found = _METADATA.search(text)
    if found is None:
        raise ContentError(f"{name}:1: METADATA: is required, right above the package")
    row = text.count("\n", 0, found.start()) + 1
    try:
        value = read_yaml("".join(f"{line[2:]}\n" for line in found[1].splitlines()).encode(), unique=True)[0].value
    except DocumentError as error:
        raise ContentError(f"{name}:{row + (error.line or 1)}: METADATA: not readable as YAML: {error.why}") from None
    try:
        head = Metadata.model_validate(_normal(value))
        spec = PolicySpec.model_validate({
            **head.custom.model_dump(), "package": package(text), "rules": rules(text), "title": head.title, "file": name,
            "why": " ".join(head.description.split()), "sources": [link["ref"] for link in head.related_resources],
        })  # fmt: skip
    except ValidationError as invalid:
        raise ContentError("\n".join(f"{name}:{row}: {'.'.join(map(str, e['loc']))}: {e['msg']}" for e in invalid.errors())) from None
    except KeyError:
        raise ContentError(f"{name}:{row}: related_resources: each needs a `ref`") from None
    if spec.reads not in KINDS:
        raise ContentError(f"{name}:{row}: custom.reads: no kind of document '{spec.reads}'{near_miss(spec.reads, KINDS)}")
    if PurePosixPath(name).parent.as_posix() != spec.directory:
        raise ContentError(f"{name}:1: package: by id and package the policy belongs into {spec.directory}")
    return spec


def _normal(value: Any) -> Any:
    """The block as OPA reads it: the scope is that of what follows, and a related resource may be a bare address."""
    if not isinstance(value, dict):
        return value
    related = value.get("related_resources")
    if isinstance(related, list):
        value = {**value, "related_resources": [{"ref": one} if isinstance(one, str) else one for one in related]}
    return {"scope": "package", **value}


def package(text: str) -> str:
    """The package of a file; empty where it has none."""
    found = _PACKAGE.search(code(text))
    return found[1] if found else ""


def rules(text: str) -> list[str]:
    """Which of deny and warn a file has a rule for: a head stands at the left of everything that is open."""
    bare = code(text)
    return sorted({found[1] for found in _HEAD.finditer(bare) if _depth(bare[: found.start()]) == 0})


def problems(name: str, text: str) -> Iterator[str]:
    """What OPA would take, and we do not: a package or data outside of ours, and what reaches beyond the input."""
    own = package(text)
    if not own.startswith(f"{ROOT}.") or own == f"{ROOT}.aggregate":
        yield f"{name}:1: package: '{own}' has to begin with {ROOT}. and is not {ROOT}.aggregate"
    bare = code(text)
    for found in _DATA.finditer(bare):
        if found[1] != ROOT or bare[found.end() : found.end() + 1] != ".":
            yield f"{name}:{_line(bare, found.start())}: data: only packages below data.{ROOT} are there, named one by one"
    for word in FORBIDDEN:
        for line in lines(text, word):
            yield f"{name}:{line}: {word}: no policy may call this"


def names(text: str) -> set[str]:
    """The packages of ours that a file may mean: every `data.idp_assess.…` in its code, and each beginning of it."""
    paths = [one[1].split(".") for one in _REFERENCE.finditer(code(text))]
    return {".".join(path[:length]) for path in paths for length in range(2, len(path) + 1)}


def lines(text: str, builtin: str) -> list[int]:
    """The lines in which code names a builtin."""
    bare = code(text)
    return [_line(bare, found.start()) for found in re.finditer(rf"(?<![\w.]){re.escape(builtin)}(?![\w.])", bare)]


def namespaced(text: str, version: str) -> str:
    """A file whose packages lie below a version of ours: `idp_assess.x` becomes `idp_assess.VERSION.x`, in code alone."""
    return _changed(text, lambda bare: _NAMED.sub(rf"\g<1>{ROOT}.{version}", bare))


def renamed(text: str, names: Mapping[str, str]) -> str:
    """A file that calls other builtins, in code alone."""
    for name, other in names.items():
        pattern = re.compile(rf"(?<![\w.]){re.escape(name)}(?![\w.])")
        text = _changed(text, lambda bare, pattern=pattern, other=other: pattern.sub(other, bare))  # type: ignore[misc]
    return text


def _changed(text: str, change: Callable[[str], str]) -> str:
    parts, at = [], 0
    for quiet in _QUIET.finditer(text):
        parts += [change(text[at : quiet.start()]), quiet[0]]
        at = quiet.end()
    return "".join([*parts, change(text[at:])])


def code(text: str) -> str:
    """A file of the same length whose strings and comments are blank."""
    return _QUIET.sub(lambda quiet: re.sub(r"[^\n]", " ", quiet[0]), text)


def _depth(text: str) -> int:
    return sum(text.count(bracket) for bracket in "([{") - sum(text.count(bracket) for bracket in ")]}")


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1
