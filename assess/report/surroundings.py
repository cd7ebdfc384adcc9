"""What stands around the placements: gaps, trees set aside, findings, flows, attestations, exclusions, tools."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from assess.model.assessment import Assessment, Attestation, Exclusion, Flow
from assess.model.fact import SetAside
from assess.model.finding import Finding, Severity, Verdict
from assess.model.gap import GapReason
from assess.model.target import Location, Target
from assess.report.evidence import Spot, spot
from assess.report.text import plain, sentence, web
from assess.report.words import CHANNELS, EXECUTORS, REASONS, ROLES, count


@dataclass(frozen=True, slots=True)
class GapLine:
    """One thing that was not seen. blinds: what may hide behind it, in the names of fact kinds."""

    spot: Spot
    what: str
    settle: str
    blinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GapGroup:
    """The gaps of one reason, those that hide something first."""

    reason: str
    lines: tuple[GapLine, ...]


@dataclass(frozen=True, slots=True)
class AsideLine:
    """One tree that does not count as use."""

    spot: Spot
    files: int
    reason: str


@dataclass(frozen=True, slots=True)
class AsideGroup:
    """The trees of one role."""

    role: str
    files: int
    lines: tuple[AsideLine, ...]


@dataclass(frozen=True, slots=True)
class FindingLine:
    """One policy on one place."""

    spot: Spot
    address: str
    message: str


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """What one policy found with one verdict."""

    policy: str
    engine: str
    severity: str
    verdict: str
    message: str
    why: str
    fix: str
    lines: tuple[FindingLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowLine:
    """Recent changes of one account, with the leak: what a person changed in the console."""

    subject: str
    window_days: int
    changes: int
    by_channel: tuple[tuple[str, int], ...]
    by_executor: tuple[tuple[str, int], ...]
    by_level: tuple[tuple[str, int], ...]
    leaks: int
    leak: tuple[LeakLine, ...]
    """The newest of them."""
    rests: str
    """What of the trail the counts rest on, as sentences."""


@dataclass(frozen=True, slots=True)
class LeakLine:
    """One change by hand; its place opens the event for whoever is in the account."""

    time: str
    action: str
    resource: str
    spot: Spot


@dataclass(frozen=True, slots=True)
class ToolLine:
    """One tool with the number of targets and of places that use it. recognized: nothing but a marker speaks of it."""

    name: str
    users: int
    places: int
    recognized: bool


_RANK = {severity: number for number, severity in enumerate(reversed(Severity))}
_OPEN = (Verdict.FAIL, Verdict.ERROR, Verdict.NOT_OBSERVED, Verdict.MANUAL, Verdict.WAIVED)


def gap_groups(assessment: Assessment) -> tuple[GapGroup, ...]:
    """The gaps by reason, the largest group first."""
    targets = _targets(assessment)
    found: dict[GapReason, list[GapLine]] = defaultdict(list)
    for gap in sorted(assessment.gaps, key=lambda gap: (not gap.blinds, str(gap.at))):
        line = GapLine(spot(targets, gap.at), sentence(plain(gap.what)), sentence(plain(gap.settle)), tuple(map(plain, gap.blinds)))
        found[gap.reason].append(line)
    return tuple(
        GapGroup(REASONS[reason], tuple(lines)) for reason, lines in sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))
    )


def aside_groups(assessment: Assessment) -> tuple[AsideGroup, ...]:
    """The trees that do not count as use, by role, the role with most files first."""
    targets = _targets(assessment)
    found: dict[str, list[AsideLine]] = defaultdict(list)
    for fact in assessment.facts:
        if isinstance(fact, SetAside):
            at = Location(target=fact.at.target, path=fact.path)
            found[fact.role].append(AsideLine(spot(targets, at), fact.files, sentence(plain(fact.reason))))
    groups = [AsideGroup(ROLES.get(role, plain(role)), sum(line.files for line in lines), tuple(lines)) for role, lines in found.items()]
    return tuple(sorted(groups, key=lambda group: (-group.files, group.role)))


def finding_groups(assessment: Assessment) -> tuple[FindingGroup, ...]:
    """What policies found and somebody should look at, worst first."""
    targets = _targets(assessment)
    found: dict[tuple[str, Verdict], list[Finding]] = defaultdict(list)
    for finding in assessment.findings:
        if finding.verdict in _OPEN:
            found[finding.policy, finding.verdict].append(finding)
    groups = sorted(found.items(), key=lambda item: (_OPEN.index(item[0][1]), _RANK[item[1][0].severity], item[0][0]))
    return tuple(
        FindingGroup(
            plain(policy), plain(of[0].engine), of[0].severity.value, verdict.value.replace("_", " "),
            sentence(plain(of[0].message)), sentence(plain(of[0].why)), sentence(plain(of[0].fix)),
            tuple(FindingLine(spot(targets, f.at), plain(f.address), plain(f.message)) for f in of),
        )
        for (policy, verdict), of in groups
    )  # fmt: skip


def verdicts(assessment: Assessment) -> tuple[tuple[str, int], ...]:
    """How many findings there are of each verdict."""
    counted = Counter(finding.verdict for finding in assessment.findings)
    return tuple((verdict.value.replace("_", " "), counted[verdict]) for verdict in Verdict if counted[verdict])


def flow_lines(assessment: Assessment) -> tuple[FlowLine, ...]:
    """Recent changes by channel."""
    return tuple(_flow(flow) for flow in assessment.flows)


def _flow(flow: Flow) -> FlowLine:
    return FlowLine(
        subject=plain(flow.subject), window_days=flow.window_days, changes=flow.changes, leaks=flow.leaks, rests=_rests(flow),
        by_channel=tuple((CHANNELS.get(name, name), number) for name, number in _ranked(flow.by_channel)),
        by_executor=tuple((EXECUTORS.get(name, name), number) for name, number in _ranked(flow.by_executor)),
        by_level=tuple((plain(level), number) for level, number in flow.by_level.items()),
        leak=tuple(
            LeakLine(
                plain(one.time.replace("T", " ").removesuffix("Z")), plain(f"{one.service} {one.action}"), plain(one.resource),
                Spot(plain(f"{one.account} {one.region} {one.at.uid}".strip()), web(one.link)),
            )
            for one in flow.leak
        ),
    )  # fmt: skip


def _ranked(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return [(plain(name), number) for name, number in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]


def _rests(flow: Flow) -> str:
    """What was read of the trail: its bounds, what was left out as no change, and whether it was cut short."""
    parts = []
    if flow.oldest:
        parts.append(f"Records from {plain(flow.oldest[:10])} to {plain(flow.newest[:10])}.")
    if flow.truncated:
        parts.append("The trail was cut short: older changes were not read.")
    if flow.unattributed:
        parts.append(f"{count(flow.unattributed, 'change')} could not be attributed to a channel.")
    if dropped := sum(flow.set_aside.values()):
        parts.append(f"{count(dropped, 'record')} set aside, for nothing was changed by them.")
    return " ".join(parts)


def attestations(assessment: Assessment) -> tuple[Attestation, ...]:
    """What people said, cleaned; shown, never counted."""
    return tuple(
        Attestation(subject=plain(a.subject), statement=plain(a.statement), by=plain(a.by), on=plain(a.on), expires=plain(a.expires))
        for a in assessment.attestations
    )


def overrides(assessment: Assessment) -> tuple[str, ...]:
    """What else the estate file has the last word on, a sentence each."""
    return tuple(plain(f"{one.subject}: {one.says}") for one in assessment.overrides)


def exclusions(assessment: Assessment) -> tuple[Exclusion, ...]:
    """What the estate file leaves out, cleaned."""
    return tuple(
        Exclusion(path=plain(e.path), owner=plain(e.owner), reason=plain(e.reason), expires=plain(e.expires), expired=e.expired)
        for e in assessment.exclusions
    )


def tools(assessment: Assessment) -> tuple[ToolLine, ...]:
    """The tools, the most used first, those that are only recognized last."""
    places: Counter[str] = Counter()
    users: Counter[str] = Counter()
    known: set[str] = set()
    for target, used in assessment.tools.items():
        places.update(used)
        users.update(used.keys())
        known |= used.keys() - set(assessment.recognized.get(target, ()))
    ranked = sorted(places.items(), key=lambda item: (item[0] not in known, -users[item[0]], -item[1], item[0]))
    return tuple(ToolLine(plain(tool), users[tool], number, recognized=tool not in known) for tool, number in ranked)


def _targets(assessment: Assessment) -> dict[str, Target]:
    return {target.label: target for target in assessment.targets}
