"""Where our own content lies."""

from __future__ import annotations

from pathlib import Path


def shipped(area: str) -> Path:
    """The directory of our own content of one area (`rules`, `policies`, `reports`, `remediation`).

    In a wheel it lies inside the package, in a checkout beside it.
    """
    inside = Path(__file__).parents[1] / "_content" / area
    return inside if inside.is_dir() else Path(__file__).parents[2] / area
