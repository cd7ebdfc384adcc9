"""What explain says: the level and the sentence of the report, the evidence behind it, and which subject is meant."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from assess.errors import UsageError
from assess.explain import explain
from assess.model.assessment import Assessment
from assess.model.gap import Gap, GapReason
from assess.model.outcome import Outcome, Reading, Result
from assess.model.placement import Gate, Placement, Scope, UnitPlace
from assess.model.target import Location, Source, Target
from assess.model.unit import Question
from assess.report.view import view
from assess.spec.wire import assessment_json
from tests.unit.report.world import sample

Explain = Callable[..., str]
OPEN: dict[str, tuple[str, ...]] = {
    "definition": ("declarative",), "executor": ("cli", "console"), "packaged": ("no",), "reconciled": ("no",),
    "requester": ("platform",),
}  # fmt: skip


@pytest.fixture
def explained(tmp_path: Path) -> Explain:
    """A function that explains a topic with an assessment beside it."""

    def make(topic: str, assessment: Assessment | None = None, why_not: int | None = None) -> str:
        file = tmp_path / "assessment.json"
        file.write_bytes(assessment_json(assessment or sample()))
        return explain(topic, assessment_file=file, why_not=why_not)

    return make


def unit(target: str, name: str, levels: tuple[int, int], owner: str = "") -> UnitPlace:
    """A Terraform root; nothing that it says matters here but its levels, place and owner."""
    return UnitPlace(
        unit=f"{target}:{name}#terraform-root", kind="terraform-root", target=target, path=name, owner=owner, answers=OPEN,
        at=Location(target=target, path=f"{name}/main.tf", line=1), declared=levels, confirmed=(0, 5),
    )  # fmt: skip


def placed(subject: str, scope: Scope, levels: tuple[int, int], gate: tuple[int, int, int, int]) -> list[Placement]:
    """Both readings of a subject. gate: level, certain, possible, total."""
    level, certain, possible, total = gate
    declared = Placement(
        subject=subject, scope=scope, reading=Reading.DECLARED, low=levels[0], high=levels[1], units=total,
        gate=Gate(level=level, certain=certain, possible=possible, total=total, threshold=0.8),
    )  # fmt: skip
    return [declared, replace(declared, reading=Reading.CONFIRMED, low=0, high=5)]


def world(units: list[UnitPlace], *placements: list[Placement], organization: str = "Acme") -> Assessment:
    """An assessment of these units and placements, in one repository a target."""
    labels = dict.fromkeys(u.target for u in units)
    found = [p for pair in placements for p in pair]
    return Assessment(
        version="1", organization=organization, made_at="2026-01-02T03:04:05+00:00", tau=0.8, window_days=90, ruleset="r",
        targets=tuple(Target(source=Source.GIT, label=label, commit="0" * 40) for label in labels), units=tuple(units),
        placements=tuple(sorted(found, key=lambda p: list(Reading).index(p.reading))),
    )  # fmt: skip


TEAMS = world(
    [*(unit("shop", f"a{n}", (3, 3) if n else (1, 1), "alpha") for n in range(9)), unit("shop", "b0", (1, 1), "beta")],
    placed("shop", Scope.REPOSITORY, (3, 3), (4, 0, 0, 10)),
    placed("alpha", Scope.TEAM, (3, 3), (4, 0, 0, 9)), placed("beta", Scope.TEAM, (1, 1), (2, 0, 0, 1)),
    placed("Acme", Scope.ORGANIZATION, (1, 1), (2, 8, 8, 10)),
)  # fmt: skip


def test_the_sentence_of_a_subject_is_that_of_the_report(explained: Explain) -> None:
    for assessment in (sample(), TEAMS):
        seen = view(assessment)
        for subject in (seen.headline, *seen.teams, *seen.placed):
            text = explained(f"{subject.scope}:{subject.name}", assessment)
            assert subject.declared.gate in text
            assert f": {subject.declared.span.words} (" in text.splitlines()[0]
            assert not subject.declared.also or subject.declared.also in text


def test_where_teams_decide_the_count_of_teams_is_told_with_their_units(explained: Explain) -> None:
    text = explained("Acme", TEAMS)
    assert text.startswith("organization Acme: L1 (Scripts) declared; confirmed: nothing yet")
    assert "both teams must reach level 2 (0.80); 1 does" in text
    assert "  beta (L1): its only unit must reach level 2" in text
    assert "shop:b0#terraform-root" in text
    assert "shop:a0#" not in text


def test_a_unit_below_what_is_reached_all_the_same_is_not_held_against_it(explained: Explain) -> None:
    text = explained("alpha", TEAMS, why_not=2)
    assert "It does reach level 2 (Infrastructure as code), for certain: at least 8 of 9 units must reach level 2 (0.80); 8 do." in text
    assert "shop:a0#" not in text


def test_a_certain_level_is_one_number(explained: Explain) -> None:
    assert "L1-L1" not in explained("beta", TEAMS)
    assert explained("beta", TEAMS).startswith("team beta: L1 (Scripts)")


@pytest.mark.parametrize(
    ("topic", "level", "verdict"),
    [
        ("charts", 2, "It does reach level 2 (Infrastructure as code), for certain: its only unit must reach level 2 (0.80); it does."),
        ("charts", 4, "It does reach level 4 (Packages and GitOps), for certain"),
        ("charts", 5, "It does not reach level 5 (Portal): its only unit"),
        ("Acme", 3, "Whether it reaches level 3 (Pipelines) is not known: "),
        ("shop-infra", 5, "It does not reach level 5 (Portal): both units must reach level 5 (0.80); none does."),
        ("charts:web#chart", 4, "It does reach level 4"),
        ("shop-infra:envs/prod#terraform-root", 3, "It does not reach level 3"),
        ("shop-infra:envs/dev#terraform-root", 3, "Whether it reaches level 3 (Pipelines) is not known."),
    ],
)
def test_why_not_says_whether_it_does(explained: Explain, topic: str, level: int, verdict: str) -> None:
    text = explained(topic, why_not=level)
    assert verdict in text
    assert ("not at level" in text) is ("not" in verdict and "#" not in topic), "no unit is held against what is reached"


def test_the_evidence_of_a_unit_is_its_hops_with_their_lines(explained: Explain) -> None:
    text = explained("shop-infra:envs/prod#terraform-root")
    assert "→ .github/workflows/check.yml:11 job check" in text
    assert "What keeps it from level 3:" in text
    assert "https://github.com/acme/shop-infra/blob/0123456789abcdef0123456789abcdef01234567/envs/prod/main.tf#L1" in text
    assert "What else rules say, declared:\n    DEF-901" in text
    assert "run by: a person at a prompt or console" in text


def test_what_is_unknown_comes_with_its_reason_and_what_settles_it(explained: Explain) -> None:
    found = unit("shop", "infra", (2, 3))
    gap = Gap(
        at=Location(target="shop", path="ci.yml", line=4), reason=GapReason.UNRESOLVED, what="includes x", settle="Name x as a target"
    )
    unknown = Outcome(
        rule="EXE-001", unit=found.unit, reading=Reading.DECLARED, result=Result.UNKNOWN, question=Question.EXECUTOR,
        reason="shop:ci.yml:4: includes x",
    )  # fmt: skip
    bare = world([found], placed("shop", Scope.REPOSITORY, (2, 3), (3, 0, 1, 1)), placed("Acme", Scope.ORGANIZATION, (2, 3), (3, 0, 1, 1)))
    text = explained("shop", replace(bare, outcomes=(unknown,), gaps=(gap,)))
    assert re.search(r"EXE-001 .*Unknown: shop:ci.yml:4: includes x\n +To settle it: Name x as a target", text)


def test_ten_units_are_shown_and_the_others_counted(explained: Explain) -> None:
    many = world(
        [unit("shop", f"r{n:02}", (2, 2)) for n in range(13)], placed("shop", Scope.REPOSITORY, (2, 2), (3, 0, 0, 13)),
        placed("Acme", Scope.ORGANIZATION, (2, 2), (3, 0, 0, 13)),
    )  # fmt: skip
    text = explained("shop", many)
    assert text.count("#terraform-root") == 10
    assert "13 units not at level 3 for certain" in text
    assert "… and 3 more" in text


# --- which subject is meant -------------------------------------------------------------------------------------

TWINS = world(
    [unit("payments", "infra", (2, 2), "platform"), unit("shop", "infra", (4, 4), "payments")],
    placed("payments", Scope.REPOSITORY, (2, 2), (3, 0, 0, 1)), placed("shop", Scope.REPOSITORY, (4, 4), (5, 0, 0, 1)),
    placed("payments", Scope.TEAM, (4, 4), (5, 0, 0, 1)), placed("platform", Scope.TEAM, (2, 2), (3, 0, 0, 1)),
    placed("payments", Scope.ORGANIZATION, (2, 2), (3, 1, 1, 2)), organization="payments",
)  # fmt: skip


def test_a_name_of_several_subjects_lists_the_choices(explained: Explain) -> None:
    with pytest.raises(UsageError, match="3 subjects are called 'payments'") as told:
        explained("payments", TWINS)
    assert told.value.fix == "Say which: repository:payments, team:payments, organization:payments."


@pytest.mark.parametrize(
    ("topic", "level", "mine", "other"),
    [
        ("repository:payments", "L2", "payments:infra#", "shop:infra#"),
        ("team:payments", "L4", "shop:infra#", "payments:infra#"),
        ("organization:payments", "L2", "payments:infra#", "shop:infra#"),
    ],
)
def test_a_scope_says_which_and_its_own_units_only(explained: Explain, topic: str, level: str, mine: str, other: str) -> None:
    text = explained(topic, TWINS)
    assert text.startswith(f"{topic.replace(':', ' ')}: {level} (")
    assert mine in text
    assert other not in text


def test_one_meaning_of_a_bare_name_needs_no_scope(explained: Explain) -> None:
    assert explained("platform", TWINS).startswith("team platform: L2")


def test_a_name_that_nothing_has_gets_the_nearest(explained: Explain) -> None:
    with pytest.raises(UsageError, match="did you mean 'team:platform'"):
        explained("team:plattform", TWINS)


def test_a_subject_that_is_called_like_a_word_is_meant_with_a_scope_or_why_not(explained: Explain) -> None:
    named = world(
        [unit("portal", "infra", (2, 2))], placed("portal", Scope.REPOSITORY, (2, 2), (3, 0, 0, 1)),
        placed("Acme", Scope.ORGANIZATION, (2, 2), (3, 0, 0, 1)),
    )  # fmt: skip
    assert "a kind of unit" in explained("portal", named)
    assert explained("repository:portal", named).startswith("repository portal: L2")
    assert explained("portal", named, why_not=3).startswith("repository portal: L2")


def test_what_has_no_level_says_why(explained: Explain) -> None:
    assert explained("handbook") == "repository handbook is not on the ladder: 9 of 10 files are text. Never counted as level 0."
    assert "It could not be read: cannot be opened" in explained("lost")
    assert "each counted as one unknown unit: lost" in explained("Acme")


def test_without_an_assessment_the_fix_names_the_option(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as told:
        explain("team:payments", assessment_file=tmp_path / "none.json")
    assert "--assessment" in told.value.fix


# --- words ------------------------------------------------------------------------------------------------------


def test_a_word_with_two_meanings_gives_both(explained: Explain) -> None:
    text = explained("definition")
    assert "definition, a kind of unit: A project of another declarative tool" in text
    assert "definition, one of the five questions about a unit." in text
    assert "Possible answers: declarative, none, script" in text


@pytest.mark.parametrize("topic", ["EXE-001", "exe-001", "L3", "3", "exit 3", "TerraformRoot", "gitops", "reconciled", ""])
def test_every_kind_of_word_is_explained_without_an_assessment(topic: str, tmp_path: Path) -> None:
    assert len(explain(topic, assessment_file=tmp_path / "none.json")) > 40


def test_an_exit_code_that_there_is_not_lists_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no exit code 7"):
        explain("exit 7", assessment_file=tmp_path / "none.json")
