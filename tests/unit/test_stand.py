"""Statements of the axes: settled by rules over the whole repository, on the one scale of evidence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from assess.collect.git.collector import collect_repository
from assess.model.fact import Assurance
from assess.model.outcome import Outcome, Reading, Result
from assess.model.standing import State
from assess.request import Request
from assess.run import assess
from assess.stand import standings

ROOT = 'terraform { backend "s3" {} }\nresource "aws_s3_bucket" "logs" { bucket = "logs" }\n'


Made = Callable[..., Path]


def _states(made: Path) -> dict[str, State]:
    return {s.statement: s.state for s in assess(Request(), [collect_repository(made, "shop")]).standings}


def test_a_statement_is_declared_absent_or_does_not_apply(repository: Made) -> None:
    owned = _states(repository({"infra/main.tf": ROOT, "CODEOWNERS": "* @northwind/platform\n"}))
    assert owned["success.owners-known"] is State.DECLARED
    assert owned["success.dependencies-updated"] is State.ABSENT
    assert _states(repository({"README.md": "Owned by all."}, "docs"))["success.owners-known"] is State.NOT_APPLICABLE


def test_statements_change_no_level(repository: Made) -> None:
    plain, owned = ({"infra/main.tf": ROOT}, {"infra/main.tf": ROOT, "CODEOWNERS": "* @northwind/platform\n"})
    levels = [
        [(u.unit, u.declared, u.confirmed) for u in assess(Request(), [collect_repository(repository(world, name), "shop")]).units]
        for name, world in (("plain", plain), ("owned", owned))
    ]
    assert levels[0] == levels[1]


def _outcome(result: Result, reading: Reading = Reading.DECLARED, assurance: Assurance | None = None, rule: str = "SUC-001") -> Outcome:
    return Outcome(rule=rule, unit="shop", reading=reading, result=result, statement="success.owners-known", assurance=assurance)


def test_the_strongest_evidence_counts_and_unknown_is_not_absent() -> None:
    both = [
        _outcome(Result.MET, assurance=Assurance.DECLARED),
        _outcome(Result.MET, Reading.CONFIRMED, Assurance.EXERCISED),
        _outcome(Result.UNMET, rule="SUC-002"),
    ]
    assert [s.state for s in standings(both)] == [State.EXERCISED]
    assert [s.state for s in standings([_outcome(Result.UNMET), _outcome(Result.UNKNOWN, rule="SUC-002")])] == [State.UNKNOWN]
    assert [s.state for s in standings([_outcome(Result.UNMET), _outcome(Result.NOT_APPLICABLE, rule="SUC-002")])] == [State.ABSENT]


STATE = '{"terraform_version": "1.9.5", "resources": [{"type": "aws_db", "values": "%s"}]}'


def test_what_could_not_be_read_may_be_a_secret(repository: Made) -> None:
    """No secret found is no secret there only where everything was read."""
    assert _states(repository({"infra/main.tf": ROOT}))["success.no-secrets-in-git"] is State.DECLARED
    over_the_cap = {"infra/main.tf": ROOT, "infra/terraform.tfstate": STATE % ("a" * 4_100_000)}
    assert _states(repository(over_the_cap, "large"))["success.no-secrets-in-git"] is State.UNKNOWN


def test_a_secret_in_hand_is_there_whatever_else_was_not_read(repository: Made) -> None:
    both = {"infra/main.tf": ROOT, "infra/terraform.tfstate": STATE % "", "old/terraform.tfstate": STATE % ("a" * 4_100_000)}
    assert _states(repository(both))["success.no-secrets-in-git"] is State.ABSENT


def test_a_manifest_that_does_not_parse_may_be_a_policy(repository: Made) -> None:
    app = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop}\nspec: {}\n"
    broken = "apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nspec: [}\n"
    assert _states(repository({"app.yaml": app}))["pillars.policy-at-admission"] is State.ABSENT
    assert _states(repository({"app.yaml": app, "policy.yaml": broken}, "broken"))["pillars.policy-at-admission"] is State.UNKNOWN
