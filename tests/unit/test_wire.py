"""The two files that a run leaves: what is written is what is read, and says so to others in its schema."""

from __future__ import annotations

from dataclasses import fields, replace
from functools import cache
from pathlib import Path
from typing import Any, get_type_hints

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from assess.collect.link.estate import link
from assess.collect.seen import Seen
from assess.content import load
from assess.errors import UsageError
from assess.model.fact import FACT_KINDS, Fact
from assess.model.gap import Gap, GapReason
from assess.model.target import Location, Source, Target
from assess.request import Request
from assess.run import assess
from assess.spec.wire import assessment_json, compressed, digest, facts_text, read_assessment, read_facts
from tests.unit.report.world import sample

ROOT = Path(__file__).parent.parent.parent
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=12)
SHOP = Target(
    source=Source.GIT,
    label="shop",
    commit="a" * 40,
    branch="main",
    remote="https://github.com/acme/shop.git",
    web="https://github.com/acme/shop",
)
TARGETS = st.builds(
    Target, source=st.just(Source.GIT), label=st.just("shop"), commit=TEXT, branch=TEXT, remote=TEXT, web=TEXT, read=st.booleans()
)
PLACES = st.builds(Location, target=st.just("shop"), path=TEXT, line=st.integers(0, 10**6), uid=TEXT)
GAPS = st.builds(
    Gap, at=PLACES, reason=st.sampled_from(GapReason), what=TEXT, settle=TEXT, under=TEXT,
    blinds=st.lists(st.sampled_from(sorted(FACT_KINDS)), max_size=3).map(tuple),
)  # fmt: skip


@cache
def facts_of(kind: type[Fact]) -> st.SearchStrategy[Fact]:
    """Facts of a kind with anything in their fields."""
    hints = get_type_hints(kind)
    return st.builds(kind, **{f.name: PLACES if f.name == "at" else _of(hints[f.name]) for f in fields(kind)})


def _of(hint: Any) -> st.SearchStrategy[Any]:
    st.register_type_strategy(str, TEXT)
    st.register_type_strategy(int, st.integers(-(2**53), 2**53))
    return st.from_type(hint)


FACTS = st.sampled_from(sorted(FACT_KINDS)).flatmap(lambda name: facts_of(FACT_KINDS[name]))


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    target=TARGETS,
    facts=st.lists(FACTS, max_size=6),
    gaps=st.lists(GAPS, max_size=3),
    read_at=st.sampled_from(["", "2026-01-01T00:00:00+00:00"]),
)
def test_facts_come_back_as_they_were(target: Target, facts: list[Fact], gaps: list[Gap], read_at: str, tmp_path: Path) -> None:
    file = tmp_path / "facts.jsonl.zst"
    file.write_bytes(compressed(facts_text([target], facts, gaps, read_at)))
    assert read_facts(file) == (read_at, [target], facts, gaps)


@pytest.mark.parametrize("kind", FACT_KINDS)
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_every_kind_of_fact_comes_back(kind: str, data: st.DataObject, tmp_path: Path) -> None:
    fact = data.draw(facts_of(FACT_KINDS[kind]))
    file = tmp_path / "facts.jsonl.zst"
    file.write_bytes(compressed(facts_text([SHOP], [fact], [])))
    assert read_facts(file)[2] == [fact]


CONTENT = load()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(facts=st.lists(FACTS, max_size=5), gaps=st.lists(GAPS, max_size=2))
def test_an_assessment_comes_back_as_it_was(facts: list[Fact], gaps: list[Gap], tmp_path: Path) -> None:
    """Whatever the facts are: linking and judging take them, and the file holds all of what came out."""
    seen = [Seen(SHOP, tuple(facts), tuple(gaps))]
    link(seen)
    assessment = assess(Request(), seen, CONTENT)
    file = tmp_path / "assessment.json"
    file.write_bytes(assessment_json(assessment))
    assert read_assessment(file) == assessment
    assert not list(validator().iter_errors(orjson.loads(file.read_bytes())))


@cache
def validator() -> Draft202012Validator:
    """The shipped schema, as another program would use it."""
    schema = orjson.loads((ROOT / "reports" / "schema" / "assessment.v1.json").read_bytes())
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def test_the_sample_is_valid_and_comes_back(tmp_path: Path) -> None:
    text = assessment_json(sample())
    assert not [error.message for error in validator().iter_errors(orjson.loads(text))]
    (tmp_path / "a.json").write_bytes(text)
    assert assessment_json(read_assessment(tmp_path / "a.json")) == text


@pytest.mark.parametrize(
    "change",
    [
        {"placements": "x"},
        {"gaps": [{}]},
        {"tau": "high"},
        {"targets": [{"label": 1}]},
        {"facts": [{"kind": "Nothing"}]},
        {"outcomes": None},
    ],
)
def test_the_schema_and_the_reader_refuse_the_same(change: dict[str, Any], tmp_path: Path) -> None:
    value = {**orjson.loads(assessment_json(sample())), **change}
    assert list(validator().iter_errors(value))
    (tmp_path / "a.json").write_bytes(orjson.dumps(value))
    with pytest.raises(UsageError) as refused:
        read_assessment(tmp_path / "a.json")
    assert refused.value.where == str(tmp_path / "a.json")


@pytest.mark.parametrize("text", [b"", b"{}", b"[]", b"not JSON", b'{"schema": "idp-assess/assessment/v0"}', b"\xff", b"null"])
def test_a_file_that_is_no_assessment(text: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(text)
    with pytest.raises(UsageError):
        read_assessment(tmp_path / "a.json")


@pytest.mark.parametrize("where", ["nowhere.json", "."])
def test_a_file_that_cannot_be_read(where: str, tmp_path: Path) -> None:
    for read in (read_assessment, read_facts):
        with pytest.raises(UsageError, match="cannot be read"):
            read(tmp_path / where)


def test_facts_cut_off_changed_or_of_another_version(tmp_path: Path) -> None:
    text = facts_text([SHOP], [], [Gap(at=Location(target="shop"), reason=GapReason.EMPTY, what="x")])
    lines = text.splitlines(keepends=True)
    broken = [
        b"", b"not zstd", compressed(text)[:-4], compressed(b""), compressed(b"".join(lines[:-1])), compressed(b"".join(lines[1:])),
        compressed(text.replace(b"facts/v1", b"facts/v9")), compressed(text + b"{\n"), compressed(text + b'{"kind": "Nothing"}\n'), compressed(text + b"[]\n"),
        compressed(text.replace(b'"empty"', b'"nothing"')),
    ]  # fmt: skip
    for number, content in enumerate(broken):
        file = tmp_path / f"{number}.zst"
        file.write_bytes(content)
        with pytest.raises(UsageError):
            read_facts(file)


def test_a_facts_bomb_is_refused_by_its_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A few kilobytes that unpack to a hundred megabytes, against a cap that is lowered for the test."""
    monkeypatch.setattr("assess.spec.wire.MAX_FACTS_BYTES", 1_000_000)
    (tmp_path / "bomb.zst").write_bytes(compressed(b"\n" * 100_000_000))
    with pytest.raises(UsageError):
        read_facts(tmp_path / "bomb.zst")


def test_the_same_facts_have_the_same_name_whenever_they_were_read() -> None:
    one, other = (facts_text([SHOP], [], [], at) for at in ("2026-01-01T00:00:00+00:00", "2027-01-01T00:00:00+00:00"))
    assert digest(one) == digest(other)
    assert digest(one) != digest(facts_text([replace(SHOP, commit="b" * 40)], [], []))
