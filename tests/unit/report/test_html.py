"""The HTML report: offline, without scripts, safe with hostile text, and every link leads somewhere."""

from __future__ import annotations

import re
from base64 import b64encode
from collections import Counter
from hashlib import sha256
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from assess.model.assessment import Assessment
from assess.report.html import render
from tests.unit.report.world import sample
from tests.unit.report.worlds import HOSTILE, hostile, many

VOID = {"meta", "link", "br", "rect", "img", "hr", "input"}


class Page(HTMLParser):
    """Tags, attributes and text of a page; fails on tags that do not nest."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.tags if name == tag]


WORLDS = pytest.mark.parametrize("world", [sample, hostile], ids=["sample", "hostile"])


@WORLDS
def test_nothing_is_loaded_and_nothing_runs(world: type[Assessment]) -> None:
    page = Page(render(world()))
    assert not {"script", "img", "iframe", "object", "embed", "form", "base", "audio", "video"} & {tag for tag, _ in page.tags}
    for tag, attributes in page.tags:
        assert not [name for name in attributes if name.startswith("on") or name in ("style", "src", "srcset", "action", "ping")], tag
    assert [link["href"] for link in page.all("link")] == ["data:,"]
    style = re.search(r"<style>(.*?)</style>", render(world()), re.DOTALL)
    assert style is not None
    assert "url(" not in style[1]
    assert "@import" not in style[1]


@WORLDS
def test_links_are_web_addresses_or_lead_to_a_place_in_the_page(world: type[Assessment]) -> None:
    page = Page(render(world()))
    ids = Counter(attributes["id"] for _, attributes in page.tags if "id" in attributes)
    assert [name for name, number in ids.items() if number > 1] == []
    for link in page.all("a"):
        if link["href"].startswith("#"):
            assert link["href"][1:] in ids
        else:
            assert link["href"].startswith("https://")
            assert link["rel"] == "noopener noreferrer"


def test_the_policy_allows_the_style_sheet_by_its_hash_and_nothing_else() -> None:
    text = render(sample())
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)
    assert style is not None
    policy = next(m["content"] for m in Page(text).all("meta") if m.get("http-equiv") == "Content-Security-Policy")
    digest = b64encode(sha256(style[1].encode()).digest()).decode()
    assert policy.split("; ") == [
        "default-src 'none'",
        f"style-src 'sha256-{digest}'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
    ]


def test_hostile_text_stays_text() -> None:
    text = render(hostile())
    assert "<img" not in text
    assert "javascript:" not in "".join(attributes.get("href", "") for _, attributes in Page(text).tags)
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
    assert "<img src=x onerror=alert(1)>" in "".join(Page(text).words), "it is shown, escaped"
    assert HOSTILE.split("<")[0] not in text


def test_a_person_can_find_the_way_by_ear() -> None:
    page = Page(render(sample()))
    assert page.all("html")[0]["lang"] == "en"
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels)), levels
    assert all("scope" in head for head in page.all("th"))
    assert all("aria-label" in svg or svg.get("aria-hidden") == "true" for svg in page.all("svg"))


def test_each_unit_opens_its_evidence() -> None:
    text = render(sample())
    for expected in (
        "Is the root applied by a pipeline?", ".github/workflows/check.yml:11",
        "https://github.com/acme/shop-infra/blob/0123456789abcdef0123456789abcdef01234567/.github/workflows/check.yml#L11",
        "includes a file that is not here", "Because it matters.", "https://example.org/why",
    ):  # fmt: skip
        assert expected in text
    opened = [a for tag, a in Page(text).tags if tag == "details" and a.get("class") == "unit"]
    assert len(opened) == len(sample().units)


def test_a_large_organization_stays_small_and_says_what_is_left_out() -> None:
    text = render(many(1_000))
    assert len(text) < 8_000_000
    assert "940 more" in text
    assert "assessment.json holds all" in text
