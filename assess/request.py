"""What to assess: arguments, estate file and environment, merged and checked once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path

from assess.errors import UsageError
from assess.model import address
from assess.model.credentials import clean
from assess.model.target import Source
from assess.spec.estate import Estate
from assess.spec.strict import near_miss, read_file

ESTATE_FILE = "idp-assess.yaml"
_CONTEXT = re.compile(r"(kubernetes|aws):(\S+)\Z")
_FORGE = re.compile(r"(?:github|gitlab):[\w.-]+(?:/[\w.-]+)*/?\Z")
_EMPTY = {"kubernetes:": "context", "aws:": "profile", "github:": "org", "gitlab:": "group"}
INCLUDES = ("forks", "archived")
"""What a listing leaves out unless it is asked for."""
CPU_SECONDS = 600
"""Processor time that one target may take: a hundred times what the largest repositories need."""
Place = str | Path
"""A target, file or directory as a caller of the library writes it."""


@dataclass(frozen=True, slots=True)
class Named:
    """A target as it was named: where to read it (a path or address, a context, a profile), and what reports call it.

    forge: the product that lists it, where one did.
    """

    source: Source
    address: str = field(repr=False)
    label: str
    forge: str = ""

    @property
    def remote(self) -> bool:
        """Whether it is a repository that has to be fetched."""
        return self.source is Source.GIT and address.is_address(self.address)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One assessment to make.

    targets: as named, before repositories are looked for in directories. root: what relative paths start from.
    at: the time to read repositories at, instead of `rev`. clones: where fetched repositories are kept, unless in the
    user's cache. credentials: host → the environment variable that holds a token for it. include: words of `INCLUDES`.
    """

    targets: tuple[str, ...] = ()
    estate: Estate = field(default_factory=Estate)
    root: Path = Path()
    rev: str = ""
    at: datetime | None = None
    clones: Path | None = None
    credentials: Mapping[str, str] = field(default_factory=dict)
    include: tuple[str, ...] = ()
    packs: tuple[Path, ...] = ()
    jobs: int = 1
    cpu_seconds: int = CPU_SECONDS
    """Processor time that one target may take, where the platform can tell; a fetch has limits of its own."""

    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    tau: float | None = None
    window_days: int | None = None
    facts_from: Path | None = None
    checks: tuple[str, ...] = ("rego",)
    """The policy engines to ask; checkov only where it is named, for it takes seconds to start."""

    opa: str = ""
    """The opa that compiles the policies of packs; empty: the one on the PATH."""

    opa_url: str = ""
    """The OPA server that evaluates policies; empty: this process does."""

    estate_file: Path | None = None
    """Where the estate was read from, for messages that name a line of it."""

    @classmethod
    def build(
        cls, targets: Place | Iterable[Place] = (), *, estate_file: Place | None = None, targets_file: Place | None = None,
        rev: str = "", packs: Iterable[Place] = (), jobs: int = 1, now: datetime | None = None, tau: float | None = None,
        window_days: int | None = None, facts_from: Place | None = None, checks: Iterable[str] = ("rego",),
        at: str | date | None = None, clones: Place | None = None, credentials: Mapping[str, str] | None = None, include: Iterable[str] = (),
        cpu_seconds: int = CPU_SECONDS, opa: str = "", opa_url: str = "",
    ) -> Request:  # fmt: skip
        """A request from what a person typed: one target or many, as text or paths; `~` is the home directory.

        An estate file is taken from `estate_file`, or from the first target that is a directory holding one, or
        from the current directory where no target is named.
        Errors: UsageError for files that cannot be used, a number out of its bounds, a missing target, or none at all.
        """
        named = tuple(map(_typed, [targets] if isinstance(targets, str | Path) else targets))
        found = _path(estate_file) or _estate_beside(named)
        estate = read_file(_existing(found), Estate) if found else Estate()
        root = found.parent if found else Path()
        given = [
            *(t for t in named if found is None or not is_path(t) or Path(t).resolve() != root.resolve()),
            *_lines(_path(targets_file)),
        ]
        if not given:
            given = [str(root / _typed(t)) if is_path(t) else t for t in estate.targets]
        if not given and named:
            given = [*named]
        if not given and not facts_from:
            raise UsageError(
                "no target", fix="Name a repository, a directory of them, an address (https://…, ssh://…, git@host:path, file://…), "
                f"github:ORG, gitlab:GROUP, kubernetes:CONTEXT, aws:PROFILE, or write them into {ESTATE_FILE}.")  # fmt: skip
        _bounds(tau, window_days, jobs, cpu_seconds)
        if at is not None and rev:
            raise UsageError("--at and --rev both say which commit to read", fix="Give one of them.")
        return cls(
            targets=tuple(given), estate=estate, root=root, rev=rev, packs=tuple(_home(Path(p)) for p in packs), jobs=jobs,
            now=now or datetime.now(UTC), tau=tau, window_days=window_days, facts_from=_path(facts_from), checks=tuple(checks),
            estate_file=found, at=None if at is None else moment(at), clones=_path(clones), credentials=dict(credentials or {}),
            include=tuple(dict.fromkeys([*estate.include, *_included(include)])), cpu_seconds=cpu_seconds, opa=opa, opa_url=opa_url,
        )  # fmt: skip

    @property
    def threshold(self) -> float | None:
        """τ as asked for: argument, then estate file; None leaves it to the ladder."""
        return self.tau if self.tau is not None else self.estate.tau


def split_target(text: str) -> Named:
    """What a target's text names: `kubernetes:CONTEXT`, `aws:PROFILE`, `github:ORG`, `gitlab:GROUP`, an address, or a path.

    Errors: UsageError for a prefix without a name, and an address that cannot be fetched from.
    """
    if text in _EMPTY:
        raise UsageError(f"names no {_EMPTY[text]}", text, f"Write {text}{_EMPTY[text].upper()}.")
    if match := _CONTEXT.match(text):
        return Named(Source(match[1]), match[2], text)
    if _FORGE.match(text):
        return Named(Source.FORGE, text.rstrip("/"), text.rstrip("/"))
    if address.is_address(text):
        if (found := address.parse(text)) is None:
            fix = "Write https://HOST/PATH, ssh://USER@HOST/PATH, USER@HOST:PATH or file:///PATH."
            raise UsageError("is no address that can be fetched from", clean(text), fix)
        return Named(Source.GIT, text, clean(found.parts[-1]))
    return Named(Source.GIT, text, Path(text).name or str(text))


def is_path(text: str) -> bool:
    """Whether a target's text is the path of a repository or of a directory of them."""
    return not (text in _EMPTY or _CONTEXT.match(text) or _FORGE.match(text) or address.is_address(text))


def moment(at: str | date) -> datetime:
    """A time in UTC: a date is the end of that day, a time without a zone is UTC.

    Errors: UsageError for text that is neither.
    """
    try:
        if isinstance(at, str):
            at = date.fromisoformat(at) if re.fullmatch(r"\d{4}-\d\d-\d\d", at) else datetime.fromisoformat(at)
    except ValueError:
        raise UsageError(f"'{at}' is neither a date nor a time", fix="Write 2026-03-31, or 2026-03-31T12:00:00Z.") from None
    if not isinstance(at, datetime):
        return datetime.combine(at, time(23, 59, 59), UTC)
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def _included(words: Iterable[str]) -> Iterable[str]:
    for word in words:
        if word not in INCLUDES:
            raise UsageError(f"--include knows no '{word}'{near_miss(word, INCLUDES)}", fix=f"One of: {', '.join(INCLUDES)}.")
        yield word


def _estate_beside(targets: tuple[str, ...]) -> Path | None:
    places = [Path(t) for t in targets if is_path(t)] or ([] if targets else [Path()])
    return next((place / ESTATE_FILE for place in places[:1] if (place / ESTATE_FILE).is_file()), None)


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise UsageError("no such file", str(path), "Give the path of an estate file, or leave --estate out.")
    return path


def _typed(target: Place) -> str:
    """A target as text, its `~` expanded."""
    return str(_home(Path(target))) if str(target).startswith("~") else str(target)


def _path(path: Place | None) -> Path | None:
    return None if path is None else _home(Path(path))


def _home(path: Path) -> Path:
    try:
        return path.expanduser()
    except RuntimeError:  # `~nobody`: no such user, so a folder of that name
        return path


def _bounds(tau: float | None, window_days: int | None, jobs: int, cpu_seconds: int) -> None:
    """Nothing, where every number is one that can be used; the same bounds as in the estate file."""
    for name, value, fits, bounds in (
        ("tau", tau, tau is None or 0.5 < tau <= 1, "above 0.5 and at most 1"),
        ("window_days", window_days, window_days is None or 1 <= window_days <= 3650, "from 1 to 3650"),
        ("jobs", jobs, jobs >= 1, "at least 1"),
        ("cpu_seconds", cpu_seconds, 1 <= cpu_seconds <= 86_400, "from 1 to 86400"),
    ):
        if not fits:
            raise UsageError(f"{name} is {value}; it has to be {bounds}")


def _lines(path: Path | None) -> list[str]:
    if path is None:
        return []
    lines = _existing(path).read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    return [_typed(line.strip()) for line in lines if line.strip() and not line.lstrip().startswith("#")]
