"""What is taken for an answer of a Rego engine, and what is an error instead."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pygit2
import pytest

from assess.collect.git.repository import Repository
from assess.model.finding import Verdict
from assess.policy.engine import ENGINE, UNSEEN, Checked, EngineFailed, run
from assess.policy.rego.catalogue import Catalogue, aggregate, load
from assess.policy.rego.engine import Rego
from assess.policy.rego.wasm import evaluator
from assess.policy.tree import Tree
from tests.worlds import commit

WORKFLOW = """\
on: push
jobs:
  plan:
    runs-on: ubuntu-24.04
    steps:
      - run: terraform plan
  apply:
    runs-on: ubuntu-24.04
    steps:
      - run: terraform apply
"""
PLACE = ".github/workflows/deploy.yml"
ITEM = {"id": "PIPE-004", "path": ["jobs", "apply"], "params": {"job": "apply"}}


def only() -> Catalogue:
    """The catalogue of the one policy that these tests speak of."""
    catalogue = load()
    one = tuple(policy for policy in catalogue.policies if policy.id == ITEM["id"])
    return replace(catalogue, manifest=catalogue.manifest.model_copy(update={"policies": one}))


def checked(tmp_path: Path, answers: Any = None, files: dict[str, str | bytes] | None = None) -> Checked:
    """What Rego says of a repository; `answers` stands in for the evaluator's."""
    tree = Tree(Repository(commit(tmp_path / "shop", files or {PLACE: WORKFLOW}), "shop"))
    catalogue = only()
    return run(Rego(catalogue, (lambda: evaluator(catalogue)) if answers is None else lambda: lambda text: answers), [tree])[0]


def test_a_finding_says_what_where_why_and_how_to_mend_it(tmp_path: Path) -> None:
    (finding,) = checked(tmp_path).findings
    assert str(finding.at) == f"shop:{PLACE}:7"
    assert (finding.policy, finding.address, finding.verdict) == ("PIPE-004", "jobs.apply", Verdict.FAIL)
    assert finding.message == "job apply applies infrastructure without an environment"
    assert "environment: production" in finding.fix
    assert finding.why
    assert finding.remedy == "delivery/terraform-pipeline"


@pytest.mark.parametrize(
    "answers",
    [
        5, "", {}, [], {"0": {}}, {"0": {"PIPE-004": {}}}, {"0": {"PIPE-004": {"deny": None}}},
        {"1": {"PIPE-004": {"deny": []}}},
        {"0": {"PIPE-004": {"deny": ["text"]}}}, {"0": {"PIPE-004": {"deny": [{**ITEM, "id": "PIPE-005"}]}}},
        {"0": {"PIPE-004": {"deny": [{**ITEM, "path": "jobs"}]}}}, {"0": {"PIPE-004": {"deny": [{**ITEM, "params": {}}]}}},
        {"0": {"PIPE-004": {"deny": [{**ITEM, "message": "own text"}]}}},
    ],
)  # fmt: skip
def test_what_is_no_answer_is_an_error_and_no_pass(tmp_path: Path, answers: Any) -> None:
    (finding,) = checked(tmp_path, answers).findings
    assert (finding.policy, finding.verdict) == (ENGINE, Verdict.ERROR)


def test_an_answer_of_nothing_found_is_a_pass(tmp_path: Path) -> None:
    seen = checked(tmp_path, {"0": {"PIPE-004": {"deny": []}}})
    assert (seen.findings, seen.inputs, seen.policies) == ((), 1, 1)


@pytest.mark.parametrize("content", ["jobs: [", "a: *b", b"\0\1\2", "x: " + "[" * 500])
def test_a_file_that_does_not_parse_is_an_error_of_its_own(tmp_path: Path, content: str | bytes) -> None:
    (finding,) = checked(tmp_path, files={PLACE: content}).findings
    assert (finding.verdict, finding.at.path) == (Verdict.ERROR, PLACE)


def test_a_directory_that_the_clone_lacks_is_no_pass(tmp_path: Path) -> None:
    path = commit(tmp_path / "shop", {PLACE: WORKFLOW, "infra/main.tf": ""})
    missing = str(pygit2.Repository(str(path)).revparse_single("main:infra").id)
    (path / "objects" / missing[:2] / missing[2:]).unlink()
    catalogue = only()
    (seen,) = run(Rego(catalogue, lambda: evaluator(catalogue)), [Tree(Repository(path, "shop"))])
    assert [(f.policy, f.at.path) for f in seen.findings] == [("PIPE-004", PLACE), (UNSEEN, "infra")]


def test_files_of_trees_that_are_no_use_are_not_read(tmp_path: Path) -> None:
    assert checked(tmp_path, files={f"vendor/x/{PLACE}": WORKFLOW, "README.md": "x"}).inputs == 0


@pytest.mark.parametrize(
    "content",
    [
        "", "# nothing\n", "jobs: 5\n", "- a\n- b\n", '"\\ud800": x\n',
        "1: .nan\ntrue: .inf\njobs: {1: {steps: [{run: terraform apply}]}}\n",
    ],
)  # fmt: skip
def test_any_yaml_is_judged_without_an_engine_error(tmp_path: Path, content: str) -> None:
    assert ENGINE not in {f.policy for f in checked(tmp_path, files={PLACE: content}).findings}


def test_a_deadline_and_a_memory_cap_are_errors() -> None:
    catalogue = load()
    content = {"jobs": {str(n): {"steps": [{"run": "x\n" * 400}]} for n in range(4000)}}
    text = json.dumps({"documents": [{"kind": "github-workflow", "content": content}]})
    with pytest.raises(EngineFailed, match="could not be evaluated"):
        evaluator(catalogue, seconds=0.02)(text.encode())
    with pytest.raises(EngineFailed, match="could not be evaluated"):
        evaluator(catalogue, pages=40)(text.encode())


def test_a_module_that_is_not_the_manifests_is_refused(tmp_path: Path) -> None:
    ours = load().root
    for name in ("manifest.json", "policies.wasm"):
        (tmp_path / "compiled").mkdir(exist_ok=True)
        (tmp_path / "compiled" / name).write_bytes((ours / "compiled" / name).read_bytes())
    wasm = tmp_path / "compiled" / "policies.wasm"
    wasm.write_bytes(wasm.read_bytes()[:-1])
    with pytest.raises(EngineFailed, match="not those of the manifest"):
        evaluator(load(tmp_path))
    wasm.unlink()
    with pytest.raises(EngineFailed, match="cannot be read"):
        evaluator(load(tmp_path))


def test_no_policy_at_all_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(EngineFailed, match="no compiled policies"):
        load(tmp_path)
    manifest = json.loads((load().root / "compiled" / "manifest.json").read_text())
    (tmp_path / "compiled").mkdir()
    (tmp_path / "compiled" / "manifest.json").write_text(json.dumps({**manifest, "policies": []}))
    with pytest.raises(EngineFailed, match="holds no policy"):
        load(tmp_path)


def test_the_aggregate_asks_every_rule_of_every_policy() -> None:
    text = aggregate(load().policies)
    for policy in load().policies:
        for rule in policy.rules:
            assert f'["{policy.id}"].{rule} := data.{policy.package}.{rule}' in text
