"""The sample with hostile text in every field, and an organization of many repositories."""

from __future__ import annotations

from dataclasses import replace

from assess.model.assessment import Assessment
from assess.model.placement import Scope
from assess.model.target import Location
from tests.unit.report.world import OUTCOMES, TARGETS, UNITS, sample

HOSTILE = (
    "\x1b[31m\x9b2Jred\x07 <img src=x onerror=alert(1)> [bold]x[/bold] [a](javascript:alert(1)) `|` *b* @admin #1 "
    "https://evil.example \u202egpj\nnext"
)
"""What a file name, message or owner may hold: terminal controls, HTML, Rich markup, Markdown, mentions, reordering."""


def hostile() -> Assessment:
    """The sample with hostile text in every field that comes from outside."""
    h, base = HOSTILE, sample()
    evil = replace(base.targets[0], web="javascript:alert(1)//https://x", label=h)
    bad = Location(target=h, path=f"a/{h}", line=3)
    units = tuple(replace(u, at=bad, path=h, owner=h, target=h, kind=h) for u in base.units[:1]) + base.units[1:]
    return replace(
        base,
        organization=h,
        targets=(evil, *base.targets[1:]),
        units=units,
        outcomes=tuple(replace(o, evidence=(bad,), chain=(h,), reason=h) for o in base.outcomes),
        placements=tuple(
            replace(
                p,
                subject=h if p.subject in ("Acme", "shop-infra") else p.subject,
                settle=(h,),
                inversion=h,
                raise_units=(h,),
                counterexamples=tuple(replace(c, at=bad, why=h) for c in p.counterexamples),
                not_applicable=h if p.not_applicable else "",
            )
            for p in base.placements
        ),
        gaps=tuple(replace(g, at=bad, what=h, settle=h, blinds=(h,)) for g in base.gaps),
        findings=tuple(replace(f, policy=h, at=bad, address=h, message=h, fix=h, why=h) for f in base.findings),
        findings_note=h,
        facts=tuple(replace(f, at=bad, reason=h) for f in base.facts),
        flows=tuple(
            replace(
                f,
                subject=h,
                by_channel={h: 1},
                by_executor={h: 1},
                by_level={h: 1},
                leak=tuple(replace(x, action=h, resource=h, link="javascript:alert(1)", at=bad) for x in f.leak),
            )
            for f in base.flows
        ),
        rules=tuple(replace(r, question=h, why=h, sources=("javascript:alert(1)", "https://ok.example/")) for r in base.rules),
        attestations=tuple(replace(a, subject=h, statement=h, by=h) for a in base.attestations),
        exclusions=tuple(replace(e, path=h, owner=h, reason=h) for e in base.exclusions),
        tools={h: {h: 2}},
    )


def many(number: int) -> Assessment:
    """An organization of that many repositories, each like `shop-infra`."""
    base = sample()
    shop = [p for p in base.placements if p.subject == "shop-infra"]
    names = [f"repository-{n:04}-with-a-name-of-some-length" for n in range(number)]
    return replace(
        base,
        targets=tuple(replace(TARGETS[0], label=name, web=f"https://github.com/acme/{name}") for name in names),
        units=tuple(replace(u, unit=f"{name}:{u.path}", target=name, at=replace(u.at, target=name)) for name in names for u in UNITS[:2]),
        outcomes=tuple(
            replace(o, unit=f"{name}:{u.path}", evidence=tuple(replace(e, target=name) for e in o.evidence))
            for name in names
            for u in UNITS[:2]
            for o in OUTCOMES
            if o.unit == u.unit
        ),
        placements=(
            *(
                replace(
                    p,
                    subject=name,
                    counterexamples=tuple(
                        replace(c, unit=f"{name}:{UNITS[0].path}", at=replace(c.at, target=name)) for c in p.counterexamples[:1]
                    ),
                )
                for name in names
                for p in shop
            ),
            *(p for p in base.placements if p.scope is Scope.ORGANIZATION),
        ),
        gaps=tuple(replace(base.gaps[0], at=replace(base.gaps[0].at, target=name)) for name in names),
    )
