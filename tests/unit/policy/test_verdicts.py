"""Verdicts and machine code that are kept: the same answers, no engine loaded, and nothing believed that is no answer."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assess.collect.git.repository import Repository
from assess.commands import outside
from assess.model.finding import Finding
from assess.policy.engine import EngineFailed, run
from assess.policy.rego.catalogue import Catalogue, load
from assess.policy.rego.engine import Evaluator, Rego
from assess.policy.rego.verdicts import Verdicts
from assess.policy.rego.wasm import evaluator
from assess.policy.tree import Tree
from assess.store.content import ContentCache
from tests.worlds import commit

PLACE = ".github/workflows/deploy.yml"
OPEN = "on: push\njobs:\n  apply:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: terraform apply\n"


class Kept(dict[bytes, bytes]):
    """A cache in memory."""

    def put(self, key: bytes, value: bytes) -> None:
        self[key] = value


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return Tree(Repository(commit(tmp_path / "shop", {PLACE: OPEN}), "shop"))


def judged(tree: Tree, cache: Any, make: Callable[[], Evaluator] | None = None, catalogue: Catalogue | None = None) -> tuple[Finding, ...]:
    """The findings of our policies, their answers kept in a cache."""
    policies = catalogue or load()
    engine = Rego(policies, make or (lambda: evaluator(policies)), verdicts=Verdicts.of(policies, cache))
    return run(engine, [tree])[0].findings


def unreachable() -> Evaluator:
    """An engine that must not be asked."""
    raise AssertionError("the engine is loaded")


def test_what_was_judged_before_needs_no_engine(tree: Tree) -> None:
    cache = Kept()
    first = judged(tree, cache)
    assert first
    assert judged(tree, cache, unreachable) == first


def test_other_policies_and_other_content_are_judged_anew(tree: Tree, tmp_path: Path) -> None:
    cache = Kept()
    judged(tree, cache)
    other = Tree(Repository(commit(tmp_path / "other", {PLACE: OPEN + "# only a comment\n"}), "shop"))
    assert judged(other, cache, unreachable), "what is judged is the content as policies see it"
    edited = Tree(Repository(commit(tmp_path / "edited", {PLACE: OPEN.replace("terraform", "tofu")}), "shop"))
    with pytest.raises(AssertionError, match="is loaded"):
        judged(edited, cache, unreachable)
    changed = replace(load(), manifest=load().manifest.model_copy(update={"wasm": "0" * 64}))
    with pytest.raises(AssertionError, match="is loaded"):
        judged(tree, cache, unreachable, changed)


def test_policies_that_ask_for_the_time_are_not_kept() -> None:
    timely = replace(load(), manifest=load().manifest.model_copy(update={"changing": ("time.now_ns",)}))
    assert Verdicts.of(timely, Kept()) is None


@pytest.mark.parametrize(
    "damage",
    [
        b"", b"{", b"null", b"5", b"[]", b"{}", b'{"PIPE-004": {}}', b'{"PIPE-004": {"deny": 5}}', b"[" * 50_000, b"\xff\xfe",
        b'{"PIPE-004": {"deny": ["no answer"]}}', b'{"PIPE-004": {"deny": [{"id": "PIPE-999", "path": []}]}}',
        b'{"PIPE-004": {"deny": [{"id": "PIPE-004", "path": "jobs", "params": {"job": "x"}}]}}',
    ],
)  # fmt: skip
def test_what_is_no_answer_is_judged_anew(damage: bytes, tree: Tree) -> None:
    cache = Kept()
    first = judged(tree, cache)
    whole = dict(cache)
    for key in whole:
        cache[key] = damage
    assert judged(tree, cache) == first
    assert dict(cache) == whole


def test_an_engine_that_fails_keeps_nothing(tree: Tree) -> None:
    cache = Kept()

    def failing() -> Evaluator:
        raise EngineFailed("crashed")

    assert judged(tree, cache, failing)[0].unseen
    assert judged(tree, cache, lambda: lambda text: {"0": {}})[0].unseen
    assert cache == {}


@pytest.mark.parametrize("damage", [b"", b"\0" * 64, b"code"])
def test_damaged_machine_code_is_compiled_anew(damage: bytes) -> None:
    cache, text = Kept(), json.dumps({"documents": [{"kind": "github-workflow", "content": {"jobs": {}}}]}).encode()
    first = evaluator(load(), cache=cache)(text)
    (key,) = cache
    whole = cache[key]
    assert evaluator(load(), cache=cache)(text) == first
    cache[key] = damage or whole[:-1]
    assert evaluator(load(), cache=cache)(text) == first
    assert len(cache[key]) == len(whole)


def test_a_cache_inside_of_a_repository_is_not_used(tmp_path: Path) -> None:
    """Whoever writes the change could bring verdicts, and machine code, with it."""
    shop = commit(tmp_path / "shop", {PLACE: OPEN})
    (tmp_path / "link").symlink_to(shop)
    assert outside(tmp_path / "cache", [shop]) == tmp_path / "cache"
    assert outside(shop / ".cache", [shop]) is None
    assert outside(tmp_path / "link" / "x", [shop]) is None
    assert outside(None, [shop]) is None


def test_verdicts_are_kept_on_disk(tree: Tree, tmp_path: Path) -> None:
    first = judged(tree, ContentCache(tmp_path / "cache"))
    assert judged(tree, ContentCache(tmp_path / "cache"), unreachable) == first
    (tmp_path / "cache" / "content.sqlite").write_bytes(b"no database" * 500)
    assert judged(tree, ContentCache(tmp_path / "cache")) == first
