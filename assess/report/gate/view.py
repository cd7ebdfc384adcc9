"""A gate's result as every format shows it: findings with their foreign text harmless, sorted by what they mean for the change."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from assess.errors import ExitCode
from assess.model.credentials import is_secret, redact
from assess.model.finding import Finding, Verdict
from assess.policy.gate.result import Action, GateResult, Judged, State
from assess.report.text import LONGEST, address, plain, web

Source = Callable[[str], bytes | None]
"""A file of the head by its path; None where it cannot be had."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a renderer is given. colour, width: for a terminal; 0 columns: lines are not wrapped."""

    result: GateResult
    source: Source = lambda path: None
    colour: bool = False
    width: int = 0


class Kind(StrEnum):
    """What a finding means for the change, in the order in which reports name them."""

    NEW = "new"
    """It fails the gate."""
    INCOMPARABLE = "incomparable"
    WARNING = "warning"
    REPORTED = "reported"
    """New, and written down only, because a setting says so."""
    EXCUSED = "excused"
    """It would block, and a waiver, a suppression or the baseline excuses it."""
    UNCHANGED = "unchanged"
    RESOLVED = "resolved"
    NOTED = "noted"


SHOWN = (Kind.NEW, Kind.INCOMPARABLE, Kind.WARNING)
"""The kinds that a person is told one by one; of the others, how many there are."""
DECIDED = {
    Kind.NEW: "fails the gate", Kind.INCOMPARABLE: "leaves the gate incomplete", Kind.WARNING: "warns", Kind.REPORTED: "is reported only",
    Kind.EXCUSED: "is excused", Kind.UNCHANGED: "was there before", Kind.RESOLVED: "is gone", Kind.NOTED: "is held against nobody",
}  # fmt: skip
_BY_DEFAULT = {
    Kind.NEW: "new, and its policy denies", Kind.WARNING: "new, and its policy only warns",
    Kind.INCOMPARABLE: "one side of the change could not be asked",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One finding. Texts are on one line and harmless as text; what a format acts on, the format escapes.

    path: empty for the repository as such. place: `path:line:column` as far as it is known. remedy: an id, or `none yet`. action: what the gate does, and what
    decided that. href: empty where a browser cannot open it.
    """

    kind: Kind
    finding: Finding
    policy: str
    title: str
    path: str
    place: str
    what: str
    why: str
    fix: str
    remedy: str
    action: str
    href: str


def kind_of(judged: Judged) -> Kind:
    """What a finding means for the change."""
    if judged.state is State.NEW and judged.action is not Action.REPORT:
        return Kind.NEW if judged.action is Action.BLOCK else Kind.WARNING
    if judged.excused and judged.state is not State.INCOMPARABLE:
        return Kind.EXCUSED
    return Kind.REPORTED if judged.state is State.NEW else Kind(judged.state.value)


def lines(result: GateResult, *kinds: Kind) -> list[Line]:
    """The findings of some kinds, by kind in the order of `Kind`, worst first within one."""
    titles = {text.id: plain(text.title) for text in result.policies}
    found = [_line(result, one, kind, titles) for one in result.judged if (kind := kind_of(one)) in kinds]
    return sorted(found, key=lambda line: list(Kind).index(line.kind))


def _line(result: GateResult, judged: Judged, kind: Kind, titles: dict[str, str]) -> Line:
    finding = judged.finding
    message = finding.message
    if finding.verdict is Verdict.WAIVED and kind in (Kind.NEW, Kind.WARNING):
        message += " (its suppression comes with this change, and counts from the next one on)"
    because = judged.because or _BY_DEFAULT.get(kind, "")
    return Line(
        kind=kind, finding=finding, policy=plain(finding.policy), title=titles.get(finding.policy, ""),
        path=plain(finding.at.path, LONGEST), place=_place(finding), what=plain(message, LONGEST), why=plain(finding.why, LONGEST), fix=plain(finding.fix, LONGEST),
        remedy=plain(finding.remedy) or "none yet", action=DECIDED[kind] + (f": {plain(because, LONGEST)}" if because else ""),
        href=address(result.target, finding.at),
    )  # fmt: skip


def _place(finding: Finding) -> str:
    at = finding.at
    if not at.path:
        return "(repository)"
    return plain(at.path, LONGEST) + (f":{at.line}" if at.line else "") + (f":{finding.column}" if at.line and finding.column else "")


def counts(result: GateResult) -> dict[Kind, int]:
    """How many findings there are of each kind that has some, and of new ones in any case."""
    found = [kind_of(one) for one in result.judged]
    return {kind: found.count(kind) for kind in Kind if kind is Kind.NEW or kind in found}


def verdict(result: GateResult) -> str:
    """`FAILED (exit 1) and INCOMPLETE (exit 3)`, or whichever of it applies."""
    words = {ExitCode.FAILED: "FAILED", ExitCode.INCOMPLETE: "INCOMPLETE", ExitCode.PASSED: "passed"}
    return " and ".join(f"{words[code]} (exit {int(code)})" for code in result.exit_codes)


def page(result: GateResult) -> str:
    """Where a browser opens the repository; empty where it cannot."""
    found = web(result.target.web)
    return found if len(found) <= LONGEST else ""


# --- the source -----------------------------------------------------------------------------------------------------

_LINE_END = re.compile(r"\r\n|\r|\n")
_EXCERPT = 160


def file_lines(source: Source) -> Callable[[str], list[str]]:
    """A function that gives a file's lines by its path, each file read once; no line where it cannot be had."""

    @cache
    def read(path: str) -> list[str]:
        content = source(path) if path else None
        return [] if content is None else _LINE_END.split(content.decode("utf-8", "replace"))

    return read


def excerpts(shown: Shown) -> Callable[[Line], str]:
    """A function that gives the source line of a finding, harmless and without what looks like a credential.

    It gives nothing where the finding is about a secret: that line is not to be seen in a log.
    """
    read = file_lines(shown.source)

    def excerpt(line: Line) -> str:
        finding = line.finding
        if is_secret(f"{line.title} {finding.message} {finding.address}"):
            return ""
        found = read(finding.at.path)
        if not 0 < finding.at.line <= len(found):
            return ""
        text = found[finding.at.line - 1][:_EXCERPT]
        indent = len(text) - len(text.lstrip())
        return " " * indent + plain(redact(text), _EXCERPT)

    return excerpt


def asked(result: GateResult) -> Iterator[str]:
    """What was asked of each engine, and what the verdict goes by, a line each."""
    for engine in result.engines:
        read = f"{engine.inputs} inputs, {engine.policies} policies" if engine.inputs else "nothing in this change for it to read"
        yield f"{plain(engine.name)}: {read}"
    yield from (plain(said, LONGEST) for said in result.settings)
