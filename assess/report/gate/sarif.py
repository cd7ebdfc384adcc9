"""A gate's result as SARIF 2.1.0 that GitHub code scanning accepts: what the change adds, and nothing that is excused.

GitHub keeps no suppressions, so a result that a waiver excuses would open an alert. Errors and what could not be compared
are notifications of a run that did not succeed, never results: they are about the check, not about the code.
Source: https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any
from urllib.parse import quote

from assess import __version__
from assess.errors import ExitCode
from assess.model.finding import Finding, PolicyText, Severity
from assess.report.gate.json import as_json
from assess.report.gate.line_hash import line_hashes
from assess.report.gate.view import Kind, Line, Shown, file_lines, lines, page, verdict
from assess.report.markdown import escape, prose
from assess.report.text import LONGEST, plain, sentence, web
from assess.report.words import count

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
ROOT = "%SRCROOT%"
"""The checkout, as CodeQL calls it."""
RESULTS = 5_000
"""GitHub takes 25,000 and shows the 5,000 worst; so we send those."""
BYTES = 10_000_000
"""What a file may weigh, compressed."""
PATH = 4_096
TEXT = 1_024
"""Characters of a rule's descriptions."""
TAGS = 20
NO_FILE = "no file associated with this alert"
"""What stands for a finding about the repository as a whole: GitHub wants a file. The words are OpenSSF Scorecard's."""

_LEVELS = {Kind.NEW: "error", Kind.WARNING: "warning", Kind.REPORTED: "note", Kind.INCOMPARABLE: "error", Kind.NOTED: "note"}
_RULE_LEVELS = {Severity.CRITICAL: "error", Severity.HIGH: "error", Severity.MEDIUM: "warning", Severity.LOW: "note", Severity.INFO: "note"}
_SECURITY = {Severity.CRITICAL: "9.5", Severity.HIGH: "8.0", Severity.MEDIUM: "5.5", Severity.LOW: "2.0"}
"""`security-severity`: over 9.0 is critical, so 9.0 itself would not be sure; what only informs has none."""
_PROBLEMS = {"error": "error", "warning": "warning", "note": "recommendation"}
_PRECISION = {"rego": "high", "checkov": "medium"}


def render(shown: Shown) -> str:
    """One log with one run, cut at the worst findings that GitHub shows, and smaller where it would weigh too much."""
    found, most = lines(shown.result, Kind.NEW, Kind.WARNING, Kind.REPORTED), RESULTS
    hashes, read = _hashes(shown), file_lines(shown.source)
    while True:
        results = [_result(line, hashes, read) for line in found[:most]]
        text = as_json({"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(shown, results, len(found))]})
        if len(text) <= BYTES or len(gzip.compress(text.encode())) <= BYTES or not results:
            return text
        most = len(results) // 2


def _run(shown: Shown, results: Sequence[dict[str, Any]], found: int) -> dict[str, Any]:
    result = shown.result
    trouble = lines(result, Kind.INCOMPARABLE, Kind.NOTED)
    apart = {line.finding.policy for line in trouble}
    named = {one["ruleId"] for one in results}
    rules = [_rule(text) for text in result.policies if text.id not in apart or plain(text.id) in named]
    places = {rule["id"]: place for place, rule in enumerate(rules)}
    for one in results:
        one["ruleIndex"] = places[one["ruleId"]]
    driver = {
        "name": "idp-assess", "semanticVersion": __version__, "version": __version__, "rules": rules,
        "notifications": [_rule(text) for text in result.policies if text.id in apart],
    }  # fmt: skip
    run = {
        "tool": {"driver": driver},
        "automationDetails": {"id": f"idp-assess-gate/{result.head}"},
        "invocations": [_invocation(shown, trouble, found - len(results))],
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    if address := page(result):
        run["versionControlProvenance"] = [{"repositoryUri": address, "revisionId": result.head, "mappedTo": {"uriBaseId": ROOT}}]
    return run


def _invocation(shown: Shown, trouble: Sequence[Line], left_out: int) -> dict[str, Any]:
    codes = shown.result.exit_codes
    notes = [_notification(line) for line in trouble]
    if left_out:
        notes.append({"level": "warning", "message": {"text": f"{count(left_out, 'further finding')} left out; the worst are here."}})
    return {
        "executionSuccessful": ExitCode.INCOMPLETE not in codes,
        "exitCode": int(codes[0]),
        "exitCodeDescription": verdict(shown.result),
        "toolExecutionNotifications": notes,
    }


def _notification(line: Line) -> dict[str, Any]:
    text = " ".join(sentence(part) for part in (line.what, line.why, line.fix) if part)
    told: dict[str, Any] = {
        "level": _LEVELS[line.kind],
        "message": {"text": text},
        "descriptor": {"id": line.policy},
    }
    if line.finding.at.path:
        told["locations"] = [{"physicalLocation": {"artifactLocation": _artifact(line.finding)}}]
        if line.finding.at.line:
            told["locations"][0]["physicalLocation"]["region"] = {"startLine": line.finding.at.line}
    return told


# --- rules ----------------------------------------------------------------------------------------------------------


def _rule(text: PolicyText) -> dict[str, Any]:
    level = _RULE_LEVELS[text.severity]
    sources = [address for source in text.sources if (address := web(source))]
    properties = {
        "tags": ["security", plain(text.engine), *_controls(text)][:TAGS],
        "precision": _PRECISION.get(text.engine, "high"),
        "problem.severity": _PROBLEMS[level],
        "security-severity": _SECURITY.get(text.severity, ""),
    }
    rule = {
        "id": plain(text.id),
        "name": plain(text.title, 255),
        "shortDescription": {"text": _short(text.title)},
        "fullDescription": {"text": _short(text.why or text.title)},
        "defaultConfiguration": {"level": level},
        "help": {"text": _help(text, sources, plainly=True), "markdown": _help(text, sources, plainly=False)},
        "properties": {name: value for name, value in properties.items() if value},
    }
    return rule | ({"helpUri": sources[0]} if sources else {})


def _short(text: str) -> str:
    """An empty text counts as a missing one."""
    return plain(sentence(plain(text, TEXT - 1)), TEXT) or "No description."


def _controls(text: PolicyText) -> Iterator[str]:
    for framework, controls in sorted(text.controls.items()):
        yield from (plain(f"{framework}/{control}", 100) for control in controls)


def _help(text: PolicyText, sources: Sequence[str], *, plainly: bool) -> str:
    """What is at stake and what to do, as text and as Markdown."""
    show: Callable[[str], str] = (lambda said: said) if plainly else prose
    title = plain(text.title, LONGEST)
    parts = [title if plainly else f"# {escape(title)}"]
    said = {"Why": text.why, "Fix": text.fix, "Remedy": text.remedy or "none yet"}
    for name, value in said.items():
        if value:
            parts.append(f"{name if plainly else f'**{name}**'}: {show(sentence(plain(value, LONGEST)))}")
    if controls := list(_controls(text)):
        parts.append(f"Controls: {show(', '.join(controls))}")
    parts += [address if plainly else f"<{address}>" for address in sources]
    return "\n\n".join(parts)


# --- results --------------------------------------------------------------------------------------------------------


def _result(line: Line, hashes: Callable[[str], list[str]], read: Callable[[str], list[str]]) -> dict[str, Any]:
    finding = line.finding
    fix = f"Fix: {sentence(line.fix)}" if line.fix else ""
    whole = "" if finding.at.line else "This is about the whole file." if finding.at.path else "This is about the repository."
    told = [sentence(line.what), whole, fix, f"Remedy: {line.remedy}.", sentence(f"It {line.action}")]
    prints = {"idpAssess/v1": finding.fingerprint}
    known = hashes(finding.at.path)
    if 0 < (finding.at.line or 1) <= len(known):
        prints["primaryLocationLineHash"] = known[(finding.at.line or 1) - 1]
    place: dict[str, Any] = {
        "physicalLocation": {"artifactLocation": _artifact(finding), "region": _region(finding, read(finding.at.path))}
    }
    if finding.address:
        place["logicalLocations"] = [{"fullyQualifiedName": plain(finding.address)}]
    return {
        "ruleId": line.policy,
        "level": _LEVELS[line.kind],
        "message": {"text": " ".join(filter(None, told))},
        "locations": [place],
        "partialFingerprints": prints,
    }


def _artifact(finding: Finding) -> dict[str, str]:
    """The path as a relative address, which GitHub resolves against the checkout; no system has files of longer names."""
    path = finding.at.path if len(finding.at.path) <= PATH else ""
    return {"uri": quote(path or NO_FILE, errors="backslashreplace"), "uriBaseId": ROOT}


def _region(finding: Finding, text: Sequence[str]) -> dict[str, int]:
    """The narrowest text that is known: the finding's own columns, else what stands on its line, else the line."""
    line = finding.at.line or 1
    region = {"startLine": line}
    if finding.at.line and finding.column:
        end = finding.end_line or line
        region |= {"startColumn": finding.column, "endLine": end}
        return region | ({"endColumn": finding.end_column} if finding.end_column else {})
    if line <= len(text) and (written := text[line - 1].strip()):
        start = text[line - 1].index(written) + 1
        region |= {"startColumn": start, "endLine": line, "endColumn": start + len(written)}
    return region


def _hashes(shown: Shown) -> Callable[[str], list[str]]:
    """A function that gives GitHub's hash of each line of a file, computed once; none where it cannot be had."""

    @cache
    def read(path: str) -> list[str]:
        content = shown.source(path) if path else None
        return [] if content is None else line_hashes(content)

    return read
