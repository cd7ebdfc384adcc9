"""Several outputs of one gate: the same exit code for all, files whole or not there, the job summary."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from xml.etree.ElementTree import parse

import pytest

from assess.cli import main
from assess.report.gate.render import RENDERERS
from tests.worlds import commit

PLACE = ".github/workflows/deploy.yml"
GOOD = "on: push\njobs:\n  apply:\n    runs-on: ubuntu-24.04\n    environment: production\n    steps:\n      - run: terraform apply\n"


@pytest.fixture(scope="module")
def change(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = commit(tmp_path_factory.mktemp("gate") / "shop", {PLACE: GOOD})
    return commit(path, {PLACE: GOOD.replace("    environment: production\n", "")}, branch="feature")


def gate(change: Path, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    argv = ["idp-assess", "gate", "--repo", str(change), "--base", "main", "--head", "feature", "--engine", "rego", *arguments]
    monkeypatch.setattr(sys, "argv", argv)
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


@pytest.mark.parametrize("format", RENDERERS)
def test_the_exit_code_is_the_same_in_every_format(
    change: Path, format: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    assert gate(change, monkeypatch, "--format", format) == 1
    out, err = capsys.readouterr()
    assert "PIPE-004" in out
    assert "FAILED (exit 1)" in err


def test_several_reports_and_a_summary_at_once(change: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    (tmp_path / "summary.md").write_text("of a step before\n")
    reports = {"sarif": tmp_path / "new" / "gate.sarif", "junit": tmp_path / "gate.xml", "json": tmp_path / "gate.json"}
    asked = [f"--report={format}={path}" for format, path in reports.items()]
    assert gate(change, monkeypatch, "--format", "github", *asked) == 1
    assert json.loads(reports["sarif"].read_text())["runs"][0]["results"]
    assert parse(reports["junit"]).getroot().get("failures") != "0"
    assert json.loads(reports["json"].read_text())["exit_codes"][0] == 1
    summary = (tmp_path / "summary.md").read_text()
    assert summary.startswith("of a step before\n")
    assert "## Gate failed" in summary
    assert not list(tmp_path.rglob("*.partial"))


@pytest.mark.parametrize("reports", [["sarf=x"], ["sarif"], ["sarif="], ["json=x", "sarif=x"], ["json=/dev/null/x"]])
def test_what_is_no_report_is_usage_before_anything_is_read(
    change: Path, reports: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert gate(change, monkeypatch, *(f"--report={report}" for report in reports)) == 2
    assert capsys.readouterr().out == ""
