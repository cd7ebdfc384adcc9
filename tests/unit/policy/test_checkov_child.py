"""The checkov child, mostly with a stand-in for checkov: what the parent makes of every way to end."""

from __future__ import annotations

from pathlib import Path

import pytest

from assess.collect.git.repository import Repository
from assess.model.finding import Verdict
from assess.policy.checkov.engine import Checkov, _connected, _write
from assess.policy.engine import CRASH, ENGINE, LOST, PARSE, UNSEEN, Checked, run
from assess.policy.tree import Tree
from tests.worlds import commit

BUCKET = 'resource "aws_s3_bucket" "b" {\n  bucket = "b"\n}\n'
TREE = '{"failed": [], "skipped": [], "judged": {"CKV_X_1": "is met"}, "unparsed": %s, "read": %s, "crashed": %s}'


def child(tmp_path: Path, body: str, seconds: int = 20) -> Checkov:
    """The engine with a script in checkov's place."""
    script = tmp_path / "child.py"
    script.write_text(body)
    return Checkov(child=script, seconds=seconds)


def answering(tmp_path: Path, *, read: str = '["main.tf"]', unparsed: str = "[]", crashed: str = "[]") -> Checkov:
    """The engine with a script that gives one answer."""
    return child(tmp_path, f"print('''{{\"checks\": [\"CKV_X_1\"], \"trees\": [{TREE % (unparsed, read, crashed)}]}}''')")


def check(tmp_path: Path, engine: Checkov, files: dict[str, str | bytes] | None = None) -> Checked:
    """What the engine says of a small repository."""
    return run(engine, [Tree(Repository(commit(tmp_path / "shop", files or {"main.tf": BUCKET}), "shop"))])[0]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("raise MemoryError('secret=hunter2')", "ended with 1: MemoryError"),
        ("import os; os.kill(os.getpid(), 9)", "killed by signal 9"),
        ("import os; os._exit(0)", "answer is empty"),
        ("print('{}')", "answer is empty"),
        ("print('[]')", "answer is empty"),
        ('print(\'{"checks": ["CKV_X_1"], "trees": []}\')', "answer is empty"),
        ("while True: pass", "ended after 1 s"),
        (f"print('''{{\"checks\": [], \"trees\": [{TREE % ('[]', '[]', '[]')}]}}''')", "no check to run"),
    ],
)
def test_a_child_that_fails_is_an_error_and_never_a_pass(tmp_path: Path, body: str, said: str) -> None:
    (finding,) = check(tmp_path, child(tmp_path, body, seconds=1 if "while" in body else 20)).findings
    assert (finding.policy, finding.verdict) == (ENGINE, Verdict.ERROR)
    assert said in finding.message
    assert "hunter2" not in finding.message


def test_a_missing_interpreter_is_an_error(tmp_path: Path) -> None:
    (finding,) = check(tmp_path, Checkov(python=str(tmp_path / "nothing"))).findings
    assert (finding.policy, finding.message) == (ENGINE, "checkov could not be started: No such file or directory")


def test_files_that_do_not_parse_crash_a_check_or_are_lost_are_findings(tmp_path: Path) -> None:
    assert [f.policy for f in check(tmp_path, answering(tmp_path)).findings] == []
    unparsed = answering(tmp_path, read="[]", unparsed='["main.tf"]')
    assert [(f.policy, f.at.path) for f in check(tmp_path, unparsed).findings] == [(PARSE, "main.tf")]
    crashed = answering(tmp_path, crashed='[["CKV_X_1", "/main.tf:aws_s3_bucket.b", "KeyError"]]')
    assert [(f.policy, f.at.path) for f in check(tmp_path, crashed).findings] == [(CRASH, "main.tf")]
    assert [(f.policy, f.at.path) for f in check(tmp_path, answering(tmp_path, read="[]")).findings] == [(LOST, "main.tf")]


def test_a_file_of_comments_is_not_lost(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"main.tf": BUCKET, "empty.tf": "# one\n/* two\n three */\n// four\n"}
    assert check(tmp_path, answering(tmp_path), files).findings == ()


def test_terraform_that_checkov_does_not_read_is_not_observed(tmp_path: Path) -> None:
    found = check(tmp_path, answering(tmp_path), {"main.tf": BUCKET, "x.tf.json": "{}", "y.tofu": ""}).findings
    assert [(f.policy, f.verdict, f.at.path) for f in found] == [
        (UNSEEN, Verdict.NOT_OBSERVED, "x.tf.json"), (UNSEEN, Verdict.NOT_OBSERVED, "y.tofu"),
    ]  # fmt: skip


def test_without_terraform_no_child_is_started(tmp_path: Path) -> None:
    seen = check(tmp_path, Checkov(python="/nothing"), {"README.md": "x", "vendor/a/main.tf": BUCKET})
    assert (seen.findings, seen.inputs) == ((), 0)


@pytest.mark.parametrize("path", ["/etc/x.tf", "../x.tf", "a/../../x.tf", "a//x.tf", "./x.tf", "a\0.tf"])
def test_a_name_that_leads_out_of_the_export_is_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(ValueError, match="leads out"):
        _write(tmp_path, path, b"")


def test_the_scope_of_a_change_follows_local_modules_both_ways() -> None:
    edges = [("envs/prod", "modules/db"), ("envs/dev", "modules/db"), ("modules/db", "modules/net"), ("other", "else")]
    assert _connected({"modules/net"}, edges) == {"modules/net", "modules/db", "envs/prod", "envs/dev"}


def test_the_real_child_reaches_neither_network_nor_other_files(tmp_path: Path) -> None:
    """The only test here that starts checkov: a tree with its own settings and a module from outside of it."""
    marker = tmp_path / "marker"
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "o.tf").write_text(BUCKET.replace('"b"', '"outside"'))
    modules = "".join(
        f'module "{name}" {{\n  source = "{source}"\n}}\n'
        for name, source in {"o": f"{tmp_path}/outside", "r": "git::https://192.0.2.1/x"}.items()
    )
    files: dict[str, str | bytes] = {
        "main.tf": BUCKET + modules,
        ".checkov.yaml": "external-checks-dir: [evil]\n",
        "evil/__init__.py": "",
        "evil/x.py": f"open({str(marker)!r}, 'w')\n",
        "broken.tf": 'resource "a" {',
    }
    seen = check(tmp_path, Checkov(), files)
    assert not marker.exists()
    assert not [f for f in seen.findings if "outside" in f.address]
    assert [(f.policy, f.at.path) for f in seen.findings if f.unseen] == [(PARSE, "broken.tf")]
    assert {f.address for f in seen.findings if f.verdict is Verdict.FAIL} == {"aws_s3_bucket.b", "o", "r"}
    assert seen.policies > 900
