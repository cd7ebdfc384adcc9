"""Builtins of ours and shapes of Rego: one verdict in this process, in `opa eval` and on an OPA server."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from opapywasm import PolicyConfig

from assess.policy.builtins import BUILTINS
from assess.policy.wasm_host import Host
from tests.agreement import builtin_module, compiled, evaluated, table


def shown(value: Any) -> str:
    """A value as text with its keys in order; None is undefined, and 1.0 is not 1."""
    return json.dumps(value, sort_keys=True)


def test_each_builtin_answers_as_in_opa(need_tool: Callable[[str], Path], tmp_path: Path) -> None:
    calls = table("builtins.yaml")
    assert calls.keys() == BUILTINS.keys() - {"time.now_ns"}
    module, operands = builtin_module(calls)
    (tmp_path / "calls.rego").write_text(module)
    host = Host(compiled(need_tool("opa"), tmp_path, "calls/answers"), PolicyConfig(parse_raw_json_input=False))
    ours = host.evaluate(json.dumps(operands).encode(), "calls/answers")
    theirs = evaluated(need_tool("opa"), tmp_path, "data.calls.answers", operands)
    names = [f"{name} {number}" for name, of in calls.items() for number in range(len(of))]
    told = {name: (shown(ours.get(name)), shown(theirs.get(name))) for name in names}
    assert {name: pair for name, pair in told.items() if pair[0] != pair[1]} == {}
    assert any(name not in theirs for name in names), "some of the operands are refused"
