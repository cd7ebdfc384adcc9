"""Each format of the sample, word for word. `pytest --update-golden` writes them anew; read the diff."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assess.report.render import RENDERERS, render
from tests.unit.report.world import sample

GOLDEN = Path(__file__).parent.parent.parent / "golden" / "report"
ENDINGS = {"terminal": "txt", "json": "json", "markdown": "md", "html": "html"}


@pytest.fixture(autouse=True)
def _plain_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FORCE_COLOR", "COLUMNS", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_COLOR", "1")


def test_every_format_has_a_golden_file() -> None:
    assert ENDINGS.keys() == RENDERERS.keys()


@pytest.mark.parametrize("format", list(ENDINGS))
def test_golden(format: str, pytestconfig: pytest.Config) -> None:
    made = render(sample(), format)
    if format == "html":  # the style sheet is a file of its own, and its hash follows it
        made = re.sub(r"<style>.*?</style>", "<style>…</style>", made, flags=re.DOTALL)
        made = re.sub(r"sha256-[A-Za-z0-9+/=]+", "sha256-…", made)
    path = GOLDEN / f"sample.{ENDINGS[format]}"
    if pytestconfig.getoption("--update-golden"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(made, encoding="utf-8")
    assert made == path.read_text(encoding="utf-8"), "the report changed; `pytest --update-golden` writes it anew, read the diff"


@pytest.mark.parametrize("format", list(ENDINGS))
def test_the_same_assessment_gives_the_same_report(format: str) -> None:
    assert render(sample(), format) == render(sample(), format)
