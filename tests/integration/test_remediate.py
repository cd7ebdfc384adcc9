"""The whole way: plan, render, rescan, write; and the steps that were rendered, run by a real OpenTofu."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pygit2
import pytest
import yaml

from assess.cli import main
from assess.remedy import validate
from tests.worlds import commit

ROOT_TF = """\
terraform {
  backend "s3" {
    bucket = "shop-state"
    key    = "infra"
    region = "eu-central-1"
  }
}
provider "aws" {
  region = "eu-west-1"
}
resource "aws_s3_bucket" "logs" { bucket = "logs" }
"""
WORLD = {"infra/main.tf": ROOT_TF, "infra/.terraform.lock.hcl": "# locked\n", "README.md": "A shop.\n"}
FLOW = ".github/workflows/terraform-infra.yml"
Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """A function that runs the command line: the exit code, and what it printed."""

    def call(*arguments: object) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["idp-assess", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capfd.readouterr()
        return int(ended.value.code or 0), printed.out + printed.err

    return call


def content(directory: Path) -> dict[str, str]:
    """The digest of every file below a directory."""
    return {p.relative_to(directory).as_posix(): sha256(p.read_bytes()).hexdigest() for p in directory.rglob("*") if p.is_file()}


def cloned(bare: Path, to: Path) -> Path:
    """A work tree of a bare repository."""
    pygit2.clone_repository(str(bare), str(to))
    return to


def test_the_plan_names_the_step_with_the_place_of_every_value(tmp_path: Path, run: Run) -> None:
    code, text = run("plan", commit(tmp_path / "shop", WORLD))
    assert code == 0
    assert "shop stands at 2 (declared). The next level is 3, Pipelines." in text
    assert "delivery/terraform-pipeline@infra  2 → 3  fixes EXE-001" in text
    assert f"writes  {FLOW}" in text
    assert "region = eu-west-1  (infra/main.tf:9)" in text
    assert "clouds = aws  (infra/main.tf:2)" in text
    assert "locked = yes  (infra/.terraform.lock.hcl:1)" in text
    assert "AWS_APPLY_ROLE_ARN" in text


def test_the_plan_as_json_holds_the_same(tmp_path: Path, run: Run) -> None:
    code, text = run("plan", commit(tmp_path / "shop", WORLD), "-f", "json")
    value = json.loads(text)
    step = value["plans"][0]["steps"][0]
    assert (code, value["schema"], step["writes"]) == (0, "idp-assess/plan/v1", [FLOW])
    region = next(p for p in step["params"] if p["name"] == "region")
    assert (region["source"], region["at"][0]["path"], region["at"][0]["line"]) == ("evidence", "infra/main.tf", 9)


def test_rendering_raises_the_declared_level_and_leaves_the_target_alone(
    tmp_path: Path, run: Run, need_tool: Callable[[str], Path]
) -> None:
    need_tool("actionlint")
    target = cloned(commit(tmp_path / "origin", WORLD), tmp_path / "shop")
    before = content(target)
    code, text = run("remediate", target, "--output", tmp_path / "out")
    assert code == 0, text
    assert content(target) == before
    assert sorted(content(tmp_path / "out")) == [FLOW, ".idp/manifest.json", ".idp/params.yaml"]
    assert "Proof: P2 (schema), and every unit that a step is about rises in the rescan (P5)." in text
    assert "P3 semantic: not shown" in text
    assert "subject: 2 → 3 (declared, over the 1 units that were there before)" in text
    assert "EXE-001 of shop:infra#terraform-root: fixed" in text
    assert f"A run of job `apply` in {FLOW} on a push to main, approved in environment production." in text


def test_what_was_proved_is_what_a_scan_of_the_committed_files_says(tmp_path: Path, run: Run) -> None:
    run("remediate", commit(tmp_path / "shop", WORLD), "--output", tmp_path / "out")
    written = {p.relative_to(tmp_path / "out").as_posix(): p.read_bytes() for p in (tmp_path / "out").rglob("*") if p.is_file()}
    after = commit(tmp_path / "after" / "shop", {**WORLD, **written})
    value = json.loads(run("scan", after, "-f", "json")[1])
    unit = next(u for u in value["units"] if u["path"] == "infra")
    assert (unit["declared"], unit["answers"]["executor"]) == ([3, 3], ["pipeline"])
    assert unit["confirmed"][0] < 3, "rendered files are no run"


def test_rendering_twice_gives_the_same_bytes_and_check_finds_no_drift(tmp_path: Path, run: Run) -> None:
    target = commit(tmp_path / "shop", WORLD)
    run("remediate", target, "--output", tmp_path / "a")
    run("remediate", commit(tmp_path / "elsewhere" / "renamed", WORLD), "--output", tmp_path / "b")
    assert content(tmp_path / "a") == content(tmp_path / "b")
    assert run("remediate", target, "--output", tmp_path / "a", "--check") == (
        0,
        "0 of 3 files differ from what would be written.\n",
    )


def test_check_finds_an_edited_file_and_writes_nothing(tmp_path: Path, run: Run) -> None:
    target = commit(tmp_path / "shop", WORLD)
    run("remediate", target, "--output", tmp_path / "out")
    flow = tmp_path / "out" / FLOW
    flow.write_text(flow.read_text() + "# mine\n")
    there = content(tmp_path / "out")
    code, text = run("remediate", target, "--output", tmp_path / "out", "--check")
    assert (code, content(tmp_path / "out")) == (1, there)
    assert f"{flow}: was edited" in text


def test_a_foreign_file_in_the_way_is_named_and_nothing_is_written(tmp_path: Path, run: Run) -> None:
    target = cloned(commit(tmp_path / "origin", WORLD), tmp_path / "shop")
    (target / FLOW).parent.mkdir(parents=True)
    (target / FLOW).write_text("mine: true\n")
    there = content(target)
    code, text = run("remediate", target, "--output", target)
    assert (code, content(target)) == (3, there)
    assert f"{FLOW} was not written by idp-assess" in text


def test_a_missing_validator_lowers_the_level_and_is_named(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(validate, "find", lambda name: None)
    code, text = run("remediate", commit(tmp_path / "shop", WORLD), "--output", tmp_path / "out")
    assert code == 0
    assert "Proof: P1 (parses)" in text
    assert f"{FLOW}: MISSING: actionlint is not on the PATH" in text


def test_a_file_that_fails_its_validator_is_not_written(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(validate.VALIDATORS, "actionlint", (2, lambda path, content: ("fail", "line 1: wrong")))
    code, text = run("remediate", commit(tmp_path / "shop", WORLD), "--output", tmp_path / "out")
    assert (code, (tmp_path / "out").exists()) == (1, False)
    assert f"{FLOW}: FAIL: line 1: wrong" in text


def test_a_root_with_local_state_is_told_what_comes_first(tmp_path: Path, run: Run) -> None:
    target = commit(tmp_path / "shop", {"infra/main.tf": 'provider "aws" { region = "eu-west-1" }\nresource "aws_vpc" "v" {}\n'})
    code, text = run("plan", target)
    assert code == 0
    assert "Something comes first:" in text
    assert "The state is a local file, which no runner has." in text
    assert "(infra/main.tf:1)" in text
    code, _ = run("remediate", target, "--output", tmp_path / "out")
    assert (code, (tmp_path / "out").exists()) == (3, False)


def test_a_question_is_asked_once_and_its_answer_kept(tmp_path: Path, run: Run) -> None:
    files = {**WORLD, "infra/names.tf": 'locals { name = "x-${terraform.workspace}" }\n'}
    output = tmp_path / "out"
    code, text = run("remediate", commit(tmp_path / "shop", files), "--output", output)
    assert code == 3
    assert "which one does this pipeline apply? (infra/names.tf:1)" in text
    answer = re.search(r"nodes: (\{.*\})", text)
    assert answer
    (output / ".idp").mkdir(parents=True)
    (output / ".idp" / "params.yaml").write_text(f"nodes: {answer[1].replace('…', 'live')}\n")
    for _ in range(2):
        assert run("remediate", tmp_path / "shop", "--output", output)[0] == 0
        assert 'TF_WORKSPACE: "live"' in (output / FLOW).read_text()
    assert run("remediate", tmp_path / "shop", "--output", output, "--check")[0] == 0


def test_the_fewest_units_are_moved_and_one_step_can_be_taken_alone(tmp_path: Path, run: Run) -> None:
    roots = {f"live/{name}/main.tf": ROOT_TF for name in "abcde"}
    target = commit(tmp_path / "shop", roots)
    value = json.loads(run("plan", target, "-f", "json")[1])["plans"][0]
    assert [s["path"] for s in value["steps"]] == ["live/a", "live/b", "live/c", "live/d"], "four of five are 0.8"
    assert [s["path"] for s in value["further"]] == ["live/e"]
    code, text = run("remediate", target, "--output", tmp_path / "out", "--node", "live/e")
    assert (code, sorted(content(tmp_path / "out"))[0]) == (0, ".github/workflows/terraform-live-e.yml")
    assert "subject: 2 → 2" in text
    code, text = run("remediate", target, "--output", tmp_path / "out", "--node", "live/f")
    assert code == 2
    assert "no step 'live/f'; did you mean 'live/" in text


def test_roots_whose_names_would_clash_get_files_of_their_own(tmp_path: Path, run: Run) -> None:
    target = commit(tmp_path / "shop", {"a/b/main.tf": ROOT_TF, "a-b/main.tf": ROOT_TF})
    code, _ = run("remediate", target, "--output", tmp_path / "out")
    assert code == 0
    assert len([p for p in content(tmp_path / "out") if re.fullmatch(r"\.github/workflows/terraform-a-b-[0-9a-f]{6}\.yml", p)]) == 2


def test_a_repository_that_pipelines_apply_already_needs_nothing(tmp_path: Path, run: Run) -> None:
    run("remediate", commit(tmp_path / "shop", WORLD), "--output", tmp_path / "out")
    done = commit(tmp_path / "done", {**WORLD, FLOW: (tmp_path / "out" / FLOW).read_bytes()})
    value = json.loads(run("plan", done, "-f", "json")[1])["plans"][0]
    assert (value["levels"], value["to"], value["steps"], value["further"], value["blocked"]) == ([3, 3], 4, [], [], [])


def test_what_plans_the_root_already_is_kept_and_said(tmp_path: Path, run: Run) -> None:
    flow = "on: pull_request\njobs:\n  check:\n    steps:\n      - run: terraform -chdir=infra plan\n"
    _, text = run("plan", commit(tmp_path / "shop", {**WORLD, ".github/workflows/check.yml": flow}))
    assert "This job plans the root already and stays as it is" in text
    assert "(.github/workflows/check.yml:3)" in text


def test_an_answer_may_be_given_for_all_nodes_of_a_scaffold_and_another_for_one(tmp_path: Path, run: Run) -> None:
    nodes = (
        "nodes:\n"
        "  delivery/terraform-pipeline: {runner: {value: own, source: user}}\n"
        "  delivery/terraform-pipeline@b: {runner: {value: big, source: user}}\n"
    )
    target = commit(tmp_path / "shop", {"a/main.tf": ROOT_TF, "b/main.tf": ROOT_TF, ".idp/params.yaml": nodes})
    assert run("remediate", target, "--output", tmp_path / "out")[0] == 0
    flows = tmp_path / "out" / ".github" / "workflows"
    assert 'runs-on: "own"' in (flows / "terraform-a.yml").read_text()
    assert 'runs-on: "big"' in (flows / "terraform-b.yml").read_text()


def test_a_forge_without_a_variant_is_said_and_a_person_may_choose_another(tmp_path: Path, run: Run) -> None:
    files = {**WORLD, ".gitlab-ci.yml": "test:\n  script: [make test]\n"}
    _, text = run("plan", commit(tmp_path / "shop", files))
    assert "Pipelines run on gitlab here; there is no such variant of this scaffold yet (there is: github)." in text
    params = 'nodes: {"delivery/terraform-pipeline@infra": {forge: {value: github, source: user}}}\n'
    _, text = run("plan", commit(tmp_path / "answered", {**files, ".idp/params.yaml": params}))
    assert f"writes  {FLOW}" in text
    for _ in range(2):  # the second run has only what the first one wrote
        assert run("remediate", tmp_path / "answered", "--output", tmp_path / "out")[0] == 0
    assert "forge:\n      value: github\n      source: user\n" in (tmp_path / "out" / ".idp" / "params.yaml").read_text()


def test_a_plan_can_be_made_from_an_assessment_of_the_same_scan(tmp_path: Path, run: Run) -> None:
    target = commit(tmp_path / "shop", WORLD)
    run("scan", target, "-f", "json", "--output", tmp_path / "made")
    fresh = run("plan", target)
    assert run("plan", target, "--assessment", tmp_path / "made" / "assessment.json") == fresh
    commit(target, {**WORLD, "other/main.tf": ROOT_TF}, message="more")
    assert run("plan", target, "--assessment", tmp_path / "made" / "assessment.json") == fresh, "it plans the commit that was scanned"
    run("scan", target, "-f", "json", "--output", tmp_path / "other")
    os.replace(tmp_path / "other" / "facts.jsonl.zst", tmp_path / "made" / "facts.jsonl.zst")
    code, text = run("plan", target, "--assessment", tmp_path / "made" / "assessment.json")
    assert (code, "is of other facts than this assessment" in text) == (2, True)


SANDBOX = """\
terraform {
  backend "s3" {
    bucket = "shop-state"
    key    = "infra"
  }
}
variable "name" {}
resource "terraform_data" "it" { input = var.name }
"""


class Runner:
    """What a GitHub runner does with the `run` steps of a job: bash, an environment, an output file. No network."""

    def __init__(self, flow: Path, tools: Path, work: Path) -> None:
        self.jobs: dict[str, Any] = yaml.safe_load(flow.read_text())["jobs"]
        self.tools, self.work = tools, work

    def run(self, job: str, variables: dict[str, str], needs: dict[str, str]) -> tuple[int, dict[str, str], str]:
        """The exit code of the first step that fails, the job's outputs, and what was printed."""
        outputs = self.work / f"{job}.outputs"
        outputs.write_text("")
        (self.work / job).mkdir(exist_ok=True)
        spec = self.jobs[job]
        log = ""
        for step in spec["steps"]:
            if "run" in step:
                named = {**spec["env"], **step.get("env", {})}
                given = {key: self._value(str(text), variables, needs) for key, text in named.items()}
                environment = {
                    "PATH": f"{self.tools}:{os.environ['PATH']}", "HOME": str(self.work), "GITHUB_OUTPUT": str(outputs),
                    "RUNNER_TEMP": str(self.work / job), **given,
                }  # fmt: skip
                command = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]]
                directory = self.work / spec["defaults"]["run"]["working-directory"]
                done = subprocess.run(command, cwd=directory, env=environment, capture_output=True, text=True, timeout=60, check=False)
                log += done.stdout + done.stderr
                if done.returncode:
                    return done.returncode, {}, log
        return 0, dict(line.split("=", 1) for line in outputs.read_text().splitlines()), log

    def _value(self, text: str, variables: dict[str, str], needs: dict[str, str]) -> str:
        """A text with its expressions resolved; one that nobody set is empty, as on GitHub."""
        known = {**{f"vars.{k}": v for k, v in variables.items()}, **{f"needs.plan.outputs.{k}": v for k, v in needs.items()}}
        return re.sub(r"\$\{\{ (.+?) \}\}", lambda match: known.get(match[1], ""), text)


@pytest.fixture
def runner(tmp_path: Path, run: Run, need_tool: Callable[[str], Path]) -> Runner:
    """The rendered workflow of an OpenTofu root whose state lies in a file, so that no cloud is needed."""
    tofu = need_tool("tofu")
    cloud = 'resource "aws_sqs_queue" "orders" {}\n'
    files = {"infra/main.tf": SANDBOX, "infra/cloud.tf": cloud, "infra/.opentofu-version": "1.12.6\n"}
    target = commit(tmp_path / "shop", files)
    code, text = run("remediate", target, "--output", tmp_path / "work")
    assert code == 0, text
    infra = tmp_path / "work" / "infra"
    infra.mkdir()
    (infra / "main.tf").write_text(SANDBOX)
    (infra / "backend_override.tf").write_text('terraform {\n  backend "local" {}\n}\n')
    return Runner(tmp_path / "work" / FLOW, tofu.parent, tmp_path / "work")


def test_the_steps_plan_then_apply_exactly_that_plan_and_then_find_nothing_to_do(runner: Runner) -> None:
    settings = {"TF_INFRA_NAME": "first"}
    code, planned, log = runner.run("plan", settings, {})
    assert (code, planned["changes"]) == (0, "true"), log
    code, _, log = runner.run("apply", settings, planned)
    assert (code, "Apply complete! Resources: 1 added" in log) == (0, True), log
    code, planned, log = runner.run("plan", settings, {})
    assert (code, planned["changes"]) == (0, "false"), log


def test_a_plan_that_is_not_the_approved_one_is_not_applied(runner: Runner) -> None:
    _, planned, _ = runner.run("plan", {"TF_INFRA_NAME": "first"}, {})
    code, _, log = runner.run("apply", {"TF_INFRA_NAME": "second"}, planned)
    assert (code, "This is no longer the plan that was approved" in log, "Apply complete" in log) == (1, True, False), log
    assert not (runner.work / "infra" / "terraform.tfstate").exists()


def test_a_setting_that_nobody_made_stops_the_run_before_it_plans(runner: Runner) -> None:
    code, planned, log = runner.run("plan", {}, {})
    assert (code, planned) == (1, {})
    assert "Make TF_INFRA_NAME under Settings" in log


def test_a_broken_root_fails_the_plan_rather_than_counting_as_no_change(runner: Runner) -> None:
    (runner.work / "infra" / "main.tf").write_text(SANDBOX + "nonsense {\n")
    code, planned, _ = runner.run("plan", {"TF_INFRA_NAME": "first"}, {})
    assert (code, planned) == (1, {})
