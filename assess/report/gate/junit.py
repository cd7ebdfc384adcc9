"""A gate's result as JUnit XML: a test case for each finding, and for each policy that judged something and found nothing new.

What fails the gate is a failure, what leaves it incomplete an error, what is excused is skipped; so a file without failure
and error belongs to exit 0. Attributes are those that pytest writes and GitLab reads: `classname`, `name`, `file`, `line`, `time`.
Source: https://docs.gitlab.com/ci/testing/unit_test_reports/, https://github.com/testmoapp/junitxml
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from assess.policy.gate.result import GateResult
from assess.report.gate.view import Kind, Line, Shown, lines
from assess.report.text import plain

_TOLD = (Kind.NEW, Kind.INCOMPARABLE, Kind.WARNING, Kind.REPORTED, Kind.EXCUSED)
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold. Source: https://www.w3.org/TR/xml/#charsets"""


def render(shown: Shown) -> str:
    """One suite an engine, worst first within it."""
    result = shown.result
    root = Element("testsuites", name="idp-assess gate", time="0")
    found = lines(result, *_TOLD)
    engines = dict.fromkeys([*(run.name for run in result.engines), *(line.finding.engine for line in found)])
    for engine in engines:
        suite = SubElement(root, "testsuite", name=_xml(plain(engine)), time="0")
        names: dict[str, int] = {}
        for line in found:
            if line.finding.engine == engine:
                _case(suite, line, names)
        for case in _passed(result, engine, {line.policy for line in found}):
            suite.append(case)
        _count(suite)
    for name in ("tests", "failures", "errors", "skipped"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, encoding="unicode").replace("##", "&#35;#") + "\n"


def _case(suite: Element, line: Line, names: dict[str, int]) -> None:
    """One finding. A name is there once in a suite, for GitLab shows only the first of two; it holds no line, which moves."""
    name = f"{line.path or '(repository)'} {plain(line.finding.address)}".strip()
    names[f"{line.policy} {name}"] = number = names.get(f"{line.policy} {name}", 0) + 1
    case = SubElement(suite, "testcase", classname=_xml(line.policy), name=_xml(name if number == 1 else f"{name} ({number})"), time="0")
    if line.path:
        case.set("file", _xml(line.path))
    if line.finding.at.line:
        case.set("line", str(line.finding.at.line))
    text = _xml("\n".join(_paragraphs(line)))
    match line.kind:
        case Kind.NEW:
            SubElement(case, "failure", message=_xml(line.what), type=line.finding.severity.value).text = text
        case Kind.INCOMPARABLE:
            SubElement(case, "error", message=_xml(line.what), type="incomparable").text = text
        case Kind.EXCUSED:
            SubElement(case, "skipped", message=_xml(line.action)).text = text
        case _:
            SubElement(case, "system-out").text = text


def _paragraphs(line: Line) -> Iterator[str]:
    yield f"{line.kind.upper()} {line.finding.severity} {line.policy} {line.place}"
    said = {"what": line.what, "why": line.why, "fix": line.fix, "remedy": line.remedy, "action": line.action, "see": line.href}
    yield from (f"{name}: {text}" for name, text in said.items() if text)


def _passed(result: GateResult, engine: str, told: set[str]) -> Iterator[Element]:
    """A case for each policy of the engine that judged something and says nothing new; one that is skipped where none did."""
    clean = [text for text in result.policies if text.engine == engine and plain(text.id) not in told]
    for text in clean:
        yield Element("testcase", classname=_xml(plain(text.id)), name=_xml(plain(text.title)), time="0")
    run = next((run for run in result.engines if run.name == engine), None)
    if run is not None and not run.inputs and not clean:
        case = Element("testcase", classname=_xml(plain(engine)), name="reads what the change touches", time="0")
        SubElement(case, "skipped", message="nothing in this change for it to read")
        yield case


def _count(suite: Element) -> None:
    suite.set("tests", str(len(suite.findall("testcase"))))
    for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(name, str(len(suite.findall(f"testcase/{tag}"))))


def _xml(text: str) -> str:
    return _NO_XML.sub("\ufffd", text)
