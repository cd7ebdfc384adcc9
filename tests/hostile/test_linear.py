"""Time: no extractor, and no reading of a command, takes more than its share for a line made to lead it on."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from itertools import count

import orjson
import pytest

from assess.collect.git import hcl
from assess.collect.git.commands import analyse
from assess.collect.git.extract import EXTRACTORS
from assess.collect.git.file import Extractor, File
from assess.spec.document import DocumentError, read_yaml
from tests.hostile.budget import seconds
from tests.hostile.offered import SAMPLES, offered, texts_of, where, with_texts

LINE = 80_000
LIMIT = 0.5
"""Seconds of processor time: what is linear takes a tenth of it, what is quadratic would take minutes for the largest file."""
UNITS = (
    "a", " ", "\t", "a ", "- ", "a: ", "{{ ", "${{", "$(", "${", "${}", "((", "<", "[", "{", '"', "'", "\\", "a/", "../", "a=", "# ", ";", "| ",
    "&", "*a", "=", "<<E ", "1.", "@a", "-a ", "{%", "\r", "é", "AA", "a.b", "%a", "`", ":",
)  # fmt: skip
FEW = (" ", "\t", "- ", "a: ", "{{ ", "$(", "${}", "[", '"', "a/", "<<E ", "-a ")
"""Those that every extractor is tried with; its regular expressions are tried with what is made from them, in test_patterns.py."""
STARTS = (
    "",
    "run: ",
    "terraform apply ",
    "kubectl -f ",
    "sh ",
    "FROM ",
    "include ",
    "source = ",
    'path "a"{',
    'resource "a" "b" {',
    "a:\n\t",
)


@pytest.fixture(autouse=True)
def _hcl_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The grammar of HCL ends by a clock of its own, which is set as much shorter as the lines are."""
    monkeypatch.setattr(hcl, "SECONDS", 0.2)


def took(run: Callable[[], object], limit: float = LIMIT) -> float:
    """The less of two times, where the first is over the limit."""
    first = seconds(run, limit)
    return first if first < limit else min(first, seconds(run, limit))


def line(unit: str, length: int = LINE) -> str:
    """One line of many times the same."""
    return unit * (length // len(unit))


@pytest.mark.parametrize("extractor", EXTRACTORS, ids=lambda e: e.name)
def test_a_line_that_leads_on(extractor: Extractor) -> None:
    path, slow = where(extractor)[0], []
    for number, unit in enumerate(FEW):
        content = (STARTS[number % len(STARTS)] + line(unit) + "\nx: y\n").encode()
        spent = took(lambda content=content: [extractor.reads(content), *extractor.run(File("shop", path, content))])  # type: ignore[misc]
        if spent >= LIMIT:
            slow.append(f"{spent:.1f} s for many times {unit!r}")
    assert not slow


@pytest.mark.parametrize("name", SAMPLES)
def test_values_that_lead_on(name: str) -> None:
    """A sound file with every text prolonged: what a reader reaches only where the rest of the file is as it should be."""
    turns, each = 3, LINE // max(1, sum(1 for _ in texts_of(SAMPLES[name])))
    for turn in range(turns):
        units = (line(UNITS[(number * turns + turn) % len(UNITS)], max(each, 10_000)) for number in count())
        content = orjson.dumps(with_texts(SAMPLES[name], units))
        file = File("shop", name, content)
        times = {e.name: took(lambda e=e, file=file: list(e.run(file))) for e in EXTRACTORS if offered(e, name)}  # type: ignore[misc]
        assert not {reader: spent for reader, spent in times.items() if spent >= LIMIT}


@pytest.mark.parametrize("unit", UNITS)
def test_a_command_that_leads_on(unit: str) -> None:
    """In one line, in many short ones, and after every sort of beginning."""
    for start in ("", "terraform apply ", "sh ", "docker run -v a:b ", "X="):
        assert took(lambda start=start: analyse(start + line(unit))) < LIMIT, start  # type: ignore[misc]
        assert took(lambda start=start: analyse((start + unit * 20 + "\n") * 200)) < LIMIT, start  # type: ignore[misc]


@pytest.mark.parametrize("unit", UNITS)
def test_a_document_that_leads_on(unit: str) -> None:
    def read() -> None:
        for start in ("", "a: ", "{a: "):
            with suppress(DocumentError):
                read_yaml((start + line(unit)).encode())

    assert took(read, 2 * LIMIT) < 2 * LIMIT
