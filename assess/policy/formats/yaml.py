"""YAML and JSON as policies read them: a file's one document, its Kubernetes objects, or those of a whole directory."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from assess.policy.formats.source import Read, Source, Unreadable
from assess.spec.document import Document, DocumentError
from assess.spec.nodes import OverCap, Path, Span

TEMPLATED = re.compile(rb"(?m)^(?![ \t]*#).*?(?:\{\{|<%|\{%)")
"""What stands in a file that another program fills in before it is YAML; in a comment it is only talked about."""


def read_file(sources: Iterable[Source]) -> list[Read]:
    """Each document of each file. Errors: Unreadable."""
    return [Read(source.path, one.value, partial(_place, source.path, one, ())) for source in sources for one in _documents(source)]


def read_objects(sources: Iterable[Source]) -> list[Read]:
    """Each Kubernetes object of each file, those of a List apart. A template that is no YAML before it is filled in has none.

    Errors: Unreadable.
    """
    return [
        Read(source.path, value, partial(_place, source.path, document, at))
        for source in sources for document in _untemplated(source) for value, at in _objects(document.value, ())
    ]  # fmt: skip


def read_directory(sources: Iterable[Source]) -> list[Read]:
    """One document, `{"objects": […]}`, with the Kubernetes objects of a directory's files; none where there are none."""
    objects = read_objects(sorted(sources, key=lambda source: source.path))
    if not objects:
        return []

    def place(path: Path) -> tuple[str, Span]:
        position = path[1] if len(path) > 1 and isinstance(path[1], int) and path[1] < len(objects) else 0
        return objects[position].place(path[2:])

    return [Read(objects[0].path.rpartition("/")[0], {"objects": [one.value for one in objects]}, place)]


def read_backstage(sources: Iterable[Source]) -> list[Read]:
    """Each entity of a software catalog. Source: https://backstage.io/docs/features/software-catalog/descriptor-format"""
    return [read for read in read_objects(sources) if _group(read.value).endswith("backstage.io")]


def read_kubernetes(sources: Iterable[Source]) -> list[Read]:
    """Each Kubernetes object, entities of Backstage apart, and what has the form of one but is read by a program."""
    return [read for read in read_objects(sources) if not _group(read.value).endswith(("backstage.io", "config.k8s.io", "helm.sh"))]


def _group(value: Any) -> str:
    return str(value["apiVersion"]).partition("/")[0]


def _place(file: str, document: Document, prefix: Path, path: Path) -> tuple[str, Span]:
    return file, document.span(*prefix, *path)


def _documents(source: Source) -> list[Document]:
    try:
        return source.documents
    except DocumentError as error:
        raise Unreadable(source.path, error.why, error.line) from error


def _untemplated(source: Source) -> list[Document]:
    """None of a template that is no YAML yet. What is too large to be read is not known to be one."""
    try:
        return _documents(source)
    except Unreadable as error:
        if not isinstance(error.__cause__, OverCap) and TEMPLATED.search(source.content):
            return []
        raise


def _objects(value: Any, at: Path) -> Iterator[tuple[dict[str, Any], Path]]:
    if not isinstance(value, dict) or not isinstance(value.get("apiVersion"), str) or not isinstance(value.get("kind"), str):
        return
    items = value.get("items")
    if not isinstance(items, list) or not _is_list(value["kind"], items):
        yield value, at
        return
    of = value["kind"].removesuffix("List")
    said = {"apiVersion": value["apiVersion"], "kind": of} if of else {}  # the items of a PodList need not say that they are Pods
    for position, item in enumerate(items):
        yield from _objects({**said, **item} if isinstance(item, dict) else item, (*at, "items", position))


def _is_list(kind: str, items: list[Any]) -> bool:
    return kind == "List" or (kind.endswith("List") and all(isinstance(item, dict) for item in items))
