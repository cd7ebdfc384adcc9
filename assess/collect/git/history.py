"""How the default branch was changed lately: by whom, in which way, and whether what is operated was touched.

The unit of counting is a commit of the first-parent line: a merged request is one change, however many commits it brought.
Names and addresses are compared here and stay here; facts hold numbers.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from assess.collect.git.classify import Classification
from assess.collect.git.commits import MAX_COMMITS, Commit, Line, first_parents, load
from assess.collect.git.libgit2 import git
from assess.collect.git.makers import PERSON, Maker, maker_by_branch, maker_of
from assess.collect.git.repository import Repository
from assess.collect.git.touched import MAX_PATHS, Operated, Spent, Trees
from assess.model.fact import MACHINES, Assurance, AutomatedChange, Fact, History, Tally
from assess.model.fact import Repository as Whole
from assess.model.target import Location

WINDOW_DAYS = 90
"""As `window_days` of rules/ladder.yaml."""
MAX_PLACES = 200
"""Directories whose automated changes become facts of their own."""
_SIDE, _TIPS = 20, 20
"""Commits of a merged branch that are asked who made them, and branches of one merge."""
_LEAST, _A_FILE, _COMMIT_COST = 16_000, 70, 90
"""The allowance in entries of trees (some 0.7 µs each): at least, for each file that the scan read, and what a commit takes
of it. Together a tenth of the scan of the same repository, or ten milliseconds."""
_FEWEST, _MOST = 5, 0.9
"""Changes from which on a share says something; the share of requests from which on pushes are the exception."""
_GITHUB = "noreply@github.com"
"""What GitHub commits with on its pages: merges, squashes and edits. Source: https://github.com/web-flow"""
_MERGED = re.compile(
    r"Merge pull request #?\d+|Merge pull request '|Merged in \S+ \(pull request #\d+\)|Merged PR \d+:|^See merge request \S+!\d+"
    r"|^Reviewed-on: https?://", re.M,
)  # fmt: skip
"""GitHub and Bitbucket Server, Gitea, Bitbucket, Azure, GitLab, Gerrit; each writes so unless a template says otherwise."""
_PULLED = re.compile(
    r"Merge (?:remote-tracking )?branch '[^'\n]{1,200}' of (?:https?|ssh|git)\b|Merge (?:remote-tracking )?branch '[^'\n]{1,200}' of \S+[:/]"
)
"""What `git pull` writes: a merge made on somebody's machine."""
_NUMBERED = re.compile(r"\(#\d+\)$")
_SQUASHED = re.compile(r"^Merged PR \d+:|\(pull request #\d+\)|^See merge request \S+!\d+|^Reviewed-on: https?://", re.M)
_PLAIN_VERSION = re.compile(r"v?\d+\.\d+\.\d+")


@dataclass(frozen=True, slots=True)
class Window:
    """The days before a moment that count as lately; the moment is when the run reads, not when the last change was made.

    A window that ended with the newest commit would never find a repository dormant.
    """

    until: datetime
    days: int = WINDOW_DAYS

    @property
    def since(self) -> datetime:
        """Its start."""
        return self.until - timedelta(days=self.days)


@dataclass(slots=True)
class _Counts:
    tallies: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)
    people: set[str] = field(default_factory=set)
    unopened: int = 0
    places: dict[tuple[str, str, str], list[tuple[int, str]]] = field(default_factory=dict)
    """By maker, tool and directory: the time of each change and the version it released."""


def history(repository: Repository, facts: Iterable[Fact], classification: Classification, files: int, window: Window) -> Iterator[Fact]:
    """One `History`, and an `AutomatedChange` for each directory that a machine changed in the window.

    files: how many the scan read; the cost is bounded by them.
    """
    facts = list(facts)
    purpose = next((fact.purpose for fact in facts if isinstance(fact, Whole)), "")
    allowance = max(_LEAST, _A_FILE * files)
    since, until = int(window.since.timestamp()), int(window.until.timestamp())
    most = min(MAX_COMMITS, allowance // 2 // _COMMIT_COST)
    line = first_parents(repository.read, repository.commit.id.raw, since, until, most, repository.is_shallow)
    trees = Trees(repository.read, allowance - _COMMIT_COST * len(line.trees))
    counts = _counted(repository, line, trees, Operated(facts, classification, purpose), _sure(repository, line))
    tallies = tuple(
        Tally(by=by, tool=tool, way=way, touched=touched, changes=number)
        for (by, tool, way, touched), number in sorted(counts.tallies.items())
    )
    whole = line.cut in ("", "cap")  # what was read of a capped line is a shorter window, and as good as one
    yield History(
        at=Location(target=repository.label), assurance=Assurance.EXERCISED, since=_iso(since), until=_iso(until),
        window_days=window.days, changes=len(line.inside), cut=line.cut, unopened=counts.unopened, people=len(counts.people),
        last_change=_iso(line.newest)[:10] if line.newest else "", oldest=_iso(line.inside[-1].when)[:10] if line.inside else "",
        dormant=None if line.cut and not line.inside else not line.inside, ahead=line.ahead, tallies=tallies,
        automated=automated(tallies) if whole else None, reviewed=reviewed(tallies) if whole else None,
    )  # fmt: skip
    yield from _automated(repository.label, counts, {path.rpartition("/")[0] for path in classification.used})


def automated(tallies: Iterable[Tally]) -> bool | None:
    """As `History.automated`: what was not looked into is counted both ways."""
    machines, people, unopened_machines, unopened = 0, 0, 0, 0
    for tally in tallies:
        machine = tally.by in MACHINES
        if tally.touched == "operations":
            machines, people = machines + machine * tally.changes, people + (not machine) * tally.changes
        elif tally.touched == "unknown":
            unopened_machines, unopened = unopened_machines + machine * tally.changes, unopened + (not machine) * tally.changes
    if machines + people < _FEWEST:
        return None
    if machines >= people + unopened:
        return True
    return False if machines + unopened_machines < people else None


def reviewed(tallies: Iterable[Tally]) -> bool | None:
    """As `History.reviewed`: ways that the commits do not tell are counted both ways."""
    ways: Counter[str] = Counter()
    for tally in tallies:
        if tally.by in ("person", "assistant", "unknown"):
            ways[tally.way] += tally.changes
    asked = ways["merge"] + ways["squash"]
    if ways.total() < _FEWEST:
        return None
    if asked >= _MOST * ways.total():
        return True
    return False if asked + ways["unknown"] < _MOST * ways.total() else None


def _counted(repository: Repository, line: Line, trees: Trees, operated: Operated, sure: bool) -> _Counts:
    counts, versions = _Counts(), None
    for commit in line.inside:
        (by, tool), address = _made_by(repository, commit, line)
        touched, directories = _touched(commit, line.trees, trees, operated, by in MACHINES)
        way = way_of(commit)
        counts.tallies[by, tool, "unknown" if way == "direct" and not sure else way, touched] += 1
        counts.unopened += touched == "unknown"
        counts.people |= {address} - {""}
        version = ""
        if by == "release":
            versions = repository.versions() if versions is None else versions
            version = versions.get(commit.oid, "")
            directories = _released(version, directories)
        for directory in directories if by in MACHINES and (version or touched == "operations") else ():
            counts.places.setdefault((by, tool, directory), []).append((commit.when, version))
    return counts


def _released(version: str, directories: set[str]) -> set[str]:
    """What a release offers: the whole tree under a plain version, under a named one the directories that it changed."""
    if not version:
        return directories
    return {""} if _PLAIN_VERSION.fullmatch(version) else directories - {""}


def _automated(label: str, counts: _Counts, today: Set[str]) -> Iterator[Fact]:
    """The machines' changes by directory, those changed most first; directories that are gone are left out."""
    if not counts.places:
        return
    ranked = sorted(counts.places.items(), key=lambda item: (-len(item[1]), item[0]))
    alive = {"", *(directory[:end] for directory in today for end in _ends(directory))}
    for (by, tool, directory), changes in [item for item in ranked if item[0][2] in alive][:MAX_PLACES]:
        yield AutomatedChange(
            at=Location(target=label, path=directory), tool=tool, assurance=Assurance.EXERCISED, path=directory or ".", by=by,
            changes=len(changes), last=_iso(max(changes)[0])[:10],
            version=next((version for _, version in sorted(changes, reverse=True) if version), ""),
        )  # fmt: skip


def _ends(directory: str) -> Iterator[int]:
    """Where each directory above a directory ends in its path, and the directory itself."""
    yield from (match.start() for match in re.finditer("/", directory))
    yield len(directory)


def _made_by(repository: Repository, commit: Commit, line: Line) -> tuple[Maker, str]:
    """Who made a change, and the address of the person where it was one; of a merge, who made what it brings in."""
    if len(commit.parents) < 2:
        by = maker_of(commit.author, commit.message)
        return by, commit.author.email.lower() if by == PERSON else ""
    if len(commit.parents) > _TIPS:
        return ("unknown", ""), ""
    found = [_brought(repository, commit, tip, line) for tip in commit.parents[1:]]
    makers = {by for by, _ in found}
    if len(makers) == 1:
        return found[0]
    return next(((by, address) for by, address in found if by == PERSON), (("unknown", ""), ""))


def _brought(repository: Repository, merge: Commit, tip: bytes, line: Line) -> tuple[Maker, str]:
    """Who made the commits of a merged branch: a machine if it made all of them, else the person who made the newest."""
    first: Maker | None = None
    for _ in range(_SIDE):
        commit = None if tip in line.trees else load(repository.read, tip)
        if commit is None or (first is not None and commit.when < line.oldest):
            break  # back on the line, or so old that it may be
        by = maker_of(commit.author, commit.message)
        if by[0] not in MACHINES and len(commit.parents) < 2:
            return by, commit.author.email.lower() if by == PERSON else ""
        first = first or (by if len(commit.parents) < 2 else None)
        if not commit.parents:
            break
        tip = commit.parents[0]
    return first or maker_by_branch(merge.message.partition("\n")[0]), ""


def _touched(commit: Commit, line: Mapping[bytes, bytes], trees: Trees, operated: Operated, all_of_it: bool) -> tuple[str, set[str]]:
    """As `Tally.touched`, and the directories of what is operated; without `all_of_it` the first such file is enough."""
    directories: set[str] = set()
    if commit.parents and commit.parents[0] not in line:
        return "unknown", directories
    old = line[commit.parents[0]] if commit.parents else None
    try:
        for number, path in enumerate(trees.changed(old, commit.tree)):
            if operated(path):
                directories.add(path.rpartition("/")[0])
            if number >= MAX_PATHS or (directories and not all_of_it):
                break
    except (Spent, KeyError, git().GitError):
        return "operations" if directories else "unknown", directories
    return "operations" if directories else "other", directories


def way_of(commit: Commit) -> str:
    """As `Tally.way`, from the commit alone."""
    subject, web = commit.message.partition("\n")[0].strip(), commit.committer.email.lower() == _GITHUB
    if len(commit.parents) > 1:
        if web or _MERGED.search(commit.message):
            return "merge"
        return "direct" if _PULLED.match(subject) else "unknown"
    if _SQUASHED.search(commit.message) or (web and _NUMBERED.search(subject)):
        return "squash"
    return "direct" if commit.author == commit.committer and commit.written == commit.when else "unknown"


def _sure(repository: Repository, line: Line) -> bool:
    """Whether a commit without a sign of a request was pushed directly, rather than fast-forwarded from one.

    GitHub fast-forwards nothing, and other forges rarely use two ways of merging in one repository.
    Source: https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/incorporating-changes-from-a-pull-request/about-pull-request-merges
    """
    return "//github." in repository.target.web or any(way_of(commit) in ("merge", "squash") for commit in line.inside)


def _iso(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
