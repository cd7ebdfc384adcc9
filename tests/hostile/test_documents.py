"""YAML, HCL and shell that is broken, enormous once expanded, or in another encoding: a gap, and the rest is read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.hostile.conftest import HEALTHY, Beside
from tests.hostile.raw import Raw

Scanned = Callable[..., Beside]
ROOT = HEALTHY["infra/main.tf"]
WORKFLOW = HEALTHY[".github/workflows/apply.yml"]
PLACES = (".github/workflows/apply.yml", ".gitlab-ci.yml", "kustomization.yaml", "charts/x/Chart.yaml", "deploy.yaml", "Taskfile.yml")


def laughs(leaf: str, step: str) -> str:
    """Ten lines whose expansion has 10^10 values."""
    lines = [f"a0: &a0 {leaf}"]
    for number in range(1, 11):
        lines.append(f"a{number}: &a{number} {step.format(', '.join([f'*a{number - 1}'] * 10), number - 1)}")
    return "\n".join(lines) + "\n"


BOMBS = {
    "alias bomb": laughs("[x, x]", "[{0}]"),
    "alias bomb in mappings": "a0: &a0 {x: y}\n" + "".join(
        f"a{n}: &a{n} {{" + ", ".join(f"k{i}: *a{n - 1}" for i in range(10)) + "}\n" for n in range(1, 11)),
    "merge bomb": "a0: &a0 {x: y}\n" + "".join(f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 10)}], k{n}: x}}\n" for n in range(1, 11)),
    "alias of itself": "a: &a [*a]\nb: &b {c: *b}\nd: &d {<<: *d}\n",
    "anchors without end": "".join(f"k{n}: &a{n} [{', '.join(f'*a{i}' for i in range(n))}]\n" for n in range(40)),
    "deep flow": "a: " + "[" * 20_000 + "]" * 20_000,
    "deep flow left open": "a: " + "[" * 20_000,
    "deep questions in flow": "a: " + "[? " * 20_000,
    "a million brackets": "a: [" + "[x], " * 300_000 + "]",
    "a million brackets, one inside the other": "[a, " * 300_000,
    "a bomb with an anchor set twice": "z: &a0 1\n" + laughs("[x, x]", "[{0}]"),
    "deep mapping": "a: " + "{a: " * 20_000 + "}" * 20_000,
    "deep blocks": "\n".join(" " * depth + "a:" for depth in range(1_500)),
    "deep lists": "- " * 20_000 + "x",
    "deep lists on lines": "\n".join(" " * depth + "-" for depth in range(1_500)),
    "deep questions": "? " * 200_000 + "x",
    "mixed depth": "- a: [" * 5_000,
    "a key without end": "x" * 300_000 + ": y",
    "many keys": "".join(f"k{n}: v\n" for n in range(50_000)),
    "many documents": "---\na: 1\n" * 30_000,
    "many markers": "---\n" * 100_000,
    "many tags": "a: " + "!x " * 100_000 + "y",
    "one key many times": "a: 1\n" * 50_000,
    "a number without end": "a: " + "9" * 300_000,
    "a float without end": "a: 1e" + "9" * 300_000,
    "an integer in base 60": "a: " + ":".join(["59"] * 50_000),
    "a date that is none": "a: 2024-99-99T99:99:99Z\nb: 9999-12-31\nc: !!timestamp x\n",
    "a tag that runs code": "a: !!python/object/apply:os.system ['touch /tmp/canary']\n",
    "binary": "a: !!binary " + "A" * 100_000,
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_bombs(tmp_path: Path, scanned: Scanned, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """In every file that is read as YAML: nothing hangs, the rest of the repository is read. The caps are lower here; the
    real ones are in the test below."""
    monkeypatch.setattr("assess.spec.nodes.MAX_NODES", 50_000)
    monkeypatch.setattr("assess.spec.nodes.MAX_COLLECTIONS", 15_000)
    raw = Raw(tmp_path / "sick")
    raw.commit(raw.files({"infra/main.tf": ROOT, **dict.fromkeys(PLACES, BOMBS[name] + "\napiVersion: v1\nkind: X\njobs: {}\n")}))
    assert "infra" in [unit.path for unit in scanned(raw.path).units]


@pytest.mark.parametrize(
    "name",
    [
        "alias bomb",
        "alias bomb in mappings",
        "alias of itself",
        "a million brackets",
        "merge bomb",
        "deep flow",
        "deep lists",
        "mixed depth",
    ],
)
def test_a_bomb_is_a_gap_that_keeps_the_question_open(tmp_path: Path, scanned: Scanned, name: str) -> None:
    raw = Raw(tmp_path / "sick")
    raw.commit(raw.files({"infra/main.tf": ROOT, ".github/workflows/apply.yml": f"{WORKFLOW}x:\n  " + BOMBS[name].replace("\n", "\n  ")}))
    sick = scanned(raw.path)
    gap = sick.gap("parse_error", ".github/workflows/apply.yml")
    assert "PipelineJob" in gap.blinds
    (unit,) = sick.units
    assert unit.declared[0] <= 2 < unit.declared[1]


BROKEN = {
    "not YAML": b"on: [push\njobs: }{",
    "tabs": b"on: push\njobs:\n\tapply:\n\t\tsteps: []\n",
    "NULs": WORKFLOW.encode() + b"\0\0",
    "half a character": WORKFLOW.encode() + b"# \xe2\x82",
    "latin-1": b"# caf\xe9\n" + WORKFLOW.encode(),
    "cut-off UTF-16": b"\xff\xfe" + WORKFLOW.encode("utf-16-le")[:-1],
    "control characters": b"a: \x01\x02\n" + WORKFLOW.encode(),
    "a template": b"{% if x %}\n" + WORKFLOW.encode() + b"{% endif %}\n",
    "Go template": b"{{- range .x }}\n- {{ . }}\n{{ end }}\n" + WORKFLOW.encode(),
    "merge conflict": b"<<<<<<< HEAD\n" + WORKFLOW.encode() + b"=======\non: push\n>>>>>>> main\n",
    "binary": bytes(range(256)) * 20,
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_pipeline_that_does_not_parse_keeps_the_question_open(tmp_path: Path, scanned: Scanned, name: str) -> None:
    raw = Raw(tmp_path / "sick")
    raw.commit(raw.files({"infra/main.tf": ROOT, ".github/workflows/apply.yml": BROKEN[name]}))
    sick = scanned(raw.path)
    gap = sick.gap("parse_error", ".github/workflows/apply.yml")
    assert gap.what
    (unit,) = sick.units
    assert unit.declared[0] <= 2 < unit.declared[1], f"{gap} hides who runs it, and still the level is said to be {unit.declared}"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings_that_yaml_allows_are_read(tmp_path: Path, scanned: Scanned, encoding: str) -> None:
    """YAML 1.2.2 section 5.2: UTF-8 and UTF-16, with or without a mark."""
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    raw = Raw(tmp_path / "sick")
    raw.commit(raw.files({"infra/main.tf": ROOT, ".github/workflows/apply.yml": mark + WORKFLOW.encode(encoding)}))
    (unit,) = scanned(raw.path).units
    assert unit.declared == (3, 3)


UNREAD = {
    "UTF-16 without a mark": WORKFLOW.encode("utf-16-le"), "UTF-16BE without a mark": WORKFLOW.encode("utf-16-be"), "UTF-32": WORKFLOW.encode("utf-32"),
    "UTF-32LE without a mark": WORKFLOW.encode("utf-32-le"), "UTF-32BE with a mark": "\ufeff".encode("utf-32-be") + WORKFLOW.encode("utf-32-be"),
    "EBCDIC": WORKFLOW.encode("cp037"), "UTF-7": b"+AG8AbgA-: push\njobs: [", "half UTF-8, half UTF-16": WORKFLOW.encode() + WORKFLOW.encode("utf-16-le"),
}  # fmt: skip


@pytest.mark.parametrize("name", UNREAD)
def test_other_encodings_keep_the_question_open(tmp_path: Path, scanned: Scanned, name: str) -> None:
    """No service takes them; whatever they say, it is not that nothing runs here."""
    raw = Raw(tmp_path / "sick")
    raw.commit(raw.files({"infra/main.tf": ROOT, ".github/workflows/apply.yml": UNREAD[name], "x.tf": UNREAD[name], "y.sh": UNREAD[name]}))
    sick = scanned(raw.path)
    assert sick.gap("parse_error", ".github/workflows/apply.yml").what
    unit = next(unit for unit in sick.units if unit.path == "infra")
    assert unit.declared[0] <= 2 < unit.declared[1]


def test_carriage_returns(tmp_path: Path, scanned: Scanned) -> None:
    raw = Raw(tmp_path / "sick")
    raw.commit(raw.files({path: text.replace("\n", "\r\n") for path, text in HEALTHY.items()}))
    (unit,) = scanned(raw.path).units
    assert unit.declared == (3, 3)


def test_broken_hcl(tmp_path: Path, scanned: Scanned) -> None:
    raw = Raw(tmp_path / "sick")
    broken = {
        "a/main.tf": ROOT + "resource {{{", "b/main.tf": b"\xff\xfe\0\0", "c/main.tf": '"' * 9_999, "d/main.tf": "{" * 20_000,
        "e/main.tf": "a = " + "[" * 20_000, "f/main.tf": "x = <<EOT\n" * 500, "g/main.tf": '"${' * 5_000, "h/main.tf": ROOT,
        "i/main.tf": "a = " + "(" * 20_000, "j/main.tf": "a = " + "!" * 20_000 + "x", "k/main.tf": "a = " + "x ? " * 5_000,
    }  # fmt: skip
    raw.commit(raw.files(broken))
    sick = scanned(raw.path)
    assert {"a", "h"} <= {unit.path for unit in sick.units}
    assert sick.gap("parse_error", "a/main.tf").at.line == 5


def test_templated_manifests_are_read_as_far_as_they_can(tmp_path: Path, scanned: Scanned) -> None:
    raw = Raw(tmp_path / "sick")
    raw.commit(raw.files({
        "infra/main.tf": ROOT,
        "k8s/a.yaml": "{{ if .x }}\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {{ .name }}\n{{ end }}\n",
        "k8s/b.yaml": "{{" * 10_000 + "\napiVersion: v1\nkind: Service\n", "k8s/c.yaml.j2": "{% for x in y %}{{ x }}",
        "k8s/d.yaml": "apiVersion: v1\nkind: {{ \n", "k8s/e.yaml": "}}{{`" * 5_000 + "\napiVersion: v1\nkind: X\n",
    }))  # fmt: skip
    assert "infra" in [unit.path for unit in scanned(raw.path).units]


def test_a_file_that_is_recognised_and_does_not_parse_is_told(tmp_path: Path, scanned: Scanned) -> None:
    """Wherever a reader was sure enough to parse, a failure to do so is a gap: never silence."""
    raw = Raw(tmp_path / "sick")
    tail = b"\n  : [}\n"
    files = {
        "Taskfile.yml": b"version: '3'\ntasks:\n  apply:\n    cmds: [x]", "package.json": b'{"scripts": {"deploy": "cdk deploy"}}', "pulumi.yaml": b"name: x",
        "serverless.yml": b"service: x\nprovider: {name: aws}", "ci/pipeline.yml": b"jobs:\n- name: x\n  plan:\n  - get: y", "cdk.json": b'{"app": "x"',
        "stack.yaml": b"AWSTemplateFormatVersion: x", "site.yml": b"- hosts: all", "docker-compose.yml": b"services: {}",
    }  # fmt: skip
    raw.commit(raw.files({"infra/main.tf": ROOT, **{name: content + tail for name, content in files.items()}}))
    sick = scanned(raw.path)
    for name in files:
        assert sick.gap("parse_error", name)
