"""What rules may say: of items, of gaps, of repositories that nobody could read, of rules that answer one another."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assess.content import load
from assess.judge import World, answers, judge
from assess.model.fact import Fact, GitOpsSource, Manifest, TerraformRoot
from assess.model.gap import Gap, GapReason
from assess.model.outcome import Outcome, Reading, Result
from assess.model.target import Location
from assess.model.unit import Question, Unit

RULES = {rule.id: rule for rule in load().rules}


def at(path: str, target: str = "shop") -> Location:
    return Location(target=target, path=path, line=1)


def root(path: str, *types: str) -> TerraformRoot:
    return TerraformRoot(at=at(f"{path}/main.tf"), path=path, backend="s3", resources=len(types), resource_types=types)


def unit(path: str, kind: str, *items: Fact) -> Unit:
    return Unit(id=f"shop:{path}#{kind}", kind=kind, target="shop", path=path, at=items[0].at, items=items)


def gap(blinds: str, under: str = "", target: str = "shop") -> Gap:
    return Gap(at=at("x", target), reason=GapReason.PARSE_ERROR, what="broken", blinds=(blinds,), under=under)


def declared(rule: str, on: Unit, *gaps: Gap, unread: tuple[str, ...] = ()) -> Outcome:
    world = World.of(on.items, gaps, unread)
    (outcome,) = [o for o in judge([on], world, [RULES[rule]]) if o.reading is Reading.DECLARED]
    return outcome


def test_the_answers_of_items_are_united() -> None:
    mixed = unit("infra", "terraform-root", root("infra", "aws_vpc"), root("infra", "null_resource"))
    assert set(declared("DEF-001", mixed).keeps) == {"declarative", "script"}
    assert set(declared("DEF-001", unit("infra", "terraform-root", root("infra", "aws_vpc"))).keeps) == {"declarative"}


@pytest.mark.parametrize(
    ("under", "hides"), [("", True), ("infra", True), ("infra/modules", True), ("infrastructure", False), ("other", False)]
)
def test_a_gap_hides_at_below_and_around_its_path_only(under: str, hides: bool) -> None:
    outcome = declared("EXE-001", unit("infra", "terraform-root", root("infra", "aws_vpc")), gap("PipelineJob", under))
    assert outcome.result is (Result.UNKNOWN if hides else Result.UNMET)


def test_a_gap_hides_only_its_kinds() -> None:
    outcome = declared("EXE-001", unit("infra", "terraform-root", root("infra", "aws_vpc")), gap("Manifest"))
    assert outcome.result is Result.UNMET


def test_an_unread_repository_may_deliver_what_stands_here() -> None:
    deployment = Manifest(at=at("k8s/app.yaml"), path="k8s/app.yaml", api_version="apps/v1", object_kind="Deployment")
    on = unit("k8s", "manifests", deployment)
    assert declared("REC-003", on).result is Result.UNMET
    unread = gap("", target="gitops")
    outcome = declared("REC-003", on, unread, unread=("gitops",))
    assert outcome.result is Result.UNKNOWN
    assert "gitops" in outcome.reason
    assert declared("EXE-003", on, unread, unread=("gitops",)).result is Result.UNMET


def test_a_rule_about_live_state_says_nothing_of_what_is_declared() -> None:
    live = [rule for rule in RULES.values() if rule.readings == ("confirmed",)]
    assert live
    source = GitOpsSource(at=at("a.yaml"), path="a.yaml", object_kind="Application", name="a", automated=True, self_heal=True)
    on = unit("a.yaml", "gitops", source)
    assert {o.reading for o in judge([on], World.of([source], ()), live)} <= {Reading.CONFIRMED}


@pytest.mark.parametrize("result", [Result.MET, Result.UNKNOWN])
def test_unmet_removes_nothing_where_another_way_is_met_or_may_be(result: Result) -> None:
    on = unit("infra", "terraform-root", root("infra", "aws_vpc"))
    job = gap("PipelineJob") if result is Result.UNKNOWN else None
    on = on if job else replace(on, related=(_drift(),))
    world = World.of(on.items, [job] if job else [])
    outcomes = [o for o in judge([on], world, [RULES["REC-001"], RULES["REC-003"]]) if o.reading is Reading.DECLARED]
    assert {o.rule: o.result for o in outcomes} == {"REC-001": result, "REC-003": Result.UNMET}
    assert next(o for o in outcomes if o.rule == "REC-003").keeps == ()
    assert "yes" in answers(outcomes)[Question.RECONCILED]


def _drift() -> Fact:
    from assess.model.fact import PipelineJob

    return PipelineJob(at=at(".github/workflows/d.yml"), name="d", path="d", does=("drift",), events=("schedule",))


def test_contradictions_reopen_the_question() -> None:
    def outcome(rule: str, *keeps: str) -> Outcome:
        return Outcome(
            rule=rule, unit="u", reading=Reading.DECLARED, result=Result.MET, question=Question.PACKAGED, keeps=tuple(keeps)
        )  # fmt: skip

    assert answers([outcome("A-001", "yes"), outcome("A-002", "no")])[Question.PACKAGED] == {"yes", "no", "n/a"}


def test_a_rule_that_breaks_is_an_error_outcome_and_the_rest_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    on = unit("infra", "terraform-root", root("infra", "aws_vpc"))
    broken, sound = RULES["EXE-001"], RULES["DEF-001"]
    monkeypatch.setattr("assess.judge._facts", lambda rule, *_: 1 / 0 if rule is broken else [*on.items])
    outcomes = judge([on], World.of(on.items, ()), [broken, sound])
    assert {o.result for o in outcomes if o.rule == "EXE-001"} == {Result.ERROR}
    assert Result.MET in {o.result for o in outcomes if o.rule == "DEF-001"}
