"""What a person reads who made a mistake in a file of ours."""

from __future__ import annotations

import pytest

from assess.errors import UsageError
from assess.spec.document import read_yaml
from assess.spec.estate import Estate
from assess.spec.strict import parse

WRONG = """\
organization: Acme
tau: 5
window_days: lots
targets: shop
teams:
  - name: 5
    owns:
      - repositry: shop
        expires: 2026-01-01
exclude:
  - path: shop/x
    owner: me
    reason: no
    expires: 2025-13-01
  - path: [a]
    owner:
    reason: ""
    expires: 3
attestations: {}
"""


def faults(text: str) -> list[str]:
    """What is wrong with an estate file, one a line."""
    with pytest.raises(UsageError) as refused:
        parse(text.encode(), "org.yaml", Estate)
    return refused.value.what.splitlines()


def test_sentences_of_ours_in_the_order_of_the_file() -> None:
    assert faults(WRONG) == [
        "org.yaml:2: tau: 5 is out of bounds: it has to be at most 1.0",
        "org.yaml:3: window_days: 'lots' is not a whole number",
        "org.yaml:4: targets: 'shop' is not a list",
        "org.yaml:6: teams.0.name: 5 is not text",
        "org.yaml:8: teams.0.owns.0.repository: is required",
        "org.yaml:8: teams.0.owns.0.repositry: unknown key; did you mean 'repository'?",
        "org.yaml:9: teams.0.owns.0.expires: unknown key",  # a key of other models, not of this one
        "org.yaml:13: exclude.0.reason: is too short: 2 of at least 5 characters",
        "org.yaml:14: exclude.0.expires: '2025-13-01' is not a date, YYYY-MM-DD",
        "org.yaml:15: exclude.1.path: a list is not text",
        "org.yaml:16: exclude.1.owner: nothing is not text",
        "org.yaml:17: exclude.1.reason: must not be empty",
        "org.yaml:18: exclude.1.expires: 3 is not a date, YYYY-MM-DD",
        "org.yaml:19: attestations: a mapping is not a list",
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("tau: 0.8\ntau: 0.9\n", "org.yaml:2: the key 'tau' stands here twice"),
        ("teams:\n  - name: a\n    owns: []\n    name: b\n", "org.yaml:4: the key 'name' stands here twice"),
        ('{"tau": 0.8,\n "tau": 0.9}', "org.yaml:2: the key 'tau' stands here twice"),
        ("organization: &o x\nteams: [{name: *o}]\ntau: 0.8\ntau: 0.8\n", "org.yaml:4: the key 'tau' stands here twice"),
    ],
)
def test_a_key_that_stands_twice_is_refused(text: str, fault: str) -> None:
    assert faults(text) == [fault]


def test_files_of_others_may_say_a_key_twice() -> None:
    assert read_yaml(b"a: 1\na: 2\n")[0].value == {"a": 2}
    assert read_yaml(b'{"a": 1, "a": 2}')[0].value == {"a": 2}


def test_a_merged_key_may_be_overruled() -> None:
    assert read_yaml(b"a: &x {b: 1}\nc: {<<: *x, b: 2}\n", unique=True)[0].value == {"a": {"b": 1}, "c": {"b": 2}}
