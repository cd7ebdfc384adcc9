"""Validators of rendered files: each runs what its name says, and says so where it is not there."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from assess.spec.document import DocumentError, read_yaml

PROOF_LEVELS = ("rendered", "parses", "schema", "semantic", "policy-clean", "rescan rises")
"""P0 to P5. Source: DESIGN section 7."""
_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Checked:
    """One validator on one file. result: pass, fail or missing (the tool is not installed)."""

    validator: str
    level: int
    path: str
    result: str
    detail: str = ""


def _yaml(path: str, content: bytes) -> tuple[str, str]:
    try:
        documents = read_yaml(content)
    except DocumentError as error:
        return "fail", f"line {error.line}: {error.why}"
    return ("pass", "") if documents else ("fail", "holds nothing")


def _actionlint(path: str, content: bytes) -> tuple[str, str]:
    """actionlint on one workflow, from stdin: no project is read. Source: https://github.com/rhysd/actionlint, docs/usage.md"""
    program = find("actionlint")
    if program is None:
        return "missing", "actionlint is not on the PATH: https://github.com/rhysd/actionlint"
    labels = 'label "[^"]+" is unknown'  # self-hosted runners have labels of their own, which only their owner knows
    command = [str(program), "-no-color", "-ignore", labels, "-format", "{{json .}}", "-stdin-filename", path, "-"]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return "fail", f"actionlint did not end within {_SECONDS} s"
    if done.returncode not in (0, 1):
        return "fail", done.stderr.decode("utf-8", "replace").strip()[:300]
    problems = json.loads(done.stdout or b"[]") or []
    return ("pass", "") if not problems else ("fail", "; ".join(f"line {p['line']}: {p['message']}" for p in problems[:5]))


def find(name: str) -> Path | None:
    """A tool on the PATH, or, in a checkout of ours, among those that `make tools` builds."""
    built = Path(__file__).parents[2] / ".tools" / "bin"
    found = shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", ""), str(built)]))
    return Path(found) if found else None


VALIDATORS: dict[str, tuple[int, Callable[[str, bytes], tuple[str, str]]]] = {
    "yaml": (1, _yaml),
    "actionlint": (2, _actionlint),
}
"""Name -> the proof level that it reaches, and what runs it."""


def check(name: str, path: str, content: bytes) -> Checked:
    """What one validator says of one file."""
    level, run = VALIDATORS[name]
    result, detail = run(path, content)
    return Checked(name, level, path, result, detail)
