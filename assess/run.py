"""The whole way through, on one screen: collect, link, judge, place; see docs/how-it-works.md."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar, cast

from assess import __version__
from assess.collect import cycles
from assess.collect.cache import Cache
from assess.collect.collector import Progress, collect
from assess.collect.link.estate import Estate, link
from assess.collect.link.tools import recognized, tools
from assess.collect.owners import environments, owners
from assess.collect.seen import Seen
from assess.content import Content, load, policies_of
from assess.flow import activities, flows
from assess.judge import World, judge, wholes
from assess.model.assessment import Assessment, Attestation, Exclusion, Override, RuleText
from assess.model.credentials import cleaned
from assess.model.fact import (
    Fact,
    FactKind,
    ModuleCall,
    Procedure,
    Repository,
    SetAside,
)
from assess.model.finding import Finding
from assess.model.gap import Gap
from assess.model.outcome import Outcome
from assess.model.placement import UnitPlace
from assess.model.standing import StatementText
from assess.model.target import Source
from assess.place import hides_units, place, place_units
from assess.policy.engines import Means, check_targets
from assess.request import Request
from assess.spec.estate import Estate as EstateFile
from assess.spec.wire import digest, facts_text, read_assessment, read_facts, read_facts_text
from assess.stand import standings

Checks = tuple[tuple[Finding, ...], str]
"""Findings, and how they were come by."""
Placed = TypeVar("Placed", Fact, Gap)


def scan(request: Request, progress: Progress | None = None, cache: Cache | None = None) -> Assessment:
    """The assessment of a request's targets.

    cache: where results of earlier runs are kept, as `store.content.ContentCache`; none unless it is given.
    Errors: UsageError for targets and packs that cannot be used; a target that cannot be read is a gap, not an error.
    """
    seen = observe(request, progress, cache)
    return assess(request, seen, checked=check(request, seen))


def observe(request: Request, progress: Progress | None = None, cache: Cache | None = None) -> list[Seen]:
    """What the targets show, or what a facts file says they showed."""
    if request.facts_from is None:
        return collect(request, progress, cache)
    read_at, targets, facts, gaps = read_facts(request.facts_from)
    by_target, gaps_of = _by_target(facts), _by_target(gaps)
    return [Seen(t, tuple(by_target.get(t.label, ())), tuple(gaps_of.get(t.label, ())), read_at) for t in targets]


def check(request: Request, seen: list[Seen], cache: Cache | None = None) -> Checks:
    """What the policies say of the repositories that were read, and how that was come by."""
    if request.facts_from is not None:
        return _carried_over(request.facts_from)
    places = [(one.place, one.target) for one in seen if one.place is not None]
    means = Means(request.opa, request.opa_url, cache)
    packs = [pack for pack in request.packs if policies_of(pack)]
    findings, said = check_targets(places, request.checks, request.estate.as_of(request.now.date()), means, packs)
    return tuple(map(cleaned, findings)), said


def _carried_over(facts: Path) -> Checks:
    """The findings of the assessment beside a facts file, if it was made from these facts."""
    beside = facts.with_name("assessment.json")
    if beside.is_file():
        earlier = read_assessment(beside)
        if earlier.facts_digest == digest(read_facts_text(facts)):
            return earlier.findings, f"Carried over from {beside.name} of {earlier.made_at}, not checked again. {earlier.findings_note}"
    return (), "Judged again from facts; no assessment of the same facts lies beside them to carry findings over from."


@cycles.rarely_looked_for()
def assess(request: Request, seen: list[Seen], content: Content | None = None, checked: Checks = ((), "")) -> Assessment:
    """Everything after collecting: a pure function of what was seen, the content, the findings and the request."""
    content = content or load(request.packs)
    tau = request.threshold if request.threshold is not None else content.ladder.tau
    window_days = request.window_days or request.estate.window_days or content.ladder.window_days
    read_at = max((datetime.fromisoformat(one.read_at) for one in seen if one.read_at), default=request.now)
    estate = link(seen)
    outcomes = judge([*estate.units, *wholes(estate.targets)], World.of(estate.facts, estate.gaps, _unread(estate)), content.rules)
    by_target = _by_target(estate.facts)
    places = place_units(
        estate.units, outcomes, owners(estate.units, by_target, request.estate, estate.targets), environments(estate.units, request.estate)
    )
    organization = request.estate.organization
    return Assessment(
        version=__version__, organization=organization, made_at=request.now.isoformat(timespec="seconds"),
        read_at=read_at.isoformat(timespec="seconds"), tau=tau,
        window_days=window_days, ruleset=content.digest, targets=estate.targets, units=tuple(places), outcomes=tuple(outcomes),
        placements=tuple(
            place(
                estate.targets, places, outcomes, estate.gaps, tau=tau, organization=organization,
                wishes={rule.id: rule.name for rule in content.rules}, reasons=_reasons(estate),
            )
        ),
        standings=tuple(standings(outcomes)),
        statements=tuple(StatementText(id=f"{axis.id}.{s.id}", axis=axis.name, text=s.text) for axis in content.axes for s in axis.statements),
        findings=checked[0], findings_note=checked[1] or "The policies were not asked.",
        gaps=estate.gaps, flows=flows(estate.targets, by_target, window_days, content.channels, estate.gaps, read_at),
        activity=activities(estate.facts),
        facts=_cited(estate, outcomes, places),
        facts_digest=digest(facts_of(seen)),
        rules=tuple(
            RuleText(id=r.id, name=r.name, question=r.question, why=r.why, sources=tuple(map(str, r.sources)), remedy=r.remedy)
            for r in content.rules
        ),
        attestations=_attestations(request.estate), exclusions=_exclusions(request.estate, read_at.date()),
        overrides=tuple(_overrides(request)),
        tools={label: tools(facts) for label, facts in by_target.items()},
        recognized={label: named for label, facts in by_target.items() if (named := recognized(facts))},
        graph=estate.graph,
    )  # fmt: skip


def _attestations(estate: EstateFile) -> tuple[Attestation, ...]:
    return tuple(
        Attestation(subject=a.subject, statement=a.statement, by=a.by, on=str(a.on), expires=str(a.expires)) for a in estate.attestations
    )


def _exclusions(estate: EstateFile, today: date) -> tuple[Exclusion, ...]:
    return tuple(
        Exclusion(path=e.path, owner=e.owner, reason=e.reason, expires=str(e.expires), expired=e.expires < today) for e in estate.exclude
    )


def _overrides(request: Request) -> Iterator[Override]:
    """What the estate file has the last word on, beside what it leaves out."""
    for label, purpose in request.estate.purpose.items():
        yield Override(subject=label, says=f"its purpose is {purpose}")
    for pattern in request.estate.use:
        yield Override(subject=pattern, says="counts as use")


def facts_of(seen: list[Seen]) -> bytes:
    """The text of the facts file of a run."""
    seen = sorted(seen, key=lambda one: one.target.label)
    read_at = max((s.read_at for s in seen), default="")
    return facts_text([s.target for s in seen], [f for s in seen for f in s.facts], [g for s in seen for g in s.gaps], read_at)


def _unread(estate: Estate) -> set[str]:
    return {target.label for target in estate.targets if not target.read and target.source is Source.GIT}


def _by_target(facts: Iterable[Placed]) -> dict[str, list[Placed]]:
    found: dict[str, list[Placed]] = defaultdict(list)
    for fact in facts:
        found[fact.at.target].append(fact)
    return dict(found)


def _reasons(estate: Estate) -> dict[str, str]:
    """Why a repository without units has none, by label: its purpose, and what was set aside.

    One that is there to operate something and was not seen whole may have some all the same, and is left out.
    """
    hidden = hides_units(estate.gaps)
    aside: dict[str, Counter[str]] = defaultdict(Counter)
    for fact in estate.facts:
        if isinstance(fact, SetAside):
            aside[fact.at.target][fact.role] += fact.files
    reasons = {}
    for fact in estate.facts:
        if isinstance(fact, Repository) and not (fact.at.target in hidden and fact.purpose in ("operations", "")):
            roles = ", ".join(f"{role} {count}" for role, count in aside[fact.at.target].most_common(3))
            reasons[fact.at.target] = f"nothing here is operated or published: {fact.reason}" + (f"; set aside: {roles}" if roles else "")
    return reasons


def _cited(estate: Estate, outcomes: Iterable[Outcome], places: Iterable[UnitPlace]) -> tuple[FactKind, ...]:
    """The facts that a report needs: those at a cited place, what was set aside, and each repository as a whole."""
    cited = {at for outcome in outcomes for at in outcome.evidence} | {p.at for p in places}
    kept = [f for f in estate.facts if isinstance(f, SetAside | Repository) or f.at in cited]
    return tuple(cast("FactKind", f) for f in kept if not isinstance(f, ModuleCall | Procedure))
