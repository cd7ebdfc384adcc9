"""A gate's result for a person at a terminal: what has to be mended on stdout, what was asked and found on stderr."""

from __future__ import annotations

from collections.abc import Iterator

from assess.errors import ExitCode
from assess.model.finding import Finding, Verdict
from assess.policy.result import Action, GateResult, State
from assess.report.gate.render import Shown
from assess.report.text import LONGEST, plain

_COLOURS = {"NEW": "31;1", "WARNING": "33;1", "INCOMPARABLE": "35;1"}


def render(shown: Shown) -> str:
    """What a person needs to mend the change: the new findings, worst first, then what could not be compared."""
    result, colour = shown.result, shown.colour
    told = [one for one in result.of(State.NEW) if one.action is not Action.REPORT]
    blocks = [_block("NEW" if one.action is Action.BLOCK else "WARNING", one.finding, colour) for one in told]
    blocks += [_block("INCOMPARABLE", one.finding, colour) for one in result.of(State.INCOMPARABLE)]
    return "".join(f"{block}\n\n" for block in blocks)


def summary(result: GateResult) -> Iterator[str]:
    """What was compared, what was found, and the exit code, in a few lines."""
    word = {ExitCode.FAILED: "FAILED", ExitCode.INCOMPLETE: "INCOMPLETE", ExitCode.PASSED: "passed"}
    codes = " and ".join(f"{word[code]} (exit {int(code)})" for code in result.exit_codes)
    counts = {"new": len(result.blocking)} | {state.value: len(result.of(state)) for state in list(State)[1:4]}
    yield f"gate {codes}: " + ", ".join(f"{number} {state}" for state, number in counts.items())
    yield f"  {result.touched} files differ between {result.base[:12]} (merge base) and {result.head[:12]}"
    for engine_run in result.engines:
        inputs, policies = engine_run.inputs, engine_run.policies
        yield f"  {engine_run.name}: " + (f"{inputs} inputs, {policies} policies" if inputs else "nothing in this change for it to read")
    yield from (f"  {plain(sentence)}" for sentence in result.settings)
    if result.aside:
        more = " …" if len(result.aside) > 5 else ""
        yield f"  not checked, for their trees do not count as use: {plain(', '.join(result.aside[:5]))}{more}"
    for one in result.of(State.NOTED):
        yield f"  not seen on either side, and not touched: {plain(one.finding.at.path)}: {plain(one.finding.message)}"


def _block(word: str, finding: Finding, colour: bool) -> str:
    place = finding.at.path + (f":{finding.at.line}" if finding.at.line else "")
    head = f"\x1b[{_COLOURS[word]}m{word}\x1b[0m" if colour else word
    message = finding.message
    if finding.verdict is Verdict.WAIVED:
        message += " (its suppression comes with this change, and counts from the next one on)"
    said = {"what": message, "why": finding.why, "fix": finding.fix, "remedy": finding.remedy or "none yet"}
    lines = [f"{head} {finding.severity} {finding.policy} ({finding.engine}) {plain(place or '(repository)')}"]
    return "\n".join([*lines, *(f"  {word:6} {plain(text, LONGEST)}" for word, text in said.items() if text)])
