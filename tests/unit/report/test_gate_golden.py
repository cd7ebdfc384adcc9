"""Each format of a gate's result, word for word. `pytest --update-golden` writes them anew; read the diff."""

from __future__ import annotations

from pathlib import Path

import pytest

from assess.report.gate.render import RENDERERS, render
from assess.report.gate.terminal import summary
from tests.unit.report.gate_world import sample

GOLDEN = Path(__file__).parent.parent.parent / "golden" / "gate"
ENDINGS = {"terminal": "txt", "json": "json", "sarif": "sarif", "junit": "xml", "markdown": "md", "github": "github.txt"}


def test_every_format_has_a_golden_file() -> None:
    assert ENDINGS.keys() == RENDERERS.keys()


@pytest.mark.parametrize("format", list(ENDINGS))
def test_golden(format: str, pytestconfig: pytest.Config) -> None:
    made = render(sample(), format)
    if format == "terminal":
        made += "".join(f"{line}\n" for line in summary(sample().result))
    path = GOLDEN / f"sample.{ENDINGS[format]}"
    if pytestconfig.getoption("--update-golden"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(made, encoding="utf-8")
    assert made == path.read_text(encoding="utf-8"), "the output changed; `pytest --update-golden` writes it anew, read the diff"
