"""What a procedure does, gathered step by step; shared by the extractors of pipelines, task runners and scripts.

YAML of others may hold any type anywhere: `mapping`, `sequence` and `texts` say what is there and never raise.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from assess.collect.git.commands import analyse
from assess.collect.git.expressions import Row, each, is_plain
from assess.collect.git.file import File
from assess.model.credentials import redact
from assess.model.fact import Call, Checkout, Command, Procedure, Trigger
from assess.spec.document import Document, DocumentError

Chunk = tuple[str, int]
"""A shell text and the file's line of its first line."""

_NAME = re.compile(r"\$\{(\w+)\}|\$\((\w+)\)|\$(\w+)")
_PLACE = re.compile(r"[\w.@+-]*(?:/[\w.@+-]*)*\Z")
_ROOT = re.compile(r"\$\{?(?:CI_PROJECT_DIR|GITHUB_WORKSPACE|WORKSPACE|TRAVIS_BUILD_DIR|BITBUCKET_CLONE_DIR|CODEBUILD_SRC_DIR)\}?/")
_HIDDEN = re.compile(r"(?i)pass|secret|token|key|cred|pwd|auth")


def mapping(value: Any) -> dict[str, Any]:
    """The mapping that is there, its keys as text; empty for anything else."""
    return {str(key): item for key, item in value.items()} if isinstance(value, dict) else {}


def sequence(value: Any) -> list[Any]:
    """The items of a list, or the one value that stands for a list; empty for nothing."""
    return value if isinstance(value, list) else [] if value is None else [value]


def texts(value: Any) -> tuple[str, ...]:
    """The strings of a list, or the one string that stands for a list."""
    return tuple(item for item in sequence(value) if isinstance(item, str))


def first_document(file: File) -> Document | None:
    """The first document where it is a mapping. Errors: None for text that does not parse."""
    try:
        documents = file.documents()
    except DocumentError:
        return None
    return documents[0] if documents and isinstance(documents[0].value, dict) else None


def chunks(document: Document, value: Any, *path: str | int) -> Iterator[Chunk]:
    """The shell texts below a path: one string, or a list (of lists) of them, each with its line."""
    if isinstance(value, str):
        yield value, document.line(*path) + (1 if "\n" in value else 0)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from chunks(document, item, *path, index)


def constants(*sources: Any) -> dict[str, str]:
    """Variables whose value is a plain path or word, the later source winning; nothing that is named like a secret."""
    found: dict[str, str] = {}
    for source in sources:
        for name, value in mapping(source).items():
            value = value.get("value") if isinstance(value, dict) else value
            if isinstance(value, str) and 0 < len(value) <= 120 and not _HIDDEN.search(name):
                found[name] = value
    for _ in range(3):
        found = {name: fill(value, found) for name, value in found.items()}
    return {name: value for name, value in found.items() if _PLACE.match(value.replace("$CI_PROJECT_DIR", ""))}


def fill(text: str, known: Mapping[str, str]) -> str:
    """A text with the known variables put in; the others stay as written."""
    return _NAME.sub(lambda m: known.get(m[1] or m[2] or m[3], m[0]), text) if known else text


@dataclass(slots=True)
class Steps:
    """The commands and calls of one procedure so far."""

    commands: list[Command] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    unresolved: list[str] = field(default_factory=list)
    checkouts: list[Checkout] = field(default_factory=list)
    signs_in: list[str] = field(default_factory=list)

    def shell(
        self, texts: Iterable[Chunk], where: str = ".", read: Callable[[str], str] | None = None, rows: Sequence[Row] = (),
        soft: bool = False,
    ) -> None:  # fmt: skip
        """Add what texts do that one shell runs in turn, so that a `cd` in one counts for the next.

        read: puts variables in before reading, line for line; a command's text stays as written, so no value shows.
        rows: values of expressions, each row for a run of its own. soft: a failure does not fail the job.
        """
        lines: list[str] = []
        numbers: list[int] = []
        for text, first in texts:
            parts = text.rstrip("\n").split("\n")
            lines += parts
            numbers += range(first, first + len(parts))
        if not lines:
            return
        written = "\n".join(" " + line.lstrip("\t") for line in lines)  # a margin, so that no flag looks like a recipe's prefix
        commands, calls = analyse(written, where)
        filled = read(written) if read else written
        if where == "." and not re.search(r"\b(?:cd|pushd)\s", filled):
            filled = _ROOT.sub("./", filled)
        if filled != written:
            commands, calls = _as_written(commands, *analyse(filled, where), lines)
        if rows and "$" in f"{written}{where}":
            rows = _unset(written, rows)
            commands, calls = list(each(commands, rows)), list(each(calls, rows))
        self.commands += [replace(c, line=numbers[min(c.line, len(numbers)) - 1], soft=soft or c.soft) for c in commands]
        self.calls += [replace(c, line=numbers[min(c.line, len(numbers)) - 1]) for c in calls]

    def command(self, does: str, tool: str, path: str, line: int, text: str) -> None:
        """Add one command that is no shell line."""
        resolved = not re.search(r"[$`{}<]", path)
        self.commands.append(
            Command(does=does, tool=tool, path=path, line=line, text=redact(text), resolved=resolved, written=path if "$" in path else "")
        )

    def call(self, name: str, line: int, *, repository: str = "", given: tuple[tuple[str, str], ...] = ()) -> None:
        """Add a call of another procedure."""
        self.calls.append(Call(name=name, line=line, repository=repository, given=given))

    def add(self, other: Steps, rows: Sequence[Row] = ()) -> None:
        """Add other steps, once for each value of the rows that they ask for."""
        self.commands += each(other.commands, rows)
        self.calls += each(other.calls, rows)
        self.unresolved += other.unresolved
        self.checkouts += other.checkouts
        self.signs_in += other.signs_in

    def __bool__(self) -> bool:
        return bool(self.commands or self.calls or self.unresolved)

    def procedure(
        self, file: File, line: int, tool: str, name: str, form: str, trigger: Trigger | None = None,
        defaults: tuple[tuple[str, str], ...] = (),
    ) -> Procedure:  # fmt: skip
        """The procedure that these steps make. defaults: as `Procedure.defaults`."""
        return Procedure(
            at=file.at(line), tool=tool, name=name, form=form, commands=tuple(self.commands), calls=tuple(self.calls),
            unresolved=tuple(dict.fromkeys(self.unresolved)), trigger=trigger, defaults=defaults,
            checkouts=tuple(dict.fromkeys(self.checkouts)), signs_in=tuple(dict.fromkeys(self.signs_in)),
        )  # fmt: skip


def given(prefix: str, values: Any) -> tuple[tuple[str, str], ...]:
    """Inputs or parameters that are words, or expressions of one line, by the name that expressions use."""
    pairs = ((f"{prefix}.{name}", str(value).strip()) for name, value in mapping(values).items() if isinstance(value, str | int))
    return tuple((name, text) for name, text in pairs if is_plain(text) or ("$" in text and "\n" not in text and len(text) < 200))


def _unset(text: str, rows: Sequence[Row]) -> Sequence[Row]:
    """Rows without the variables that the text itself sets."""
    own = set(re.findall(r"\b([A-Za-z_]\w*)=", text)) & {name for row in rows for name in row}
    return [{name: value for name, value in row.items() if name not in own} for row in rows] if own else rows


def _as_written(before: list[Command], commands: list[Command], calls: list[Call], lines: list[str]) -> tuple[list[Command], list[Call]]:
    """The commands with variables put in, each with the text it had before."""
    same = len(before) == len(commands) and all(a.line == b.line for a, b in zip(before, commands, strict=True))
    if same:
        return [replace(new, text=old.text) for old, new in zip(before, commands, strict=True)], calls
    return [replace(c, text=redact(lines[min(c.line, len(lines)) - 1].strip())) for c in commands], calls


def jobs_of(
    file: File, line: int, tool: str, jobs: Iterable[Procedure], *included: Call, defaults: tuple[tuple[str, str], ...] = ()
) -> Procedure:
    """The procedure that stands for a whole pipeline file: named by its path, it calls its jobs."""
    calls = tuple(Call(name=job.name, line=job.at.line, repository=".") for job in jobs)
    return Procedure(at=file.at(line), tool=tool, name=file.path, form="workflow", calls=(*calls, *included), defaults=defaults)
