"""Every extractor, on anything: no bytes and no values, however wrong, make it raise or state a fact of a wrong type."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import orjson
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assess.collect.git.extract import EXTRACTORS
from assess.collect.git.extract.terraform import Surroundings, assemble
from assess.collect.git.file import Extractor, File, Part
from assess.collect.link.estate import link
from assess.collect.seen import Seen
from assess.model.fact import Fact
from assess.model.gap import Gap
from assess.model.target import Location, Source, Target
from assess.spec.document import Document
from assess.spec.wire import compressed, facts_text, read_facts
from tests.hostile.offered import SAMPLES, offered, readers, where

TARGET = Target(source=Source.GIT, label="shop")
ODD_TEXT = st.sampled_from([
    "", " ", "~", "*", "**", "..", "../../..", "/", "/etc/passwd", "{{", "{{ }}", "${{ x }}", "$(x)", "%", "\n", "\x1b[31m", "\u202e", "a" * 300,
    "true", "1", "null", "[", "[a", "(", "\\", "?", "http://u:p@h/x", "http://[", "//", "://", "a://[::1", "#", "@", ":", "é", "😀", "x\ny", "-",
])  # fmt: skip
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | ODD_TEXT
    | st.text(max_size=8)
)


def paths_of(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every value inside a value, itself first."""
    yield path
    if isinstance(value, dict | list):
        for key, inside in value.items() if isinstance(value, dict) else enumerate(value):
            yield from paths_of(inside, (*path, key))


PLACES = [(name, path) for name, sample in SAMPLES.items() for path in paths_of(sample)]
KEYS = sorted({key for _, path in PLACES for key in path if isinstance(key, str)})
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS) | ODD_TEXT, inner, max_size=4),
    max_leaves=8,
)


def put(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    """The value with another at a path; what is beside the path is shared."""
    if not path:
        return new
    copied = value.copy()
    copied[path[0]] = put(value[path[0]], path[1:], new)
    return copied


_BREAK = re.compile(rb"\r\n|[\r\n]|\xc2\x85|\xe2\x80[\xa8\xa9]")
"""What YAML counts as the end of a line, Source: https://yaml.org/spec/1.1/#id871856; everything else counts line feeds."""


def read(extractor: Extractor, path: str, content: bytes) -> list[Fact | Gap | Part]:
    """What an extractor brings of a file: the same each time, and in the lines that the file has."""
    found = list(extractor.run(File("shop", path, content)))
    assert found == list(extractor.run(File("shop", path, content)))
    last = len(_BREAK.findall(content)) + 1
    for one in found:
        for at in places(one):
            assert at.path != path or 0 <= at.line <= last, f"{extractor.name}: {one} is not in the {last} lines of the file"
    return found


def places(value: object) -> Iterator[Location]:
    """Every location inside a fact, gap or part."""
    if isinstance(value, Location):
        yield value
    elif is_dataclass(value):
        for one in fields(value):
            yield from places(getattr(value, one.name))
    elif isinstance(value, tuple | list):
        for inside in value:
            yield from places(inside)


def read_all(path: str, content: bytes, value: Any = None) -> list[Fact | Gap | Part]:
    """What all extractors that are offered a file bring; with a value given, it is not parsed, and has no lines."""
    file = File("shop", path, content, _documents=None if value is None else [Document(value, 1)])
    return [found for extractor in readers(path) for found in extractor.run(file)]


def check(found: list[Fact | Gap | Part], tmp_path: Path) -> None:
    """What was found can be assembled, linked, written and read back as it was."""
    parts = [one for one in found if isinstance(one, Part)]
    facts = [one for one in found if isinstance(one, Fact)] + list(assemble(parts, Surroundings(versions=True)))
    gaps = [one for one in found if isinstance(one, Gap)]
    link([Seen(TARGET, tuple(facts), tuple(gaps))])
    file = tmp_path / "facts.jsonl.zst"
    file.write_bytes(compressed(facts_text([TARGET], facts, gaps)))
    assert read_facts(file) == ("", [TARGET], facts, gaps)


@pytest.mark.parametrize("extractor", EXTRACTORS, ids=lambda e: e.name)
@settings(derandomize=True, max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=400) | st.text(max_size=200).map(str.encode), data=st.data())
def test_any_bytes(extractor: Extractor, content: bytes, data: st.DataObject, tmp_path: Path) -> None:
    check(read(extractor, data.draw(st.sampled_from(where(extractor))), content), tmp_path)


@settings(derandomize=True, max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.sampled_from(PLACES), value=VALUES)
def test_any_value_at_a_known_key(place: tuple[str, tuple[Any, ...]], value: Any, tmp_path: Path) -> None:
    name, path = place
    content = orjson.dumps(put(SAMPLES[name], path, value), option=orjson.OPT_INDENT_2)
    check([found for extractor in readers(name) for found in read(extractor, name, content)], tmp_path)


@settings(derandomize=True, max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(sorted(SAMPLES)), data=st.data())
def test_a_sample_that_is_cut_off_or_changed(name: str, data: st.DataObject, tmp_path: Path) -> None:
    """Sound as YAML, cut anywhere, with a few of its characters or lines replaced, twice over or gone."""
    text = yaml.safe_dump(SAMPLES[name], sort_keys=False)
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        end = min(len(text), start + data.draw(st.sampled_from([0, 1, 7, 80, 2_000, len(text)])))
        text = (
            text[:start]
            + data.draw(ODD_TEXT | st.sampled_from(["\t", "- ", ": ", "{{- if .x }}\n", "'", '"', "&a ", "*a", "!x ", "---\n", "\r"]))
            + text[end:]
        )
    content = text.encode("utf-8", "replace")
    check([found for extractor in readers(name) if extractor.reads(content) for found in read(extractor, name, content)], tmp_path)


@pytest.mark.parametrize("wrong", [None, True, 7, 1.5, "", "x", [], {}, [None], [[]], [{}], {"": None}, [7, "x"], {"name": {}}], ids=repr)
def test_every_known_key_with_every_wrong_type(wrong: Any, tmp_path: Path) -> None:
    """As the property above, but at every place: what a random draw may miss."""
    found: list[Fact | Gap | Part] = []
    for name, path in PLACES:
        value = put(SAMPLES[name], path, wrong)
        found += read_all(name, orjson.dumps(value, option=orjson.OPT_INDENT_2), value)
    check(list(dict.fromkeys(found)), tmp_path)


@pytest.mark.parametrize("name", SAMPLES)
def test_the_samples_are_read(name: str) -> None:
    """A sample that nobody understands would make the properties above empty."""
    value = SAMPLES[name]
    content = orjson.dumps(value, option=orjson.OPT_INDENT_2) if name.endswith(".json") else yaml.safe_dump(value, sort_keys=False).encode()
    found = [one for e in EXTRACTORS if offered(e, name) and (e.marks is None or e.marks.search(content)) for one in read(e, name, content)]
    assert not [one for one in found if isinstance(one, Gap)]
    if name not in ("argocd/project.yaml",):
        assert found, f"no extractor says anything about {name}"
