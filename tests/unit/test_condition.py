"""The conformance table of the CEL runtime behind `spec/condition.py`: what a condition means does not change with the runtime.

Source: https://github.com/google/cel-spec/blob/master/doc/langdef.md
"""

from __future__ import annotations

import time
from typing import Any

import pytest

from assess.model.fact import FACT_KINDS, GitOpsSource, PipelineJob, TerraformRoot
from assess.model.target import Location
from assess.spec.condition import Condition, Unknown, vocabulary

AT = Location(target="shop", path="x.yaml", line=1)
JOB = PipelineJob(
    at=AT, name="apply", path="infra", does=("plan", "apply"), events=("push",), branches=("main",), environment="", can_run=True
)
ROOT = TerraformRoot(at=AT, path="infra", backend="s3", resources=7, resource_types=("aws_s3_bucket", "aws_iam_role"))


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("true", True),
        ("false", False),
        ("fact.name == 'apply'", True),
        ("fact.name != 'apply'", False),
        ('fact.name == "apply"', True),
        ("fact.name < 'b'", True),
        ("fact.name.startsWith('app') && fact.name.endsWith('ly') && fact.name.contains('pp')", True),
        ("fact.name.matches('^a.*y$')", True),
        ("fact.name.matches('p')", True),  # RE2 searches; anchors are one's own
        ("size(fact.name) == 5", True),
        ("fact.name.size() == 5", True),
        ("fact.environment == ''", True),
        ("fact.can_run", True),
        ("!fact.can_run", False),
        ("'apply' in fact.does", True),
        ("'destroy' in fact.does", False),
        ("fact.does.exists(d, d == 'plan')", True),
        ("fact.does.all(d, d != 'destroy')", True),
        ("fact.does.exists_one(d, d == 'plan')", True),
        ("fact.does.filter(d, d.startsWith('p')) == ['plan']", True),
        ("fact.does.map(d, d + '!')[1] == 'apply!'", True),
        ("fact.does == ['plan', 'apply']", True),
        ("fact.does == ['apply', 'plan']", False),  # lists have an order
        ("size(fact.branches) > 0 ? fact.branches[0] == 'main' : false", True),
        ("fact.events.exists(e, e in ['push', 'schedule'])", True),
        ("1 + 2 * 3 == 7", True),
        ("7 / 2 == 3", True),
        ("-7 % 3 == -1", True),
        ("[] == []", True),
        ("fact.kind == 'PipelineJob' || true", True),
    ],
)
def test_values(text: str, holds: bool) -> None:
    if "fact.kind" in text:
        with pytest.raises(ValueError, match="no field 'kind'"):
            Condition(text, "PipelineJob")
        return
    assert Condition(text, "PipelineJob").holds(JOB) is holds


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("fact.automated", None),
        ("!fact.automated", None),
        ("fact.automated == true", None),
        ("fact.automated || true", True),
        ("true || fact.automated", True),
        ("fact.automated || false", None),
        ("false || fact.automated", None),
        ("fact.automated && false", False),
        ("false && fact.automated", False),
        ("fact.automated && true", None),
        ("fact.automated || fact.self_heal", None),
        ("fact.name == 'shop' || fact.automated", True),
        ("fact.name == 'shop' && fact.automated", None),
        ("fact.name == 'other' && fact.automated", False),
        ("fact.automated ? true : true", None),
        ("true ? true : fact.automated", True),
        ("fact.delivers.exists(d, d == 'apps' || fact.automated)", True),
        ("fact.delivers.exists(d, fact.automated)", None),
        ("fact.delivers.all(d, d != 'apps' && fact.automated)", False),
    ],
)
def test_what_could_not_be_determined_is_unknown_only_where_it_decides(text: str, holds: bool | None) -> None:
    source = GitOpsSource(
        at=AT, tool="argocd", path="argo", object_kind="Application", name="shop", automated=None, self_heal=None, delivers=("apps",)
    )
    condition = Condition(text, "GitOpsSource")
    if holds is not None:
        assert condition.holds(source) is holds
        return
    with pytest.raises(Unknown, match=r"GitOpsSource\.(automated|self_heal) could not be determined"):
        condition.holds(source)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("fact.nme == ''", r"PipelineJob has no field 'nme'; did you mean 'name'\?"),
        ("fact.envronment == 'x'", r"did you mean 'environment'\?"),
        ("fact.zzz == ''", r"PipelineJob has no field 'zzz'$"),
        ("nme == ''", r"no field 'nme'"),
        ("fact.name", "gives STRING, not true or false"),
        ("fact.does", "gives LIST<STRING>, not true or false"),
        ("1", "gives INT, not true or false"),
        ("fact.name == 1", "no matching overload"),
        ("fact.does == 'apply'", "no matching overload"),
        ("fact.can_run == 'yes'", "no matching overload"),
        ("fact.name + 1 == ''", "no matching overload"),
        ("fact.name in 'apply'", "no matching overload"),
        ("!fact.name", "no matching overload"),
        ("fact.name ==", "Syntax error"),
        ("", "Syntax error"),
        ("fact.name == 'a' and fact.can_run", "Syntax error"),
        ("import os", "reserved identifier"),
        ("__import__('os') == 1", "no field '__import__'"),
        ("(" * 200 + "true" + ")" * 200, "recursion limit"),
    ],
)
def test_refused_at_load(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Condition(text, "PipelineJob")


@pytest.mark.parametrize("text", ["fact.does[7] == 'x'", "1 / (size(fact.branches) - 1) == 1", "fact.name.matches('(')"])
def test_what_fails_at_run_time_is_an_error_not_an_answer(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Condition(text, "PipelineJob").holds(JOB)


def test_the_cost_of_a_condition_is_bounded() -> None:
    """Three nested loops over 200 items are eight million steps: the runtime stops long before."""
    long = PipelineJob(at=AT, name="x", path="x", does=tuple(f"d{n}" for n in range(200)), events=())
    condition = Condition("fact.does.all(a, fact.does.all(b, fact.does.all(c, a + b + c != '')))", "PipelineJob")
    start = time.process_time()
    with pytest.raises(ValueError, match="budget exceeded"):
        condition.holds(long)
    assert time.process_time() - start < 5


def test_a_pattern_does_not_backtrack() -> None:
    """RE2: linear in the text, whatever the pattern."""
    job = PipelineJob(at=AT, name="a" * 50_000 + "!", path="x", does=(), events=())
    start = time.process_time()
    assert Condition("fact.name.matches('^(a+)+$')", "PipelineJob").holds(job) is False
    assert time.process_time() - start < 5


def test_numbers_are_integers_of_64_bits() -> None:
    assert Condition("fact.resources == 7 && fact.resources > 6 && fact.resources <= 7", "TerraformRoot").holds(ROOT)
    with pytest.raises(ValueError, match=r"overflow|range"):
        Condition("fact.resources + 9223372036854775807 > 0", "TerraformRoot").holds(ROOT)


def test_evaluating_changes_nothing_and_keeps_nothing() -> None:
    condition = Condition("'apply' in fact.does", "PipelineJob")
    other = PipelineJob(at=AT, name="x", path="x", does=("plan",), events=())
    assert [condition.holds(fact) for fact in (JOB, other, JOB, other)] == [True, False, True, False]


@pytest.mark.parametrize("kind", FACT_KINDS)
def test_every_field_a_person_may_need_is_a_word(kind: str) -> None:
    """The vocabulary holds every field but the place and the nested values, and each word compiles."""
    words = vocabulary(kind)
    assert "at" not in words
    literal: dict[str, Any] = {"bool": "true", "int": "1", "string": "''", "list(string)": "['']"}
    for word, cel_type in words.items():
        Condition(f"fact.{word} == {literal[cel_type]}", kind)
