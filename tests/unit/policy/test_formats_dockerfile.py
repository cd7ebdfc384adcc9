"""Which lines of a Dockerfile are the body of a here-document: as BuildKit has it."""

from __future__ import annotations

import time

import pytest

from assess.policy.formats.dockerfile import read_dockerfile
from assess.policy.formats.source import Source, Unreadable


def instructions(text: str) -> list[tuple[str, str]]:
    """Name and value of what follows the FROM."""
    (read,) = read_dockerfile([Source("Dockerfile", text.encode())])
    return [(one["name"], one["value"]) for one in read.value["stages"][0]["instructions"]]


@pytest.mark.parametrize(
    "run",
    [
        "RUN echo $((1<<BITS))", "RUN echo $(( 1 <<BITS ))", "RUN cat <<<HELLO", "RUN echo '<<A' \"x <<B y\"", 'RUN ["cat", "<<A"]', "ENV A <<B",
        "RUN echo it's <<A", "RUN echo \\<<A",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_here_document_swallows_nothing(run: str) -> None:
    assert instructions(f"FROM a\n{run}\nUSER app\n")[1:] == [("USER", "app")]


@pytest.mark.parametrize(
    ("run", "body"),
    [
        ("RUN cat <<EOF\nUSER root\nEOF", "USER root"),
        ("RUN a && \\\n  cat <<EOF\nUSER root\nEOF", "USER root"),
        ("RUN a && \\\n# why\n\n  cat <<EOF\nUSER root\nEOF", "USER root"),
        ("RUN <<-'A' 3<<B\none\n\tA\nA \ntwo\nB", "one\nA \ntwo"),
        ("RUN <<A\nA \n A\nA", "A \n A"),
        ("ONBUILD RUN <<A-B.c\nUSER root\nA-B.c", "USER root"),
        ("COPY <<EOF /x\r\nUSER root\r\nEOF\r", "USER root\r"),
    ],
)
def test_a_body_belongs_to_its_instruction(run: str, body: str) -> None:
    (_, value), user = instructions(f"FROM a\n{run}\nUSER app\n")
    assert value.partition("\n")[2] == body
    assert user == ("USER", "app")


def test_the_escape_that_a_file_declares_continues_its_lines() -> None:
    text = "# syntax=docker/dockerfile:1\n# escape=`\nFROM a\nRUN a && `\n  cat <<EOF\nUSER root\nEOF\nUSER app\n"
    assert [name for name, _ in instructions(text)] == ["RUN", "USER"]


def test_one_that_is_not_closed_is_told_where_it_is_opened() -> None:
    with pytest.raises(Unreadable) as told:
        instructions("FROM a\nRUN a && \\\n  cat <<EOF\nUSER root\n EOF\n")
    assert (told.value.line, told.value.why) == (3, "the here-document <<EOF is not closed")


@pytest.mark.parametrize(
    "text", ["RUN <<A\nA\n" * 19_000, "RUN << " + "$((" * 60_000, "RUN << " + "'" * 190_001], ids=["many", "sums", "quotes"]
)
def test_hostile_text_costs_little(text: str) -> None:
    start = time.process_time()
    instructions(f"FROM a\n{text}")
    assert time.process_time() - start < 20
