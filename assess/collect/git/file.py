"""One file on its way through the extractors."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass, field
from posixpath import basename, dirname
from re import Pattern

from assess.model.fact import Fact
from assess.model.gap import Gap, GapReason
from assess.model.target import Location
from assess.spec.document import Document, DocumentError, read_yaml


@dataclass(slots=True)
class File:
    """A file's content with its place; parsed at most once, when somebody asks."""

    target: str
    path: str
    content: bytes
    executable: bool = False
    _documents: list[Document] | DocumentError | None = field(default=None, repr=False)

    @property
    def name(self) -> str:
        """The last part of the path."""
        return basename(self.path)

    @property
    def directory(self) -> str:
        """The directory, `.` at the root."""
        return dirname(self.path) or "."

    @property
    def text(self) -> str:
        """The content as text; bytes that are not UTF-8 become U+FFFD."""
        return self.content.decode("utf-8", "replace")

    def at(self, line: int = 0) -> Location:
        """A location in this file."""
        return Location(target=self.target, path=self.path, line=line)

    def line_of(self, offset: int) -> int:
        """The line, from 1, of a byte offset."""
        return self.content.count(b"\n", 0, offset) + 1

    def documents(self) -> list[Document]:
        """The YAML or JSON documents. Errors: DocumentError, the same each time."""
        if self._documents is None:
            try:
                self._documents = read_yaml(self.content)
            except DocumentError as error:
                self._documents = error
        if isinstance(self._documents, DocumentError):
            raise self._documents
        return self._documents

    def parsed(self) -> list[Document]:
        """The documents; none where the file does not parse, for a reader to whom it may have been anything."""
        try:
            return self.documents()
        except DocumentError:
            return []

    @property
    def broken(self) -> DocumentError | None:
        """Why the file does not parse, where somebody asked for its documents and it did not."""
        return self._documents if isinstance(self._documents, DocumentError) else None

    def unreadable(self, error: DocumentError, *blinds: str, under: str = "") -> Gap:
        """The gap for a file that does not parse, hiding facts of the kinds named."""
        return Gap(
            at=self.at(error.line), reason=GapReason.PARSE_ERROR, what=error.why, blinds=blinds, under=under,
            settle="Mend the file, or leave it out in the estate file.",
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """Something an extractor saw that makes a fact only together with the rest of its directory."""

    path: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Extractor:
    """What turns files of one sort into facts: a pure function of content and path.

    names, prefixes, suffixes: the files it is offered, by name in lower case; an empty suffix means names without a dot; a
    prefix may also be that of the directory. within: a pattern that the path must have besides; places: what a path that has
    it cannot be without, one of them, in lower case and with a leading slash, which is cheaper to look for.
    marks: a cheap pattern that the content must have; words: what it cannot be without, one of them, which is cheaper still.
    by_line: the marks stand on one line together with a word, so that only lines with one are looked at.
    """

    name: str
    run: Callable[[File], Iterator[Fact | Gap | Part]]
    names: frozenset[str] = frozenset()
    prefixes: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = ()
    within: Pattern[str] | None = None
    places: tuple[str, ...] = ()
    words: tuple[bytes, ...] = ()
    marks: Pattern[bytes] | None = None
    by_line: bool = False

    def reads(self, content: bytes, held: Set[bytes] | None = None) -> bool:
        """Whether the content has the extractor's marks. held: the words that it is known to hold, where somebody looked."""
        if held is None:
            held = {word for word in self.words if word in content}
        if self.words and held.isdisjoint(self.words):
            return False
        if self.marks is None:
            return True
        return self._on_a_line(content, held) if self.by_line else bool(self.marks.search(content))

    def _on_a_line(self, content: bytes, held: Set[bytes]) -> bool:
        """Whether a line with one of the words has the marks."""
        assert self.marks is not None
        for word in self.words:
            at = content.find(word) if word in held else -1
            while at >= 0:
                end = content.find(b"\n", at)
                end = len(content) if end < 0 else end
                if self.marks.search(content, content.rfind(b"\n", 0, at) + 1, end):
                    return True
                at = content.find(word, end)
        return False
