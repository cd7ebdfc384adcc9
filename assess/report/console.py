"""Tables for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.table import Table


def bare_table(*columns: tuple[str, str]) -> Table:
    """A table without lines; the first and last columns wrap, those between do not."""
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bright_black")
    for number, (name, justify) in enumerate(columns):
        wraps = number in (0, len(columns) - 1)
        table.add_column(name, justify="right" if justify == "right" else "left", overflow="fold", no_wrap=not wraps)
    return table
