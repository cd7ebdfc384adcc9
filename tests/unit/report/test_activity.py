"""What reports say of a repository's recent changes: as much as was seen, and no more."""

from __future__ import annotations

from dataclasses import replace

from assess.model.activity import Activity
from assess.model.assessment import Assessment
from assess.report.activity import ActivityLine, activity_lines

WHOLE = Activity(
    subject="shop", since="2025-10-03T00:00:00Z", until="2026-01-01T00:00:00Z", window_days=90, changes=10,
    by_maker={"person": 6, "updates": 3, "assistant": 1}, by_tool={"renovate": 3}, by_way={"merge": 4, "squash": 3, "direct": 2, "unknown": 1},
    operations=4, operations_by_maker={"person": 1, "updates": 3}, operations_by_way={"merge": 4}, automated=3, people=2,
    last_change="2025-12-30", oldest="2025-10-20", dormant=False,
)  # fmt: skip


def line(one: Activity) -> ActivityLine:
    (found,) = activity_lines(Assessment(version="1", organization="o", made_at="", tau=0.8, window_days=90, ruleset="r", activity=(one,)))
    return found


def test_a_whole_window_is_told_without_reserve() -> None:
    said = line(WHOLE).said
    assert said.startswith("10 changes in the 90 days before 2026-01-01: people 6, update bots 3, a coding agent 1.")
    assert "Of these, 4 touch what is operated from here; automation made 3 of them (75 %)." in said
    assert "7 came by merge or pull request (3 squashed), 2 by a direct push, of 1 the commits do not tell" in said
    assert line(WHOLE).cells[0] == "10"


def test_what_was_cut_or_not_looked_into_is_told() -> None:
    cut = line(replace(WHOLE, cut="shallow", unopened=4))
    assert cut.said.startswith("At least 10 changes")
    assert "Of the 6 that were looked into, 4 touch" in cut.said
    assert "The clone is shallow" in cut.rests
    assert "4 changes counted and not looked into" in cut.rests
    assert cut.cells[:3] == ("10+", "2", "4 of 6")
    assert "unknown" in line(replace(WHOLE, unopened=10, operations=0, automated=0)).said


def test_a_dormant_repository_is_told_with_its_last_change() -> None:
    nothing = replace(WHOLE, changes=0, by_maker={}, by_way={}, operations=0, automated=0, dormant=True)
    assert line(nothing).said == "No change in the 90 days before 2026-01-01. The last one was on 2025-12-30."
    assert line(replace(nothing, dormant=None, cut="shallow")).said.startswith("No change was seen in")
