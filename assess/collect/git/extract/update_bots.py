"""Bots that propose updates of dependencies: Renovate, Dependabot, updatecli.

Source: https://docs.renovatebot.com/configuration-options/, https://docs.github.com/en/code-security/dependabot/working-with-dependabot/dependabot-options-reference
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assess.collect.git.extract.objects import items, mapping, text
from assess.collect.git.file import Extractor, File, Part
from assess.model.fact import Fact, UpdateBot
from assess.model.gap import Gap
from assess.spec.document import DocumentError


def renovate(file: File) -> Iterator[Fact | Gap | Part]:
    """Renovate by its configuration, which JSON5 may hold; not where it is switched off."""
    if _is_off(file):
        return
    managers = re.search(rb"[\"']?enabledManagers[\"']?[ \t]*:[ \t]*\[([^\]]{0,4000})\]", file.content)
    named = tuple(word.decode() for word in re.findall(rb"[\"']([\w.-]+)[\"']", managers[1])) if managers else ()
    yield UpdateBot(at=file.at(1), tool="renovate", path=file.path, ecosystems=named)


def _is_off(file: File) -> bool:
    """Whether the configuration as a whole is switched off, not only a part of it."""
    try:
        return any(isinstance(d.value, dict) and d.value.get("enabled") is False for d in file.documents())
    except DocumentError:  # JSON5
        return bool(re.match(rb"\s*\{\s*[\"']?enabled[\"']?\s*:\s*false", file.content))


def package(file: File) -> Iterator[Fact | Gap | Part]:
    """Renovate by the key that a package.json may hold for it."""
    try:
        documents = file.documents()
    except DocumentError:
        return
    for document in documents[:1]:
        if mapping(document.value, "renovate"):
            yield UpdateBot(at=file.at(document.line("renovate")), tool="renovate", path=file.path)


def dependabot(file: File) -> Iterator[Fact | Gap | Part]:
    """Dependabot with the ecosystems that it is told to update; one that may open no proposals only watches for advisories."""
    try:
        documents = file.documents()
    except DocumentError as error:
        yield file.unreadable(error, "UpdateBot")
        return
    for document in documents[:1]:
        updates = [u for u in items(document.value, "updates") if text(u, "open-pull-requests-limit") != "0"]
        ecosystems = tuple(dict.fromkeys(name for update in updates if (name := text(update, "package-ecosystem"))))
        if ecosystems:
            yield UpdateBot(at=file.at(document.line("updates")), tool="dependabot", path=file.path, ecosystems=ecosystems)


def updatecli(file: File) -> Iterator[Fact | Gap | Part]:
    """A manifest of updatecli, whose targets are what it raises. Source: https://www.updatecli.io/docs/core/configuration/"""
    found = re.search(rb"(?m)^targets:", file.content)
    if found and re.search(rb"(?m)^(?:sources|actions|scms):", file.content):
        yield UpdateBot(at=file.at(file.line_of(found.start())), tool="updatecli", path=file.path, ecosystems=("updatecli",))


RENOVATE = Extractor(
    name="renovate", run=renovate, prefixes=("renovate.json", ".renovaterc"),
    places=("renovate",), within=re.compile(r"^(?:\.github/|\.gitlab/)?(?:renovate\.json5?|\.renovaterc(?:\.json5?)?)$"),
)  # fmt: skip
RENOVATE_PACKAGE = Extractor(name="renovate-package", run=package, names=frozenset({"package.json"}), words=(b'"renovate"',))
DEPENDABOT = Extractor(
    name="dependabot",
    run=dependabot,
    names=frozenset({"dependabot.yml", "dependabot.yaml"}),
    places=("/.github/",),
    within=re.compile(r"^\.github/"),
    words=(b"updates",),
)
UPDATECLI = Extractor(
    name="updatecli",
    run=updatecli,
    suffixes=(".yaml", ".yml", ".tpl"),
    places=("/updatecli",),
    within=re.compile(r"(^|/)(updatecli(\.d)?/|updatecli\.ya?ml$)"),
    words=(b"targets:",),
)
UPDATE_BOTS = (RENOVATE, RENOVATE_PACKAGE, DEPENDABOT, UPDATECLI)
