"""What a reader of a format is given and hands back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from assess.spec.document import Document, read_yaml
from assess.spec.nodes import Path, Span


@dataclass(frozen=True)
class Source:
    """One file. id: its blob's object id: equal ids are equal content."""

    path: str
    content: bytes
    id: str = ""

    @cached_property
    def documents(self) -> list[Document]:
        """It as YAML or JSON, parsed once for all kinds that ask. Errors: DocumentError."""
        return read_yaml(self.content)


@dataclass(frozen=True, slots=True)
class Read:
    """One document of a kind.

    path: the file, or the directory where a document is made of several. value: what policies see.
    place: a path in the value -> the file and the narrowest text of it, or of its nearest ancestor that has one.
    """

    path: str
    value: Any
    place: Callable[[Path], tuple[str, Span]]


class Unreadable(Exception):
    """A file of a document that is not what its name says: where, and why."""

    def __init__(self, path: str, why: str, line: int = 0) -> None:
        self.path, self.why, self.line = path, why, line
        super().__init__(path, why, line)
