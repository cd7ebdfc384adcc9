"""How a ratio is measured: rounds of both sides in turn, medians of CPU seconds, and whether it is within its limit."""

from __future__ import annotations

import resource
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Ratio:
    """One line of the table. A ratio fails above `most` or below `least`; without either it is for scale."""

    name: str
    value: float
    told: str
    most: float | None = None
    least: float | None = None

    @property
    def holds(self) -> bool:
        return (self.most is None or self.value <= self.most) and (self.least is None or self.value >= self.least)

    def __str__(self) -> str:
        limit = f"at most {self.most:g}" if self.most is not None else f"at least {self.least:g}" if self.least is not None else "for scale"
        return f"{'' if self.holds else 'OVER  '}{self.name}: {self.value:.2f} ({limit}); {self.told}"


def interleaved(*works: Callable[[], object], rounds: int = 5) -> list[float]:
    """The median CPU seconds of each work, their rounds in turn after one that does not count.

    A work that is measured elsewhere, in a process of its own, gives its seconds back as a float.
    """
    taken: list[list[float]] = [[] for _ in works]
    for number in range(rounds + 1):
        for index, work in enumerate(works):
            before = cpu()
            told = work()
            if number:
                taken[index].append(told if isinstance(told, float) else cpu() - before)
    return [median(times) for times in taken]


def cpu() -> float:
    """User and system seconds of this process and of the children that ended."""
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime
