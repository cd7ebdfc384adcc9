"""What the tests of the gate share."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from assess.policy.rego import catalogue
from assess.policy.rego import wasm as rego_wasm
from assess.policy.rego.engine import Evaluator
from assess.policy.rego.wasm import evaluator as _evaluator
from tests.gated import Gated, gated_in


@pytest.fixture
def gated(tmp_path: Path) -> Gated:
    """A function that commits a base on `main` and a head on `feature` and judges the change."""
    return gated_in(tmp_path)


@pytest.fixture
def one_policy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only PIPE-004 is asked: what the gate does about a finding does not hang on which policies there are. Compiled once."""
    ours = catalogue.load()
    alone = ours.manifest.model_copy(update={"policies": tuple(one for one in ours.policies if one.id == "PIPE-004")})
    monkeypatch.setattr(catalogue, "load", lambda root=None: catalogue.Catalogue(ours.root, alone))
    monkeypatch.setattr(rego_wasm, "evaluator", lambda *_, **__: _compiled())


@cache
def _compiled() -> Evaluator:
    return _evaluator(catalogue.load())
