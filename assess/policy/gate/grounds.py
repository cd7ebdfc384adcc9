"""What one verdict is given on: the change under the base's settings, and what is said of those settings themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from assess.model.finding import Finding, Verdict
from assess.policy.engine import CRASH, LOST, PARSE, numbered
from assess.policy.gate.change import Change
from assess.policy.gate.compare import Compared, compare
from assess.policy.gate.notices import notice
from assess.policy.gate.result import EngineRun
from assess.policy.gate.settle import Settled, within
from assess.policy.gate.suppressions import Suppressed, over_budget, suppressed
from assess.policy.gate.tamper import edits, growth
from assess.policy.gate.trusted import FILES, Config, Trusted, read, sound, trusted, unusable
from assess.policy.gate.waivers import Waivers
from assess.spec.gate import BASELINE_FILE, WAIVERS_FILE, Known


@dataclass(frozen=True)
class Grounds:
    """A change, the settings that judge it, and what it makes of them.

    left, head: the same files at the merge base and at the head; None where the change touches none of them, or they are another
    repository's.
    """

    change: Change
    trusted: Trusted
    left: Trusted | None
    head: Trusted | None
    suppressed: Suppressed
    today: date

    @property
    def waivers(self) -> Waivers:
        """The waivers that count."""
        return self._listed(self.trusted)

    def _listed(self, files: Trusted) -> Waivers:
        return Waivers(files.waivers.waivers, self.trusted.settings.waivers, self.change.after.label, self.today)

    @property
    def known(self) -> dict[str, Known]:
        """The baseline by fingerprint."""
        return {known.fingerprint: known for known in self.trusted.baseline.findings}

    def without_baseline(self) -> Grounds:
        """The same with nothing in the baseline."""
        files = {path: found for path, found in self.trusted.files.items() if path != BASELINE_FILE}
        return replace(self, trusted=replace(self.trusted, files=files))

    @property
    def settled(self) -> Settled:
        """What findings are judged by."""
        return Settled(self.trusted.settings, self.waivers, self.suppressed, self.known, self.change.whole)

    def told(self) -> Iterator[str]:
        """What the verdict goes by, in words."""
        yield f"judged by {self.trusted.told}"
        if counting := sum(self.waivers.counts(one) for one in self.waivers.waivers):
            yield f"{counting} of {len(self.waivers.waivers)} waivers count today"
        if self.known:
            yield f"the baseline lists {len(self.known)}"

    def notices(self, found: Compared, asked: Callable[[str], bool]) -> Compared:
        """What there is to say of settings, waivers, suppressions and the baseline: what the base had is unchanged.

        asked: whether a policy was asked, by its id.
        """
        before, after = self.suppressed.notices()
        edited = self.left is not None and WAIVERS_FILE in self.change.touched
        for side, files in ((before, self.left), (after, self.head)):
            found_there = files if edited and files else self.trusted
            side += self._listed(found_there).notices(found_there.lines)
        if self.change.whole:
            over = over_budget(self.suppressed, self.trusted.settings.suppressions)
            return Compared(new=(*after, *over, *self._stale(found, asked)))
        lasting = compare(numbered(before), numbered(after), self.change.moves)
        return Compared(new=(*lasting.new, *self._added()), resolved=lasting.resolved, unchanged=lasting.unchanged)

    def _added(self) -> Iterator[Finding]:
        """What a change does to the gate."""
        yield from edits(self.change, self.trusted)
        yield from self.suppressed.added()
        yield from over_budget(self.suppressed, self.trusted.settings.suppressions)
        if self.left and self.head:
            yield from unusable(self.head, self.change.after.label, self.change.touched)
            yield from growth(self.change, self.left, self.head)

    def _stale(self, found: Compared, asked: Callable[[str], bool]) -> Iterator[Finding]:
        """With everything judged: waivers that excuse nothing, and findings of the baseline that are mended.

        Where something has no verdict, what is not found may be there all the same: then nothing is said.
        """
        if found.incomparable or found.noted:
            return
        yield from self.waivers.used(found.new, asked, self.trusted.lines)
        there = {finding.fingerprint for finding in found.new}
        listed = self.trusted.baseline.findings
        if gone := [known for known in listed if known.fingerprint not in there and asked(known.policy)]:
            said = f"{len(gone)} findings of the baseline are mended; first {gone[0].policy} in {gone[0].path}"
            yield notice("GATE-014", self.change.after.at(BASELINE_FILE), said, key="stale")

    def enough(self, found: Compared, runs: Iterable[EngineRun]) -> Compared:
        """With everything judged: what could not be judged, held against the stated minimum."""
        unseen = {(f.engine, f.at.path): f for f in found.incomparable if f.unseen and f.at.path}
        among = sum(f.policy in (PARSE, LOST, CRASH) for f in unseen.values())
        inputs = sum(run.inputs for run in runs)
        total = inputs + len(unseen) - among
        share = (inputs - among) / total if total else 0.0
        least = self.trusted.settings.minimum_coverage
        told = within(found, share, least)
        if share < least < 1:
            said = f"{share:.1%} of {total} files have a verdict; the settings ask for {least:.1%}"
            bad = notice("GATE-016", self.change.after.at(""), said, key="minimum", verdict=Verdict.NOT_OBSERVED)
            return Compared(told.new, told.resolved, told.unchanged, (*told.incomparable, bad), told.noted)
        return told


def grounds(seen: Change, named: str, config: Config, today: date) -> Grounds:
    """What a change is judged on. named: what a person calls the base.

    Errors: UsageError where a file of the base cannot be used and the change does not mend it.
    """
    base = trusted(seen.tip, named, config)
    edited = not base.foreign and not seen.whole and bool(seen.touched & FILES.keys())
    left, head = (read(side.repository) if edited else None for side in (seen.before, seen.after))
    base = sound(base, head, seen.touched)
    remote = seen.after.repository.target.remote
    names = (seen.after.label, remote.rstrip("/").rpartition("/")[2].removesuffix(".git"))
    seen = seen.under(base.estate(today, names))
    return Grounds(seen, base, left, head, suppressed(seen, base.settings.suppressions, today), today)
