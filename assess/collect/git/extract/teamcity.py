"""TeamCity's Kotlin DSL in `.teamcity/`: what the steps of each build configuration do, read as text; Kotlin is not evaluated.

Source: https://www.jetbrains.com/help/teamcity/kotlin-dsl.html
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from assess.collect.git.extract.braces import pairs, unquoted, without_strings
from assess.collect.git.extract.steps import Steps, jobs_of
from assess.collect.git.file import Extractor, File, Part
from assess.collect.git.paths import join
from assess.model.fact import Fact, Procedure, Trigger
from assess.model.gap import Gap

TOOL = "teamcity"
MAX_TEXT = 300_000
MAX_BUILDS = 500
MAX_BLOCKS = 200
MAX_BLOCK = 10_000
"""Read of one build; more of them are nested rather than written."""
_BUILD = re.compile(
    r"\b(?:(?:object|class)\s+(\w+)[^{}=]{0,600}:\s*BuildType\s*\(\s*\{|buildType\s*(?:\([^(){}]{0,80}\)\s*)?\{|\bBuildType\s*(?:\(\s*)?\{)"
)
_STEP = re.compile(r"\b(\w+)\s*\{")
_PARAMETER = re.compile(r"%(?:(?:teamcity\.build\.)(?:checkoutDir|workingDir)|system\.teamcity\.build\.checkoutDir)%")
_REFERENCE = re.compile(r"%([\w.-]{1,100})%")
_GOALS = {"gradle": ("tasks", "gradle"), "maven": ("goals", "mvn"), "npm": ("commands", "npm")}
_OFF = re.compile(r"\benabled\s*=\s*false\b")


@dataclass(frozen=True, slots=True)
class _Text:
    """The file as written, as code alone, and by its braces and lines."""

    text: str
    code: str
    strings: list[tuple[int, int, str]]
    closed: dict[int, int]
    lines: list[int]

    def line(self, offset: int) -> int:
        return bisect_right(self.lines, offset - 1) + 1

    def own(self, start: int, end: int) -> tuple[int, str]:
        """The code of a block and where it starts, what stands in blocks inside it blanked."""
        code, at, kept = self.code, start + 1, list[str]()
        end = min(end, start + MAX_BLOCK)
        while (brace := code.find("{", at, end)) >= 0:
            until = min(end, self.closed.get(brace, end))
            kept += [code[at:brace], " " * (until - brace)]
            at = until
        return start + 1, "".join(kept) + code[at:end]

    def value(self, name: str, own: tuple[int, str]) -> tuple[str, int]:
        """The string that a property is set to in some code, and where it starts; empty where there is none."""
        for found in re.finditer(rf"\b{name}\s*\+?=", own[1]):
            end = own[0] + found.end()
            index = bisect_left(self.strings, (end,))
            if index < len(self.strings) and not self.code[end : self.strings[index][0]].strip():
                return unquoted(self.strings[index][2]), self.strings[index][0]
        return "", 0


def extract(file: File) -> Iterator[Fact | Gap | Part]:
    """A procedure for each build configuration, and one for the file, which calls them."""
    text = file.text[:MAX_TEXT]
    code, strings = without_strings(text)
    read = _Text(text, code, strings, pairs(code), [i for i, char in enumerate(text) if char == "\n"])
    procedures: list[Procedure] = []
    last = 0
    for match in islice(_BUILD.finditer(code), MAX_BUILDS):
        start = match.end() - 1
        if start < last:
            continue  # a build is not defined within another
        last = end = read.closed.get(start, match.end())
        steps = Steps()
        _steps(read, start, end, steps)
        name = match[1] or read.value("name", read.own(start, end))[0] or f"build{len(procedures) + 1}"
        if steps:
            line = read.line(match.start())
            procedures.append(steps.procedure(file, line, TOOL, f"{file.path}#{name}", "job", _trigger(read, start, end)))
    yield from procedures
    if procedures:
        yield jobs_of(file, 1, TOOL, procedures)


def _steps(read: _Text, start: int, end: int, steps: Steps) -> None:
    """Add what the blocks inside a build configuration do; a step that is switched off does nothing."""
    outer, until, around = (start, ""), start, start
    for found in islice(_STEP.finditer(read.code, start + 1, end), MAX_BLOCKS):
        opened, name = found.end() - 1, found[1]
        closed = min(end, read.closed.get(opened, end))
        own = read.own(opened, closed)
        if opened >= until or name != "script":
            outer, around, until = (opened, ""), opened, closed
        if _OFF.search(own[1]) or _OFF.search(outer[1]):
            outer = own
            continue
        _step(read, name, own, outer, steps)
        outer = own if around == opened else outer


def _step(read: _Text, name: str, own: tuple[int, str], outer: tuple[int, str], steps: Steps) -> None:
    """Add what one step does. outer: the code of the step that a `scriptMode = script { }` belongs to."""
    written = read.value("workingDir", own)[0] or read.value("workingDir", outer)[0]
    where = join(".", _plain(written)) if written else "."
    for key in ("scriptContent", "shellScript", "content", "commandString"):
        content, at = read.value(key, own)
        if content:
            steps.shell([(content, read.line(at))], where, _plain)
    if name == "exec":
        program, at = read.value("path", own)
        steps.shell([(f"{program} {read.value('arguments', own)[0]}", read.line(at))], where, _plain)
    elif name in _GOALS:
        goals, at = read.value(_GOALS[name][0], own)
        steps.shell([(f"{_GOALS[name][1]} {goals}", read.line(at))], where, _plain)
    elif name == "push" and "namesAndTags" in own[1]:
        at = own[0] + own[1].index("namesAndTags")
        steps.shell([("docker push", read.line(at))], where)


def _plain(text: str) -> str:
    """A script with TeamCity's checkout directory as the root, its parameters and Kotlin's expressions as shell variables."""
    text = _PARAMETER.sub("$CI_PROJECT_DIR", text).replace("${'$'}", "$").replace("%%", "%")
    return _REFERENCE.sub(lambda match: "${" + re.sub(r"[^\w]", "_", match[1]) + "}", text)


def _trigger(read: _Text, start: int, end: int) -> Trigger:
    """What starts the build: its triggers, else a person; a trigger that is switched off does not."""
    code = read.code[start:end]
    events: list[str] = []
    branches: list[str] = []
    block = re.search(r"\btriggers\s*\{", code)
    opened = start + block.end() - 1 if block else 0
    until = read.closed.get(opened, end) if block else 0
    for found in islice(_STEP.finditer(read.code, opened + 1, until), MAX_BLOCKS) if block else ():
        own = read.own(found.end() - 1, read.closed.get(found.end() - 1, until))
        event = {"vcs": "push", "schedule": "schedule", "finishBuildTrigger": "push", "githubChecksTrigger": "pull_request"}.get(found[1])
        if event and not _OFF.search(own[1]):
            events.append(event)
            branches += re.findall(r"(?m)^\s*\+:([\w./-]+)\s*$", read.value("branchFilter", own)[0])
    paused = bool(re.search(r"\bpaused\s*=\s*true\b", code))
    deployment = bool(re.search(r"\btype\s*=\s*(?:BuildTypeSettings\.)?Type\.DEPLOYMENT\b", code))
    return Trigger(
        events=tuple(dict.fromkeys(events)) or ("manual",), branches=tuple(dict.fromkeys(branches)), can_run=not paused,
        environment="deployment" if deployment else "",
    )  # fmt: skip


TEAMCITY = Extractor(
    name="teamcity", run=extract, suffixes=(".kts", ".kt"), places=("/.teamcity/",), within=re.compile(r"(^|/)\.teamcity/"),
    words=(b"buildType", b"BuildType"), marks=re.compile(rb"\b[bB]uildType\b"),
)  # fmt: skip
