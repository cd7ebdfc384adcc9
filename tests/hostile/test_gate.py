"""Changes that mean harm: the gate ends in time and memory, compares what was asked for, obeys nothing of theirs, and never passes for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import orjson
import pytest

from assess.errors import AssessError, ExitCode, IncompleteError, UsageError
from assess.gate import gate
from assess.policy.engines import engine
from assess.policy.gate.change import change
from assess.policy.gate.result import GateResult
from assess.policy.rego.engine import Rego
from assess.report.gate.render import render
from assess.report.gate.terminal import summary
from assess.report.gate.view import Shown
from assess.spec.gate import BASELINE_FILE, GATE_FILE, WAIVERS_FILE
from tests.hostile.bounded import used, within
from tests.hostile.budget import seconds
from tests.hostile.raw import FILE, TREE, Raw

WORKFLOW = ".github/workflows/ci.yml"
CLOSED = "on: push\npermissions: {contents: read}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n"
OPEN = CLOSED.replace("permissions: {contents: read}\n", "permissions: write-all\n")
ACTED_ON = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]|##\\w*\\[|(?m:^\\s*::[a-z-]+)")
"""What drives a terminal, reorders a text, or is obeyed by the runner of a pipeline."""
MEMORY = 300_000_000


@pytest.fixture(autouse=True, scope="module")
def _one_engine() -> Iterator[None]:
    """Policies are made ready once: each gate would do it anew. Not in a forked process either, where the threads that do it are gone."""
    made = engine("rego")
    assert isinstance(made, Rego)
    made = replace(made, evaluator=cache(made.evaluator))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("assess.policy.gate.asking.engine", lambda *_: made)
        yield


def asked(path: Path, base: str, head: str) -> GateResult:
    return gate(path, base, head, engines=("rego",))


def bounded(run: Callable[[], object], most: float) -> None:
    """Runs in a process of its own. Errors: AssertionError where it takes longer, or more memory than a gate may."""

    def measured() -> None:
        start, before = used()
        run()
        end, held = used()
        assert end - start < most
        assert held - before < MEMORY

    within(measured, cpu=int(3 * most))


def pair(raw: Raw, before: str, after: str) -> tuple[str, str]:
    """Two commits, one after the other, with these trees beside a sound pipeline each."""
    pipeline = raw.files({WORKFLOW.removeprefix(".github/"): CLOSED})
    base = raw.commit(raw.tree([(TREE, b".github", pipeline), (TREE, b"x", before)]))
    return base, raw.commit(raw.tree([(TREE, b".github", pipeline), (TREE, b"x", after)]), parent=base)


# --- trees ------------------------------------------------------------------------------------------------------------


def test_a_bomb_of_trees(tmp_path: Path) -> None:
    """Ten directories of ten, ten levels down, all of them one object: ten thousand million files differ."""
    raw = Raw(tmp_path / "sick")

    def bomb(content: bytes) -> str:
        tree = raw.tree([(FILE, b"x%d" % number, raw.blob(content)) for number in range(10)])
        for _ in range(9):
            tree = raw.tree([(TREE, b"d%d" % number, tree) for number in range(10)])
        return tree

    base, head = pair(raw, bomb(b"1"), bomb(b"2"))

    def run() -> None:
        with pytest.raises(IncompleteError, match="more than the cap of 400000"):
            change(raw.path, base, head)

    bounded(run, 10)


def test_directories_without_a_floor(tmp_path: Path) -> None:
    raw = Raw(tmp_path / "sick")

    def deep(content: bytes) -> str:
        tree = raw.tree([(FILE, b"x", raw.blob(content))])
        for _ in range(2_000):
            tree = raw.tree([(TREE, b"d", tree)])
        return tree

    base, head = pair(raw, deep(b"1"), deep(b"2"))

    def run() -> None:
        found = change(raw.path, base, head)
        (path,) = found.touched
        assert len(path) < 300

    bounded(run, 10)
    assert ExitCode.INCOMPLETE in asked(raw.path, base, head).exit_codes


@pytest.mark.parametrize("alike", [True, False], ids=["one content", "contents of their own"])
def test_fifty_thousand_files_that_moved(tmp_path: Path, alike: bool) -> None:
    """Each might be each: telling which moved where is not tried, and none of them is lost for it."""
    raw = Raw(tmp_path / "sick")
    oids = [raw.blob(b"same")] * 50_000 if alike else [f"{number + 1:040x}" for number in range(100_000)]
    old, new = (
        raw.tree([(FILE, b"%s%05d" % (name, number), oid) for number, oid in enumerate(part)])
        for name, part in ((b"a", oids[:50_000]), (b"b", oids[-50_000:]))
    )
    base, head = pair(raw, old, new)
    bounded(lambda: len(change(raw.path, base, head).touched) == 100_000 or pytest.fail("a path is not touched"), 10)


def test_files_that_are_too_large_to_be_held_against_each_other(tmp_path: Path) -> None:
    """Forty of ten megabytes, which a few kilobytes unpack to: they are not unpacked."""
    raw = Raw(tmp_path / "sick")
    many = [raw.blob(b"%d" % number + b"\0" * 10_000_000) for number in range(44)]
    old = raw.tree([(FILE, b"a%d" % number, oid) for number, oid in enumerate(many[:22])])
    new = raw.tree([(FILE, b"b%d" % number, oid) for number, oid in enumerate(many[22:])])
    base, head = pair(raw, old, new)
    bounded(lambda: len(change(raw.path, base, head).touched) == 44 or pytest.fail("a path is not touched"), 2)


def test_what_moved_is_still_told(tmp_path: Path) -> None:
    """Whatever the clone's configuration says about renames."""
    raw = Raw(tmp_path / "sick")
    text = "".join(f"line {number}\n" for number in range(50))
    base, head = pair(raw, raw.files({"a.txt": text}), raw.files({"b.txt": f"{text}one more\n"}))
    with (raw.git / "config").open("a") as config:
        config.write("[diff]\n  renames = false\n  external = touch ran\n")
    assert change(raw.path, base, head).renamed == {"x/a.txt": "x/b.txt"}


@pytest.mark.parametrize("mode", ["120000", "160000", "40000"])
def test_a_pipeline_that_became_something_else(tmp_path: Path, mode: str) -> None:
    raw = Raw(tmp_path / "sick")
    base = raw.commit(raw.files({WORKFLOW: CLOSED, "a/ci.yml": CLOSED}))
    oid = raw.files({"x.yml": OPEN}) if mode == "40000" else raw.blob(b"../../a/ci.yml")
    folder = raw.tree([(mode, b"ci.yml", oid)])
    head = raw.commit(
        raw.tree([(TREE, b".github", raw.tree([(TREE, b"workflows", folder)])), (TREE, b"a", raw.files({"ci.yml": CLOSED}))]), parent=base
    )
    assert change(raw.path, base, head).touched >= {WORKFLOW}
    assert mode == "40000" or ExitCode.INCOMPLETE in asked(raw.path, base, head).exit_codes


# --- revisions --------------------------------------------------------------------------------------------------------

REVISIONS = [
    "--upload-pack=touch ran", "-x", "a\x1b[31mb", "\u202emain", "HEAD^{/(a+)+$}", ":/((((a*)*)*)*)*b", "HEAD~99999999", "HEAD" + "^" * 50_000, "HEAD^{tree}",
    ":0:a", "main@{1000000}", "main@{yesterday}", "@{-1}", f"HEAD:{WORKFLOW}", "a\0b", "\ud800", "x" * 1_000_000, "../../etc/passwd", "main..HEAD", "$(touch ran)",
    "main;touch ran", "##vso[task.complete result=Succeeded;]", "\n::stop-commands::x",
]  # fmt: skip


@pytest.mark.parametrize("odd", REVISIONS, ids=lambda odd: repr(odd[:20]))
@pytest.mark.parametrize("side", ["--base", "--head"])
def test_a_revision_that_is_none(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, side: str, odd: str
) -> None:
    """It is looked up and not found: exit 3, and what is said of it is short, drives nothing and runs nothing when it is copied."""
    from assess.cli import main

    raw = Raw(tmp_path / "sick")
    raw.commit(raw.files({WORKFLOW: CLOSED}))
    monkeypatch.chdir(tmp_path)
    named = {"--base": "main", "--head": "main", side: odd}
    monkeypatch.setattr(
        "sys.argv", ["idp-assess", "gate", "--repo", str(raw.path), *(f"{option}={value}" for option, value in named.items())]
    )
    with pytest.raises(SystemExit) as ended:
        main()
    out, err = capfd.readouterr()
    assert ended.value.code == ExitCode.INCOMPLETE
    assert out == ""
    assert len(err) < 2_000
    assert not ACTED_ON.search(err)
    for copied in re.findall(r"git fetch origin (.*?)\), or", err):
        assert not re.match(r"-|[^']*[;$\s]", copied)
    assert [path.name for path in tmp_path.iterdir()] == ["sick"]


@pytest.mark.parametrize("side", ["base", "head"])
def test_a_variable_that_is_empty_compares_nothing(tmp_path: Path, side: str) -> None:
    """Were it taken for HEAD, the gate would be green whatever is changed."""
    raw = Raw(tmp_path / "sick")
    base = raw.commit(raw.files({WORKFLOW: CLOSED}))
    raw.commit(raw.files({WORKFLOW: OPEN}), parent=base)
    with pytest.raises(UsageError, match="names nothing"):
        asked(raw.path, **{"base": base, "head": "main", side: ""})


@pytest.mark.parametrize("shadow", ["refs/tags/main", "refs/main", "refs/remotes/main"])
@pytest.mark.parametrize("name", ["main", "main~0", "main^{commit}"])
def test_a_ref_that_is_named_as_the_base(tmp_path: Path, shadow: str, name: str) -> None:
    """Who may push a tag would choose what the change is compared with: itself."""
    raw = Raw(tmp_path / "sick")
    base = raw.commit(raw.files({WORKFLOW: CLOSED}))
    head = raw.commit(raw.files({WORKFLOW: OPEN}), parent=base)
    raw.point(base)
    assert asked(raw.path, name, head).exit_codes[0] is ExitCode.FAILED
    (raw.git / shadow).parent.mkdir(parents=True, exist_ok=True)
    (raw.git / shadow).write_text(f"{head}\n")
    with pytest.raises(IncompleteError, match="not one commit"):
        asked(raw.path, name, head)
    assert asked(raw.path, "refs/heads/main", head).exit_codes[0] is ExitCode.FAILED


def test_a_branch_that_is_named_as_a_commit(tmp_path: Path) -> None:
    raw = Raw(tmp_path / "sick")
    base = raw.commit(raw.files({WORKFLOW: CLOSED}))
    head = raw.commit(raw.files({WORKFLOW: OPEN}), parent=base)
    raw.point(head, base)
    with pytest.raises(IncompleteError, match="not one commit"):
        asked(raw.path, "main", base)


# --- what is printed --------------------------------------------------------------------------------------------------

BAD = "\x1b[31m\u202e##vso[task.setvariable variable=PATH]x##[add-matcher]x\n::add-mask::passed\n ::stop-commands::x"


@pytest.mark.parametrize("format", ["terminal", "json"])
def test_a_runner_obeys_nothing_that_is_printed(tmp_path: Path, format: str) -> None:
    """Names of files and jobs, and a text that does not parse, go into the log of a pipeline."""
    raw = Raw(tmp_path / "sick")
    base = raw.commit(raw.files({WORKFLOW: CLOSED}))
    job = orjson.loads(b'{"on": "push", "permissions": "write-all", "jobs": {}}') | {
        "name": BAD,
        "jobs": {BAD: {"steps": [{"run": BAD, "name": BAD}]}},
    }
    head = raw.commit(
        raw.files({f".github/workflows/{BAD}.yml": orjson.dumps(job), ".github/workflows/x.yml": f"{BAD}: [", WORKFLOW: CLOSED}),
        parent=base,
    )
    result = asked(raw.path, base, head)
    assert result.exit_codes[0] is ExitCode.FAILED
    text = render(Shown(result), format)
    assert "add-matcher" in text
    assert not ACTED_ON.search(text)
    assert not ACTED_ON.search("\n".join(summary(result)))


# --- the gate's own files ---------------------------------------------------------------------------------------------

BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(9)
)
STARS = "*a" * 149
WAIVER = "- {{id: w{0}, policy: '*', path: '{1}', reason: because I say so, owner: me, created: 2026-01-01, expires: 2099-01-01}}\n"
TEXTS: dict[str, str | bytes] = {
    "an alias bomb": BOMB, "deep": "[" * 20_000, "a long line": "x" * 3_900_000, "too large": "x" * 5_000_000, "UTF-16": "rules: []".encode("utf-16"), "NULs": "rules:\0 []",
    "another shape": "- 1\n", "nothing": "", "a number": "7", "controls": "rules: \x1b[31m\u202e\n",
    "many waivers": "waivers:\n" + "".join(WAIVER.format(number, STARS) for number in range(5_000)),
    "exclusions": "exclude:\n" + "".join(f"- {{path: 'sick/{STARS}{n}', owner: me, reason: because I say so, expires: 2099-01-01}}\n" for n in range(2_000)),
}  # fmt: skip


@pytest.mark.parametrize("file", [GATE_FILE, WAIVERS_FILE, BASELINE_FILE, "idp-assess.yaml"])
@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("side", ["base", "head"])
def test_a_file_of_the_gate_that_means_harm(tmp_path: Path, side: str, text: str, file: str) -> None:
    """In the change it excuses nothing; in the base it is refused, or counts; either way in time, and what is new is not passed."""
    raw = Raw(tmp_path / "sick")
    before = {WORKFLOW: CLOSED} | ({file: TEXTS[text]} if side == "base" else {})
    base = raw.commit(raw.files(before))
    head = raw.commit(raw.files({**before, WORKFLOW: OPEN, file: TEXTS[text]}), parent=base)

    def run() -> None:
        try:
            codes = asked(raw.path, base, head).exit_codes
        except AssessError as error:
            codes = (error.exit_code,)
        assert codes[0] is not ExitCode.PASSED

    assert seconds(run, 8) < 8
