"""Which paths an extractor is offered, and sound files of every family to spoil."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from assess.collect.git.dispatch import Dispatch
from assess.collect.git.file import Extractor
from assess.spec.document import read_yaml

SAMPLES: dict[str, Any] = read_yaml((Path(__file__).parent / "samples.yaml").read_bytes())[0].value
FOLDERS = ("", "a/", ".github/", ".regal/", ".teamcity/", ".spacelift/", "roles/a/tasks/", "copilot/a/", "updatecli/")
DISPATCH = Dispatch()


@cache
def readers(path: str) -> list[Extractor]:
    """The extractors that are given a file of this name, whatever the file holds."""
    return DISPATCH(path)


def offered(extractor: Extractor, path: str) -> bool:
    """Whether an extractor is among them."""
    return extractor in readers(path)


def where(extractor: Extractor) -> list[str]:
    """Paths that the extractor is offered: from the samples, else made up from its names, prefixes and suffixes."""
    names = [
        *extractor.names,
        *map(str.upper, extractor.names),
        *(f"{stem}{suffix}" for suffix in extractor.suffixes for stem in ("x", "x.pkr")),
    ]
    names += [f"{prefix}{rest}" for prefix in extractor.prefixes for rest in ("", ".json", ".yaml", "ml", "js", "aml", "/x.yaml")]
    made = [f"{folder}{name}" for folder in FOLDERS for name in names]
    found = [path for path in (*SAMPLES, *made) if offered(extractor, path)]
    assert found, f"nothing is offered to {extractor.name}: add a path that it reads to FOLDERS or to samples.yaml"
    return found


def texts_of(value: Any) -> Iterator[str]:
    """Every text inside a value, in order."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inside in value.values() if isinstance(value, dict) else value:
            yield from texts_of(inside)


def with_texts(value: Any, new: Iterator[str]) -> Any:
    """The value with its texts, in order, prolonged by others."""
    if isinstance(value, str):
        return value + next(new)
    if isinstance(value, dict):
        return {key: with_texts(inside, new) for key, inside in value.items()}
    return [with_texts(inside, new) for inside in value] if isinstance(value, list) else value
