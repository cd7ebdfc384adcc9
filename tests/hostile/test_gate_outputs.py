"""What a gate prints and writes of odd names, messages and answers: it stays text in every format (regression corpus A16)."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from xml.etree.ElementTree import fromstring

import pytest

from assess.report.gate.render import RENDERERS, render
from assess.report.gate.terminal import summary
from assess.report.gate.view import Shown
from assess.report.markdown import BUDGET
from tests.unit.report.gate_world import EVIL, hostile

ACTED_ON = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")
COMMAND = re.compile(r"##\w{0,20}\[")
TEXTS = {
    "everything at once": EVIL,
    "very long": "x" * 1_000_000,
    "very long markup": "`*<|&\n" * 30_000,
    "many commands": "##[" * 20_000,
    "nothing": "",
    "blanks": " \t\n ",
    "backticks": "`` ` ``` `a` `",
    "a cell": "| a | b |\n|---|---|\n| c | d |",
    "a heading": "# x\n- [ ] y\n> z\n1. w",
    "a numbered list": "1. x",
    "an underline": "===",
    "a bullet": "- x",
    "CDATA": "]]><![CDATA[<a>&b;",
    "a comment": "<!-- idp-assess gate --> -->",
    "a formula": "=cmd|' /C calc'!A0",
}


@pytest.fixture(params=TEXTS.values(), ids=TEXTS.keys())
def shown(request: pytest.FixtureRequest) -> Shown:
    return hostile(request.param)


@pytest.mark.parametrize("format", RENDERERS)
def test_nothing_drives_a_terminal_or_the_server_that_shows_the_log(shown: Shown, format: str) -> None:
    text = render(shown, format)
    assert not ACTED_ON.search(text)
    assert not COMMAND.search(text)
    assert len(text) < (300_000 if format != "json" else 60_000_000)
    if format != "github":
        assert not re.search(r"^\s*::", text, re.M)


def test_the_summary_is_text(shown: Shown) -> None:
    told = list(summary(shown.result))
    assert not any(ACTED_ON.search(line) or COMMAND.search(line) or "\n" in line for line in told)
    assert told[0].startswith("gate FAILED (exit 1) and INCOMPLETE (exit 3)")


def test_each_block_of_the_terminal_is_ours(shown: Shown) -> None:
    known = re.compile(r"(NEW|WARNING|INCOMPARABLE) (critical|high|medium|low|info) |  (what|why|fix|remedy|action) |  +\d+ \| |\Z")
    assert all(known.match(line) for line in render(shown, "terminal").split("\n"))


def test_each_annotation_is_ours(shown: Shown) -> None:
    for line in render(shown, "github").splitlines():
        match = re.fullmatch(r"::(error|warning|notice) ([^:]*)::(.*)", line)
        assert match
        names = [pair.partition("=")[0] for pair in match[2].split(",")]
        assert set(names) <= {"file", "line", "endLine", "col", "endColumn", "title"}
        assert len(names) == len(set(names))


def test_xml_is_xml_and_has_what_we_put_there(shown: Shown) -> None:
    root = fromstring(render(shown, "junit"))
    assert {element.tag for element in root.iter()} <= {"testsuites", "testsuite", "testcase", "failure", "error", "skipped", "system-out"}
    assert (root.get("failures"), root.get("errors")) == ("2", "1")


@pytest.mark.parametrize("format", ["json", "sarif"])
def test_json_is_json(shown: Shown, format: str) -> None:
    told = json.loads(render(shown, format))
    assert (told["exit_codes"] if format == "json" else len(told["runs"][0]["results"])) == ([1, 3] if format == "json" else 4)


def test_the_json_holds_every_text_as_it_was() -> None:
    told = json.loads(render(hostile(), "json"))["result"]
    assert {one["finding"]["message"] for one in told["judged"]} == {EVIL}


def test_a_comment_has_no_markup_but_ours(shown: Shown) -> None:
    text = render(shown, "markdown")
    assert len(text.encode()) <= BUDGET
    tags = _tags(_rendered(text))
    assert tags <= {"h2", "h3", "p", "ul", "li", "strong", "code", "details", "summary", "br", "a", "em"}
    outside = re.sub(r"`[^`\n]*`", "", text)
    assert not re.search(r"(?<!\w)@admin|(?<!&)#1\b|https://evil", outside)
    assert text.count("<!--") == 1


def _rendered(text: str) -> str:
    """The page of a comment, by a reader of CommonMark with GitHub's tables; HTML is let through as GitHub does."""
    from markdown_it import MarkdownIt

    return str(MarkdownIt("commonmark", {"html": True}).enable("table").render(text))


class _Reader(HTMLParser):
    """Collects the tags of a page, and the attributes that are no link."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {tag, *(name for name, _ in attrs if name != "href")}


def _tags(page: str) -> set[str]:
    reader = _Reader()
    reader.feed(page)
    return reader.found


def test_links_lead_to_the_repository_only(shown: Shown) -> None:
    page = _rendered(render(shown, "markdown"))
    assert all(address.startswith("https://github.com/") for address in re.findall(r'href="([^"]*)"', page))
