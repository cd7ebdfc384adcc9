"""Everything that a report may read: the values of one run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from assess.model.activity import Activity
from assess.model.fact import FactKind
from assess.model.finding import Finding
from assess.model.gap import Gap
from assess.model.graph import Graph
from assess.model.outcome import Outcome, Reading
from assess.model.placement import Placement, Scope, UnitPlace
from assess.model.standing import Standing, StatementText
from assess.model.target import Location, Target

if TYPE_CHECKING:
    import pandas

SCHEMA = "idp-assess/assessment/v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attestation:
    """Something a person said. It is shown and never raises anything."""

    subject: str
    statement: str
    by: str
    on: str
    expires: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """A path that the estate file leaves out, with owner, reason and expiry."""

    path: str
    owner: str
    reason: str
    expires: str
    expired: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """What the estate file says of a repository or some paths of it, and the scan follows."""

    subject: str
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleText:
    """What a report needs to say of a rule."""

    id: str
    name: str
    question: str
    why: str
    sources: tuple[str, ...]
    remedy: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leak:
    """One change that a person made in the console. `at.uid` is the event's id; `link` opens it, in that account."""

    at: Location
    time: str
    service: str
    action: str
    region: str
    account: str
    resource: str
    row: str
    """The row of the channel table that says so."""
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """Recent changes of one account by channel and executor: the direction, beside the stock's level.

    by_channel, by_executor, by_level: each adds up to `changes`. by_level: a level, or an interval as `2-3`.
    by_row: how many changes each row of the channel table decided. set_aside: records that are no change, by row.
    oldest, newest, pages, truncated: what of the trail the counts rest on; truncated: older changes were not read.
    outside: changes that were read and lie before the window.
    """

    subject: str
    window_days: int
    changes: int
    by_channel: Mapping[str, int]
    by_executor: Mapping[str, int]
    by_level: Mapping[str, int] = field(default_factory=dict)
    by_row: Mapping[str, int] = field(default_factory=dict)
    unattributed: int = 0
    set_aside: Mapping[str, int] = field(default_factory=dict)
    outside: int = 0
    oldest: str = ""
    newest: str = ""
    pages: int = 0
    truncated: bool = False
    leaks: int = 0
    """Changes that a person made in the console, in all."""
    leak: tuple[Leak, ...] = ()
    """The newest of them, at most five."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """One run.

    facts: only those that something cites or that tell what was set aside; all of them stand in facts.jsonl.zst,
    and `facts_digest` is the sha256 of its lines after the head.
    """

    schema: str = SCHEMA
    version: str
    organization: str
    made_at: str
    """When it was judged."""
    read_at: str = ""
    """When the targets were read; earlier than `made_at` where facts were judged again."""
    tau: float
    window_days: int
    ruleset: str
    """Digest of the rules and the ladder that judged."""
    targets: tuple[Target, ...] = ()
    placements: tuple[Placement, ...] = ()
    units: tuple[UnitPlace, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    standings: tuple[Standing, ...] = ()
    """Where each repository stands on the axes beside the ladder; never converted into a level."""
    statements: tuple[StatementText, ...] = ()
    findings: tuple[Finding, ...] = ()
    findings_note: str = ""
    """How the findings were come by: the engines that ran, or that they were carried over, or that none was asked."""
    gaps: tuple[Gap, ...] = ()
    flows: tuple[Flow, ...] = ()
    activity: tuple[Activity, ...] = ()
    """Recent changes of each repository whose history was read."""
    facts: tuple[FactKind, ...] = ()
    facts_digest: str = ""
    rules: tuple[RuleText, ...] = ()
    attestations: tuple[Attestation, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    overrides: tuple[Override, ...] = ()
    graph: Graph = field(default_factory=Graph)
    """What of the estate delivers, calls, uses, builds, runs, describes and asks for what."""
    tools: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """Per target: the tools it uses, each with the number of places."""
    recognized: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Per target: those of its tools that only a file of their own or a command gives away, and that no rule reads more of."""

    def placement(self, subject: str, reading: Reading = Reading.DECLARED, scope: Scope | None = None) -> Placement | None:
        """The placement of a subject by its name, or None where there is no such subject.

        scope: tells a team from a repository of the same name; without it, targets come first, then teams.
        """
        same = (p for p in self.placements if p.subject == subject and p.reading is reading and scope in (None, p.scope))
        return next(same, None)

    def of_scope(self, scope: Scope, reading: Reading = Reading.DECLARED) -> tuple[Placement, ...]:
        """The placements of one scope, in the order of the run."""
        return tuple(p for p in self.placements if p.scope is scope and p.reading is reading)

    def target(self, label: str) -> Target | None:
        """The target with this label, or None."""
        return next((t for t in self.targets if t.label == label), None)

    def to_frames(self) -> dict[str, pandas.DataFrame]:
        """Tables for analysis.

        Shape: `placements`, `units`, `outcomes`, `standings`, `findings`, `gaps`, `flows`, `activity`, `edges`: one row a value, columns named as the
        fields; a location becomes its text, a gate the columns `gate_level`, `gate_certain`, …, a counterexample its
        text. `facts`: `kind`, `at`, `tool` and the rest as JSON. Empty tables keep their columns.
        """
        from assess.model.frames import frames

        return frames(self)
