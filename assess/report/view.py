"""An assessment as every report shows it: foreign text cleaned, links checked, sentences made. Pure; formats lay it out."""

from __future__ import annotations

from dataclasses import dataclass

from assess.model.assessment import Assessment, Attestation, Exclusion, RuleText
from assess.model.placement import Scope
from assess.report import surroundings as around
from assess.report.activity import COLUMNS, ActivityLine, activity_lines, note
from assess.report.axes import AxisGroup, axis_groups
from assess.report.evidence import UnitLine, unit_lines
from assess.report.links import Links, links
from assess.report.subjects import Subject, confirm_hint, subjects
from assess.report.text import plain, web
from assess.report.words import ladder
from assess.spec.ladder import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Everything that a report may say.

    headline: what the report is about: the only target where there is one, else the organization.
    """

    title: str
    headline: Subject
    single: bool
    version: str
    made_at: str
    read_at: str
    as_of: str
    """The time that repositories were read at, where that is another."""
    tau: float
    window_days: int
    ruleset: str
    levels: tuple[Level, ...]
    teams: tuple[Subject, ...]
    placed: tuple[Subject, ...]
    """Repositories, clusters and accounts on the ladder, lowest first."""
    not_applicable: tuple[Subject, ...]
    unread: tuple[Subject, ...]
    targets: int
    units: int
    unowned: int
    lines: dict[str, UnitLine]
    confirm: str
    gaps: tuple[around.GapGroup, ...]
    set_aside: tuple[around.AsideGroup, ...]
    findings: tuple[around.FindingGroup, ...]
    findings_note: str
    verdicts: tuple[tuple[str, int], ...]
    flows: tuple[around.FlowLine, ...]
    activity: tuple[ActivityLine, ...]
    activity_note: str
    activity_columns: tuple[str, ...]
    axes: tuple[AxisGroup, ...]
    attestations: tuple[Attestation, ...]
    exclusions: tuple[Exclusion, ...]
    overrides: tuple[str, ...]
    tools: tuple[around.ToolLine, ...]
    links: Links
    rules: tuple[RuleText, ...]
    """Those that said something here."""

    @property
    def gap_count(self) -> int:
        """How many things were not seen."""
        return sum(len(group.lines) for group in self.gaps)

    @property
    def tools_said(self) -> tuple[str, ...]:
        """The tools by name, in a sentence; those that are only recognized in another."""
        known, recognized = ([t.name for t in self.tools if t.recognized is only] for only in (False, True))
        parts = (("Tools", known), ("Recognized, and not read any further", recognized))
        return tuple(f"{title}: {', '.join(names)}." for title, names in parts if names)

    @property
    def said(self) -> tuple[str, ...]:
        """What the estate file decided, tools and links, in sentences; the links of a single repository are told by its units."""
        more = f", … {len(self.overrides) - 4:,} more" if len(self.overrides) > 4 else ""
        decided = (f"Decided by the estate file: {', '.join(self.overrides[:4])}{more}",) if self.overrides else ()
        return (*decided, *self.tools_said, *(() if self.single else self.links.said))

    @property
    def date(self) -> str:
        """The day of the run."""
        return self.made_at[:10]

    @property
    def when(self) -> str:
        """The day on which the targets were read, and the day of judging where that is another."""
        read = self.read_at[:10]
        told = f"read {read}" if read == self.date else f"read {read}, judged {self.date}"
        return f"as of {self.as_of}, {told}" if self.as_of else told


def view(assessment: Assessment) -> View:
    """An assessment as reports show it."""
    lines = unit_lines(assessment)
    every = subjects(assessment, lines)
    organization = next(s for s in every if s.scope == Scope.ORGANIZATION)
    targets = [s for s in every if s.scope not in (Scope.TEAM, Scope.ORGANIZATION)]
    single = len(targets) == 1
    placed = [s for s in targets if s.read and s.placed]
    named = organization.name if organization.name != "organization" else ""
    return View(
        title=targets[0].name if single else named or "All targets", headline=targets[0] if single else organization,
        single=single, version=plain(assessment.version), made_at=plain(assessment.made_at),
        read_at=plain(assessment.read_at or assessment.made_at), as_of=_as_of(assessment), tau=assessment.tau,
        window_days=assessment.window_days, ruleset=plain(assessment.ruleset), levels=ladder().levels,
        teams=tuple(s for s in every if s.scope == Scope.TEAM),
        placed=tuple(sorted(placed, key=lambda s: (s.declared.span.low, s.declared.span.high, -s.units, s.name))),
        not_applicable=tuple(s for s in targets if s.read and not s.placed), unread=tuple(s for s in targets if not s.read),
        targets=len(targets), units=len(lines), unowned=sum(not line.owner for line in lines.values()), lines=lines,
        confirm=confirm_hint(assessment.targets), gaps=around.gap_groups(assessment), set_aside=around.aside_groups(assessment),
        findings=around.finding_groups(assessment), findings_note=plain(assessment.findings_note),
        verdicts=around.verdicts(assessment), flows=around.flow_lines(assessment), activity=activity_lines(assessment),
        activity_note=note(assessment), activity_columns=COLUMNS, axes=axis_groups(assessment),
        attestations=around.attestations(assessment), exclusions=around.exclusions(assessment), overrides=around.overrides(assessment), tools=around.tools(assessment), links=links(assessment),
        rules=_told(assessment),
    )  # fmt: skip


def _as_of(assessment: Assessment) -> str:
    """The day that repositories were read at, the time of it where it is not its end."""
    times = sorted({target.as_of for target in assessment.targets if target.as_of})
    return plain(" and ".join(time.removesuffix("T23:59:59Z") for time in times))


def _told(assessment: Assessment) -> tuple[RuleText, ...]:
    used = {outcome.rule for outcome in assessment.outcomes}
    return tuple(
        RuleText(
            id=plain(rule.id), name=plain(rule.name), question=plain(rule.question), why=plain(rule.why),
            remedy=plain(rule.remedy), sources=tuple(source for source in map(web, rule.sources) if source),
        )
        for rule in assessment.rules if rule.id in used
    )  # fmt: skip
