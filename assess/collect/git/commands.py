"""Shell text as commands: which tool, what it does, and on which path.

Which tool does what stands in `verbs`; what a command runs inside a container or through a package manager counts as
run by itself (`wrapped`). Nothing is executed; what is followed is `cd`, loops over words, and variables set to words
(`shells`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from posixpath import dirname

from assess.collect.git import verbs, wrapped
from assess.collect.git.expressions import starred
from assess.collect.git.paths import onto, shown, written
from assess.collect.git.pushes import destination
from assess.collect.git.shells import Shell
from assess.model.credentials import redact
from assess.model.fact import Call, Command

_PREFIXES = {"sudo", "time", "exec", "nohup", "command", "env", "then", "do", "else", "if", "while", "!", "{", "(", "eval", "xargs",
             "nice", "retry", "run", "set"}  # fmt: skip
_FLAGGED = ("sudo", "env", "nice", "xargs")
_WRAPPERS = re.compile(
    r"^(?:aws-vault exec \S+ --|doppler run --|op run (?:\S+ )*--|sops exec-env \S+|chamber exec \S+ --|dotenv --|uv run|poetry run|pipenv run"
    r"|bundle exec|npx(?: --yes| -y)?|mise exec --|nix develop -c)\s+"
)
_ASSIGN = re.compile(r"^(?:\$\w+\s+=\s+(?=[A-Za-z])|[A-Za-z_]\w*=(?:\"[^\"]*\"|'[^']*'|\$\([^)]*\)|\S*)\s*)")
_SPLIT = re.compile(r"&&|\|\||;;?|(?<!\|)\|(?!\|)|(?<![<>&])&(?![&>])")
_CD = re.compile(r"^(?:cd|pushd)\s+(?:--\s+)?[\"']?([^\s\"';&]+)")
_RECIPE = re.compile(r"^[@+-]+\s*(?=[A-Za-z./$({])")
"""What make reads before a recipe's command."""
_HEREDOC = re.compile(r"<<-?\s*[\"']?(\w+)[\"']?")
_EXPRESSION = re.compile(r"[$`{}<]")


def analyse(text: str, directory: str = ".", first_line: int = 1) -> tuple[list[Command], list[Call]]:
    """The commands and calls of a shell text.

    directory: where it starts, relative to the repository. first_line: the file's line of the text's first line.
    Shape: commands that do something of note, in order; calls of scripts, make, just, task and npm targets.
    """
    commands: list[Command] = []
    calls: list[Call] = []
    shell = Shell(directory)
    text = _SPACED.sub(lambda match: "".join(match[0].split()), text)
    for line, statement in _statements(text, first_line):
        for part in _SPLIT.split(statement):
            shell.enter(part)
            simple = _strip(part)
            if moved := _CD.match(simple):
                shell.where = onto(shell.where, moved[1])
            elif simple in _NEVER_FAILS and "||" in statement and commands and commands[-1].line == line:
                commands[-1] = replace(commands[-1], soft=True)
            elif simple:
                found, called = _one(simple, shell.where, line)
                if found and shell.lenient:
                    found = [replace(one, soft=True) for one in found]
                commands += shell.each(found)
                calls += shell.each(called)
            shell.leave(part)
    return commands, calls


_NEVER_FAILS = ("true", ":", "exit 0")


def _one(simple: str, where: str, line: int) -> tuple[list[Command], list[Call]]:
    """What one simple command does and calls."""
    inner, inside = wrapped.through(simple, where)
    inner = inner if inner == simple else _strip(inner)
    found = _command(inner, inside, line)
    calls = [*_calls(simple, where, line), *(_calls(inner, inside, line) if inner != simple else ())]
    if found and inner != simple:
        found = replace(found, text=redact(simple))
    return [found] if found else [], calls


def _statements(text: str, first_line: int) -> Iterator[tuple[int, str]]:
    """Logical lines: continuations joined, comments, here-documents and printed text left out."""
    pending, start, until = "", 0, ""
    for number, raw in enumerate(text.split("\n"), first_line):
        if until:
            until = "" if raw.strip() == until else until
            continue
        line = raw.strip() if pending else _RECIPE.sub("", raw.strip())
        if not pending and (not line or line.startswith("#")):
            continue
        start = start if pending else number
        pending = f"{pending} {line}".strip()
        if pending.endswith("\\"):
            pending = pending[:-1]
            continue
        if heredoc := _HEREDOC.search(pending):
            until = heredoc[1]
        yield start, pending
        pending = ""
    if pending:
        yield start, pending


@lru_cache(maxsize=4096)
def _strip(part: str) -> str:
    """A simple command without assignments, sudo and wrappers; empty for text that is only printed."""
    simple = part.strip().strip("()").strip()
    for _ in range(8):
        before = simple
        simple = _ASSIGN.sub("", simple) if "=" in simple else simple
        simple = _WRAPPERS.sub("", simple)
        word = simple.split(" ", 1)[0]
        if word in _PREFIXES:
            simple = simple[len(word) :].lstrip(" (")
            simple = re.sub(r"^(?:-[IJ]\s+\S+\s+|-[nPLd]\s+\d+\s+|-\S+\s+)+", "", simple) if word in _FLAGGED else simple
        if simple == before:
            break
    return "" if simple.startswith(("echo ", "printf ", "#", "log ", "info ", "cat ", "grep ", "export ")) else simple


def _command(simple: str, where: str, line: int) -> Command | None:
    word, _, arguments = simple.partition(" ")
    tool = wrapped.program(word)
    if not verbs.known(tool) or not (does := verbs.meaning(tool, verbs.read(tool, arguments))):
        return None
    path = _works_on(tool, arguments, where)
    plain = shown(path)
    return Command(
        does=does, tool=verbs.tool_id(tool), path=plain, line=line, text=redact(simple), resolved=not _EXPRESSION.search(plain),
        written=written(path), soft=bool(_SOFT.search(arguments)), sends=destination(tool, arguments) if does == "publish" else "",
    )  # fmt: skip


_SOFT = re.compile(r"(?:^|\s)(?:--soft-fail(?!-on)|--no-fail|--exit-zero|--exit-code[= ]0|--ignore-on-exit[= ](?:all|results))(?=\s|$|=)")
"""Flags by which a checker finds and does not fail.

Source: https://www.checkov.io/2.Basics/CLI%20Command%20Reference.html, https://trivy.dev/latest/docs/configuration/others/,
https://docs.kics.io/latest/commands/
"""


_PATH_FLAG = re.compile(
    r"(?:^| )(?:-chdir|--chdir|--working-dir|--terragrunt-working-dir|--cwd|-C|--project-directory)[= ][\"']?([^\s\"']+)"
)
_FILE_FLAG = re.compile(r"(?:^| )(?:-f|-k|--filename|--kustomize|--template-file|--template|--path|-TemplateFile)[= ][\"']?([^\s\"']+)")


_DIRECTORY_FLAG = re.compile(r"(?:^| )--dir[= ][\"']?([^\s\"']+)")
_HELMFILE_FLAG = re.compile(r"(?:^| )(?:-f|--file)[= ][\"']?([^\s\"']+)")
_BY_FILE = ("kubectl", "oc", "aws", "az", "flux", "kapp", "ko")
_VALUED = re.compile(
    r"(?:^| )(?:-[ieltu]|--inventory(?:-file)?|--extra-vars|--limit|--tags|--user|--private-key|--vault-password-file|--values|--set"
    r"|--namespace|-n|--version|--var-file|-var-file|-var)[= ]\S+"
)


def _works_on(tool: str, arguments: str, where: str) -> str:
    if flag := _PATH_FLAG.search(arguments):
        return onto(where, flag[1])
    if tool == "helmfile" and (flag := _HELMFILE_FLAG.search(arguments)):
        return onto(where, flag[1])
    if (tool in _BY_FILE or tool.lower().startswith("new-az")) and (flag := _FILE_FLAG.search(arguments)):
        return where if "://" in flag[1] or flag[1] == "-" else onto(where, flag[1])
    if tool == "sceptre" and (flag := _DIRECTORY_FLAG.search(arguments)):
        return onto(where, flag[1])
    if tool == "org-formation":  # its list of tasks, which names the templates beside and below it
        listed = next((word for word in arguments.split() if word.endswith((".yml", ".yaml"))), "")
        return onto(where, dirname(listed) or ".") if listed else where
    if tool in ("helm", "ansible-playbook", "packer", "kustomize", "nomad"):
        words = [w.strip("\"'") for w in _VALUED.sub(" ", arguments).split() if not w.startswith("-")]
        local = [w for w in words if "/" in w or w == "." or w.endswith((".yml", ".yaml", ".hcl", ".json"))]
        local = [w for w in local if "://" not in w and "=" not in w]
        if local:
            return onto(where, local[0])
    return where


_RUNNERS = re.compile(r"^(make|gmake|just|task|npm|yarn|pnpm|invoke|inv|fab)\b(.*)")
_INTERPRETED = re.compile(
    r"^(?:(?:bash|sh|zsh|python3?|pwsh|powershell|source|\.|ruby|node)\s++(?:-\S++\s++)*+)?"
    r"[\"']?(?!/)((?:[\w./@-]|\$\{[^\s}]*+\}++|\$\w)++)[\"']?(?=\s|$)"
)
_SCRIPT = re.compile(r"\./[\w./-]+\Z|(?!.*//).*[^/]\.(?:sh|bash|py|ps1|rb|js)\Z")
"""The paths that are run as such: what is marked as a file of here, or has the suffix of a script."""


def _calls(simple: str, where: str, line: int) -> Iterator[Call]:
    if runner := _RUNNERS.match(simple):
        name, words = runner[1].replace("gmake", "make"), runner[2].split()
        directory = where
        if "-C" in words and words.index("-C") + 1 < len(words):
            directory = onto(where, words[words.index("-C") + 1])
        targets = [w for i, w in enumerate(words) if not w.startswith("-") and "=" not in w and (i == 0 or words[i - 1] != "-C")]
        if name in ("npm", "yarn", "pnpm"):
            targets = [w for w in targets if w != "run"][:1]
        given = tuple((m[1], m[2]) for word in words if (m := _GIVEN.match(word))) if name in ("make", "just", "task") else ()
        for target in targets or ([""] if name == "make" else []):
            yield _call(f"{name}:", directory, f"#{target}", line, given)
    elif (script := _INTERPRETED.match(simple)) and _SCRIPT.match(script[1]):
        yield _call("", onto(where, script[1]), "", line)


_GIVEN = re.compile(r"[\"']?([A-Za-z_]\w*)=[\"']?([\w./${}()-]+)[\"']?\Z")


def _call(kind: str, place: str, target: str, line: int, given: tuple[tuple[str, str], ...] = ()) -> Call:
    open_ = "$" in place or "$" in target
    full = f"{kind}{written(place) or place}{target}" if open_ else ""
    return Call(name=starred(f"{kind}{shown(place)}{target}"), line=line, written=full, given=given)


_SPACED = re.compile(r"\$\{\{[^{}\n]*\}\}|\$\[\[[^\[\]\n]*\]\]")
"""An expression of a pipeline; without its blanks it stays one word."""
