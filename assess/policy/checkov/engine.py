"""checkov's Terraform checks, in a child process over an export of the commit: no network, none of the tree's settings."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from posixpath import dirname, normpath
from tempfile import TemporaryDirectory
from typing import Any

from assess.collect.git.repository import Entry
from assess.errors import ContentError
from assess.model.finding import Finding, PolicyText, Verdict
from assess.model.gap import Gap
from assess.policy.documents import unread
from assess.policy.engine import CRASH, LOST, PARSE, UNSEEN, Checked, EngineFailed, numbered, trouble
from assess.policy.fingerprint import identify
from assess.policy.tree import Tree
from assess.spec.checkov import Severities
from assess.spec.shipped import shipped
from assess.spec.strict import read_file

REPAIR = "Install idp-assess again; where that does not help, report this."
SECONDS = 300
MEMORY = 4 << 30
INDEX = "https://www.checkov.io/5.Policy%20Index/terraform.html"
CHILD = Path(__file__).with_name("main.py")
_SOURCE = re.compile(rb"""(?m)^[^#\n]*"?\bsource"?\s*[=:]\s*"(\.{1,2}/[^"$]*|\.{1,2})\"""")
_BLANK = re.compile(rb"#[^\n]*|//[^\n]*|/\*.*?\*/|\s+", re.S)
_INPUT, _VALUES, _FOREIGN = (".tf",), (".tfvars", ".tfvars.json"), (".tf.json", ".tofu", ".tofu.json")
_SENT = (*_INPUT, *_VALUES)
ENVIRONMENT = {
    "CKV_SKIP_PACKAGE_UPDATE_CHECK": "1", "CHECKOV_PARALLELIZATION_TYPE": "none", "BC_SKIP_MAPPING": "TRUE",
    "CKV_IGNORE_HIDDEN_DIRECTORIES": "false", "LOG_LEVEL": "ERROR", "GIT_PYTHON_REFRESH": "quiet",
    "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8",
}  # fmt: skip
"""All that the child sees of the environment: no credentials, no proxy, none of checkov's settings of the caller's."""


@dataclass(frozen=True)
class Checkov:
    """The checkov engine. python, seconds, memory: the child's interpreter and limits."""

    python: str = sys.executable
    seconds: int = SECONDS
    memory: int = MEMORY
    child: Path = CHILD
    name: str = "checkov"

    @cached_property
    def severities(self) -> Severities:
        """Our severities: checkov has none without a key (https://github.com/bridgecrewio/checkov/issues/7379)."""
        return read_file(shipped("policies") / "checkov" / "severity.yaml", Severities, ContentError)

    def reads(self, tree: Tree, path: str) -> bool:
        """Whether this is Terraform in use, in whatever spelling."""
        return path.endswith((*_SENT, *_FOREIGN)) and tree.counts(path)

    def check(self, trees: Sequence[Tree]) -> list[Checked]:
        """As `Engine.check`: both sides of a change in one child, for starting one takes seconds."""
        scopes = _scopes(trees)
        blind = [_blind(tree) for tree in trees]
        if not any(entry.path.endswith(_INPUT) for scope in scopes for entry in scope):
            return [Checked(numbered(found)) for found in blind]
        with TemporaryDirectory(prefix="idp-assess-") as scratch:
            roots = [Path(scratch).resolve() / str(position) for position in range(len(trees))]
            exported = [_export(tree, scope, root) for tree, scope, root in zip(trees, scopes, roots, strict=True)]
            answer = self.ask(roots, scratch)
        if not answer["checks"]:
            raise EngineFailed("checkov has no check to run", fix="Install idp-assess again.")
        return [
            self._checked(tree, told, sent, [*found, *bad], len(answer["checks"]))
            for tree, told, (sent, bad), found in zip(trees, answer["trees"], exported, blind, strict=True)
        ]

    def ask(self, roots: Sequence[Path], home: str) -> Any:
        """What checkov says of directories: its check ids, and for each directory what `main` makes of it.

        Errors: EngineFailed for a child that cannot start, crashes, runs out of time or memory, or gives no answer.
        """
        request = {"roots": [str(root) for root in roots], "memory": self.memory, "seconds": self.seconds}
        command = [self.python, "-I", str(self.child)]
        env = {**ENVIRONMENT, "HOME": home, "TMPDIR": home}
        text = json.dumps(request).encode()
        try:
            done = subprocess.run(command, input=text, capture_output=True, env=env, cwd=home, timeout=self.seconds)
        except subprocess.TimeoutExpired:
            raise EngineFailed(f"checkov was ended after {self.seconds} s", fix="Check a smaller change.") from None
        except OSError as error:
            raise EngineFailed(f"checkov could not be started: {error.strerror}", fix="Install idp-assess again.") from None
        if done.returncode:
            raise EngineFailed(f"checkov {_ending(done.returncode, done.stderr)}", fix=REPAIR)
        return _sound(done.stdout, len(roots))

    def _checked(self, tree: Tree, told: Any, sent: Mapping[str, bytes], findings: list[Finding], checks: int) -> Checked:
        for verdict, records in ((Verdict.FAIL, told["failed"]), (Verdict.WAIVED, told["skipped"])):
            findings += [self._finding(tree, record, verdict) for record in records]
        findings += _unchecked(tree, told, sent)
        return Checked(numbered(findings), sum(path.endswith(_INPUT) for path in sent), checks, tuple(self._texts(told)))

    def _texts(self, told: Any) -> Iterator[PolicyText]:
        for check, name in sorted(told["judged"].items()):
            yield PolicyText(
                id=check, engine="checkov", title=name, severity=self.severities.of(check), why=self.severities.why,
                fix=f"change the resource so that it is met: {name}", sources=(INDEX,),
            )  # fmt: skip

    def _finding(self, tree: Tree, record: Mapping[str, Any], verdict: Verdict) -> Finding:
        """One result. Terraform's addresses are unique in a directory, so the file in it is no part of the identity."""
        keys = f" ({', '.join(record['keys'][:3])})" if record["keys"] else ""
        bare = Finding(
            policy=record["check"], engine="checkov", verdict=verdict, severity=self.severities.of(record["check"]),
            at=tree.at(record["path"], record["line"]), address=record["address"],
            message=f"{record['address']}: not met: {record['name']}", why=self.severities.why,
            fix=f"change {record['address']}{keys} so that it is met: {record['name']}",
        )  # fmt: skip
        return identify(bare, scope=tree.scope, path=dirname(record["path"]))


def _unchecked(tree: Tree, told: Any, sent: Mapping[str, bytes]) -> Iterator[Finding]:
    """What checkov would pass over in silence: files that do not parse, checks that crashed, files it says nothing of."""
    for path in told["unparsed"]:
        yield trouble("checkov", PARSE, tree.at(path), "checkov cannot read this file", "Run `terraform validate` and mend it.")
    for check, place, kind in told["crashed"]:
        path, _, address = place.lstrip("/").rpartition(":")
        what = f"check {check or '(unknown)'} crashed on {address} ({kind})"
        yield trouble("checkov", CRASH, tree.at(path), what, "Report this to checkov.")
    for path in sorted(sent.keys() - set(told["read"]) - set(told["unparsed"])):
        if path.endswith(_INPUT) and _BLANK.sub(b"", sent[path]):
            yield trouble("checkov", LOST, tree.at(path), "checkov was given this file and says nothing of it", REPAIR)


def _scopes(trees: Sequence[Tree]) -> list[list[Entry]]:
    """The Terraform files of each tree that a change can reach: the directories touched, and what local modules link to them.

    checkov judges directories together with the modules they call; a directory that nothing links to the change says the
    same on both sides.
    """
    found = [[e for e in tree.entries.values() if e.path.endswith(_SENT) and tree.counts(e.path)] for tree in trees]
    if all(tree.touched is None for tree in trees):
        return found
    touched = {dirname(path) for tree in trees for path in tree.touched or () if path.endswith((*_SENT, *_FOREIGN))}
    if not touched:
        return [[] for _ in trees]
    edges = [edge for tree, entries in zip(trees, found, strict=True) for entry in entries for edge in _calls(tree, entry)]
    reached = _connected(touched, edges)
    return [[entry for entry in entries if dirname(entry.path) in reached] for entries in found]


def _calls(tree: Tree, entry: Entry) -> Iterator[tuple[str, str]]:
    content = tree.blob(entry)
    if not isinstance(content, Gap):
        here = dirname(entry.path)
        for source in _SOURCE.findall(content):
            there = normpath(f"{here or '.'}/{source.decode('utf-8', 'replace')}")
            yield here, "" if there == "." else there


def _connected(start: Iterable[str], edges: Sequence[tuple[str, str]]) -> set[str]:
    near: dict[str, set[str]] = {}
    for one, other in edges:
        near.setdefault(one, set()).add(other)
        near.setdefault(other, set()).add(one)
    reached, waiting = set(start), list(start)
    while waiting:
        for other in near.get(waiting.pop(), ()):
            if other not in reached:
                reached.add(other)
                waiting.append(other)
    return reached


def _blind(tree: Tree) -> list[Finding]:
    """A finding for each directory that is not known, and each file asked about that checkov does not read."""
    foreign = [entry.path for entry in tree.asked() if entry.path.endswith(_FOREIGN) and tree.counts(entry.path)]
    said = dict.fromkeys(foreign, "is Terraform that checkov does not read")
    said |= {
        path: "is a symbolic link or a submodule now: its content is not in this commit"
        for path in tree.links if any(one == path or one.startswith(f"{path}/") for one in tree.touched or () if one.endswith((*_SENT, *_FOREIGN)))
    }  # fmt: skip
    fix = "Commit it as a plain .tf file, or run the gate with `--engine rego`."
    found = [trouble("checkov", UNSEEN, tree.at(path), what, fix, Verdict.NOT_OBSERVED) for path, what in sorted(said.items())]
    return [*(unread(tree, "checkov", gap) for gap in tree.gaps), *found]


def _export(tree: Tree, scope: Iterable[Entry], root: Path) -> tuple[dict[str, bytes], list[Finding]]:
    """The files written below `root`, by path, and a finding for each that could not be."""
    root.mkdir()
    sent: dict[str, bytes] = {}
    bad: list[Finding] = []
    for entry in scope:
        content = tree.blob(entry)
        if isinstance(content, Gap):
            bad.append(unread(tree, "checkov", content))
            continue
        try:
            _write(root, entry.path, content)
        except (OSError, ValueError):
            bad.append(trouble("checkov", UNSEEN, tree.at(entry.path), "has a name that no file can have", "Rename it."))
            continue
        sent[entry.path] = content
    return sent, bad


def _write(root: Path, path: str, content: bytes) -> None:
    parts = PurePosixPath(path).parts
    if path.startswith("/") or ".." in parts or "\0" in path or "/".join(parts) != path:
        raise ValueError("leads out of the export")
    place = root / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)


def _sound(text: bytes, count: int) -> Any:
    """The child's answer. Errors: EngineFailed where it is none, or is not about as many trees as were asked about."""
    try:
        answer = json.loads(text)
        if len(answer["trees"]) == count and isinstance(answer["checks"], list):
            return answer
    except (ValueError, TypeError, KeyError):
        pass
    raise EngineFailed("checkov's answer is empty or is none", fix=REPAIR)


def _ending(code: int, stderr: bytes) -> str:
    """How the child ended. Only the kind of a Python error is told, for its text may hold values of the tree."""
    if code < 0:
        limit = " (its CPU limit)" if -code == signal.SIGXCPU else ""
        return f"was killed by signal {-code}{limit}"
    last = stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
    kind = re.match(r"[\w.]*(Error|Exception|Interrupt)\b", last)
    return f"ended with {code}" + (f": {kind[0]}" if kind else "")
