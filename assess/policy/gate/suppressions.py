"""Comments in the code that suppress a finding: `# idp-assess:ignore PIPE-004 until=2027-01-31 reason="…"`.

A comment stands behind what it is about, or on lines of its own above it. checkov's own comments are read by checkov; here
they are only counted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from posixpath import basename

from assess.model.finding import Finding
from assess.policy.gate.change import Change
from assess.policy.gate.notices import notice
from assess.policy.tree import Tree
from assess.spec.gate import Inline

_MARK = re.compile(r"(?:^|[\s;}\])\"'])(?:#|//)[ \t]*idp-assess:ignore\b(.*)")
_FOREIGN = re.compile(r"(?:checkov|bridgecrew|cortex):skip[ \t]*=[ \t]*([\w,]+)")
_WORD = re.compile(r"""([a-z]+)=(?:"([^"]*)"|'([^']*)'|(\S+))|(\S+)""")
_ID = re.compile(r"[A-Z][A-Z0-9]*(?:[_-][A-Z0-9]+)+")
_COMMENT = re.compile(r"\s*(?:#|//|$)")
_READ = re.compile(r"\.(ya?ml|tf|tofu|hcl|tfvars)$|^(Dockerfile|Containerfile)|\.(dockerfile|containerfile)$", re.I)
LEAST = 5
"""Characters that a reason has at least."""


@dataclass(frozen=True, slots=True)
class Suppression:
    """One comment. line: where it stands. target, about: the line that it is about, and its text without white space around.

    policies: what it suppresses. wrong: why it excuses nothing, empty for a sound one. foreign: another tool's own comment.
    """

    path: str
    line: int
    target: int
    about: str
    text: str
    policies: tuple[str, ...] = ()
    until: date | None = None
    wrong: str = ""
    foreign: bool = False

    def holds(self, today: date) -> bool:
        """Whether it can excuse something on a day."""
        return not self.wrong and not self.foreign and self.until is not None and self.until >= today


def suppressions(path: str, content: bytes, latest: date) -> tuple[Suppression, ...]:
    """The comments of one file, by line. latest: the last day that `until` may name."""
    if not _READ.search(basename(path)) or (b"idp-assess:ignore" not in content and b":skip" not in content):
        return ()
    lines = content.decode("utf-8", "replace").split("\n")
    found: list[Suppression] = []
    for number, line in enumerate(lines, 1):
        if mark := _MARK.search(line):
            target = number if line[: mark.start()].strip() else _below(lines, number)
            about = lines[target - 1].partition("idp-assess:ignore")[0].strip() if target <= len(lines) else ""
            found.append(_sound(Suppression(path, number, target, about, mark[1].strip()), latest))
        elif mark := _FOREIGN.search(line):
            ids = tuple(mark[1].split(","))
            found.append(Suppression(path, number, number, "", mark[0], ids, foreign=True))
    return tuple(found)


def _below(lines: Sequence[str], number: int) -> int:
    """The first line below that is neither empty nor a comment."""
    return next((n for n in range(number + 1, len(lines) + 1) if not _COMMENT.match(lines[n - 1])), number)


def _sound(bare: Suppression, latest: date) -> Suppression:
    """The comment with what it says, or with what is wrong with it."""
    given: dict[str, str] = {}
    policies: list[str] = []
    wrong: list[str] = []
    for key, *values, word in _WORD.findall(bare.text):
        if key:
            given[key] = next(filter(None, values), "")
        else:
            policies += filter(None, word.split(","))
    wrong += [f"'{word[:40]}' is no policy id" for word in policies if not _ID.fullmatch(word)]
    wrong += [f"it has no use for '{key[:40]}'" for key in given if key not in ("until", "reason")]
    if not policies:
        wrong.append("it names no policy")
    if len(given.get("reason", "")) < LEAST:
        wrong.append(f"it has no reason of at least {LEAST} characters")
    until = None
    try:
        until = date.fromisoformat(given.get("until", ""))
    except ValueError:
        wrong.append("it has no date: until=YYYY-MM-DD")
    if until and until > latest:
        wrong.append(f"it may run until {latest} at the latest")
    said = "; ".join(wrong)
    return Suppression(bare.path, bare.line, bare.target, bare.about, bare.text, tuple(policies), until, said)


@dataclass(frozen=True)
class Suppressed:
    """The comments of both sides of a change, in the files that it touches; of the head's files all, where all is judged."""

    change: Change
    before: tuple[Suppression, ...]
    after: tuple[Suppression, ...]
    today: date

    def excuse(self, finding: Finding) -> str:
        """What suppresses a finding, in words; empty for none. A comment that comes with the change suppresses nothing."""
        for one in self.after:
            fits = one.path == finding.at.path and one.target == finding.at.line and finding.policy in one.policies
            if fits and one.holds(self.today) and (self.change.whole or self._stood(one)):
                return f"suppressed at {one.path}:{one.line} until {one.until}"
        return ""

    def _stood(self, one: Suppression) -> bool:
        """Whether the base had this comment, about the same line: told only where there is exactly one of it on each side."""
        key, renamed = (one.path, one.about, one.text), self.change.renamed
        mine = sum((other.path, other.about, other.text) == key for other in self.after)
        theirs = [other for other in self.before if (renamed.get(other.path, other.path), other.about, other.text) == key]
        return bool(one.about) and mine == len(theirs) == 1 and self._stands(theirs[0])

    def _stands(self, one: Suppression) -> bool:
        """Whether the base as it is now has a comment too: it may have been taken out since the branch left."""
        if self.change.tip.commit.id == self.change.before.repository.commit.id:
            return True
        content = self.change.tip.content(one.path) or b""
        return any(other.text == one.text for other in suppressions(one.path, content, date.max))

    def notices(self) -> tuple[list[Finding], list[Finding]]:
        """What is wrong with the comments of each side, to be compared."""
        return [*self._wrong(self.before, self.change.before)], [*self._wrong(self.after, self.change.after)]

    def _wrong(self, found: Iterable[Suppression], tree: Tree) -> Iterator[Finding]:
        for one in found:
            at, key = tree.at(one.path, one.line), f"{one.text} {one.about}"
            if one.wrong:
                yield notice("GATE-010", at, f"the suppression excuses nothing: {one.wrong}", key=key)
            elif one.until and one.until < self.today:
                yield notice("GATE-011", at, f"the suppression of {', '.join(one.policies)} expired on {one.until}", key=key)

    def added(self) -> Iterator[Finding]:
        """A finding for each comment that the base did not have."""
        if self.change.whole:
            return
        had = Counter((self.change.renamed.get(one.path, one.path), one.text) for one in self.before)
        for one in self.after:
            if had[(one.path, one.text)]:
                had[(one.path, one.text)] -= 1
                continue
            what = f"{', '.join(one.policies)} is suppressed here; that counts from the next change on" if one.policies else "a suppression"
            yield notice("GATE-009", self.change.after.at(one.path, one.line), what, key=f"{one.text} {one.about}")


def suppressed(change: Change, limits: Inline, today: date) -> Suppressed:
    """The comments of a change; only files that it touches are read."""
    latest = today + timedelta(days=limits.max_days)
    sides = [tuple(_of(tree, latest)) for tree in (change.before, change.after)]
    return Suppressed(change, sides[0], sides[1], today)


def _of(tree: Tree, latest: date) -> Iterator[Suppression]:
    for entry in tree.asked():
        if _READ.search(basename(entry.path)) and tree.counts(entry.path) and isinstance(content := tree.blob(entry), bytes):
            yield from suppressions(entry.path, content, latest)


def over_budget(seen: Suppressed, limits: Inline) -> Iterator[Finding]:
    """A finding where a change adds suppressions and the repository then holds more than it may.

    All files are read only then: what a change costs follows the change.
    """
    whole = seen.change.whole
    if not whole and len(seen.after) <= len(seen.before):
        return
    tree = seen.change.after
    every = seen.after if whole else tuple(_of(Tree(tree.repository, None, estate=tree.estate), seen.today))
    if len(every) > limits.budget:
        files: Mapping[str, int] = Counter(one.path for one in every)
        most, count = max(files.items(), key=lambda item: (item[1], item[0]))
        said = f"{len(every)} suppressions, the budget is {limits.budget}; most are in {most} ({count})"
        yield notice("GATE-012", tree.at(""), said)
