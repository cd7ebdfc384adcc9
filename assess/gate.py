"""The gate: what a change adds, in words and as an exit code. Base and head are read from git objects; see DESIGN section 6."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from assess.errors import ExitCode, UsageError
from assess.model.finding import Finding, Verdict
from assess.policy.change import Change, change
from assess.policy.compare import Compared, compare
from assess.policy.engine import ENGINE, UNSEEN, Checked, Engine, EngineFailed, run, trouble
from assess.policy.engines import ENGINES, engine
from assess.policy.result import Action, EngineRun, GateResult, Judged, State, worst_first
from assess.spec.strict import near_miss

FORMATS = ("terminal", "json")


def gate(path: Path, base: str, head: str = "HEAD", engines: Sequence[str] = (), opa_url: str = "") -> GateResult:
    """The verdict on the change from merge-base(base, head) to head.

    engines: by name. Where none is named it is all of them, and one that has nothing to read anywhere in the repository is
    left out. A named engine that has nothing to read, and all of them having nothing, is incomparable: such a gate would
    be green whatever is changed. A change that touches no input, in a repository that has some, passes.
    Errors: IncompleteError where a revision or the merge base is not there; UsageError for an engine that there is not.
    """
    seen = change(path, base, head)
    told: list[Compared] = [Compared(incomparable=tuple(_moved_aside(seen)))]
    runs: list[EngineRun] = []
    idle: list[str] = []
    for name in dict.fromkeys(engines or ENGINES):
        before, after, one = _asked(name, opa_url, seen)
        if one and not before.inputs and not after.inputs and not after.findings and not _anything_to_read(one, seen):
            idle.append(name)
            continue
        runs.append(EngineRun(name, after.policies, after.inputs))
        told.append(compare(before.findings, after.findings, seen.moves))
    if idle and (engines or not runs):
        told.append(Compared(incomparable=tuple(_idle(seen, name) for name in idle)))
    return GateResult(
        repository=seen.after.label, base=str(seen.before.repository.commit.id), head=str(seen.after.repository.commit.id),
        touched=len(seen.touched), aside=tuple(_aside(seen)), engines=tuple(runs),
        judged=worst_first(one for compared in told for one in _judged(compared)),
    )  # fmt: skip


def _judged(compared: Compared) -> Iterator[Judged]:
    """The findings of one engine with what is done about them: what is new blocks, unless its policy only warns."""
    for state in State:
        for finding in getattr(compared, state.value):
            action = (Action.BLOCK if finding.blocks else Action.WARN) if state is State.NEW else Action.REPORT
            yield Judged(finding, state, action)


def run_gate(
    path: Path, base: str, *, head: str = "HEAD", engines: Sequence[str] = (), opa_url: str = "", format: str = "terminal"
) -> ExitCode:
    """Print the verdict, findings on stdout and the summary on stderr; the code that the process ends with."""
    if format not in FORMATS:
        raise UsageError(f"no format '{format}'{near_miss(format, FORMATS)}", fix=f"One of: {', '.join(FORMATS)}.")
    result = gate(path, base, head, engines, opa_url)
    text = as_json(result) if format == "json" else as_text(result, colour=sys.stdout.isatty() and not os.environ.get("NO_COLOR"))
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:  # `gate | head -1`: the reader went away, and the verdict stands
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    print("\n".join(summary(result)), file=sys.stderr)
    return result.exit_codes[0]


def as_json(result: GateResult) -> str:
    """The result as JSON, with its exit codes."""
    import orjson

    value = {"exit_codes": [int(code) for code in result.exit_codes], "result": result}
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()


def as_text(result: GateResult, *, colour: bool = False) -> str:
    """What a person needs to mend the change: the new findings, worst first, then what could not be compared."""
    blocks = [_block("NEW" if one.action is Action.BLOCK else "WARNING", one.finding, colour) for one in result.of(State.NEW)]
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
    if result.aside:
        more = " …" if len(result.aside) > 5 else ""
        yield f"  not checked, for their trees do not count as use: {plain(', '.join(result.aside[:5]))}{more}"
    for one in result.of(State.NOTED):
        yield f"  not seen on either side, and not touched: {plain(one.finding.at.path)}: {plain(one.finding.message)}"


def plain(text: str) -> str:
    """A text of others, fit for a terminal: control and bidirectional characters become visible escapes."""
    return _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
_COLOURS = {"NEW": "31;1", "WARNING": "33;1", "INCOMPARABLE": "35;1"}


def _block(word: str, finding: Finding, colour: bool) -> str:
    place = finding.at.path + (f":{finding.at.line}" if finding.at.line else "")
    head = f"\x1b[{_COLOURS[word]}m{word}\x1b[0m" if colour else word
    message = finding.message
    if finding.verdict is Verdict.WAIVED:
        message += " (its suppression comes with this change, and counts from the next one on)"
    said = {"what": message, "why": finding.why, "fix": finding.fix, "remedy": finding.remedy or "none yet"}
    lines = [f"{head} {finding.severity} {finding.policy} ({finding.engine}) {plain(place or '(repository)')}"]
    return "\n".join([*lines, *(f"  {word:6} {plain(text)}" for word, text in said.items() if text)])


def _asked(name: str, opa_url: str, seen: Change) -> tuple[Checked, Checked, Engine | None]:
    """What an engine says of both sides; no engine where it could not be made ready."""
    try:
        one = engine(name, opa_url)
    except EngineFailed as failure:
        bad = trouble(name, ENGINE, seen.after.at(""), str(failure.what), failure.fix)
        return Checked((bad,)), Checked((bad,)), None
    before, after = run(one, [seen.before, seen.after])
    return before, after, one


def _anything_to_read(one: Engine, seen: Change) -> bool:
    return any(one.reads(tree, path) for tree in (seen.after, seen.before) for path in tree.entries)


def _idle(seen: Change, name: str) -> Finding:
    return trouble(
        name, ENGINE, seen.after.at(""), "its policies judge no file of the repository: the gate would always be green",
        "Name another --engine, or leave the gate out of this repository.", Verdict.NOT_OBSERVED,
    )  # fmt: skip


def _aside(seen: Change) -> Iterator[str]:
    """The touched files of the head whose trees do not count as use, where they look like something that is checked."""
    for path in sorted(seen.touched):
        if path in seen.after.entries and path.endswith(_CHECKED) and not seen.after.counts(path):
            yield path


_CHECKED = (".tf", ".tf.json", ".tfvars", ".tofu", ".yml", ".yaml", ".json")


def _moved_aside(seen: Change) -> Iterator[Finding]:
    """A finding for each file that was checked on the base and that this change moved out of sight."""
    origins = {new: old for old, new in seen.renamed.items()}
    for path in _aside(seen):
        origin = origins.get(path, path)
        if origin in seen.before.entries and seen.before.counts(origin) and origin.endswith(_CHECKED):
            yield trouble(
                "gate", UNSEEN, seen.after.at(path), f"was checked as {origin}; its tree does not count as use any more",
                "Name it as use in the estate file of the base branch first, or take it away.", Verdict.NOT_OBSERVED,
            )  # fmt: skip
