"""The estate file and everything else that people write: every fault at once, each with its line, its key and a near miss."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from assess.errors import UsageError
from assess.spec.estate import Estate, Exclude
from assess.spec.strict import near_miss, parse, read_file

WHOLE = """\
organization: Acme
targets: [shop, "kubernetes:prod", "aws:main"]
teams:
  - name: payments
    aliases: ["@acme/pay"]
    owns:
      - {repository: shop, paths: ["infra/**"]}
environments:
  - {name: prod, production: true, paths: ["live/prod/**"]}
exclude:
  - path: shop/legacy/*
    owner: robin
    reason: goes away in June
    expires: 2030-06-30
attestations:
  - {subject: shop, statement: approved by two, by: robin, on: 2026-01-01, expires: 2027-01-01}
use: [shop/examples/live/*]
tau: 0.9
window_days: 30
"""


def faults(text: str) -> list[str]:
    """What is wrong with a file, one a line."""
    with pytest.raises(UsageError) as refused:
        parse(text.encode(), "idp-assess.yaml", Estate)
    return refused.value.what.splitlines()


def test_a_whole_file() -> None:
    estate = parse(WHOLE.encode(), "idp-assess.yaml", Estate)
    assert estate.organization == "Acme"
    assert estate.teams[0].owns[0].paths == ("infra/**",)
    assert estate.exclude[0].expires == date(2030, 6, 30)
    assert (estate.tau, estate.window_days) == (0.9, 30)


def test_the_least_file() -> None:
    assert parse(b"organization: Acme\n", "x", Estate) == Estate(organization="Acme")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("organisation: x\n", "idp-assess.yaml:1: organisation: unknown key; did you mean 'organization'?"),
        ("organization: x\ntargts: []\n", "idp-assess.yaml:2: targts: unknown key; did you mean 'targets'?"),
        ("organization: x\nzzzzz: 1\n", "idp-assess.yaml:2: zzzzz: unknown key"),
        ("teams:\n- nam: x\n", "idp-assess.yaml:2: teams.0.nam: unknown key; did you mean 'name'?"),
        ("teams:\n- owns: []\n", "idp-assess.yaml:2: teams.0.name: is required"),
        ("exclude:\n- {path: a, owner: b, reason: because, expires: soon}\n", "idp-assess.yaml:2: exclude.0.expires: "),
        ("exclude:\n- path: a\n  owner: b\n  reason: no\n  expires: 2030-01-01\n", "idp-assess.yaml:4: exclude.0.reason: "),
        ("tau: 0.2\n", "idp-assess.yaml:1: tau: "),
        ("tau: high\n", "idp-assess.yaml:1: tau: "),
        ("window_days: 0\n", "idp-assess.yaml:1: window_days: "),
        ("targets: shop\n", "idp-assess.yaml:1: targets: "),
        ("- a\n", "idp-assess.yaml:1: (file): "),
        ("just text\n", "idp-assess.yaml:1: (file): "),
    ],
)
def test_one_fault(text: str, fault: str) -> None:
    assert any(told.startswith(fault) for told in faults(text))


def test_every_fault_at_once() -> None:
    told = faults("organisation: x\ntau: 7\nteams:\n- nam: x\n- name: y\n  owns: [{repo: z}]\nexclude:\n- path: a\n")
    assert len(told) >= 8
    assert {int(line.split(":")[1]) for line in told} == {1, 2, 4, 6, 8}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("a: [}\n", "idp-assess.yaml:1: not readable as YAML"), ("a: 1\n b: 2\n", "idp-assess.yaml:2: not readable as YAML"),
        ("\0", "idp-assess.yaml:1: not readable as YAML: holds NUL bytes"), ("", "idp-assess.yaml:1: holds 0 YAML documents"),
        ("a: 1\n---\nb: 2\n", "idp-assess.yaml:1: holds 2 YAML documents"), ("[" * 9_999, "idp-assess.yaml:1: not readable as YAML: nested deeper"),
    ],
    ids=lambda text: repr(text[:16]),
)  # fmt: skip
def test_no_document(text: str, fault: str) -> None:
    (told,) = faults(text)
    assert told.startswith(fault)


def test_a_file_that_is_there(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(WHOLE)
    assert read_file(tmp_path / "x.yaml", Estate).organization == "Acme"


@pytest.mark.parametrize(("word", "hint"), [("organisation", "; did you mean 'organization'?"), ("xyz", ""), ("", "")])
def test_near_misses(word: str, hint: str) -> None:
    assert near_miss(word, Estate.model_fields) == hint


@pytest.mark.parametrize(("day", "kept"), [(date(2030, 1, 1), 1), (date(2030, 1, 2), 0), (date(2029, 1, 1), 1)])
def test_an_exclusion_holds_through_its_last_day(day: date, kept: int) -> None:
    estate = Estate(exclude=(Exclude(path="a/b", owner="robin", reason="goes away", expires=date(2030, 1, 1)),))
    assert len(estate.as_of(day).exclude) == kept
    assert len(estate.exclude) == 1
