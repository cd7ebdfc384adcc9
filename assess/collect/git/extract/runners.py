"""Makefiles and justfiles: their targets as procedures, named as the calls of a shell text name them.

Source: https://www.gnu.org/software/make/manual/html_node/Rules.html, https://just.systems/man/en/
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from posixpath import basename

from assess.collect.git.extract.steps import Chunk, Steps, constants
from assess.collect.git.file import Extractor, File, Part
from assess.collect.git.paths import join
from assess.model.fact import Call, Fact, Procedure
from assess.model.gap import Gap

MAX_LINES = 20_000
MAX_LINE = 4_000
_MAKE_SET = re.compile(r"^(?:export\s+|override\s+)?([\w.-]+)\s*(?:\?|:{1,3}|\+|!)?=\s*(.*)$")
_MAKE_RULE = re.compile(r"^([^\s#:=][^:=#]*+)::?+(?!=)\s*+([^=;#]*+)(?:;\s*+(.*))?$")
_JUST_RULE = re.compile(r"^@?([A-Za-z_][\w-]*+)((?:[^:'\"]|'[^']*+'|\"[^\"]*+\")*+):(?!=)(.*)$")
_PREFIX = re.compile(r"\A\s*[@+-]+\s*")
_VARIABLE = re.compile(r"\$[({]([\w.-]+)[)}]")
_BRACES = re.compile(r"\{\{\s*([\w-]+)\s*\}\}")
_WORKING = re.compile(r"^\[working-directory:\s*['\"]([^'\"]+)['\"]")


@dataclass(slots=True)
class _Target:
    """One rule: its names, what it needs first, its recipe."""

    names: list[str]
    line: int
    needs: list[str]
    recipe: list[Chunk] = field(default_factory=list)
    directory: str = ""


def make(file: File) -> Iterator[Fact | Gap | Part]:
    """A procedure for each target with a recipe or prerequisites, and one for `make` without a target."""
    variables, targets = _read_make(file.text)
    known = constants(variables)

    def read(text: str) -> str:
        filled = _VARIABLE.sub(lambda m: known.get(m[1], m[0]), text.replace("$(CURDIR)/", "./").replace("$(MAKE)", "make"))
        return filled.replace("${MAKE}", "make").replace("$$", "$")

    found: dict[str, Steps] = {}
    lines: dict[str, int] = {}
    for target in targets:
        steps = Steps()
        for text, line in target.recipe:  # each line of a recipe has a shell of its own
            steps.shell([(_PREFIX.sub("", text), line)], file.directory, read)
        for need in target.needs:
            steps.call(f"make:{file.directory}#{_pattern(need)}", target.line)
        for name in target.names:
            lines.setdefault(name, target.line)
            into = found.setdefault(name, Steps())
            into.commands += steps.commands
            into.calls += steps.calls
    for name, steps in found.items():
        if steps:
            yield steps.procedure(file, lines[name], "make", f"make:{file.directory}#{_pattern(name)}", "target")
    first = next((n for t in targets for n in t.names if not n.startswith(".") or "/" in n), "")
    if found.get(first) and "%" not in first and file.name.lower() in ("makefile", "gnumakefile"):
        call = Call(name=f"make:{file.directory}#{first}", line=lines[first])
        yield Procedure(at=file.at(lines[first]), tool="make", name=f"make:{file.directory}#", form="template", calls=(call,))


def _pattern(name: str) -> str:
    """A target's name for matching: the stem of a pattern rule stays `%`, what is not known stands as `*`."""
    return re.sub(r"\$[({][^)}]{0,400}[)}]|\$[@*<^]", "*", name)


def _read_make(text: str) -> tuple[dict[str, str], list[_Target]]:
    """The variables that are set once, and the rules."""
    variables: dict[str, list[str]] = {}
    targets: list[_Target] = []
    open_target: _Target | None = None
    define = False
    lines = text.split("\n")[:MAX_LINES]
    number = 0
    while number < len(lines):
        first, raw = number + 1, lines[number]
        number += 1
        while raw.endswith("\\") and number < len(lines):
            raw = raw + "\n" + lines[number]
            number += 1
        if define or re.match(r"define\b", raw):
            define = not raw.startswith("endef")
        elif raw.startswith("\t") and open_target:
            open_target.recipe.append((raw.replace("\n\t", "\n"), first))
        elif rule := _MAKE_RULE.match(flat := re.sub(r"\\\n\s*", " ", raw)[:MAX_LINE]):
            names = [n for n in rule[1].rstrip().removesuffix("&").split() if n not in (".PHONY", ".SUFFIXES", ".DEFAULT_GOAL", ".SILENT")]
            open_target = _Target(names, first, [n for n in rule[2].split() if n != "|"] if names else [])
            if rule[3]:
                open_target.recipe.append((rule[3], first))
            if names:
                targets.append(open_target)
        elif setting := _MAKE_SET.match(flat):
            variables.setdefault(setting[1], []).append(setting[2].split(" #")[0].strip())
    return {name: values[0] for name, values in variables.items() if len(set(values)) == 1}, targets


def just(file: File) -> Iterator[Fact | Gap | Part]:
    """A procedure for each recipe that does something."""
    text = file.text
    directory = file.directory
    if basename(file.path) == "justfile" and directory.endswith("/.just"):
        directory = directory[: -len("/.just")]
    known = constants(_settings(text))
    for target in _read_just(text):
        steps = Steps()
        where = join(directory, target.directory) if target.directory else directory

        def read(line: str) -> str:
            here = line.replace("{{justfile_directory()}}/", "./").replace("{{ justfile_directory() }}/", "./")
            return _BRACES.sub(lambda m: known.get(m[1], "${" + m[1] + "}"), here)

        script = target.recipe and target.recipe[0][0].lstrip().startswith("#!")
        for group in [target.recipe] if script else [[chunk] for chunk in target.recipe]:
            steps.shell([(_PREFIX.sub("", line) if not script else line, number) for line, number in group], where, read)
        for need in target.needs:
            steps.call(f"just:{directory}#{need}", target.line)
        if steps:
            yield steps.procedure(file, target.line, "just", f"just:{directory}#{target.names[0]}", "target")


def _settings(text: str) -> dict[str, str]:
    return dict(re.findall(r"(?m)^(?:export\s+)?([\w-]+)\s*:=\s*['\"]([^'\"\n]*)['\"]\s*$", text))


def _read_just(text: str) -> Iterator[_Target]:
    open_target: _Target | None = None
    working = ""
    for number, raw in enumerate(text.split("\n")[:MAX_LINES], 1):
        if raw[:1] in (" ", "\t"):
            if open_target and raw.strip():
                _add_line(open_target.recipe, raw, number)
            continue
        if place := _WORKING.match(raw):
            working = place[1]
        rule = _JUST_RULE.match(raw) if len(raw) < 500 else None
        if rule and rule[1] not in ("set", "alias", "mod", "import", "export"):
            if open_target:
                yield open_target
            needs = re.findall(r"\(?\b([a-z_][\w-]*)\b(?:[^()]{0,200}\))?", re.sub(r"'[^']*'|\"[^\"]*\"", "", rule[3].split("#")[0]))
            open_target = _Target([rule[1]], number, needs, directory=working)
            working = ""
        elif raw.strip() and not raw.startswith(("#", "[")) and open_target:
            yield open_target
            open_target = None
    if open_target:
        yield open_target


def _add_line(recipe: list[Chunk], raw: str, number: int) -> None:
    """Add a line of a recipe; one that continues another belongs to the same shell."""
    if recipe and recipe[-1][0].endswith("\\"):
        recipe[-1] = (f"{recipe[-1][0]}\n{raw}", recipe[-1][1])
    else:
        recipe.append((raw, number))


MAKE = Extractor(name="make", run=make, names=frozenset({"makefile", "gnumakefile"}), suffixes=(".mk",))
JUST = Extractor(name="just", run=just, names=frozenset({"justfile", ".justfile"}), suffixes=(".just",))
