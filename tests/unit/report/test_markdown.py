"""The pull-request comment: fits, says what it leaves out, and foreign text does nothing in it."""

from __future__ import annotations

import re

import pytest

from assess.report.markdown import BUDGET, code, escape, render
from tests.unit.report.world import sample
from tests.unit.report.worlds import hostile, many


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain words, a/path.tf:12", "plain words, a/path.tf:12"),
        ("*b* _i_ `c` ~s~", "&#42;b&#42; &#95;i&#95; &#96;c&#96; &#126;s&#126;"),
        ("<b>|</b>", "&#60;b&#62;&#124;&#60;/b&#62;"),
        ("[a](b)", "&#91;a&#93;(b)"),
        ("@admin and #1, C# and a @ b", "&#64;&#8203;admin and &#35;&#8203;1, C# and a @ b"),
        ("https://evil.example www.evil.example", "https&#58;//evil.example www&#46;evil.example"),
        ("&lt; \\| $x$", "&#38;lt; &#92;&#124; &#36;x&#36;"),
    ],
)
def test_escape(text: str, shown: str) -> None:
    assert escape(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a/b.tf:1", "`a/b.tf:1`"),
        ("a`b|c", "<code>a&#96;b&#124;c</code>"),
        ("@a/b#1", "`@a/b#1`"),
        ("<b>", "<code>&#60;b&#62;</code>"),
    ],
)
def test_code(text: str, shown: str) -> None:
    assert code(text) == shown


def test_hostile_text_does_nothing() -> None:
    text = render(hostile())
    tags = set(re.findall(r"</?[a-z]+", text))
    assert tags <= {"<details", "</details", "<summary", "</summary", "<code", "</code", "<sub", "</sub"}
    assert "javascript:alert(1))" not in re.sub(r"&#\d+;", "", text).replace("(javascript:alert(1))", "", 0) or "](javascript" not in text
    text = re.sub(r"`[^`]*`", "", text)  # what stands in code does nothing
    assert not re.search(r"(?<!\w)@admin|(?<!&)#1\b|https://evil", text)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", text)


@pytest.mark.parametrize("world", [sample, hostile])
def test_every_row_of_a_table_has_as_many_cells_as_its_head(world: type) -> None:
    widths: set[int] = set()
    for line in [*render(world()).splitlines(), ""]:
        if line.startswith("|"):
            widths.add(len(re.findall(r"(?<!\\)\|", line)))
        else:
            assert len(widths) <= 1
            widths = set()


def test_a_large_organization_fits_a_comment_and_says_what_is_left_out() -> None:
    text = render(many(2_000))
    assert len(text) <= BUDGET
    assert re.search(r"… 1,\d\d\d more in assessment\.json", text)
    assert text.index("level 2 to 4") < 200, "the answer comes first"
    assert text.count("<details>") == text.count("</details>")
