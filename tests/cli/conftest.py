"""The console script, run as a process."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.worlds import commit

PROGRAM = Path(sys.executable).parent / "idp-assess"
ROOT = 'terraform {\n  backend "s3" {}\n}\nresource "aws_s3_bucket" "logs" {}\n'
APPLY = "on: {push: {branches: [main]}}\njobs:\n  apply:\n    steps:\n      - run: terraform -chdir=infra apply\n"
SHOP = {"infra/main.tf": ROOT, ".github/workflows/apply.yml": APPLY}


@dataclass(frozen=True)
class Done:
    """What a process left."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What stands on stdout, which must be one JSON value and nothing else."""
        return orjson.loads(self.out)


def environment(**more: str) -> dict[str, str]:
    """A plain environment: no terminal, no colour forced, no configuration of the caller's."""
    kept = {key: value for key, value in os.environ.items() if key in ("PATH", "HOME", "TMPDIR", "LANG")}
    return {**kept, "PYTHONWARNINGS": "error", **more}


@pytest.fixture
def idp(tmp_path: Path) -> Callable[..., Done]:
    """A function that runs the program: `idp("scan", path)`; in an empty directory unless `cwd` names another."""
    empty = tmp_path / "cwd"
    empty.mkdir()

    def run(*arguments: object, cwd: Path | None = None, env: dict[str, str] | None = None) -> Done:
        done = subprocess.run(
            [str(PROGRAM), *map(str, arguments)], capture_output=True, cwd=cwd or empty, env=environment(**(env or {})), timeout=120, check=False,
        )  # fmt: skip
        return Done(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A repository at level 3."""
    return commit(tmp_path / "shop", SHOP)
