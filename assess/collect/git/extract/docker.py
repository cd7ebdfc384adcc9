"""Images that a repository builds, and the marker of Compose.

Source: https://docs.docker.com/reference/dockerfile/#from, https://docs.docker.com/compose/
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assess.collect.git.extract.steps import mapping
from assess.collect.git.file import Extractor, File, Part
from assess.model.fact import Dockerfile, Fact, ToolMarker
from assess.model.gap import Gap
from assess.spec.document import DocumentError

_FROM = re.compile(r"(?im)^[ \t]*FROM[ \t]+(?:--\S+[ \t]+)*(\S+)(?:[ \t]+AS[ \t]+(\S+))?")
_USER = re.compile(r"^(?:\w+://)?(?:[^/\s]*@(?!sha\d+:|\$)|[^/\s:]+:[^/\s]*@(?!sha\d+:)(?=\S*/))")
"""Userinfo, which no reference of an image has: somebody wrote down how to log in."""
_ARG = re.compile(r"(?im)^[ \t]*ARG[ \t]+(\w+)=[\"']?([\w./:@-]+)")


def dockerfile(file: File) -> Iterator[Fact | Gap | Part]:
    """The image with the bases that come from elsewhere; stages of its own are left out."""
    text = file.text
    found = list(_FROM.finditer(text))
    if not found:
        return
    given = dict(_ARG.findall(text[: found[0].start()]))
    stages: set[str] = set()
    bases: list[str] = []
    for match in found:
        base = re.sub(r"\$\{?(\w+)\}?", lambda m: given.get(m[1], m[0]), match[1])
        if base.lower() not in stages and base.lower() != "scratch":
            bases.append(_USER.sub("", base))
        if match[2]:
            stages.add(match[2].lower())
    line = text.count("\n", 0, found[0].start()) + 1
    yield Dockerfile(at=file.at(line), tool="dockerfile", path=file.path, base=tuple(dict.fromkeys(bases)))


def compose(file: File) -> Iterator[Fact | Gap | Part]:
    """The marker of a Compose file: it has services."""
    try:
        documents = file.documents()
    except DocumentError:
        return
    if documents and isinstance(mapping(documents[0].value).get("services"), dict):
        yield ToolMarker(at=file.at(documents[0].line("services")), tool="compose", category="container")


DOCKERFILE = Extractor(
    name="dockerfile", run=dockerfile, suffixes=(".dockerfile", ".containerfile"), prefixes=("dockerfile", "containerfile"),
    places=("dockerfile", "containerfile"), within=re.compile(r"(?i)(^|/)(dockerfile|containerfile)([._-][\w.-]+)?$|\.(dockerfile|containerfile)$"),
    marks=re.compile(rb"(?im)^[ \t]*FROM\s"),
)  # fmt: skip
COMPOSE = Extractor(
    name="compose",
    run=compose,
    suffixes=(".yml", ".yaml"),
    places=("compose",),
    within=re.compile(r"(^|/)(docker-)?compose([._-][\w.-]+)?\.ya?ml$"),
)
