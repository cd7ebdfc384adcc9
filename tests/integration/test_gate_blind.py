"""What would make a gate blind: files that cannot be read beside those that change, links, templates, what lies elsewhere."""

from __future__ import annotations

from pathlib import Path

import pygit2
import pytest

from assess.gate import gate
from assess.policy.gate.result import GateResult, State
from tests.worlds import commit

POD = """\
apiVersion: v1
kind: Pod
metadata: {name: shop, namespace: shop}
spec:
  containers:
    - {name: shop, image: "registry.example.org/shop:1.2.3", securityContext: {privileged: true}}
"""
SECRET = 'resource "aws_db_instance" "main" {\n  password = "Tr0ub4dor&3-correct"\n}\n'
BROKEN = 'resource "aws_s3_bucket" {\n'
LFS = (
    "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n"
)


def judged(path: Path, before: dict[str, str], after: dict[str, str]) -> GateResult:
    """A change from some files to others."""
    commit(path, {"README.md": "x", **before})  # type: ignore[dict-item]
    commit(path, {"README.md": "x", **after})  # type: ignore[dict-item]
    return gate(path, "HEAD~1", engines=("rego",))


def test_a_file_that_was_broken_before_hides_nothing_beside_it(tmp_path: Path) -> None:
    result = judged(tmp_path / "shop", {"tf/broken.tf": BROKEN}, {"tf/broken.tf": BROKEN, "tf/bad.tf": SECRET})
    assert "TF-007" in {one.finding.policy for one in result.blocking}
    assert [one.finding.at.path for one in result.of(State.NOTED)] == ["tf/broken.tf"]


def test_another_broken_file_beside_it_is_incomplete(tmp_path: Path) -> None:
    result = judged(tmp_path / "shop", {"tf/broken.tf": BROKEN}, {"tf/broken.tf": BROKEN, "tf/z.tf": BROKEN})
    assert [one.finding.at.path for one in result.of(State.INCOMPARABLE)] == ["tf/z.tf"]
    assert 3 in result.exit_codes


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"k/pod.yaml": POD}, {"k/pod.yaml": POD + "{{ if .x }}\n"}),
        ({"k/pod.yaml": POD}, {"k/pod.yaml": LFS}),
        ({"k/pod.yaml": POD}, {"k/pod.yaml": "a: 1\n"}),
    ],
    ids=["a template now", "a pointer of Git LFS", "something else"],
)
def test_what_holds_nothing_to_judge_any_more_is_not_mended(before: dict[str, str], after: dict[str, str], tmp_path: Path) -> None:
    result = judged(tmp_path / "shop", before, after)
    assert [int(code) for code in result.exit_codes] == [3]
    assert result.of(State.RESOLVED) == ()


def test_what_is_emptied_is_taken_away(tmp_path: Path) -> None:
    result = judged(tmp_path / "shop", {"k/pod.yaml": POD, "k/b.yaml": POD}, {"k/pod.yaml": "---\n# moved\n", "k/b.yaml": POD})
    assert [int(code) for code in result.exit_codes] == [0]
    assert result.of(State.RESOLVED)


def test_an_ending_in_capitals_is_the_same_file(tmp_path: Path) -> None:
    result = judged(tmp_path / "shop", {"k/pod.yaml": POD}, {"k/pod.YAML": POD})
    assert result.of(State.RESOLVED) == ()
    assert result.of(State.UNCHANGED)


def test_a_text_in_utf_16_is_read(tmp_path: Path) -> None:
    path = commit(tmp_path / "shop", {"README.md": "x", "k/b.yaml": POD.replace("privileged: true", "privileged: false")})
    commit(path, {"README.md": "x", "k/pod.yaml": POD.encode("utf-16")})
    assert gate(path, "HEAD~1", engines=("rego",)).blocking


@pytest.mark.parametrize("mode", [pygit2.enums.FileMode.LINK, pygit2.enums.FileMode.COMMIT], ids=["link", "submodule"])
def test_a_directory_replaced_by_a_link_is_incomplete(mode: pygit2.enums.FileMode, tmp_path: Path) -> None:
    path = commit(tmp_path / "shop", {"README.md": "x", "infra/pod.yaml": POD})
    repository = pygit2.Repository(str(path))
    base = repository.head.target
    index = pygit2.Index()
    index.add(pygit2.IndexEntry("infra", repository.create_blob(b"tests/x") if mode == pygit2.enums.FileMode.LINK else base, mode))
    author = pygit2.Signature("Robin Vale", "robin@example.org", 1_760_000_000, 0)
    repository.create_commit("refs/heads/main", author, author, "link", index.write_tree(repository), [base])
    result = gate(path, str(base), engines=("rego",))
    assert [int(code) for code in result.exit_codes] == [3]
    assert result.of(State.RESOLVED) == ()


def test_a_template_that_nobody_judges_is_told(tmp_path: Path) -> None:
    files = {"chart/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.0.0\n", "k/b.yaml": POD}
    result = judged(tmp_path / "shop", files, {**files, "chart/templates/pod.yaml": POD + "{{ if .x }}\n"})
    assert "not judged, for they are templates: chart/templates/pod.yaml" in result.settings
