"""Builtins of ours and shapes of Rego: one verdict in this process, in `opa eval` and on an OPA server."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from opapywasm import PolicyConfig

from assess.errors import ContentError
from assess.policy.engine import EngineFailed
from assess.policy.rego import pack as packs
from assess.policy.rego import server as rego_server
from assess.policy.rego import wasm as rego_wasm
from assess.policy.rego.builtins import BUILTINS, REPLACED
from assess.policy.rego.host import Host
from tests.agreement import agreement, asked, builtin_module, compiled, evaluated, plainly, shape_sources, table
from tests.opa import opa_server


def shown(value: Any) -> str:
    """A value as text with its keys in order; None is undefined, and 1.0 is not 1."""
    return json.dumps(value, sort_keys=True)


def test_each_builtin_answers_as_in_opa(need_tool: Callable[[str], Path], tmp_path: Path) -> None:
    calls = table("builtins.yaml")
    theirs_of = {ours: theirs for theirs, ours in REPLACED.items()}
    assert calls.keys() == {theirs_of.get(name, name) for name in BUILTINS} - {"time.now_ns"}
    module, operands = builtin_module(calls)
    (tmp_path / "calls.rego").write_text(module)
    host = Host(compiled(need_tool("opa"), tmp_path, "calls/answers"), PolicyConfig(parse_raw_json_input=False))
    ours = host.evaluate(json.dumps(operands).encode(), "calls/answers")
    theirs = evaluated(need_tool("opa"), tmp_path, "data.calls.answers", operands)
    names = [f"{name} {number}" for name, of in calls.items() for number in range(len(of))]
    told = {name: (shown(ours.get(name)), shown(theirs.get(name))) for name in names}
    assert {name: pair for name, pair in told.items() if pair[0] != pair[1]} == {}
    assert any(name not in theirs for name in names), "some of the operands are refused"


def test_every_shape_of_rego_has_one_verdict(need_tool: Callable[[str], Path], tmp_path: Path) -> None:
    found = agreement(need_tool("opa"), tmp_path)
    assert found.shapes >= 100
    assert (found.here, found.server) == ((), ())


SHAPES = table("rego_shapes.yaml")


@pytest.mark.parametrize("name", SHAPES["refused"])
def test_what_a_policy_must_not_do_is_refused_when_it_is_loaded(name: str, need_tool: Callable[[str], Path]) -> None:
    """Whichever way it would be evaluated, where that can be said without an opa."""
    sources = shape_sources({name: SHAPES["refused"][name]})
    with pytest.raises(ContentError) as refused:
        packs.catalogue(Path("p"), sources, [], opa=str(need_tool("opa")))
    assert "SHP-001-s001/policy.rego:" in refused.value.what


@pytest.mark.parametrize("name", SHAPES["failing"])
def test_a_policy_that_fails_is_an_error_each_way(name: str, need_tool: Callable[[str], Path], tmp_path: Path) -> None:
    opa, text = need_tool("opa"), asked(SHAPES["inputs"])
    sources = shape_sources({name: SHAPES["failing"][name]})
    catalogue = packs.catalogue(Path("p"), sources, [], opa=str(opa))
    assert plainly(opa, tmp_path, catalogue, text) is None
    with pytest.raises(EngineFailed):
        rego_wasm.evaluator(catalogue)(text)
    with opa_server(opa, tmp_path) as url, pytest.raises(EngineFailed):
        rego_server.evaluator(catalogue, url)(text)


def test_what_webassembly_does_not_take_is_an_error_and_no_pass(need_tool: Callable[[str], Path]) -> None:
    for name, shape in SHAPES["trapped"].items():
        catalogue = packs.catalogue(Path("p"), shape_sources({name: shape}), [], opa=str(need_tool("opa")))
        with pytest.raises(EngineFailed):
            rego_wasm.evaluator(catalogue)(asked([5]))


def test_a_builtin_that_nobody_provides_is_named_with_its_file(need_tool: Callable[[str], Path]) -> None:
    sources = shape_sources({"x": 'deny contains 1 if graphql.is_valid(input.a, input.b)\n\ndeny contains 2 if uuid.rfc4122("x")'})
    catalogue = packs.catalogue(Path("p"), sources, [], opa=str(need_tool("opa")))
    with pytest.raises(EngineFailed) as refused:
        rego_wasm.evaluator(catalogue)
    assert "rego/shapes/SHP-001-s001/policy.rego:8: graphql.is_valid" in refused.value.what
    assert "rego/shapes/SHP-001-s001/policy.rego:10: uuid.rfc4122" in refused.value.what


def test_the_environment_does_not_reach_a_policy_or_the_program_that_compiles_it(
    need_tool: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI_SECRET", "s3cret")
    seen = tmp_path / "seen"
    spy = tmp_path / "opa"
    spy.write_text(f'#!/bin/sh\nenv >> {seen}\nexec {need_tool("opa")} "$@"\n')
    spy.chmod(0o755)
    packs.catalogue(Path("p"), shape_sources({"x": "deny contains 1 if input.v"}), [], opa=str(spy))
    assert "PATH=" in seen.read_text()
    assert "s3cret" not in seen.read_text()


def test_deep_input_and_many_repetitions_end_in_bounds(need_tool: Callable[[str], Path]) -> None:
    """A8 of the regression corpus: 10,000 levels end the process of another engine."""
    shapes = {"x": "deny contains 1 if walk(input, [_, 5])", "y": "deny contains 1 if regex.match(`^(a+)+$`, input.many)"}
    catalogue = packs.catalogue(Path("p"), shape_sources(shapes), [], opa=str(need_tool("opa")))
    evaluate = rego_wasm.evaluator(catalogue, seconds=5)
    deep = b'{"documents": [{"kind": "github-workflow", "content": ' + b"[" * 100_000 + b"]" * 100_000 + b"}]}"
    with pytest.raises(EngineFailed):
        evaluate(deep)
    answers = evaluate(asked([{"many": "a" * 50_000 + "!"}]))
    assert answers["0"] == {"SHP-001": {"deny": []}, "SHP-002": {"deny": []}}
