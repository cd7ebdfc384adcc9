"""New, resolved, unchanged, incomparable: over findings written here."""

from __future__ import annotations

from dataclasses import replace

from assess.model.finding import Finding, Severity, Verdict
from assess.model.target import Location
from assess.policy.engine import ENGINE, PARSE, numbered, trouble
from assess.policy.fingerprint import identify
from assess.policy.gate.compare import Moves, compare


def fail(path: str, address: str = "jobs.apply", line: int = 1, verdict: Verdict = Verdict.FAIL) -> Finding:
    """A finding of one policy."""
    bare = Finding(
        policy="PIPE-004", engine="rego", verdict=verdict, severity=Severity.HIGH,
        at=Location(target="shop", path=path, line=line), address=address, message="",
    )  # fmt: skip
    return identify(bare, scope="shop", path=path)


def broken(path: str, policy: str = PARSE) -> Finding:
    """Trouble with one file, or with the engine where the path is empty."""
    return trouble("rego", policy, Location(target="shop", path=path), "not readable", "Mend it.")


def test_moved_lines_are_unchanged() -> None:
    seen = compare([fail("a", line=3)], [fail("a", line=40)], Moves(frozenset({"a"})))
    assert (len(seen.unchanged), seen.new, seen.resolved) == (1, (), ())


def test_new_and_resolved() -> None:
    seen = compare([fail("a", "jobs.x")], [fail("a", "jobs.y")], Moves(frozenset({"a"})))
    assert [f.address for f in seen.new] == ["jobs.y"]
    assert [f.address for f in seen.resolved] == ["jobs.x"]


def test_a_copy_is_new_as_long_as_the_original_is_there() -> None:
    seen = compare([fail("main")], [fail("main"), fail("prod/main")], Moves(frozenset({"prod/main"})))
    assert [f.at.path for f in seen.new] == ["prod/main"]


def test_the_same_violation_elsewhere_is_new_where_the_first_was_mended_in_place() -> None:
    seen = compare([fail("a")], [fail("b")], Moves(frozenset({"a", "b"})))
    assert [f.at.path for f in seen.new] == ["b"]


def test_a_renamed_file_keeps_all_its_findings_even_equal_ones() -> None:
    before = numbered([fail("a", line=1), fail("a", line=2)])
    after = numbered([fail("b", line=1), fail("b", line=2)])
    seen = compare(before, after, Moves(frozenset({"a", "b"}), {"a": "b"}, frozenset({"a"})))
    assert (len(seen.unchanged), seen.new, seen.resolved) == (2, (), ())


def test_a_file_rewritten_under_another_name_is_followed_one_to_one_only() -> None:
    gone = Moves(frozenset({"a", "b", "c"}), {}, frozenset({"a"}))
    assert compare([fail("a")], [fail("b")], gone).new == ()
    assert len(compare([fail("a")], [fail("b"), fail("c")], gone).new) == 2, "ambiguity means new"


def test_one_more_duplicate_is_one_new_finding() -> None:
    before, after = numbered([fail("a", line=1)]), numbered([fail("a", line=1), fail("a", line=5)])
    assert [f.at.line for f in compare(before, after, Moves(frozenset({"a"}))).new] == [5]


def test_a_finding_that_brings_its_own_suppression_is_new() -> None:
    waived = fail("a", verdict=Verdict.WAIVED)
    assert compare([], [waived], Moves(frozenset({"a"}))).new == (waived,)
    assert compare([fail("a")], [waived], Moves(frozenset({"a"}))).new == ()


def test_a_head_that_does_not_parse_is_incomparable_and_resolves_nothing() -> None:
    seen = compare([fail("a")], [broken("a")], Moves(frozenset({"a"})))
    assert seen.incomparable == (broken("a"),)
    assert seen.resolved == ()


def test_a_base_that_does_not_parse_holds_nothing_against_its_mending() -> None:
    mended = compare([broken("a")], [], Moves(frozenset({"a"})))
    assert mended.incomparable == ()
    assert compare([broken("a")], [fail("a")], Moves(frozenset({"a"}))).incomparable == (fail("a"),)


def test_trouble_on_both_sides_is_noted_only_where_it_was_not_touched() -> None:
    assert compare([broken("a")], [broken("a")], Moves()).noted == (broken("a"),)
    assert compare([broken("a")], [broken("a")], Moves(frozenset({"a"}))).incomparable == (broken("a"),)


def test_an_engine_that_failed_on_either_side_is_incomparable() -> None:
    lost = broken("", ENGINE)
    assert compare([lost], [lost], Moves()).incomparable == (lost,)
    assert compare([lost], [], Moves()).incomparable == (lost,)
    assert compare([], [lost], Moves()).incomparable == (lost,)
    assert compare([lost], [fail("a")], Moves()).new == ()


def test_order_does_not_matter() -> None:
    before, after = [fail("a", f"jobs.{n}") for n in "abc"], [fail("a", f"jobs.{n}") for n in "bcd"]
    seen = compare(before, after, Moves(frozenset({"a"})))
    turned = compare(before[::-1], after[::-1], Moves(frozenset({"a"})))
    for name in ("new", "resolved", "unchanged"):
        assert {f.address for f in getattr(seen, name)} == {f.address for f in getattr(turned, name)}
    assert replace(seen.new[0]) == fail("a", "jobs.d")
