"""One HTML file that a lead shows to management: offline, without scripts, every claim opening its evidence."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING

from assess.model.assessment import Assessment
from assess.report.evidence import UnitLine
from assess.report.subjects import Subject
from assess.report.view import View, view
from assess.report.words import count
from assess.spec.shipped import shipped

if TYPE_CHECKING:
    from jinja2 import Environment

OPEN_SUBJECTS = 60
"""Repositories listed at once; further ones stand behind a fold."""
UNITS = 3_000
"""Units listed over the whole report, shared out evenly: from 3 to 30 a repository."""
EVIDENCE_UNITS = 600
"""Units shown with the rules that judged them; the limits bound the file (6 MB for 1,000 repositories), not the assessment."""
LIST = 50
"""Entries of one list of gaps, trees or findings."""
_CSP = "default-src 'none'; style-src 'sha256-{}'; img-src data:; base-uri 'none'; form-action 'none'"


@dataclass(frozen=True, slots=True)
class Shown:
    """What fits of one repository: units that open their evidence, units as a line, and how many are left out."""

    subject: Subject
    evident: tuple[UnitLine, ...]
    plain: tuple[UnitLine, ...]
    left: int


def render(assessment: Assessment) -> str:
    """The report as one HTML document.

    Its Content-Security-Policy allows nothing but the style sheet inside it, named by its hash.
    Source: https://www.w3.org/TR/CSP3/#hash-source
    """
    from markupsafe import Markup

    seen, style = view(assessment), _style()
    shown = _shown(seen)
    digest = b64encode(sha256(style.encode()).digest()).decode()
    page = _environment().get_template("report.html.j2").render(
        v=seen, shown=shown, anchors={line.anchor for one in shown for line in one.evident}, first=OPEN_SUBJECTS, most=LIST,
        style=Markup(style), csp=_CSP.format(digest),
    )  # fmt: skip
    return page + "\n"


def _shown(seen: View) -> list[Shown]:
    """The units to show of each placed subject, lowest units first, within the limits.

    What the organization's and the teams' sentences lead to is always among them.
    """
    cited = {a.unit.id for subject in (seen.headline, *seen.teams) for a in subject.declared.against if a.unit}
    each = min(30, max(3, UNITS // max(1, len(seen.placed))))
    budget, found = EVIDENCE_UNITS, []
    for subject in seen.placed:
        lines = sorted(subject.lines, key=lambda line: line.id not in cited)[:each]
        evident = lines[: max(0, budget, sum(line.id in cited for line in lines))]
        budget -= len(evident)
        found.append(Shown(subject, tuple(evident), tuple(lines[len(evident) :]), len(subject.lines) - len(lines)))
    return found


def _style() -> str:
    style = (shipped("reports") / "style" / "report.css").read_text(encoding="utf-8")
    if "</" in style:
        raise ValueError("reports/style/report.css would end the style element")
    return style


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(shipped("reports") / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    environment.filters.update(count=count, share=_share, first_upper=lambda text: text[:1].upper() + text[1:])
    return environment


def _share(part: int, whole: int) -> float:
    """A part in percent of the whole."""
    return round(100 * part / whole, 2) if whole else 0.0
