"""The whole way through, on one screen: collect, link, judge, place; see docs/how-it-works.md."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from assess import __version__
from assess.collect.collector import Progress, collect
from assess.flow import flows
from assess.collect.link.estate import Estate, link
from assess.collect.owners import owners
from assess.collect.seen import Seen
from assess.content import Content, load
from assess.judge import World, judge
from assess.model.assessment import Assessment, Attestation, Exclusion, RuleText
from assess.model.fact import Fact, ModuleCall, Procedure, Repository, SetAside
from assess.model.outcome import Outcome
from assess.model.placement import UnitPlace
from assess.place import place, place_units
from assess.request import Request
from assess.spec.wire import facts_bytes, read_facts


def scan(request: Request, progress: Progress | None = None) -> Assessment:
    """The assessment of a request's targets.

    Errors: UsageError for targets and packs that cannot be used; a target that cannot be read is a gap, not an error.
    """
    return assess(request, observe(request, progress))


def observe(request: Request, progress: Progress | None = None) -> list[Seen]:
    """What the targets show, or what a facts file says they showed."""
    if request.facts_from is None:
        return collect(request, progress)
    targets, facts, gaps = read_facts(request.facts_from)
    return [
        Seen(
            target,
            tuple(fact for fact in facts if fact.at.target == target.label),
            tuple(gap for gap in gaps if gap.at.target == target.label),
        )
        for target in targets
    ]


def assess(request: Request, seen: list[Seen], content: Content | None = None) -> Assessment:
    """Everything after collecting: a pure function of what was seen, the content and the request."""
    content = content or load(request.packs)
    tau = request.threshold or content.ladder.tau
    window_days = request.window_days or request.estate.window_days or content.ladder.window_days
    estate = link(seen)
    outcomes = judge(estate.units, World.of(estate.facts, estate.gaps), content.rules)
    by_target = _by_target(estate.facts)
    places = place_units(estate.units, outcomes, owners(estate.units, by_target, request.estate))
    organization = request.estate.organization
    return Assessment(
        version=__version__, organization=organization, made_at=request.now.isoformat(timespec="seconds"), tau=tau,
        window_days=window_days, ruleset=content.digest, targets=estate.targets, units=tuple(places), outcomes=tuple(outcomes),
        placements=tuple(
            place(
                estate.targets, places, outcomes, estate.gaps, tau=tau, organization=organization,
                wishes={rule.id: rule.name for rule in content.rules}, reasons=_reasons(estate),
            )
        ),
        gaps=estate.gaps, flows=flows(estate.targets, by_target, window_days), facts=_cited(estate, outcomes, places),
        facts_digest=facts_bytes(estate.targets, [f for s in seen for f in s.facts], [g for s in seen for g in s.gaps])[1],
        rules=tuple(
            RuleText(id=r.id, name=r.name, question=r.question, why=r.why, sources=tuple(map(str, r.sources)), remedy=r.remedy)
            for r in content.rules
        ),
        attestations=tuple(Attestation(subject=a.subject, statement=a.statement, by=a.by, on=str(a.on), expires=str(a.expires))
                           for a in request.estate.attestations),
        exclusions=tuple(Exclusion(path=e.path, owner=e.owner, reason=e.reason, expires=str(e.expires), expired=e.expires < request.now.date())
                         for e in request.estate.exclude),
        tools={label: _tools(facts) for label, facts in by_target.items()},
    )  # fmt: skip


def _by_target(facts: Iterable[Fact]) -> dict[str, list[Fact]]:
    found: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        found[fact.at.target].append(fact)
    return dict(found)


def _tools(facts: Iterable[Fact]) -> Mapping[str, int]:
    return dict(sorted(Counter(fact.tool for fact in facts if fact.tool).items()))


def _reasons(estate: Estate) -> dict[str, str]:
    """Why a repository without units has none, by label."""
    return {
        fact.at.target: fact.reason if fact.purpose in ("documentation", "policy", "software", "catalog") else ""
        for fact in estate.facts if isinstance(fact, Repository)
    }  # fmt: skip


def _cited(estate: Estate, outcomes: Iterable[Outcome], places: Iterable[UnitPlace]) -> tuple[Fact, ...]:
    """The facts that a report needs: those at a cited place, what was set aside, and each repository as a whole."""
    cited = {at for outcome in outcomes for at in outcome.evidence} | {p.at for p in places}
    kept = [f for f in estate.facts if isinstance(f, SetAside | Repository) or f.at in cited]
    return tuple(f for f in kept if not isinstance(f, ModuleCall | Procedure))
