"""Waivers are added to a text and taken out of it, and every other byte stays."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assess.errors import UsageError
from assess.policy.gate.waiver_text import added, next_id, without
from assess.spec.gate import WAIVERS_FILE, Waiver, WaiverFile
from assess.spec.strict import parse

HAND = """\
# Ours. Ask team-platform before you add one.
waivers:
# until the migration
- {id: W-1, policy: PIPE-004, path: a.yml, reason: "moves in January", owner: team-shop, created: 2026-11-01, expires: 2027-01-31}  # x

# the second
- id: legacy
  policy: PIPE-005   # spaced
  address: jobs.x
  reason: >-
    folded
    over lines
  owner: team-a
  created: 2026-11-01
  expires: 2026-12-31
# the end
"""
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=10, max_size=60).filter(
    lambda t: len(t.strip()) >= 10
)


def waiver(id: str = "W-2", reason: str = "why it is so today", **more: str) -> Waiver:
    """A sound waiver."""
    return Waiver.model_validate(
        {"id": id, "policy": "PIPE-006", "path": "infra/**", "reason": reason, "owner": "team-b", "created": date(2026, 11, 25),
         "expires": date(2027, 2, 1), **more}
    )  # fmt: skip


def ids(text: str) -> list[str]:
    """The ids of a text's waivers."""
    return [one.id for one in parse(text.encode(), WAIVERS_FILE, WaiverFile).waivers]


def test_a_waiver_is_added_at_the_end_and_nothing_else_changes() -> None:
    longer = added(HAND, waiver(), "jobs.apply in x.yml")
    assert longer.startswith(HAND)
    assert ids(longer) == ["W-1", "legacy", "W-2"]
    assert "# jobs.apply in x.yml\n- id:" in longer


@pytest.mark.parametrize("text", ["", "\n", "waivers:\n", "waivers: []\n", "# ours\nwaivers: []   # none\n", "waivers:", "waivers: null\n"])
def test_the_first_waiver(text: str) -> None:
    longer = added(text, waiver())
    assert ids(longer) == ["W-2"]
    assert all(comment in longer for comment in ("# ours", "# none") if comment in text)


@given(reason=TEXT, owner=TEXT)
def test_free_text_comes_back_as_it_went_in(reason: str, owner: str) -> None:
    one = waiver(reason=reason, owner=owner)
    found = parse(added(HAND, one).encode(), WAIVERS_FILE, WaiverFile).waivers[-1]
    assert (found.reason, found.owner) == (one.reason, one.owner)


def test_an_id_that_is_there_and_a_list_in_brackets_are_refused() -> None:
    with pytest.raises(UsageError, match="has a waiver legacy already"):
        added(HAND, waiver("legacy"))
    flow = "waivers: [{id: W-1, policy: P-1, path: a, reason: long enough, owner: me, created: 2026-11-01, expires: 2026-12-01}]\n"
    with pytest.raises(UsageError, match="Add this by hand"):
        added(flow, waiver())
    with pytest.raises(UsageError, match="Take out by hand: W-1"):
        without(flow, {"W-1"})


def test_waivers_are_taken_out_and_comments_stay() -> None:
    second = without(HAND, {"W-1"})
    assert (ids(second), "# the second\n- id: legacy" in second, "W-1" in second) == (["legacy"], True, False)
    first = without(HAND, {"legacy"})
    assert first == HAND[: HAND.index("- id: legacy")] + "# the end\n"
    assert ids(without(HAND, {"W-1", "legacy"})) == []
    assert without(added(HAND, waiver()), {"W-2"}) == HAND


def test_the_next_id() -> None:
    assert (next_id(""), next_id(HAND), next_id("id: W-41\nid: W-7")) == ("W-1", "W-2", "W-42")
