"""What is imported before it is needed: nothing heavy, so that a person who asks for help gets it at once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import PROGRAM, environment

HEAVY = {"pygit2", "pandas", "numpy", "kubernetes", "boto3", "botocore", "checkov", "wasmtime", "jinja2", "sqlalchemy"}


def imported(*arguments: str, cwd: Path) -> set[str]:
    """The top-level modules that a run of the program imports."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", str(PROGRAM), *arguments],
        capture_output=True,
        text=True,
        cwd=cwd,
        env=environment(),
        timeout=60,
        check=True,
    )
    return {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines() if line.startswith("import time:")}


OURS = {"pydantic", "cel_expr_python", "ryaml", "yaml", "orjson"}
"""What reading rules and files takes; typer itself loads pydantic for a command's own help."""


@pytest.mark.parametrize(
    ("arguments", "none_of"),
    [
        (("--help",), HEAVY | OURS),
        (("--version",), HEAVY | OURS),
        (("scan", "--help"), HEAVY | OURS - {"pydantic"}),
        (("pack", "--help"), HEAVY),
    ],
    ids=["help", "version", "scan help", "pack help"],
)
def test_help_imports_nothing_but_the_command_line(arguments: tuple[str, ...], none_of: set[str], tmp_path: Path) -> None:
    found = imported(*arguments, cwd=tmp_path)
    assert "typer" in found
    assert not found & none_of


@pytest.mark.parametrize("arguments", [("explain",), ("explain", "L3"), ("explain", "exit", "3")], ids=" ".join)
def test_explain_reads_rules_and_no_targets(arguments: tuple[str, ...], tmp_path: Path) -> None:
    assert not imported(*arguments, cwd=tmp_path) & HEAVY


HOSTS = {"assess.policy.rego.host", "assess.policy.rego.runtime"}
"""What runs WebAssembly: imported where there is something to evaluate, by `rego/wasm.py` alone."""


def test_importing_a_module_does_nothing(tmp_path: Path) -> None:
    """Every module imports alone, says nothing, leaves no file, and takes none of the heavy libraries with it."""
    code = (
        "import importlib, pkgutil, sys, assess\n"
        "for module in pkgutil.walk_packages(assess.__path__, 'assess.'):\n"
        f"    module.name in {HOSTS!r} or importlib.import_module(module.name)\n"
        f"print(sorted({HEAVY!r} & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, env=environment(), timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"
    assert done.stderr == ""
    assert list(tmp_path.iterdir()) == []
