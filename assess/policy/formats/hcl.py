"""Terraform as JSON that policies read: the shape of Terraform's own JSON syntax, with a place for every path.

`resource`, `data`, `module`, `variable` and `output` are objects by their labels, unique in a module; every other block is a
list of the bodies that it has: `terraform[0].backend.s3[0].bucket`, `resource.aws_instance.web.lifecycle[0]`. What is no
literal is text in `${…}`, as Terraform's JSON syntax has it.
Source: https://developer.hashicorp.com/terraform/language/syntax/json
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from assess.collect.git.hcl import first_error, parse
from assess.policy.formats.source import Read, Source, Unreadable
from assess.spec.nodes import MAX_DEPTH, DocumentError, Path, Span

UNIQUE = ("resource", "data", "module", "variable", "output")
_LABELS = {"resource": 2, "data": 2, "module": 1, "variable": 1, "output": 1, "provider": 1}
_OVERRIDE = re.compile(r"(^|[/_])override\.(tf|tofu)(\.json)?$")
_ESCAPE = re.compile(r'\\(?:([nrt"\\])|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))')
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}


def read_module(sources: Iterable[Source]) -> list[Read]:
    """The one document of a Terraform module: all files of a directory together. Errors: Unreadable."""
    module = _Module()
    directory = ""
    for source in sorted(sources, key=lambda source: (bool(_OVERRIDE.search(source.path)), source.path)):
        directory = source.path.rpartition("/")[0]
        try:
            module.json(source) if source.path.endswith(".json") else module.hcl(source)
        except DocumentError as error:
            raise Unreadable(source.path, error.why, error.line) from None
    return [Read(directory, module.value, module.place)]


class _Module:
    """A module as it is put together. _at: a path -> its file and the node, or the text's place in JSON, that stands for it."""

    def __init__(self) -> None:
        self.value: dict[str, Any] = {}
        self._at: dict[Path, tuple[str, Any]] = {}
        self._file = ""

    def place(self, path: Path) -> tuple[str, Span]:
        """Where a path, or its nearest ancestor, stands."""
        for length in range(len(path), 0, -1):
            if found := self._at.get(tuple(path[:length])):
                return found[0], found[1] if isinstance(found[1], Span) else _span(found[1])
        return self._file, Span(1)

    def hcl(self, source: Source) -> None:
        """Take in one file of HCL."""
        root = parse(source.content)
        if root.has_error:
            raise DocumentError("not HCL: a block or a text is not closed, or a value is missing", first_error(root))
        self._file = source.path
        for body in root.children:
            if body.type == "body":
                self._body(body, self.value, (), 0)

    def json(self, source: Source) -> None:
        """Take in one file of Terraform's JSON syntax."""
        self._file = source.path
        for document in source.documents[:1]:
            if not isinstance(document.value, dict):
                raise DocumentError("holds no object", 1)
            for kind, value in document.value.items():
                for labels, body, at in _bodies(value, _LABELS.get(kind, 0), (kind,)):
                    path = self._put(self.value, (), kind, labels, body)
                    self._at[path] = source.path, document.span(*at)
                    self._places(path, body, document, at)

    def _places(self, path: Path, value: Any, document: Any, at: Path) -> None:
        for key, item in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
            self._at[*path, key] = self._file, document.span(*at, key)
            self._places((*path, key), item, document, (*at, key))

    def _put(self, holder: dict[str, Any], path: Path, kind: str, labels: tuple[str, ...], body: Any) -> Path:
        """Put a block's body where it belongs; the path that it has there."""
        path = (*path, kind, *labels)
        *above, last = kind, *labels
        for key in above:
            inner = holder.setdefault(key, {})
            holder = inner if isinstance(inner, dict) else {}
        if len(path) == 1 + _LABELS.get(kind, -1) and kind in UNIQUE:
            return self._put_once(holder, last, body, path)
        bodies = holder.setdefault(last, [])
        if not isinstance(bodies, list):
            holder[last] = bodies = [bodies]
        bodies.append(body)
        return (*path, len(bodies) - 1)

    def _put_once(self, holder: dict[str, Any], name: str, body: Any, path: Path) -> Path:
        """Put a block that has its address alone; an override file says parts of it anew.

        Its blocks are judged beside those that they replace. Source: https://developer.hashicorp.com/terraform/language/files/override
        """
        if name in holder and not _OVERRIDE.search(self._file):
            raise DocumentError(f"{'.'.join(map(str, path))} stands twice in this module")
        if isinstance(had := holder.get(name), dict) and isinstance(body, dict):
            for key, value in had.items():
                body.setdefault(key, value)
        holder[name] = body
        return path

    def _body(self, node: Any, value: dict[str, Any], path: Path, depth: int) -> None:
        if depth > MAX_DEPTH:
            raise DocumentError(f"nested deeper than {MAX_DEPTH} levels", node.start_point[0] + 1)
        for child in node.children:
            if child.type == "attribute":
                name = _text(child.children[0])
                self._at[*path, name] = self._file, child
                value[name] = self._expression(child.children[-1], (*path, name), depth + 1)
            elif child.type == "block":
                kind, *labels = [_label(part) for part in child.children if part.type in ("identifier", "string_lit")]
                inner: dict[str, Any] = {}
                at = self._put(value, path, kind, tuple(labels), inner)
                self._at[at] = self._file, child
                for body in child.children:
                    if body.type == "body":
                        self._body(body, inner, at, depth + 1)

    def _expression(self, node: Any, path: Path, depth: int) -> Any:
        """The value of a literal, a list or an object; anything else as text in `${…}`."""
        if depth > MAX_DEPTH:
            raise DocumentError(f"nested deeper than {MAX_DEPTH} levels", node.start_point[0] + 1)
        inner = node.children[0]
        match inner.type if len(node.children) == 1 else "":
            case "literal_value":
                return _literal(inner.children[0])
            case "template_expr":
                return _template(inner.children[0])
            case "collection_value":
                return self._collection(inner.children[0], path, depth)
            case "operation" if re.fullmatch(r"-\s*\d+(\.\d+)?", _text(inner)):
                return json.loads(re.sub(r"\s", "", _text(inner)))
        return "${" + _text(node) + "}"

    def _collection(self, node: Any, path: Path, depth: int) -> Any:
        if node.type == "tuple":
            if node.children[1].type == "for_tuple_expr":
                return "${" + _text(node) + "}"
            items = [child for child in node.children if child.type == "expression"]
            for position, child in enumerate(items):
                self._at[*path, position] = self._file, child
            return [self._expression(child, (*path, position), depth + 1) for position, child in enumerate(items)]
        found: dict[str, Any] = {}
        for element in node.children:
            if element.type == "for_object_expr":
                return "${" + _text(node) + "}"
            if element.type == "object_elem":
                key, _, value = (child for child in element.children if child.type != "comment")
                name = self._key(key)
                self._at[*path, name] = self._file, element
                found[name] = self._expression(value, (*path, name), depth + 1)
        return found

    def _key(self, node: Any) -> str:
        name = _text(node)
        if re.fullmatch(r"[\w-]+", name):
            return name
        value = self._expression(node, (), 0)
        return value if isinstance(value, str) else json.dumps(value)


def _bodies(value: Any, levels: int, at: Path) -> Iterable[tuple[tuple[str, ...], Any, Path]]:
    """Labels, body and path of each block of a kind in JSON; a list stands for several blocks wherever it stands."""
    if isinstance(value, list):
        for position, one in enumerate(value):
            yield from _bodies(one, levels, (*at, position))
    elif levels and isinstance(value, dict):
        for label, one in ((label, one) for label, one in value.items() if label != "//"):
            yield from (((label, *labels), body, path) for labels, body, path in _bodies(one, levels - 1, (*at, label)))
    elif not levels:
        yield (), value, at


def _literal(node: Any) -> Any:
    text = _text(node)
    match node.type:
        case "string_lit":
            return _unescaped(text[1:-1])
        case "bool_lit":
            return text == "true"
        case "numeric_lit":
            return json.loads(text) if re.fullmatch(r"(0|[1-9]\d{0,17})(\.\d{1,17})?([eE][+-]?\d{1,3})?", text) else text
    return None


def _template(node: Any) -> str:
    text = _text(node)
    if node.type == "quoted_template":
        return _unescaped(text[1:-1])
    lines = text.split("\n")[1:-1]
    if text.startswith("<<-"):
        margin = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
        lines = [line[margin:] for line in lines]
    return "".join(f"{line}\n" for line in lines)


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda m: _ESCAPED[m[1]] if m[1] else _character(m[2] or m[3]), text) if "\\" in text else text


def _character(digits: str) -> str:
    number = int(digits, 16)
    return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else "\ufffd"


def _label(node: Any) -> str:
    return _text(node).strip('"')


def _text(node: Any) -> str:
    return str(node.text.decode("utf-8", "replace"))


def _span(node: Any) -> Span:
    """A block's header, a key with its value on one line, or the first line of anything else."""
    line, start = node.start_point[0], node.start_point[1]
    before = _row(node, start)
    first = _text(node).split("\n", 1)[0].rstrip()
    if node.type == "block":
        first = first.partition("{")[0].rstrip()
    elif node.end_point[0] != line and node.type in ("attribute", "object_elem"):
        first = _text(node.children[0])
    return Span(line + 1, before + 1, line + 1, before + 1 + len(first))


def _row(node: Any, column: int) -> int:
    """A column in bytes as one in characters: the root's text has the line."""
    root = node
    while root.parent is not None:
        root = root.parent
    text = root.text
    start = node.start_byte - root.start_byte
    return len(text[start - column : start].decode("utf-8", "replace"))
