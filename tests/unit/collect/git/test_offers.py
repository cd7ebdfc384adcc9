"""What an extractor is offered: the cheap tests before it never hide what it would have read."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assess.collect.git.dispatch import Words, reading
from assess.collect.git.extract import EXTRACTORS
from assess.collect.git.file import Extractor

WORDED = [extractor for extractor in EXTRACTORS if extractor.words and extractor.marks]


@pytest.mark.parametrize("extractor", WORDED, ids=lambda extractor: extractor.name)
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_whatever_has_the_marks_has_one_of_the_words(extractor: Extractor, data: st.DataObject) -> None:
    """The words are a quicker form of the marks, not a second opinion."""
    assert extractor.marks is not None
    content = data.draw(st.from_regex(extractor.marks))
    assert any(word in content for word in extractor.words), content
    assert extractor.reads(content)
    assert list(reading(content, (extractor,))) == [extractor]


BY_LINE = [extractor for extractor in EXTRACTORS if extractor.by_line]


@pytest.mark.parametrize("extractor", BY_LINE, ids=lambda extractor: extractor.name)
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_marks_looked_for_by_line_are_found_as_in_the_whole(extractor: Extractor, data: st.DataObject) -> None:
    assert extractor.marks is not None
    lines = st.sampled_from([*extractor.words, b"", b"a: b", b"  - "]) | st.from_regex(extractor.marks)
    content = b"\n".join(data.draw(st.lists(lines, max_size=5)))
    assert extractor.reads(content) == bool(extractor.marks.search(content))


@given(
    words=st.lists(st.binary(min_size=1, max_size=4), min_size=1, max_size=12, unique=True),
    text=st.binary(max_size=60),
    times=st.integers(0, 3_000),
)
@settings(max_examples=100, deadline=None)
def test_words_are_found_wherever_they_stand(words: list[bytes], text: bytes, times: int) -> None:
    """One by one or all at once, and across the slices that a long content is read in."""
    content = text + b" " * (times * 45) + text[::-1] + b"".join(words[:3])
    assert Words(words).held(content) == {word for word in words if word in content}


SOMEWHERE = [extractor for extractor in EXTRACTORS if extractor.places]


@pytest.mark.parametrize("extractor", SOMEWHERE, ids=lambda extractor: extractor.name)
@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_a_path_that_fits_has_one_of_the_places(extractor: Extractor, data: st.DataObject) -> None:
    assert extractor.within is not None
    path = data.draw(st.from_regex(re.compile(extractor.within.pattern, (extractor.within.flags & ~re.U) | re.A)))
    assert any(place in f"/{path.lower()}" for place in extractor.places)
