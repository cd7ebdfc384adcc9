"""The only writer: all or nothing, and never over a file that is not ours."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from assess.errors import IncompleteError, UsageError
from assess.model.target import Location
from assess.remedy import write as writer
from assess.remedy.fill import Filled
from assess.remedy.plan import Step
from assess.remedy.render import Rendered

FLOW = ".github/workflows/a.yml"


def step(path: str = "infra") -> Step:
    branch = Filled(name="branch", says="", value="main", source="evidence", at=(Location(target="shop", path="main.tf", line=3),))
    return Step(
        node=f"delivery/x@{path}", scaffold="delivery/x", version=1, title="", unit=f"shop:{path}#terraform-root", path=path,
        slug=path, kind="terraform-root", forge="github", levels=(2, 2), to=3, fixes=("EXE-001",), params=(branch,),
        findings=(Location(target="shop", path="main.tf", line=1),),
    )  # fmt: skip


def wanted(output: Path, content: str = "a: 1\n", path: str = FLOW, root: str = "infra") -> dict[str, bytes]:
    file = Rendered(path=path, content=content.encode(), node=f"delivery/x@{root}", validators=("yaml",))
    return writer.contents([step(root)], [file], output)


def tree(output: Path) -> dict[str, bytes]:
    return {p.relative_to(output).as_posix(): p.read_bytes() for p in output.rglob("*") if p.is_file()}


def states(output: Path, content: str = "a: 1\n") -> dict[str, str]:
    return {d.path: d.state for d in writer.compare(wanted(output, content), output)}


def test_everything_is_written_into_a_new_directory_with_its_manifest_and_its_parameters(tmp_path: Path) -> None:
    output = tmp_path / "deep" / "out"
    writer.write(wanted(output), output)
    assert sorted(tree(output)) == [FLOW, ".idp/manifest.json", ".idp/params.yaml"]
    entry = json.loads(tree(output)[".idp/manifest.json"])["files"][FLOW]
    assert (entry["node"], entry["version"], entry["fixes"], entry["findings"]) == (
        "delivery/x@infra",
        1,
        ["EXE-001"],
        ["main.tf:1"],
    )
    assert b"- main.tf:3\n" in tree(output)[".idp/params.yaml"]
    assert states(output) == {FLOW: "same", ".idp/manifest.json": "same", ".idp/params.yaml": "same"}


def test_a_file_of_ours_is_renewed_and_one_of_another_node_is_kept(tmp_path: Path) -> None:
    writer.write(wanted(tmp_path, root="other", path="b.yml"), tmp_path)
    writer.write(wanted(tmp_path), tmp_path)
    writer.write(wanted(tmp_path, "a: 2\n"), tmp_path)
    assert tree(tmp_path)[FLOW] == b"a: 2\n"
    assert sorted(writer.manifest(tmp_path).files) == [FLOW, "b.yml"]
    assert b"delivery/x@other" in tree(tmp_path)[".idp/params.yaml"]


@pytest.mark.parametrize(("before", "why"), [("foreign", "was not written by idp-assess"), ("edited", "was edited since it was written")])
def test_what_is_not_ours_stays_and_then_nothing_is_written(tmp_path: Path, before: str, why: str) -> None:
    if before == "edited":
        writer.write(wanted(tmp_path), tmp_path)
    (tmp_path / FLOW).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / FLOW).write_text("mine: true\n")
    there = tree(tmp_path)
    assert states(tmp_path, "a: 2\n")[FLOW] == before
    with pytest.raises(IncompleteError, match=f"{FLOW} {why}") as refused:
        writer.write(wanted(tmp_path, "a: 2\n"), tmp_path)
    assert refused.value.exit_code == 3
    assert tree(tmp_path) == there


def test_a_directory_where_a_file_would_go_is_in_the_way(tmp_path: Path) -> None:
    (tmp_path / FLOW).mkdir(parents=True)
    with pytest.raises(IncompleteError, match="was not written by idp-assess"):
        writer.write(wanted(tmp_path), tmp_path)


def test_the_same_content_is_taken_over_whoever_wrote_it(tmp_path: Path) -> None:
    (tmp_path / FLOW).parent.mkdir(parents=True)
    (tmp_path / FLOW).write_text("a: 1\n")
    writer.write(wanted(tmp_path), tmp_path)
    assert FLOW in writer.manifest(tmp_path).files


@pytest.mark.parametrize("existed", [True, False])
def test_an_interruption_leaves_everything_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, existed: bool) -> None:
    output = tmp_path / "out"
    if existed:
        writer.write(wanted(output), output)
    there = tree(tmp_path)
    calls = []

    def breaks(source: Path, place: Path, real: object = os.replace) -> None:
        calls.append(place)
        if len(calls) == 2:
            raise KeyboardInterrupt
        os.rename(source, place)

    monkeypatch.setattr(os, "replace", breaks)
    with pytest.raises(KeyboardInterrupt):
        writer.write(wanted(output, "a: 2\n"), output)
    monkeypatch.undo()
    assert tree(tmp_path) == there
    assert output.exists() is existed


@pytest.mark.parametrize("link", [".github", ".github/workflows", FLOW, ".idp"])
def test_nothing_is_written_through_a_symlink(tmp_path: Path, link: str) -> None:
    output, outside = tmp_path / "out", tmp_path / "outside"
    outside.mkdir()
    (output / link).parent.mkdir(parents=True)
    (output / link).symlink_to(outside)
    with pytest.raises(UsageError, match="is a symlink"):
        writer.write(wanted(output), output)
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize("path", ["../x", "/etc/x", "a/../../x", ".git/hooks/x", ""])
def test_a_path_outside_the_directory_is_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(UsageError, match="may not write"):
        writer.write({path: b""}, tmp_path / "out")


def test_only_a_persons_answers_are_read_back(tmp_path: Path) -> None:
    text = b"nodes:\n  n:\n    a: {value: x, source: user}\n    b: {value: y, source: evidence}\n"
    text += b"    c: {value: [z], source: user}\n"
    assert writer.answers(text, "params") == {"n": {"a": "x", "c": ["z"]}}
    with pytest.raises(UsageError, match=r"params:3: nodes.n.a.source: 'usr' is not one of"):
        writer.answers(b"nodes:\n  n:\n    a: {value: x, source: usr}\n", "params")
