"""Jenkinsfiles: what the shell steps of each stage do, read as text; Groovy is not evaluated.

Source: https://www.jenkins.io/doc/book/pipeline/syntax/
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from assess.collect.git.extract.braces import String, pairs, unquoted, without_strings
from assess.collect.git.extract.steps import Chunk, Steps, jobs_of
from assess.collect.git.file import Extractor, File, Part
from assess.collect.git.paths import join
from assess.model.fact import Call, Fact, Procedure, Trigger
from assess.model.gap import Gap

TOOL = "jenkins"
MAX_TEXT = 300_000
_SHELL = re.compile(r"\b(sh|bat|powershell|pwsh)\s*+\(?+\s*+(?:\w++\s*+:\s*+\w++\s*+,\s*+){0,8}+(?:script\s*+:\s*+)?+$")
_BLOCK = re.compile(r"\b(stage|dir)\s*+\(?+\s*+(?:name\s*+:\s*+|path\s*+:\s*+)?+$")
_LIBRARY = re.compile(
    r"@Library\s*+\(\s*+(\[?['\"][^)\n]{0,400})\)|\blibrary\s*+\(?+\s*+(?:identifier\s*+:\s*+)?+(['\"][^'\"\n]{1,400}['\"])"
)
_STEP = re.compile(r"(?m)^[ \t]*(\w+)[ \t]*(?:\([^\n{]*\)?[ \t]*)?(?:\{|\(|$|['\"])")
_PIPELINE = re.compile(
    r"(?m)^[ \t]*+((?=\w+Pipeline|build(?:Plugin|App)\b|(?:terraform|tofu|terragrunt|ansible|packer|helm)(?![a-z]))\w++)[ \t]*+(?:[({]|$)"
)
_OWN = re.compile(
    r"(?:pipeline|node|properties|stage|def|import|timestamps|parallel|library|try|catch|finally|if|else|for|while|return|echo|sh|bat"
    r"|checkout|scm|timeout|ansiColor|withEnv|withCredentials|load|throttle|lock|parameters|options|environment|print|println|error"
    r"|input|milestone|dir|switch|case|class|static|final|void|String|Map|List|boolean|int|env|params|retry)\Z"
)


@dataclass(frozen=True, slots=True)
class _Block:
    """A `stage('x') { … }` or `dir('x') { … }` by the offsets of its braces."""

    kind: str
    name: str
    start: int
    end: int


def extract(file: File) -> Iterator[Fact | Gap | Part]:
    """A procedure for each stage that does something, and one for the file, which calls them."""
    text = file.text[:MAX_TEXT]
    code, strings = without_strings(text)
    if file.name.endswith(".groovy") and not file.name.lower().startswith("jenkinsfile"):
        if re.search(r"\bdef\s+call\s*\(", code):
            yield _step_of_a_library(file, text, code, strings)
        return
    if not re.search(r"\b(pipeline|node|stage|Library|library|sh)\b|Pipeline\b", code) and not _PIPELINE.search(code):
        return
    lines = [i for i, char in enumerate(text) if char == "\n"]
    blocks = _blocks(code, strings)
    trigger = _starts(code, text)
    jobs: dict[str, tuple[Steps, int, Trigger]] = {}
    for start, _, raw in strings:
        if _SHELL.search(code[max(0, start - 120) : start]):
            stage = _innermost(blocks, "stage", start)
            name = stage.name if stage else "pipeline"
            place = bisect_right(lines, (stage.start if stage else 0) - 1) + 1
            if name not in jobs:
                body = text[stage.start : stage.end] if stage else ""
                jobs[name] = (Steps(), place, _narrowed(trigger, body, code[stage.start : stage.end] if stage else ""))
            chunk: Chunk = (unquoted(raw), bisect_right(lines, start) + 1)
            jobs[name][0].shell([chunk], _directory(blocks, start), _read)
    _shared(code, text, lines, jobs, trigger)
    procedures = [s.procedure(file, line, TOOL, f"{file.path}#{name}", "job", t) for name, (s, line, t) in jobs.items() if s]
    yield from procedures
    yield jobs_of(file, 1, TOOL, procedures)


def _step_of_a_library(file: File, text: str, code: str, strings: list[String]) -> Procedure:
    """The procedure of a file in a library's `vars`, by whose name pipelines call it as a step.

    Source: https://www.jenkins.io/doc/book/pipeline/shared-libraries/#defining-global-variables
    """
    lines, blocks, steps = [i for i, char in enumerate(text) if char == "\n"], _blocks(code, strings), Steps()
    for start, _, raw in strings:
        if _SHELL.search(code[max(0, start - 120) : start]):
            steps.shell([(unquoted(raw), bisect_right(lines, start) + 1)], _directory(blocks, start), _read)
    for match in _STEP.finditer(code):
        if not _OWN.match(match[1]) and f"{match[1]}.groovy" != file.name:
            steps.call(join(file.directory, f"{match[1]}.groovy"), bisect_right(lines, match.start(1)) + 1, repository=".")
    return steps.procedure(file, 1, TOOL, file.path, "template")


def _blocks(code: str, strings: list[String]) -> list[_Block]:
    """The stages and directories, by matching braces once through the code."""
    named: dict[int, tuple[str, str, int]] = {}
    for start, end, raw in strings:
        before = _BLOCK.search(code[max(0, start - 60) : start])
        after = re.match(r"[\s)]*\{", code[end : end + 200])
        if before and after:
            named[end + after.end() - 1] = (before[1], unquoted(raw), start)
    closed = pairs(code)
    return [_Block(kind, name, start, closed[brace]) for brace, (kind, name, start) in named.items() if brace in closed]


def _innermost(blocks: list[_Block], kind: str, offset: int) -> _Block | None:
    around = [b for b in blocks if b.kind == kind and b.start <= offset < b.end]
    return max(around, key=lambda b: b.start, default=None)


def _directory(blocks: list[_Block], offset: int) -> str:
    where = "."
    for block in sorted((b for b in blocks if b.kind == "dir" and b.start <= offset < b.end), key=lambda b: b.start):
        where = join(where, _read(block.name))
    return where


def _read(text: str) -> str:
    return re.sub(r"\$\{?(?:env\.)?WORKSPACE\}?", "$CI_PROJECT_DIR", text)


def _starts(code: str, text: str) -> Trigger:
    """What starts the pipeline. A multibranch job, the usual home of a Jenkinsfile, builds every push."""
    events = ["push"]
    if re.search(r"\bcron\s*\(|\bparameterizedCron\s*\(", code):
        events.append("schedule")
    return Trigger(events=tuple(events))


def _narrowed(trigger: Trigger, body: str, code: str) -> Trigger:
    """The trigger of a stage by its `when` and `input`. body: the stage as written; code: without its strings."""
    events = list(trigger.events)
    when = re.search(r"\bwhen\s*\{", code)
    condition = re.sub(r"\bnot\s*\{[^{}]*\}", " ", body[when.start() : when.start() + 600]) if when else ""
    branches = tuple(re.findall(r"\bbranch\s*+\(?+\s*+(?:pattern\s*+:\s*+)?+['\"]([^'\"]+)['\"]", condition))
    branches += tuple(re.findall(r"BRANCH_NAME\s*==\s*['\"]([^'\"]+)['\"]", body))
    if re.search(r"\bchangeRequest\b", condition):
        events = ["pull_request"]
    elif re.search(r"\bbuildingTag\b|\btag\s+['\"]", condition):
        events = ["tag"]
    if re.search(r"\binput\b\s*[({'\"]|\binput\s+message", body):
        events.append("manual")
    never = bool(re.search(r"\bexpression\s*\{\s*(?:return\s+)?false\s*\}", condition))
    return Trigger(
        events=tuple(events),
        branches=tuple(dict.fromkeys(branches)),
        can_run=not never,
        why_not="when: expression { false }" if never else "",
        approval="manual" in events,
    )


def _shared(code: str, text: str, lines: list[int], jobs: dict[str, tuple[Steps, int, Trigger]], trigger: Trigger) -> None:
    """Steps of a shared library, whose source is elsewhere: named as unresolved, with the library."""
    library = _LIBRARY.search(text)
    name = f"@Library({(library[1] or library[2]).strip()}) " if library else ""
    source = re.search(r"\bremote\s*:\s*['\"]([^'\"\n$]+)['\"]", text) if library else None
    known = re.fullmatch(r"\[?['\"]([\w./-]+)(?:@([\w./-]+))?['\"]\]?", (library[1] or library[2]).strip()) if library else None
    depths = _depths(code)
    for match in (_STEP if library else _PIPELINE).finditer(code):
        place = bisect_right(depths, (match.start(), 1 << 30)) - 1
        if _OWN.match(match[1]) or (place >= 0 and depths[place][1] > 0):
            continue
        if re.match(r"[ \t]*=[^=~]", code[match.end(1) : match.end(1) + 8]) or (match[0].rstrip() == match[0].strip() == match[1]):
            continue
        steps, _, _ = jobs.setdefault("pipeline", (Steps(), bisect_right(lines, match.start(1)) + 1, trigger))
        if known:
            repository = source[1] if source else f"library:{known[1]}"
            line = bisect_right(lines, match.start(1)) + 1
            call = Call(name=f"vars/{match[1]}.groovy", line=line, repository=repository, ref=known[2] or "", otherwise=f"{name}{match[1]}")
            steps.calls.append(call)
        else:
            steps.unresolved.append(f"{name}{match[1]}")


def _depths(code: str) -> list[tuple[int, int]]:
    """How deep in braces and parentheses the code is after each of them."""
    depth, found = 0, []
    for match in re.finditer(r"[{}()]", code):
        depth += 1 if match[0] in "{(" else -1
        found.append((match.start(), depth))
    return found


JENKINS = Extractor(
    name="jenkins",
    run=extract,
    suffixes=(".jenkinsfile", ".groovy"),
    prefixes=("jenkinsfile",),
    places=("jenkinsfile", "/vars/"),
    within=re.compile(r"(?i)(^|/)jenkinsfile[\w.-]*$|(^|/)[\w.-]+\.jenkinsfile$|^vars/\w+\.groovy$"),
)
