"""Comments that suppress: where they may stand, what they have to say, and that no text breaks the reader."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assess.policy.gate.suppressions import suppressions

LATEST, TODAY = date(2027, 5, 1), date(2026, 11, 25)
SAID = 'idp-assess:ignore PIPE-004,TF-001 until=2027-01-31 reason="moves in January"'
PARTS = st.sampled_from(
    [
        "idp-assess:ignore",
        "#",
        "//",
        " ",
        "PIPE-004",
        "until=",
        "2027-01-31",
        "until=2027-13-01",
        "reason=",
        '"',
        "'",
        "why so",
        "=",
        "\t",
        "\r\n",
        "\n",
    ]
)


@pytest.mark.parametrize(
    ("path", "text", "target"),
    [
        ("a.yml", f"jobs:\n  # {SAID}\n  apply:\n", 3),
        ("a.yaml", f"jobs:\n  apply:  # {SAID}\n", 2),
        ("a.yml", f"# {SAID}\n\n  # more about it\n\njobs:\n", 5),
        ("infra/main.tf", f"// {SAID}\nresource x y {{\n", 2),
        ("infra/main.tf", f"  acl = 1 // {SAID}\n", 1),
        ("terragrunt.hcl", f"#{SAID}\nx = 1\n", 2),
        ("app/Dockerfile", f"# {SAID}\nFROM x\n", 2),
        ("app/api.dockerfile", f"# {SAID}\nFROM x\n", 2),
        ("a.yml", f"jobs:\n# {SAID}", 2),
    ],
)
def test_where_a_comment_may_stand_and_what_it_is_about(path: str, text: str, target: int) -> None:
    [one] = suppressions(path, text.encode(), LATEST)
    assert (one.wrong, one.target, one.policies, one.until) == ("", target, ("PIPE-004", "TF-001"), date(2027, 1, 31))
    assert one.holds(TODAY)
    assert one.holds(date(2027, 1, 31))
    assert not one.holds(date(2027, 2, 1))


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("README.md", f"# {SAID}"),
        ("a.py", f"# {SAID}"),
        ("a.yml", f"url: https:idp/{SAID}"),
        ("a.yml", SAID),
        ("a.yml", "# idp-assess:ignored"),
    ],
)
def test_what_is_no_suppression(path: str, text: str) -> None:
    assert suppressions(path, text.encode(), LATEST) == ()


def test_comments_for_checkov_are_counted_and_nothing_else() -> None:
    [one] = suppressions("main.tf", b"  # checkov:skip=CKV_AWS_20,CKV_AWS_21: public on purpose\n", LATEST)
    assert (one.foreign, one.policies, one.holds(TODAY)) == (True, ("CKV_AWS_20", "CKV_AWS_21"), False)


@given(st.lists(PARTS, max_size=14).map("".join) | st.text(max_size=80).map(lambda text: f"# idp-assess:ignore {text}"))
def test_no_text_breaks_the_reader_and_only_a_whole_comment_holds(text: str) -> None:
    for one in suppressions("a.yml", text.encode("utf-8", "surrogatepass"), LATEST):
        assert one.line <= text.count("\n") + 1
        if one.holds(TODAY):
            assert one.policies
            assert "reason=" in one.text
            assert one.until is not None
            assert TODAY <= one.until <= LATEST
        else:
            assert one.wrong or one.foreign or one.until


def test_long_lines_cost_what_they_hold() -> None:
    for text in ("#" * 500_000, "# " * 250_000, "# idp-assess:ignore " + "a" * 500_000, '# idp-assess:ignore a="' * 20_000):
        assert all(not one.holds(TODAY) for one in suppressions("a.yml", (text + " idp-assess:ignore").encode(), LATEST))
