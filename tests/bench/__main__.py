"""Ratios against named floors and peers in the same run: `python -m tests.bench [--corpus CLONES --labels LABELS.yaml]`.

Everything is measured through the product's own stages. Rounds of both sides alternate, and the median of the CPU seconds
(user and system) counts. Only ratios fail; times are printed for scale, for they change with the machine.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.bench import corpus, hcl, inventory, many, policies, rescan, startup
from tests.bench.measure import Ratio

SYNTHETIC: dict[str, Callable[[Path], Iterator[Ratio]]] = {
    "inventory": inventory.ratios, "hcl": hcl.ratios, "rescan": rescan.ratios, "many": many.ratios, "start-up": startup.ratios, "policies": policies.ratios,
}  # fmt: skip


def main() -> int:
    """0 when every ratio is within its limit."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--corpus", type=Path, help="a directory of clones, as for tests.corpus")
    parser.add_argument("--labels", type=Path, help="which of them, at which commit")
    parser.add_argument("--only", choices=SYNTHETIC, help="one group of the synthetic ratios")
    arguments = parser.parse_args()
    failed = []
    with tempfile.TemporaryDirectory() as directory:
        groups = {name: group(Path(directory)) for name, group in SYNTHETIC.items() if arguments.only in (None, name)}
        if arguments.corpus and arguments.labels:
            groups["corpus"] = corpus.ratios(Path(directory), arguments.corpus, arguments.labels)
        for ratios in groups.values():
            for ratio in ratios:
                print(ratio, flush=True)
                failed += [] if ratio.holds else [ratio.name]
    if failed:
        print(f"over their limits: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
