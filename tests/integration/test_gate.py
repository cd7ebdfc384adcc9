"""The gate over real repositories: exit 1 for what a change adds, 0 for what it does not, 3 for what could not be compared."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pygit2
import pytest

from assess.cli import main
from assess.gate import gate
from assess.policy.checkov import engine as checkov_child
from assess.policy.engine import EngineFailed
from assess.policy.gate.result import State
from assess.policy.rego import catalogue
from assess.policy.rego import server as rego_server
from assess.policy.rego import wasm as rego_wasm
from assess.request import Request
from assess.run import scan
from tests.gated import OPEN, PLACE, PROTECTED
from tests.opa import opa_server
from tests.worlds import commit

BUCKET = 'resource "aws_s3_bucket" "b" {\n  bucket = "b"\n}\n'
PUBLIC = BUCKET + 'resource "aws_s3_bucket_acl" "b" {\n  bucket = aws_s3_bucket.b.id\n  acl    = "public-read"\n}\n'
Files = dict[str, str | bytes]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    """A function that commits base and head and runs the command: exit code, stdout, stderr."""

    def command(before: Files, after: Files, *arguments: str, base: str = "") -> tuple[int, str, str]:
        path = tmp_path / "shop"
        commit(path, before)
        first = str(pygit2.Repository(str(path)).head.target)
        commit(path, after)
        argv = ["idp-assess", "gate", "--repo", str(path), "--base", base or first, *arguments]
        monkeypatch.setattr(sys, "argv", argv)
        with pytest.raises(SystemExit) as ended:
            main()
        told = capsys.readouterr()
        return int(ended.value.code or 0), told.out, told.err

    return command


def new(told: Any) -> list[Any]:
    """The new findings of a result in JSON."""
    return [one["finding"] for one in told["result"]["judged"] if one["state"] == "new"]


def test_an_added_violation_fails_with_the_line_and_the_fix(run: Any) -> None:
    code, out, err = run({PLACE: PROTECTED}, {PLACE: OPEN})
    assert code == 1
    assert f"{PLACE}:3" in out
    for word in ("what", "why", "fix", "remedy delivery/terraform-pipeline", "environment: production"):
        assert word in out
    assert "1 new" in err
    assert "\x1b" not in out


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({PLACE: PROTECTED}, {PLACE: PROTECTED, "README.md": "x"}),
        ({PLACE: OPEN}, {PLACE: OPEN, "README.md": "x"}),
        ({PLACE: OPEN}, {PLACE: "# moved\n\n\n" + OPEN}),
        ({PLACE: OPEN}, {".github/workflows/other.yml": OPEN}),
        ({PLACE: OPEN}, {PLACE: PROTECTED}),
        ({PLACE: OPEN, "README.md": "x"}, {"README.md": "x"}),
        ({PLACE: PROTECTED}, {PLACE: PROTECTED, ".github/workflows/new.yml": PROTECTED}),
        ({PLACE: "jobs: ["}, {PLACE: PROTECTED}),
    ],
    ids=["untouched", "there already", "moved lines", "renamed", "mended", "deleted", "good file", "base broken"],
)
def test_a_change_that_adds_nothing_passes(run: Any, before: Files, after: Files) -> None:
    code, out, err = run(before, after)
    assert (code, out) == (0, ""), err


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({PLACE: OPEN}, {PLACE: OPEN, ".github/workflows/copy.yml": OPEN}),
        ({PLACE: OPEN}, {PLACE: PROTECTED, ".github/workflows/copy.yml": OPEN}),
        ({PLACE: OPEN}, {PLACE: OPEN + OPEN.partition("jobs:\n")[2].replace("apply:", "second:")}),
    ],
    ids=["copied", "mended here and made there", "second job"],
)
def test_one_more_of_the_same_is_new(run: Any, before: Files, after: Files) -> None:
    assert run(before, after)[0] == 1


def test_a_head_that_does_not_parse_is_incomplete(run: Any) -> None:
    code, out, _ = run({PLACE: OPEN}, {PLACE: "on: push\njobs: [}"})
    assert code == 3
    assert f"INCOMPARABLE high CHECK-PARSE (rego) {PLACE}:2" in out


def test_one_beats_three_and_both_are_told(run: Any) -> None:
    code, out, err = run({PLACE: PROTECTED}, {PLACE: OPEN, ".github/workflows/broken.yml": "jobs: ["})
    assert code == 1
    assert "NEW high PIPE-004" in out
    assert "INCOMPARABLE" in out
    assert "FAILED (exit 1) and INCOMPLETE (exit 3)" in err


def test_json_has_the_same_exit_code_and_findings(run: Any) -> None:
    code, out, _ = run({PLACE: PROTECTED}, {PLACE: OPEN}, "--format", "json")
    told = json.loads(out)
    assert (code, told["exit_codes"]) == (1, [1])
    assert [f["policy"] for f in new(told)] == ["PIPE-004"]


# --- nothing to see is no pass ----------------------------------------------------------------------------------


def test_a_repository_that_no_policy_speaks_to_is_incomplete(run: Any) -> None:
    code, out, _ = run({"README.md": "x"}, {"README.md": "y"})
    assert code == 3
    assert "the gate would always be green" in out


def test_a_named_engine_with_nothing_to_read_is_incomplete(run: Any) -> None:
    assert run({PLACE: PROTECTED}, {PLACE: PROTECTED, "x": ""}, "--engine", "checkov")[0] == 3


def test_a_change_beside_the_inputs_passes_and_says_that_nothing_was_read(run: Any) -> None:
    code, _, err = run({PLACE: PROTECTED, "a": "1"}, {PLACE: PROTECTED, "a": "2"})
    assert code == 0
    assert "rego: nothing in this change for it to read" in err


def test_a_file_moved_to_where_nobody_looks_is_incomplete(run: Any) -> None:
    used: Files = {PLACE: OPEN, "network/main.tf": BUCKET}
    code, out, err = run({**used, "infra/main.tf": PUBLIC}, {**used, "examples/main.tf": PUBLIC}, "--engine", "rego")
    assert code == 3
    assert "was checked as infra/main.tf" in out
    assert "not checked, for their trees do not count as use: examples/main.tf" in err


def test_a_file_replaced_by_a_link_is_incomplete(tmp_path: Path) -> None:
    path = commit(tmp_path / "shop", {PLACE: OPEN, "README.md": "x"})
    repository = pygit2.Repository(str(path))
    base = repository.head.target
    index = pygit2.Index()
    index.read_tree(repository[base].peel(pygit2.Tree))
    index.add(pygit2.IndexEntry(PLACE, repository.create_blob(b"../../README.md"), pygit2.enums.FileMode.LINK))
    author = pygit2.Signature("Robin Vale", "robin@example.org", 1_760_000_000, 0)
    repository.create_commit("refs/heads/main", author, author, "link", index.write_tree(repository), [base])
    result = gate(path, str(base))
    assert [int(code) for code in result.exit_codes] == [3]
    assert result.of(State.RESOLVED) == ()


def test_a_directory_that_the_clone_lacks_is_incomplete(tmp_path: Path) -> None:
    path = commit(tmp_path / "shop", {PLACE: PROTECTED, "infra/main.tf": BUCKET})
    commit(path, {PLACE: PROTECTED, "infra/main.tf": BUCKET, "envs/prod/main.tf": BUCKET}, branch="feature")
    repository = pygit2.Repository(str(path))
    missing = str(repository.revparse_single("feature:envs/prod").id)
    (path / "objects" / missing[:2] / missing[2:]).unlink()
    with pytest.raises(Exception, match="cannot be read") as raised:
        gate(path, "main", "feature", engines=("rego",))
    assert raised.value.exit_code == 3  # type: ignore[attr-defined]


def test_an_unknown_base_says_what_to_fetch(run: Any) -> None:
    code, _, err = run({PLACE: PROTECTED}, {PLACE: OPEN}, base="origin/main")
    assert code == 3
    assert "git fetch origin main" in err


def test_a_shallow_clone_without_the_merge_base_names_the_depth(tmp_path: Path) -> None:
    origin = commit(tmp_path / "origin", {PLACE: PROTECTED})
    commit(origin, {PLACE: PROTECTED, "a": "1"}, branch="feature")
    for number in range(3):
        commit(origin, {PLACE: PROTECTED, "b": str(number)})
    shallow = tmp_path / "shallow"
    git = ["git", "-c", "protocol.file.allow=always"]
    clone = [*git, "clone", "-q", "--bare", "--depth=2", "--no-single-branch", f"file://{origin}", str(shallow)]
    subprocess.run(clone, check=True)
    with pytest.raises(Exception, match="2 commits deep") as raised:
        gate(shallow, "main", "feature")
    assert raised.value.exit_code == 3  # type: ignore[attr-defined]
    assert "--deepen=50" in str(raised.value)
    subprocess.run([*git, "-C", str(shallow), "fetch", "-q", "--unshallow"], check=True)
    assert [int(code) for code in gate(shallow, "main", "feature").exit_codes] == [0]


def test_histories_that_never_met_are_incomplete(tmp_path: Path) -> None:
    path = commit(tmp_path / "shop", {PLACE: PROTECTED})
    repository = pygit2.Repository(str(path))
    author = pygit2.Signature("Robin Vale", "robin@example.org", 1_760_000_000, 0)
    tree = repository.head.peel(pygit2.Tree).id
    repository.create_commit("refs/heads/alien", author, author, "alien", tree, [])
    with pytest.raises(Exception, match="no common ancestor"):
        gate(path, "main", "alien")


def test_the_base_is_where_the_branch_left_not_the_tip(tmp_path: Path) -> None:
    """What the base branch mended meanwhile is not the change's doing."""
    path = commit(tmp_path / "shop", {PLACE: OPEN})
    commit(path, {PLACE: OPEN, "a": "1"}, branch="feature")
    commit(path, {PLACE: PROTECTED})
    assert [int(code) for code in gate(path, "main", "feature").exit_codes] == [0]


# --- engines that fail ------------------------------------------------------------------------------------------


def _failing(*_: object, **__: object) -> Any:
    raise EngineFailed("crashed")


@pytest.mark.parametrize(
    "evaluator",
    [_failing, lambda *_, **__: _failing, lambda *_, **__: lambda text: {}, lambda *_, **__: lambda text: None],
    ids=["does not load", "crashes", "answers empty", "answers nothing"],
)
def test_a_rego_engine_that_fails_is_incomplete(run: Any, monkeypatch: pytest.MonkeyPatch, evaluator: Any) -> None:
    monkeypatch.setattr(rego_wasm, "evaluator", evaluator)
    assert run({PLACE: PROTECTED}, {PLACE: OPEN}, "--no-cache")[0] == 3


def test_without_its_policies_the_gate_is_incomplete(run: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(catalogue, "shipped", lambda area: tmp_path / area)
    code, out, _ = run({PLACE: PROTECTED}, {PLACE: OPEN})
    assert code == 3
    assert "no compiled policies here" in out


def test_a_deadline_is_incomplete(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    real = rego_wasm.evaluator
    monkeypatch.setattr(rego_wasm, "evaluator", lambda catalogue, **_: real(catalogue, seconds=0.01))
    step = "      - run: |\n" + "          echo x\n" * 2500
    assert run({PLACE: PROTECTED}, {PLACE: PROTECTED + step * 50})[0] == 3


def test_a_checkov_that_crashes_is_incomplete(run: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "child.py").write_text("raise SystemExit(7)")
    real = checkov_child.Checkov
    monkeypatch.setattr(checkov_child, "Checkov", lambda: real(child=tmp_path / "child.py"))
    code, out, _ = run({"main.tf": BUCKET}, {"main.tf": PUBLIC})
    assert code == 3
    assert "checkov ended with 7" in out


def test_checkov_says_what_a_change_adds(run: Any) -> None:
    """Base has a bucket with its usual findings; the head makes it public, and has a copy in another directory."""
    code, out, err = run({"main.tf": BUCKET, PLACE: PROTECTED}, {"main.tf": PUBLIC, PLACE: PROTECTED}, "--format", "json")
    told = json.loads(out)
    assert code == 1, err
    assert [(f["policy"], f["severity"], f["address"], f["at"]["path"]) for f in new(told)] == [
        ("CKV_AWS_20", "critical", "aws_s3_bucket.b", "main.tf"),
    ]  # fmt: skip
    states = [one["state"] for one in told["result"]["judged"]]
    assert states.count("unchanged") >= 5
    assert "incomparable" not in states


# --- the OPA server ---------------------------------------------------------------------------------------------


def test_the_same_verdict_on_an_opa_server(run: Any, need_tool: Callable[[str], Path], tmp_path: Path) -> None:
    with opa_server(need_tool("opa"), tmp_path) as url:
        on_server = run({PLACE: PROTECTED}, {PLACE: OPEN}, "--engine", "rego", "--opa-url", url, "--format", "json")
    again = gate(tmp_path / "shop", "HEAD~1", engines=("rego",))
    assert on_server[0] == again.exit_codes[0] == 1
    assert [f["fingerprint"] for f in new(json.loads(on_server[1]))] == [one.finding.fingerprint for one in again.of(State.NEW)]


def test_a_server_that_is_not_there_is_incomplete(run: Any) -> None:
    code, out, _ = run({PLACE: PROTECTED}, {PLACE: OPEN}, "--opa-url", "http://127.0.0.1:9")
    assert code == 3
    assert "the OPA server did not answer" in out


def test_a_server_that_wants_a_token_is_incomplete_without_and_right_with_it(
    run: Any, need_tool: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = ['allow if input.identity == "s3cret-token"', 'allow if input.path == ["health"]']
    (tmp_path / "authz.rego").write_text("\n".join(["package system.authz", "default allow := false", *rules]))
    flags = ["--authentication=token", "--authorization=basic", str(tmp_path / "authz.rego")]
    with opa_server(need_tool("opa"), tmp_path, *flags) as url:
        code, out, _ = run({PLACE: PROTECTED}, {PLACE: OPEN}, "--opa-url", url)
        assert code == 3
        monkeypatch.setenv("IDP_ASSESS_OPA_TOKEN", "s3cret-token")
        assert run({PLACE: PROTECTED}, {PLACE: OPEN}, "--opa-url", url)[0] == 1
    assert "s3cret" not in out


@pytest.mark.parametrize("url", ["ftp://x", "127.0.0.1:8181", "http://user:word@127.0.0.1:1", "http://127.0.0.1:1/path"])
def test_an_address_that_is_none_is_usage_and_keeps_credentials(run: Any, url: str) -> None:
    code, out, err = run({PLACE: PROTECTED}, {PLACE: OPEN}, "--opa-url", url)
    assert code == 2
    assert "word" not in out + err


def test_an_undefined_answer_of_a_server_is_an_error(need_tool: Callable[[str], Path], tmp_path: Path) -> None:
    """The policies are taken away behind our back: the data API then answers 200 with `{}`."""
    from opa_client import OpaClient
    from opa_client.errors import DeletePolicyError

    with opa_server(need_tool("opa"), tmp_path) as url:
        evaluate = rego_server.evaluator(catalogue.load(), url)
        assert evaluate(b'{"documents":[]}') == {}
        client = OpaClient("127.0.0.1", port=int(url.rpartition(":")[2]))
        stored = client.get_policies_list()
        assert stored
        assert all(name.startswith("idp_assess/v_") for name in stored)
        for name in stored * len(stored):  # what another one imports can only go after it
            with suppress(DeletePolicyError):
                client.delete_policy(name)
        with pytest.raises(EngineFailed, match="without a result"):
            evaluate(b'{"documents":[]}')


# --- the same findings in an assessment -------------------------------------------------------------------------


def test_a_scan_carries_findings_and_says_who_was_asked(tmp_path: Path) -> None:
    path = commit(tmp_path / "shop", {PLACE: OPEN, "main.tf": BUCKET})
    assessment = scan(Request.build((str(path),)))
    assert [(f.policy, str(f.at)) for f in assessment.findings] == [("PIPE-004", f"shop:{PLACE}:3")]
    assert assessment.findings_note.startswith("rego judged 2 files with ")
    nothing = scan(Request.build((str(path),), checks=()))
    assert (nothing.findings, nothing.findings_note) == ((), "No policy engine was asked.")


def test_an_excluded_path_has_no_findings(tmp_path: Path) -> None:
    path = commit(tmp_path / "shop", {PLACE: OPEN})
    left_out = {"path": "shop/.github/**", "owner": "team-shop", "reason": "moved next month", "expires": "2099-01-01"}
    (tmp_path / "idp-assess.yaml").write_text(json.dumps({"targets": ["shop"], "exclude": [left_out]}))
    request = Request.build((str(path),), estate_file=tmp_path / "idp-assess.yaml")
    assert scan(request).findings == ()


# --- hostile text -----------------------------------------------------------------------------------------------


def test_names_and_messages_cannot_drive_the_terminal(run: Any) -> None:
    job = OPEN.replace("apply:", '"a\\e[31m\\u202Ex\\r\\nNEW":')
    _, out, err = run({PLACE: PROTECTED}, {PLACE: PROTECTED, ".github/workflows/\x1b[2Jx.yml": job})
    assert "\\x1b[31m" in out
    assert not {"\x1b", "\u202e", "\r"} & set(out + err)
    assert out.count("NEW high") == 1
