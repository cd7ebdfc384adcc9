"""Accuracy on labelled repositories: `python -m tests.corpus CLONES LABELS.yaml [--json FILE] [--only OWNER/NAME]`.

CLONES holds a repository a label: `owner+name`, `owner+name/repo`, `owner__name`, bare or a work tree. LABELS is a list as
in shared/corpus/README.md says. Each repository is scanned as an estate of its own, at the labelled commit where the
clone has it. Exit 0 always: this measures, it does not judge.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from assess.collect.git.collector import collect_repository
from assess.collect.git.opened import is_repository
from assess.errors import IncompleteError
from assess.model.placement import Scope
from assess.request import Request
from assess.run import assess
from assess.spec.document import read_yaml

NOT_APPLICABLE_KINDS = {"docs", "product", "policy", "catalog"}


@dataclass
class Row:
    """How one repository was placed, beside its label."""

    repo: str
    kind: str
    level: int
    level_range: tuple[int, int]
    confidence: str
    low: int = 0
    high: int = 5
    units: int = 0
    not_applicable: str = ""
    at_labelled_commit: bool = True
    error: str = ""
    missed: list[str] = field(default_factory=list)
    decoys: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    found: int = 0
    demanded: int = 0

    @property
    def na_expected(self) -> bool:
        return self.kind in NOT_APPLICABLE_KINDS

    @property
    def na_right(self) -> bool:
        return bool(self.not_applicable) == self.na_expected

    @property
    def inside(self) -> bool:
        """Declared interval wholly inside the range; for a kind that has no level, *not applicable* is inside."""
        if self.error:
            return False
        if self.not_applicable:
            return self.na_expected
        return self.level_range[0] <= self.low and self.high <= self.level_range[1]

    @property
    def exact(self) -> bool | None:
        """low = high = level; asked only where the label is sure and there is a level to hit."""
        if self.confidence != "high" or (self.na_expected and self.not_applicable):
            return None
        return not self.error and self.low == self.high == self.level and not self.not_applicable


def main() -> None:
    arguments = _arguments()
    labels = read_yaml(arguments.labels.read_bytes())[0].value
    if arguments.only:
        labels = [label for label in labels if arguments.only in label["repo"]]
    found = [(label, path) for label in labels if (path := clone(arguments.clones, label["repo"]))]
    with ProcessPoolExecutor(arguments.jobs) as pool:
        rows = list(pool.map(_row, [label for label, _ in found], [path for _, path in found]))
    for line in _table(rows):
        print(line)
    print("\n".join(f"{name}: {value}" for name, value in _totals(rows, len(labels) - len(found)).items()))
    if arguments.json:
        document = {"rows": [asdict(row) | {"inside": row.inside, "exact": row.exact, "na_right": row.na_right} for row in rows]}
        arguments.json.write_text(json.dumps(document | {"totals": _totals(rows, len(labels) - len(found))}, indent=2) + "\n")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.corpus", description=__doc__)
    parser.add_argument("clones", type=Path)
    parser.add_argument("labels", type=Path)
    parser.add_argument("--json", type=Path, help="also write the rows and totals here")
    parser.add_argument("--only", default="", help="repositories whose name holds this")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    return parser.parse_args()


def clone(clones: Path, repo: str) -> Path | None:
    for name in (repo.replace("/", "+"), repo.replace("/", "__"), repo):
        for path in (clones / name, clones / name / "repo", clones / f"{name}.git"):
            if path.is_dir() and is_repository(path):
                return path
    print(f"no clone of {repo} in {clones}", file=sys.stderr)
    return None


def _row(label: dict[str, Any], path: Path) -> Row:
    row = Row(label["repo"], label["kind"], label["level"], tuple(label["level_range"]), label["confidence"])
    try:
        seen = collect_repository(path, label["repo"], label["commit"])
    except IncompleteError:
        row.at_labelled_commit = False
        try:
            seen = collect_repository(path, label["repo"])
        except IncompleteError as error:
            row.error = str(error)
            return row
    assessment = assess(Request(), [seen])
    placement = assessment.of_scope(Scope.REPOSITORY)[0]
    row.low, row.high, row.units, row.not_applicable = placement.low, placement.high, placement.units, placement.not_applicable
    _tools(row, label, set(assessment.tools.get(label["repo"], {})))
    return row


def _tools(row: Row, label: dict[str, Any], reported: set[str]) -> None:
    demanded, optional, decoys = ({t for tools in (label.get(key) or {}).values() for t in tools} if isinstance(label.get(key), dict)
                                  else set(label.get(key) or ()) for key in ("tools", "tools_optional", "decoy_tools"))  # fmt: skip
    row.demanded, row.found = len(demanded), len(demanded & reported)
    row.missed = sorted(demanded - reported)
    row.decoys = sorted(reported & decoys - demanded - optional)
    row.others = sorted(reported - demanded - optional - decoys)


def _table(rows: list[Row]) -> Iterator[str]:
    yield f"{'repository':52} {'kind':8} {'label':11} {'placed':8} {'units':>5}  in ex na  tools"
    for row in rows:
        placed = "error" if row.error else "n/a" if row.not_applicable else f"{row.low}-{row.high}"
        label = f"{row.level} [{row.level_range[0]},{row.level_range[1]}] {row.confidence[0]}"
        marks = " ".join({True: " +", False: " -", None: "  "}[mark] for mark in (row.inside, row.exact, row.na_right))
        tools = f"{row.found}/{row.demanded}" + "".join(
            f" {name}:{','.join(values)}"
            for name, values in (("missed", row.missed), ("DECOY", row.decoys), ("other", row.others))
            if values
        )
        note = "" if row.at_labelled_commit else "  (not at the labelled commit)"
        yield f"{row.repo:52} {row.kind:8} {label:11} {placed:8} {row.units:5} {marks}  {tools}{note}{row.error}"


def _totals(rows: list[Row], absent: int) -> dict[str, Any]:
    exact = [row.exact for row in rows if row.exact is not None]
    widths = [row.high - row.low for row in rows if not row.not_applicable and not row.error]
    demanded = sum(row.demanded for row in rows)
    return {
        "repositories": len(rows),
        "without a clone": absent,
        "inside the range": f"{sum(row.inside for row in rows)} of {len(rows)}",
        "exact where confidence is high": f"{sum(exact)} of {len(exact)}",
        "mean width": round(sum(widths) / len(widths), 3) if widths else 0,
        "not applicable right": f"{sum(row.na_right for row in rows)} of {len(rows)}",
        "tools found": f"{sum(row.found for row in rows)} of {demanded}",
        "decoys reported": sum(len(row.decoys) for row in rows),
        "others reported": sum(len(row.others) for row in rows),
    }


if __name__ == "__main__":
    main()
