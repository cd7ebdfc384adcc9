"""What the tests of the gate share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.gated import Gated, gated_in


@pytest.fixture
def gated(tmp_path: Path) -> Gated:
    """A function that commits a base on `main` and a head on `feature` and judges the change."""
    return gated_in(tmp_path)
