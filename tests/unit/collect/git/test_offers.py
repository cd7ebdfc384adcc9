"""What an extractor is offered: the cheap tests before it never hide what it would have read."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

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
