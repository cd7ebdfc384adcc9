"""Taskfiles, package.json scripts and Python task files: their tasks as procedures, named as calls name them.

Source: https://taskfile.dev/reference/schema/, https://docs.npmjs.com/cli/using-npm/scripts, https://docs.pyinvoke.org/
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from assess.collect.git.extract.python_text import shell_lines
from assess.collect.git.extract.steps import Steps, chunks, constants, first_document, mapping
from assess.collect.git.file import Extractor, File, Part
from assess.collect.git.paths import join
from assess.model.fact import Call, Fact, Procedure
from assess.model.gap import Gap
from assess.spec.document import Document

_OF_SOFTWARE = {"lint", "test", "build", "scan"}


def task(file: File) -> Iterator[Fact | Gap | Part]:
    """A procedure for each task that does something."""
    document = first_document(file)
    if document is None or not isinstance(document.value.get("tasks"), dict):
        return
    value = mapping(document.value)
    known = constants(value.get("vars"))
    for name, body in mapping(value["tasks"]).items():
        entry = mapping(body) if isinstance(body, dict) else {"cmds": body}
        steps = Steps()
        where = join(file.directory, _vars(str(entry.get("dir") or "."), known))
        base = ("tasks", name, "cmds") if isinstance(body, dict) else ("tasks", name)
        for key in ("cmds", "cmd"):
            path = base if key == "cmds" else ("tasks", name, "cmd")
            _commands(document, entry.get(key), path, where, file.directory, known, steps)
        for index, need in enumerate(entry["deps"] if isinstance(entry.get("deps"), list) else ()):
            if isinstance(other := need if isinstance(need, str) else mapping(need).get("task"), str):
                steps.call(f"task:{file.directory}#{other}", document.line("tasks", name, "deps", index))
        if steps:
            yield steps.procedure(file, document.line("tasks", name), "task", f"task:{file.directory}#{name}", "target")


def _commands(
    document: Document, value: Any, path: tuple[str | int, ...], where: str, directory: str, known: dict[str, str], steps: Steps
) -> None:
    items = (
        [(value, path)]
        if isinstance(value, str)
        else [(item, (*path, index)) for index, item in enumerate(value if isinstance(value, list) else ())]
    )
    for item, at in items:
        entry = mapping(item)
        text = item if isinstance(item, str) else entry.get("cmd")
        steps.shell(chunks(document, text, *at, *(("cmd",) if entry else ())), where, lambda text: _vars(text, known))
        if isinstance(entry.get("task"), str):
            steps.call(f"task:{directory}#{entry['task'].lstrip(':')}", document.line(*at))


def _vars(text: str, known: dict[str, str]) -> str:
    text = re.sub(r"\{\{\s*\.(?:ROOT_DIR|TASKFILE_DIR|USER_WORKING_DIR)\s*\}\}/?", "./", text)
    return re.sub(r"\{\{\s*\.(\w+)\s*\}\}", lambda m: known.get(m[1], "${" + m[1] + "}"), text)


def package(file: File) -> Iterator[Fact | Gap | Part]:
    """A procedure for each script that does something; under yarn's and pnpm's names too where it changes things."""
    document = first_document(file)
    if document is None:
        return
    for name, script in mapping(document.value.get("scripts")).items():
        steps = Steps()
        steps.shell(chunks(document, script, "scripts", name), file.directory)
        if not steps:
            continue
        procedure = steps.procedure(file, document.line("scripts", name), "javascript", f"npm:{file.directory}#{name}", "target")
        yield procedure
        if steps.calls or any(command.does not in _OF_SOFTWARE for command in steps.commands):
            for runner in ("yarn", "pnpm"):
                call = Call(name=procedure.name, line=procedure.at.line)
                alias = f"{runner}:{file.directory}#{name}"
                yield Procedure(at=procedure.at, tool="javascript", name=alias, form="template", calls=(call,))


_FUNCTION = re.compile(r"^(?:async\s+)?def\s+(\w+)\s*\(")
_TASK_FILE = re.compile(rb"(?m)^[ \t]*(?:from|import)\s+(?:invoke|fabric)\b")


def python_tasks(file: File) -> Iterator[Fact | Gap | Part]:
    """A procedure for each function of an invoke or fabric file that runs something."""
    runners = ("fab",) if file.name.lower().startswith("fabfile") else ("invoke", "inv")
    found: dict[str, Steps] = {}
    starts: dict[str, int] = {}
    name = ""
    lines = file.text.split("\n")[:20_000]
    heads = {number: match[1] for number, line in enumerate(lines, 1) if (match := _FUNCTION.match(line))}
    boundaries = sorted(heads)
    for text, line in shell_lines(file.text):
        name = next((heads[n] for n in reversed(boundaries) if n <= line), "")
        if name:
            starts.setdefault(name, next(n for n in reversed(boundaries) if n <= line))
            found.setdefault(name, Steps()).shell([(text, line)], file.directory)
    for name, steps in found.items():
        for index, runner in enumerate(runners if steps else ()):
            for written in dict.fromkeys((name.replace("_", "-"), name)):
                full = f"{runner}:{file.directory}#{written}"
                if index == 0 and written == name.replace("_", "-"):
                    first = full
                    yield steps.procedure(file, starts[name], "python", full, "target")
                else:
                    call = Call(name=first, line=starts[name])
                    yield Procedure(at=file.at(starts[name]), tool="python", name=full, form="template", calls=(call,))


_TASKFILES = frozenset(f"{name}.{end}" for name in ("taskfile", ".taskfile", "taskfile.dist") for end in ("yml", "yaml"))
TASK = Extractor(name="task", run=task, names=_TASKFILES)
PACKAGE = Extractor(name="package-scripts", run=package, names=frozenset({"package.json"}), marks=re.compile(rb'"scripts"'))
PYTHON_TASKS = Extractor(name="python-tasks", run=python_tasks, names=frozenset({"tasks.py", "fabfile.py"}), marks=_TASK_FILE)
