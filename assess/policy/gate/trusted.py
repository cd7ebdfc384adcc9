"""What a gate goes by: settings, waivers, baseline and exclusions as the base has them, never as the change has them.

The base is the tip of the branch that the change will go to, not the merge base: whoever branches off an old commit does not
get the settings of then.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from assess.collect.git.libgit2 import git
from assess.collect.git.opened import opened
from assess.collect.git.repository import Entry, Repository
from assess.errors import IncompleteError, UsageError
from assess.model.finding import Finding
from assess.model.gap import Gap
from assess.model.target import Location
from assess.policy.gate.change import one_thing
from assess.policy.gate.notices import notice
from assess.request import ESTATE_FILE
from assess.spec.document import read_yaml
from assess.spec.estate import Estate
from assess.spec.gate import BASELINE_FILE, GATE_FILE, WAIVERS_FILE, BaselineFile, GateFile, WaiverFile
from assess.spec.strict import Strict, parse

FILES: dict[str, type[Strict]] = {GATE_FILE: GateFile, WAIVERS_FILE: WaiverFile, BASELINE_FILE: BaselineFile, ESTATE_FILE: Estate}
"""The files that a gate goes by, and their shapes."""
F = TypeVar("F", bound=Strict)


@dataclass(frozen=True, slots=True)
class Config:
    """Where settings come from instead of the base: another revision, another repository on this machine, or both."""

    ref: str = ""
    repository: Path | None = None


@dataclass(frozen=True, slots=True)
class Trusted:
    """The files that a gate goes by.

    told: from where, in words. foreign: they are another repository's. broken: what is wrong with a file, by path.
    lines: where each waiver stands in its file, by id.
    """

    told: str = ""
    foreign: bool = False
    files: Mapping[str, Strict] = field(default_factory=dict)
    broken: Mapping[str, str] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)

    def _of(self, path: str, kind: type[F]) -> F:
        found = self.files.get(path)
        return found if isinstance(found, kind) else kind()

    @property
    def settings(self) -> GateFile:
        """The gate file, or what holds without one."""
        return self._of(GATE_FILE, GateFile)

    @property
    def waivers(self) -> WaiverFile:
        """The waivers, expired ones too."""
        return self._of(WAIVERS_FILE, WaiverFile)

    @property
    def baseline(self) -> BaselineFile:
        """What was there when the gate was adopted."""
        return self._of(BASELINE_FILE, BaselineFile)

    def estate(self, today: date, names: tuple[str, ...]) -> Estate:
        """The estate file of a day. names: what it may call the repository; the first is what the gate calls it."""
        estate = self._of(ESTATE_FILE, Estate).as_of(today)

        def renamed(pattern: str) -> str:
            label, slash, rest = pattern.partition("/")
            return f"{names[0]}/{rest}" if slash and label in names else pattern

        exclude = tuple(one.model_copy(update={"path": renamed(one.path)}) for one in estate.exclude)
        return estate.model_copy(update={"exclude": exclude, "use": tuple(map(renamed, estate.use))})


def trusted(tip: Repository, named: str, config: Config = Config()) -> Trusted:
    """What a gate goes by. tip: the base branch as it is now. named: what a person calls it.

    Errors: IncompleteError where the other revision or repository is not there.
    """
    side = tip
    if config.repository is not None or config.ref:
        place = config.repository or tip.path
        if config.ref:
            one_thing(opened(place), config.ref, place, "--config-ref")
        side = Repository(place, place.resolve().name.removesuffix(".git"), config.ref or "HEAD")
        named = " ".join(word for word in (str(config.repository or ""), config.ref) if word)
    found = read(side)
    return replace(found, told=f"{_sources(found)} of {named} ({str(side.commit.id)[:12]})", foreign=config.repository is not None)


def _sources(found: Trusted) -> str:
    """Which files there are, and what holds instead of the gate file where there is none."""
    missing = "cannot be used" if GATE_FILE in found.broken else "there is none"
    gate = GATE_FILE if GATE_FILE in found.files else f"the built-in defaults instead of {GATE_FILE} ({missing})"
    return ", ".join([gate, *(path for path in FILES if path in found.files and path != GATE_FILE)])


def read(side: Repository) -> Trusted:
    """The files of one commit; those that cannot be used are told as broken."""
    files: dict[str, Strict] = {}
    broken: dict[str, str] = {}
    lines: dict[str, int] = {}
    for path, model in FILES.items():
        try:
            if (text := text_of(side, path)) is not None:
                files[path] = found = parse(text, path, model)
                lines |= waiver_lines(text, found) if isinstance(found, WaiverFile) else {}
        except UsageError as error:
            broken[path] = error.what
    return Trusted(files=files, broken=broken, lines=lines)


def waiver_lines(text: bytes, found: WaiverFile) -> dict[str, int]:
    """The line on which each waiver begins, by its id."""
    document = read_yaml(text)[0]
    return {waiver.id: document.line("waivers", position) for position, waiver in enumerate(found.waivers)}


def text_of(side: Repository, path: str) -> bytes | None:
    """A file of a commit; None where the commit has none.

    Errors: UsageError where it is a link or too large; IncompleteError where the clone does not hold it: not the same as none.
    """
    parts = path.split("/")
    try:
        tree: Any = side.commit.tree
        for part in parts[:-1]:
            if part not in tree or tree[part].filemode != git().enums.FileMode.TREE:
                return None
            tree = tree[part]
        if parts[-1] not in tree:
            return None
        entry = tree[parts[-1]]
        if entry.filemode not in (git().enums.FileMode.BLOB, git().enums.FileMode.BLOB_EXECUTABLE):
            raise UsageError(f"{path}:1: is a link, not a file")
        content = side.blob(Entry(path, entry.id.raw))
    except (KeyError, git().GitError) as error:
        raise IncompleteError(f"{path} cannot be read: {error}", str(side.path), "Fetch a full clone.") from None
    if isinstance(content, Gap):
        raise IncompleteError(f"{path}: {content.what}", str(side.path), content.settle)
    return content


def unusable(found: Trusted, label: str, touched: Collection[str]) -> Iterator[Finding]:
    """A finding for each file that a change touches and that cannot be used then, at the line of its first problem."""
    for path, what in found.broken.items():
        if path not in touched:
            continue
        first = what.partition("\n")[0].removeprefix(f"{path}:")
        line, _, said = first.partition(": ")
        number = int(line) if line.isdecimal() else 0
        more = f" (and {what.count(chr(10))} more)" if "\n" in what else ""
        yield notice("GATE-002", Location(target=label, path=path, line=number), f"{path}: {said or first}{more}", key=path)


def sound(base: Trusted, head: Trusted | None, touched: Collection[str]) -> Trusted:
    """The base's files, where they can be used.

    Errors: UsageError where one cannot be, unless the change mends it: it would else be impossible to mend. Until then the
    built-in defaults hold in its place.
    """
    wrong = [what for path, what in base.broken.items() if head is None or path in head.broken or path not in touched]
    if wrong:
        raise UsageError("\n".join(wrong), f"what the gate goes by, {base.told}", "Mend it on the base branch.")
    return base
