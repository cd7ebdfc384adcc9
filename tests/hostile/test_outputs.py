"""What is printed and written: nothing that others named drives a terminal, reorders a text or breaks out of its format."""

from __future__ import annotations

import re
from pathlib import Path

import orjson
import pytest

from assess import explain
from assess.commands import run_scan
from assess.model.assessment import Assessment
from assess.report.progress import bar
from assess.report.render import RENDERERS, render
from assess.request import Request
from assess.run import assess, observe
from assess.spec.wire import assessment_json, read_assessment
from tests.hostile.conftest import HEALTHY
from tests.hostile.raw import FILE, TREE, Raw
from tests.hostile.test_trees import NAMES

ACTED_ON = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
BAD = "\x1b[31m\x07\u202e\u2066\x9b1m"
LABEL = "si\x1b[31mck\u202e[bold]<b>"


@pytest.fixture(scope="module")
def assessed(tmp_path_factory: pytest.TempPathFactory) -> Assessment:
    """A run over a repository whose every name is odd: label, branch, files, jobs, people, tags, messages, remote."""
    raw = Raw(tmp_path_factory.mktemp("odd") / LABEL)
    root = raw.tree([(FILE, b"main.tf", raw.blob(HEALTHY["infra/main.tf"].encode()))])
    job = orjson.dumps({"on": "push", "name": BAD, "jobs": {BAD: {"environment": BAD, "steps": [
        {"name": BAD, "run": f"terraform -chdir=infra apply {BAD}"}, {"uses": f"{BAD}/x@v1"}, {"uses": "./.github/actions/" + BAD}]}}})  # fmt: skip
    catalog = {"apiVersion": "backstage.io/v1alpha1", "kind": "Component", "metadata": {"name": BAD}, "spec": {"owner": BAD, "type": BAD}}
    app = {"apiVersion": "argoproj.io/v1alpha1", "kind": "Application", "metadata": {"name": BAD},
           "spec": {"source": {"repoURL": BAD, "path": BAD, "targetRevision": BAD}, "destination": {"namespace": BAD}}}  # fmt: skip
    made = {
        f".github/workflows/{BAD}.yml": job, ".github/workflows/broken.yml": BAD, "catalog-info.yaml": orjson.dumps(catalog), f"{BAD}.yaml": orjson.dumps(app),
        "Makefile": f"{BAD}: x\n\tterraform apply {BAD}\n", "CODEOWNERS": f"* @{BAD}\n", "k8s/a.yaml": f"apiVersion: v1\nkind: {BAD}\n",
        "values.yaml": BAD, "deploy.sh": f"#!/bin/sh\nkubectl apply -f {BAD}\n", "bad/main.tf": f'module "{BAD}" {{\n  source = "git::{BAD}"\n}}\n{BAD}',
    }  # fmt: skip
    other = raw.files(made)
    rows = [(TREE, name, root) for name in NAMES]
    tree = raw.tree([*rows, (TREE, b"infra", root), (TREE, b"other", other), *((TREE, name, oid) for name, oid in _top(raw, made))])
    who = f"Robin {BAD} <{BAD}@example.org> 1760000000 +0000"
    oid = raw.object("commit", f"tree {tree}\nauthor {who}\ncommitter {who}\n\n{BAD}\n".encode())
    raw.point(oid)
    (raw.git / "packed-refs").write_text(f"# pack-refs with: peeled \n{oid} refs/tags/v{BAD}1.0.0\n")
    (raw.git / "refs/heads" / BAD).write_text(f"{oid}\n")
    (raw.git / "HEAD").write_text(f"ref: refs/heads/{BAD}\n")
    with (raw.git / "config").open("a") as config:
        config.write(f'[remote "origin"]\n  url = "https://github.com/a{BAD}/b.git"\n')
    request = (
        Request(targets=(str(raw.path),), organization=BAD)
        if "organization" in Request.__dataclass_fields__
        else Request(targets=(str(raw.path),))
    )
    return assess(request, observe(request))


def _top(raw: Raw, made: dict[str, str | bytes]) -> list[tuple[bytes, str]]:
    """The directories of some files."""
    folders: dict[str, dict[bytes | str, bytes | str]] = {}
    for name, text in made.items():
        first, slash, rest = name.partition("/")
        if slash:
            folders.setdefault(first, {})[rest] = text
    return [(name.encode(), raw.files(inside)) for name, inside in folders.items()]


@pytest.mark.parametrize("format", RENDERERS)
def test_a_report_of_odd_names(assessed: Assessment, format: str) -> None:
    text = render(assessed, format)
    assert len(text) > 1_000
    found = {match[0]: text[max(0, match.start() - 60) : match.end() + 20] for match in ACTED_ON.finditer(text)}
    assert not found


def test_the_json_says_the_same_all_the_same(assessed: Assessment, tmp_path: Path) -> None:
    text = assessment_json(assessed)
    (tmp_path / "a.json").write_bytes(text)
    assert assessment_json(read_assessment(tmp_path / "a.json")) == text
    assert LABEL in {target["label"] for target in orjson.loads(text)["targets"]}


def test_an_explanation_of_odd_names(assessed: Assessment, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(assessment_json(assessed))
    for topic in ("", LABEL, *(unit.unit for unit in assessed.units[:12])):
        text = explain.explain(topic, assessment_file=tmp_path / "a.json")
        assert not ACTED_ON.search(text), repr(text[:400])


def test_messages_of_a_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A target that cannot be read is named on stderr, an odd one too."""
    (tmp_path / LABEL / ".git").mkdir(parents=True)
    run_scan((str(tmp_path / LABEL),), estate_file=None, targets_file=None, output=None, format="terminal", facts_from=None)
    out, err = capsys.readouterr()
    assert "could not be read" in err
    assert not ACTED_ON.search(out + err)


def test_the_progress_bar(capsys: pytest.CaptureFixture[str]) -> None:
    """Its text is markup to the library that draws it: a label is not."""
    with bar() as told:
        for label in (LABEL, "[/]", "[link=x]", "[bold", "\\[", "x" * 10_000):
            told(label, 1, 2)
    assert "\u202e" not in capsys.readouterr().err


@pytest.mark.parametrize("command", [["scan"], ["report"], ["explain"]], ids=" ".join)
def test_a_message_of_an_odd_path(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from assess.cli import main

    monkeypatch.setattr("sys.argv", ["idp-assess", *command, str(tmp_path / BAD)])
    with pytest.raises(SystemExit):
        main()
    out, err = capsys.readouterr()
    assert not re.search("[\x07\u202e\u2066\x9b]", out + err), repr(err)
