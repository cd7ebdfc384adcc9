"""What to assess: arguments, estate file and environment, merged and checked once."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from assess.errors import UsageError
from assess.model.target import Source
from assess.spec.estate import Estate
from assess.spec.strict import read_file

ESTATE_FILE = "idp-assess.yaml"
_CONTEXT = re.compile(r"(kubernetes|aws):(\S+)\Z")


@dataclass(frozen=True, slots=True)
class Named:
    """A target as it was named: where to read it (a path, a context, a profile), and what reports call it."""

    source: Source
    address: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One assessment to make.

    targets: as named, before repositories are looked for in directories. root: what relative paths start from.
    """

    targets: tuple[str, ...] = ()
    estate: Estate = field(default_factory=Estate)
    root: Path = Path()
    rev: str = ""
    packs: tuple[Path, ...] = ()
    jobs: int = 1
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    tau: float | None = None
    window_days: int | None = None
    facts_from: Path | None = None
    checks: tuple[str, ...] = ("rego",)
    """The policy engines to ask; checkov only where it is named, for it takes seconds to start."""

    @classmethod
    def build(
        cls, targets: tuple[str, ...] = (), *, estate_file: Path | None = None, targets_file: Path | None = None,
        **options: object,
    ) -> Request:  # fmt: skip
        """A request from what a person typed.

        An estate file is taken from `estate_file`, or from the first target that is a directory holding one, or
        from the current directory where no target is named.
        Errors: UsageError for files that cannot be used, a missing target, or none at all.
        """
        found = estate_file or _estate_beside(targets)
        estate = read_file(_existing(found), Estate) if found else Estate()
        root = found.parent if found else Path()
        given = [*(t for t in targets if found is None or Path(t).resolve() != root.resolve()), *_lines(targets_file)]
        if not given:
            given = [t if _CONTEXT.match(t) else str(root / t) for t in estate.targets]
        if not given and not options.get("facts_from"):
            raise UsageError(
                "no target", fix=f"Name a repository, a directory of them, kubernetes:CONTEXT, aws:PROFILE, "
                f"or write them into {ESTATE_FILE}.")  # fmt: skip
        return cls(targets=tuple(given), estate=estate, root=root, **options)  # type: ignore[arg-type]

    @property
    def threshold(self) -> float | None:
        """τ as asked for: argument, then estate file; None leaves it to the ladder."""
        return self.tau if self.tau is not None else self.estate.tau


def split_target(text: str) -> Named:
    """What a target's text names: `kubernetes:CONTEXT`, `aws:PROFILE`, or a path."""
    if match := _CONTEXT.match(text):
        return Named(Source(match[1]), match[2], text)
    return Named(Source.GIT, text, Path(text).name or str(text))


def _estate_beside(targets: tuple[str, ...]) -> Path | None:
    places = [Path(t) for t in targets if not _CONTEXT.match(t)] or ([] if targets else [Path()])
    return next((place / ESTATE_FILE for place in places[:1] if (place / ESTATE_FILE).is_file()), None)


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise UsageError("no such file", str(path), "Give the path of an estate file, or leave --estate out.")
    return path


def _lines(path: Path | None) -> list[str]:
    if path is None:
        return []
    lines = _existing(path).read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]
