"""What `--help` costs beside a Python that does nothing."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.bench.measure import Ratio, interleaved

_HELP = "import sys; sys.argv = ['idp-assess', '--help']; from assess.cli import main; main()"


def ratios(directory: Path) -> Iterator[Ratio]:
    nothing, shown = interleaved(lambda: _run("pass"), lambda: _run(_HELP))
    yield Ratio("start-up: --help to `python -c pass`", shown / nothing, f"{shown * 1000:.0f} ms CPU")


def _run(code: str) -> None:
    subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)
