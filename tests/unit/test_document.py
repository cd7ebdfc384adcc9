"""YAML and JSON text as values and lines: the rules of YAML 1.2, the caps, and that both readers see the same."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from assess.spec import document as under_test
from assess.spec.document import DocumentError, read_yaml
from assess.spec.nodes import MAX_DEPTH, Builder, nodes


def one(text: str | bytes) -> Any:
    (document,) = read_yaml(text.encode() if isinstance(text, str) else text)
    return document.value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: yes", "yes"), ("a: no", "no"), ("a: on", "on"), ("a: off", "off"), ("a: y", "y"), ("a: Norway", "Norway"),
        ("a: true", True), ("a: True", True), ("a: FALSE", False), ("a: tRUE", "tRUE"),
        ("a: null", None), ("a: ~", None), ("a:", None), ("a: ''", ""), ("a: 'null'", "null"), ('a: "true"', "true"),
        ("a: 1", 1), ("a: -7", -7), ("a: 1.5", 1.5), ("a: 1e3", 1000.0), ("a: '1'", "1"), ("a: 1.2.3", "1.2.3"), ("a: 1_000", "1_000"),
        ("a: 12:30:45", "12:30:45"), ("a: 2024-01-01", "2024-01-01"), ("a: 0x10", 16), ("a: 0o10", 8),
        ("a: [1, b]", [1, "b"]), ("a: {b: c}", {"b": "c"}), ("a: |\n  b\n  c\n", "b\nc\n"), ("a: >\n  b\n  c\n", "b c\n"),
        ("a: !Ref b", "b"), ("a: !!str 5", "5"), ("a: b # c", "b"), ("a: 'b # c'", "b # c"),
    ],
)  # fmt: skip
def test_scalars_by_the_rules_of_yaml_1_2(text: str, value: object) -> None:
    assert one(text) == {"a": value}


def test_keys_stay_what_they_are_written() -> None:
    assert one("on: push\nyes: 1\nno: 2\n") == {"on": "push", "yes": 1, "no": 2}


@pytest.mark.parametrize(
    ("text", "path", "line"),
    [
        ("a: 1\nb:\n  c: 2\n", ("b", "c"), 3),
        ("a: {b: {c: 1}}\n", ("a", "b", "c"), 1),
        ("a:\n- x\n- y\n", ("a", 1), 3),
        ("a: [x,\n  y]\n", ("a", 1), 2),
        ("a:\n  - b: 1\n    c: 2\n", ("a", 0, "c"), 3),
        ("# comment\n\na: 1\n", ("a",), 3),
        ("a: |\n  one\n  two\nb: 1\n", ("b",), 4),
        ("a: 'one\n  two'\nb: 1\n", ("b",), 3),
        ("a: &x\n  b: 1\nc: *x\n", ("c", "b"), 2),
        ("a: !Sub\n  b: 1\n", ("a", "b"), 2),
        ("a: 1\n", ("nowhere",), 1),
        ("a:\n  b: 1\n", ("a", "nowhere", 7), 1),
        ('{\n  "a": {\n    "b": 1\n  }\n}\n', ("a", "b"), 3),
    ],
)
def test_lines(text: str, path: tuple[str | int, ...], line: int) -> None:
    (document,) = read_yaml(text.encode())
    assert document.line(*path) == line


def test_lines_of_several_documents() -> None:
    first, second, third = read_yaml(b"# head\na: 1\n---\n# note\nb:\n  c: 2\n---\n---\nd: 3\n")
    assert (first.start, first.line("a")) == (2, 2)
    assert (second.start, second.line("b", "c")) == (5, 6)
    assert (third.start, third.line("d")) == (9, 9)


def test_text_with_carriage_returns_has_the_same_lines() -> None:
    (document,) = read_yaml(b"a: 1\r\nb:\r\n  c: 2\r\n")
    assert document.line("b", "c") == 3
    assert document.value == {"a": 1, "b": {"c": 2}}


@pytest.mark.parametrize("text", [b"", b"\n\n", b"# only a comment\n", b"---\n", b"---\n---\n", b"null\n"])
def test_nothing(text: bytes) -> None:
    assert read_yaml(text) == []


@pytest.mark.parametrize(
    ("text", "why", "line"),
    [
        (b"a: [", "", 0), (b"a: b: c", "mapping values are not allowed", 1), (b"a: 1\n b: 2\n", "", 2), (b"a:\n\t- b", "", 2),
        (b"a: *nowhere", "alias", 1), (b"\0", "NUL", 0), (b"a: \xff", "UTF-8", 0), (b"\xff\xfea", "UTF-16", 0), (b"%YAML 9.9\n---\na: 1\n- b", "", 0),
        (b"[" * 300 + b"]" * 300, "deeper", 0), (b"{a: " * 300 + b"}" * 300, "", 0), (b"- " * 300, "deeper", 0), (b"? " * 9_999, "", 1),
        (b'{"a":' * 300 + b"1" + b"}" * 300, "deeper", 0), (b" " * 8_000_001, "larger", 0),
    ],
    ids=lambda value: repr(value[:20]) if isinstance(value, bytes) else "",
)  # fmt: skip
def test_refused_with_a_reason(text: bytes, why: str, line: int) -> None:
    with pytest.raises(DocumentError) as refused:
        read_yaml(text)
    assert why in refused.value.why
    assert refused.value.why
    if line:
        assert refused.value.line == line


def test_as_deep_as_the_cap_is_read() -> None:
    depth = MAX_DEPTH - 1
    assert one('{"a":' * depth + "1" + "}" * depth)
    assert one("\n".join(" " * n + "a:" for n in range(100)))


def test_aliases_and_merge_keys() -> None:
    text = "base: &base {a: 1, b: 2}\nown:\n  <<: *base\n  b: 3\nboth:\n  <<: [*base, {c: 4}]\nlist: [*base]\n"
    assert one(text) == {
        "base": {"a": 1, "b": 2}, "own": {"a": 1, "b": 3}, "both": {"a": 1, "b": 2, "c": 4}, "list": [{"a": 1, "b": 2}],
    }  # fmt: skip


def test_an_anchor_may_be_set_again() -> None:
    """YAML 1.2.2 section 3.2.2.2: an alias means the most recent node with that anchor."""
    assert one("a: &x 1\nb: *x\nc: &x 2\nd: *x\n") == {"a": 1, "b": 1, "c": 2, "d": 2}


def test_a_key_written_twice_keeps_the_last() -> None:
    assert one("a: 1\na: 2\n") == {"a": 2}
    assert one('{"a": 1, "a": 2}') == {"a": 2}


def test_tags_of_cloudformation_are_read_as_their_values() -> None:
    assert one("a: !GetAtt b.c\nd: !Sub ['${x}', {x: 1}]\n") == {"a": "b.c", "d": ["${x}", {"x": 1}]}


# --- both readers see the same -----------------------------------------------------------------------------------------

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cn", "Co")), max_size=12)
KEYS = st.from_regex(r"[a-z_][a-z0-9_./-]{0,8}", fullmatch=True)
SCALARS = st.none() | st.booleans() | st.integers(-(10**15), 10**15) | WORDS | st.floats(allow_nan=False, allow_infinity=False, width=32)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=20)
MAPPINGS = st.dictionaries(KEYS, VALUES, min_size=1, max_size=5)


def paths(value: Any, path: tuple[str | int, ...] = ()) -> set[tuple[str | int, ...]]:
    """The path of everything inside a value."""
    if not isinstance(value, dict | list):
        return set()
    items = value.items() if isinstance(value, dict) else enumerate(value)
    return {found for key, inner in items for found in ({(*path, key)} | paths(inner, (*path, key)))}


def same(left: Any, right: Any) -> bool:
    """Equal, with a number's type, and floats to their precision."""
    if isinstance(left, float) or isinstance(right, float):
        return isinstance(left, int | float) and isinstance(right, int | float) and math.isclose(left, right, rel_tol=1e-9)
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(same(*pair) for pair in zip(left, right, strict=True))
    return type(left) is type(right) and left == right


@settings(deadline=None)
@given(MAPPINGS, st.booleans())
def test_ryaml_and_libyaml_agree(value: dict[str, Any], flow: bool) -> None:
    text = yaml.safe_dump(value, default_flow_style=flow, allow_unicode=True, sort_keys=False)
    (fast,) = under_test._fast(text.encode())
    (root,) = nodes(text.encode())
    slow = Builder().build(root)
    assert same(fast, slow), f"ryaml read {fast!r}, libyaml {slow!r}"
    graph, last = under_test._Graph(text.encode()), text.count("\n") + 1
    for path in paths(fast):
        way = list(graph.way(0, path))
        assert len(way) == len(path)
        assert all(1 <= place.line <= last for place in way)


@settings(deadline=None)
@given(MAPPINGS, st.booleans())
def test_json_is_read_as_it_is(value: dict[str, Any], indented: bool) -> None:
    text = orjson.dumps(value, option=orjson.OPT_INDENT_2 if indented else 0)
    (document,) = read_yaml(text)
    assert same(document.value, value)
    graph = under_test._Graph(text)
    assert all(len(list(graph.way(0, path))) == len(path) for path in paths(value))


@settings(deadline=None)
@given(MAPPINGS, st.sampled_from(["", "# a comment\n\n", "---\n", "%YAML 1.2\n---\n"]), st.booleans())
def test_a_line_is_where_its_key_stands(value: dict[str, Any], before: str, json: bool) -> None:
    """Of every path, as another reader of YAML has it, which keeps the marks itself."""
    text = orjson.dumps(value, option=orjson.OPT_INDENT_2).decode() if json else before + yaml.safe_dump(value, allow_unicode=True)
    (document,) = read_yaml(text.encode())
    for path, line in marks(yaml.compose(text, Loader=yaml.SafeLoader)):
        assert document.line(*path) == line


def marks(node: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], int]]:
    """The line of every path, by PyYAML's own composer, written in Python."""
    pairs = [(key.value, key, inside) for key, inside in node.value] if isinstance(node, yaml.MappingNode) else []
    items = [(number, inside, inside) for number, inside in enumerate(node.value)] if isinstance(node, yaml.SequenceNode) else []
    for key, at, inside in (*pairs, *items):
        yield (*path, key), at.start_mark.line + 1
        yield from marks(inside, (*path, key))


@settings(deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_values_or_a_reason(text: bytes) -> None:
    try:
        documents = read_yaml(text)
    except DocumentError as error:
        assert error.why  # noqa: PT017  either it is read, or it says why not
        return
    for document in documents:
        assert document.line("nowhere", 0) >= 1


@settings(deadline=None)
@given(st.lists(MAPPINGS, min_size=1, max_size=4))
def test_documents_of_a_stream_keep_their_places(values: list[dict[str, Any]]) -> None:
    text = yaml.safe_dump_all(values, allow_unicode=True, sort_keys=False, explicit_start=True)
    documents = read_yaml(text.encode())
    assert len(documents) == len(values)
    rows = text.split("\n")
    for document, value in zip(documents, values, strict=True):
        first = next(iter(value))
        assert rows[document.line(first) - 1].lstrip("- ").startswith((first, f"'{first}", f'"{first}', "? "))
