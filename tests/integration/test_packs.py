"""A user's policies in a gate and in a scan: compiled, kept, refused, and every way in which `opa` fails."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assess.cli import main
from assess.policy.engine import EngineFailed
from assess.policy.rego import opa as program
from assess.policy.rego import pack as packs
from assess.policy.rego.checking import check_pack
from tests.agreement import shape_sources
from tests.opa import opa_server
from tests.worlds import commit

PLACE = ".github/workflows/deploy.yml"
HOSTED, OWN = (f"on: push\njobs:\n  a:\n    runs-on: {where}\n    steps: []\n" for where in ("ubuntu-24.04", "self-hosted"))
POLICY = """\
# METADATA
# title: Jobs do not run on machines of ours
# description: A machine that is kept carries what one job leaves to the next.
# related_resources: [https://docs.github.com/en/actions/concepts/runners/self-hosted-runners]
# custom:
#   id: ACME-001
#   severity: medium
#   reads: github-workflow
#   message: "job {job} runs on {where}"
#   fix: "let job {job} run on ubuntu-24.04"
package idp_assess.pipelines.no_self_hosted

deny contains {"id": "ACME-001", "path": ["jobs", name, "runs-on"], "params": {"job": name, "where": job["runs-on"]}} if {
	some name, job in input.jobs
	regex.find_n("self-hosted", job["runs-on"], 1) != []
}
"""
FILE = "rego/pipelines/ACME-001-no-self-hosted/policy.rego"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A pack with one policy."""
    return written(tmp_path / "pack", {FILE: POLICY})


def written(root: Path, files: dict[str, str]) -> Path:
    """Files below a directory."""
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """A function that runs a command over a repository with one change, and gives the exit code, stdout and stderr."""
    first = commit(tmp_path / "shop", {PLACE: HOSTED})
    commit(first, {PLACE: OWN})
    monkeypatch.setenv("PATH", "/usr/bin:/bin")

    def command(*arguments: str, name: str = "gate") -> tuple[int, str, str]:
        place = ["--repo", str(first), "--base", "HEAD~1"] if name == "gate" else [str(first)]
        monkeypatch.setattr(sys, "argv", ["idp-assess", name, *place, *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        told = capsys.readouterr()
        return int(ended.value.code or 0), told.out, told.err

    return command


def test_a_pack_is_compiled_and_judges(run: Any, pack: Path, need_tool: Callable[[str], Path]) -> None:
    code, out, err = run("--pack", str(pack), "--opa", str(need_tool("opa")))
    assert code == 1, err
    assert f"{PLACE}:4" in out
    assert "job a runs on self-hosted" in out
    assert f"rego:{pack}: 1 inputs, 1 policies" in err


def test_an_opa_on_the_path_is_found(run: Any, pack: Path, need_tool: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{need_tool('opa').parent}:/usr/bin:/bin")
    assert run("--pack", str(pack))[0] == 1


def test_a_scan_judges_with_a_pack_of_policies_alone(run: Any, pack: Path, need_tool: Callable[[str], Path]) -> None:
    code, out, err = run("--pack", str(pack), "--opa", str(need_tool("opa")), "--format", "json", name="scan")
    assert code == 0, err
    assert "ACME-001" in [finding["policy"] for finding in json.loads(out)["findings"]]


def test_a_server_needs_no_opa_here(run: Any, pack: Path, need_tool: Callable[[str], Path], tmp_path: Path) -> None:
    with opa_server(need_tool("opa"), tmp_path) as url:
        code, out, err = run("--pack", str(pack), "--opa-url", url)
    assert code == 1, err
    assert "job a runs on self-hosted" in out


def test_without_opa_and_server_it_is_said_what_to_install(run: Any, pack: Path) -> None:
    code, out, _ = run("--pack", str(pack))
    assert code == 3
    assert "no opa" in out
    assert "Install OPA" in out
    assert "--opa-url" in out
    code, _, err = run("--pack", str(pack), name="scan")
    assert code == 3
    assert "Install OPA" in err


OPAS = {
    "crashes": ("exit 7", "crashed (exit 7)"),
    "is killed": ("kill -9 $$", "killed by signal 9"),
    "answers empty": ("exit 0", "does not say its version"),
    "is no program": (None, "could not be started"),
    "makes nothing": ('case "$1" in version) echo "Version: 1.0.0";; capabilities) echo \'{"builtins": []}\';; esac', "made no module"),
    "hangs": ("sleep 60", "was ended after"),
}


@pytest.mark.parametrize("how", OPAS)
def test_an_opa_that_does_not_do_its_work_is_incomplete(how: str, run: Any, pack: Path, tmp_path: Path, monkeypatch: Any) -> None:
    script, told = OPAS[how]
    fake = tmp_path / "opa"
    fake.write_text("nothing" if script is None else f"#!/bin/sh\n{script}\n")
    fake.chmod(0o755)
    if how == "hangs":
        monkeypatch.setattr(program, "SECONDS", 1)
    code, out, _ = run("--pack", str(pack), "--opa", str(fake), "--no-cache")
    assert code == 3
    assert told in out


def test_an_opa_that_is_not_there_is_incomplete(run: Any, pack: Path, tmp_path: Path) -> None:
    code, out, _ = run("--pack", str(pack), "--opa", str(tmp_path / "none"))
    assert (code, "no opa here" in out) == (3, True)


def test_an_opa_without_memory_is_incomplete(
    run: Any, pack: Path, need_tool: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(program, "MEMORY", 60 << 20)
    assert run("--pack", str(pack), "--opa", str(need_tool("opa")), "--no-cache")[0] == 3


def test_policies_that_judge_nothing_here_are_incomplete(run: Any, tmp_path: Path, need_tool: Callable[[str], Path]) -> None:
    pack = written(tmp_path / "charts", {FILE: POLICY.replace("reads: github-workflow", "reads: helm-chart")})
    code, out, _ = run("--pack", str(pack), "--opa", str(need_tool("opa")))
    assert code == 3
    assert "judge no file of the repository" in out


BROKEN = {
    "an id of ours": ({FILE: POLICY.replace("ACME-001", "PIPE-004")}, "PIPE-004"),
    "no metadata": ({FILE: POLICY.partition("package ")[1] + POLICY.partition("package ")[2]}, "METADATA: is required"),
    "an unknown kind": ({FILE: POLICY.replace("reads: github-workflow", "reads: github-workflows")}, "did you mean 'github-workflow'"),
    "bad YAML": ({FILE: POLICY.replace("# custom:", "# custom: [")}, "not readable as YAML"),
    "another place": ({"rego/x/ACME-001-y/policy.rego": POLICY}, "belongs into rego/pipelines/ACME-001-no-self-hosted"),
    "the network": ({FILE: POLICY.replace("regex.find_n", "http.send")}, "http.send: no policy may call this"),
    "no Rego": ({FILE: POLICY + "\ndeny contains {"}, "rego_parse_error"),
    "nothing": ({"rego/x.txt": "x"}, "holds no policy"),
    "no policies": ({"x.txt": "x"}, "holds no policies"),
    "an id twice": ({FILE: POLICY, FILE.replace("self", "own"): POLICY.replace("no_self", "no_own")}, "is taken twice"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_pack_that_does_not_check_is_usage(what: str, run: Any, tmp_path: Path, need_tool: Callable[[str], Path]) -> None:
    files, told = BROKEN[what]
    code, _, err = run("--pack", str(written(tmp_path / "broken", files)), "--opa", str(need_tool("opa")))
    assert code == 2
    assert told in err


def test_a_change_does_not_bring_its_own_policies(run: Any, tmp_path: Path, need_tool: Callable[[str], Path]) -> None:
    shop, opa = tmp_path / "shop", str(need_tool("opa"))
    (shop / "policies").mkdir()
    code, out, _ = run("--pack", str(shop / "policies"), "--opa", opa)
    assert code == 3
    assert "the base has no policies there" in out
    commit(shop, {PLACE: HOSTED, f"policies/{FILE}": POLICY})
    commit(shop, {PLACE: OWN, f"policies/{FILE}": POLICY.replace("!= []", '== ["none"]')})
    assert run("--pack", str(shop / "policies"), "--opa", opa)[0] == 1


def test_a_pack_is_compiled_once(run: Any, pack: Path, need_tool: Callable[[str], Path], tmp_path: Path) -> None:
    counting = tmp_path / "opa"
    counting.write_text(f'#!/bin/sh\necho "$1" >> {tmp_path / "calls"}\nexec {need_tool("opa")} "$@"\n')
    counting.chmod(0o755)
    arguments = ("--pack", str(pack), "--opa", str(counting), "--cache", str(tmp_path / "cache"))
    assert [run(*arguments)[0] for _ in range(2)] == [1, 1]
    assert (tmp_path / "calls").read_text().split().count("build") == 1
    (pack / FILE).write_text(POLICY.replace("!= []", '== ["none"]'))
    assert run(*arguments)[0] == 0
    assert (tmp_path / "calls").read_text().split().count("build") == 2


class Kept(dict[bytes, bytes]):
    """A cache in memory."""

    def put(self, key: bytes, value: bytes) -> None:
        self[key] = value


@pytest.mark.parametrize("damage", [b"", b"\0", b"{}\0\0asm", b"\xff" * 40, b"[" * 5000])
def test_a_damaged_cache_is_compiled_anew(damage: bytes, need_tool: Callable[[str], Path]) -> None:
    cache, sources = Kept(), shape_sources({"x": "deny contains input.v"})
    first = packs.catalogue(Path("p"), sources, [], opa=str(need_tool("opa")), cache=cache)
    whole = dict(cache)
    assert len(whole) == 1
    for key in whole:
        cache[key] = damage
    assert packs.catalogue(Path("p"), sources, [], opa=str(need_tool("opa")), cache=cache) == first
    assert dict(cache) == whole


def test_a_program_that_is_no_opa_is_not_taken_for_one() -> None:
    with pytest.raises(EngineFailed):
        program.version(Path("/bin/true"))


@pytest.mark.parametrize(
    ("good", "bad", "told"),
    [
        (HOSTED, OWN, []),
        (OWN, OWN, ["good.yml: ACME-001 does not let its good example pass"]),
        (HOSTED, HOSTED, ["bad.yml: ACME-001 lets its bad example pass"]),
        (HOSTED, "jobs: [", ["bad.yml:1: "]),
        (HOSTED, "", ["has 0 files bad.*"]),
    ],
)
def test_a_pack_is_checked_against_its_examples(good: str, bad: str, told: list[str], pack: Path, need_tool: Callable[[str], Path]) -> None:
    beside = FILE.rpartition("/")[0]
    written(pack, {f"{beside}/{name}.yml": text for name, text in {"good": good, "bad": bad}.items() if text})
    count, found = check_pack(pack, str(need_tool("opa")))
    assert count == 1
    assert len(found) == len(told)
    assert all(part in line for part, line in zip(told, found, strict=True))


def test_checking_a_pack_names_every_problem_of_its_files(tmp_path: Path, need_tool: Callable[[str], Path]) -> None:
    files = {FILE: POLICY.replace("severity: medium", "severity: grave").replace("#   fix:", "#   fx:")}
    count, found = check_pack(written(tmp_path / "pack", files), str(need_tool("opa")))
    assert count == 0
    assert [word for word in ("custom.severity", "custom.fix", "custom.fx") if any(word in line for line in found)] == [
        "custom.severity", "custom.fix", "custom.fx",
    ]  # fmt: skip
