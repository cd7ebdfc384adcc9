"""Each policy that blocks, through the gate: a change from its good example to its bad one ends with exit 1."""

from __future__ import annotations

from pathlib import Path

import pytest

from assess.gate import gate
from assess.model.finding import Severity
from assess.policy.rego.catalogue import load
from assess.policy.rego.examples import example
from assess.spec.policy import PolicySpec
from assess.spec.shipped import shipped
from tests.worlds import commit

POLICIES = shipped("policies")
MILD = (Severity.INFO, Severity.LOW)
BLOCKING = [p for p in load().policies if "deny" in p.rules and p.severity not in MILD and p.reads != "terraform-plan"]


@pytest.mark.parametrize("policy", BLOCKING, ids=lambda policy: policy.id)
def test_a_change_to_the_bad_example_is_blocked(policy: PolicySpec, tmp_path: Path) -> None:
    for which in ("good", "bad"):
        file, (read, *_) = example(POLICIES, policy, which)
        path = commit(tmp_path / "shop", {read.place(())[0]: file.read_text(encoding="utf-8"), "README.md": "x"})
    result = gate(path, "HEAD~1", engines=("rego",))
    assert policy.id in {one.finding.policy for one in result.blocking}
    assert result.exit_codes[0] == 1
