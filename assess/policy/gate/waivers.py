"""Waivers: which finding one excuses, until when, and what is wrong with the list itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fnmatch import fnmatchcase

from assess.collect.git.classify import covers
from assess.model.finding import Finding
from assess.model.target import Location
from assess.policy.gate.notices import notice
from assess.spec.gate import WAIVERS_FILE, Limits, Waiver

_PATTERN = re.compile(r"[*?\[]")
_ANYTHING = "\0/\0.\0"
"""A path that nobody has: a pattern that covers it covers everything."""


@dataclass(frozen=True)
class Waivers:
    """The waivers that a gate goes by, on one day, for one repository."""

    waivers: tuple[Waiver, ...]
    limits: Limits
    label: str
    today: date

    def excuse(self, finding: Finding) -> Waiver | None:
        """The first waiver that excuses a finding."""
        return next((one for one in self.waivers if self.counts(one) and self.fits(one, finding)), None)

    def last_day(self, waiver: Waiver) -> date:
        """The last day on which a waiver counts: its own, or the limit's."""
        return min(waiver.expires, waiver.created + timedelta(days=self.limits.max_days))

    def counts(self, waiver: Waiver) -> bool:
        """Whether a waiver counts today."""
        return waiver.created <= self.today <= self.last_day(waiver)

    def fits(self, waiver: Waiver, finding: Finding) -> bool:
        """Whether a waiver is about a finding. A place that was not seen is not excused: nobody knows what is there."""
        if finding.unseen or not self._here(waiver):
            return False
        if waiver.fingerprint and waiver.fingerprint != finding.fingerprint:
            return False
        return (
            (not waiver.policy or fnmatchcase(finding.policy, waiver.policy))
            and (waiver.path in ("", finding.at.path) or covers(waiver.path, finding.at.path))
            and (waiver.address in ("", finding.address) or fnmatchcase(finding.address, waiver.address))  # `a["x"]` is itself
        )

    def _here(self, waiver: Waiver) -> bool:
        return not waiver.repository or fnmatchcase(self.label, waiver.repository)

    def standing(self, waiver: Waiver) -> str:
        """Where a waiver stands today, in words."""
        last = self.last_day(waiver)
        if waiver.created > self.today:
            return f"does not count before {waiver.created}"
        return f"expired on {last}" if last < self.today else f"counts until {last}"

    def notices(self, lines: Mapping[str, int] | None = None) -> Iterator[Finding]:
        """What is wrong with the list by itself: expired, over-broad, longer than allowed. lines: where each waiver stands."""
        for one in filter(self._here, self.waivers):
            at = Location(target=self.label, path=WAIVERS_FILE, line=(lines or {}).get(one.id, 0))
            if one.created > self.today:
                yield notice("GATE-008", at, f"{one.id} was created on {one.created}, which is still to come", address=one.id)
            elif self.last_day(one) < self.today:
                yield notice("GATE-005", at, f"{one.id} of {one.owner} expired on {self.last_day(one)}: {one.reason}", address=one.id)
            elif self.last_day(one) < one.expires:
                said = f"{one.id} runs until {one.expires}; it counts until {self.last_day(one)}, {self.limits.max_days} days after it was made"
                yield notice("GATE-008", at, said, address=one.id)
            if why := _broad(one):
                yield notice("GATE-007", at, f"{one.id} {why}", address=one.id)

    def used(
        self, findings: Iterable[Finding], asked: Callable[[str], bool], lines: Mapping[str, int] | None = None
    ) -> Iterator[Finding]:  # fmt: skip
        """What all findings of a repository say of the waivers that count: those that excuse nothing, and too much.

        asked: whether a policy was asked; of others nobody knows what a waiver excuses. A pattern is taken for one of those asked.
        """
        every = tuple(findings)
        for one in self.waivers:
            if not self._here(one) or not self.counts(one):
                continue
            number = sum(self.fits(one, finding) for finding in every)
            at = Location(target=self.label, path=WAIVERS_FILE, line=(lines or {}).get(one.id, 0))
            if not number and (_PATTERN.search(one.policy) or not one.policy or asked(one.policy)):
                yield notice("GATE-006", at, f"{one.id} of {one.owner} excuses nothing that is found today", address=one.id)
            elif number > self.limits.max_findings and not _broad(one):
                said = f"{one.id} covers {number} findings; {self.limits.max_findings} is what one waiver may cover"
                yield notice("GATE-007", at, said, address=one.id)


def _broad(waiver: Waiver) -> str:
    """Why a waiver is over-broad whatever it meets; empty for one that is not."""
    if waiver.fingerprint:
        return ""
    every_policy = fnmatchcase("\0", waiver.policy)
    anywhere = (not waiver.path or covers(waiver.path, _ANYTHING)) and (not waiver.address or fnmatchcase("\0", waiver.address))
    if every_policy and anywhere:
        return "covers every policy everywhere"
    return "covers every policy" if every_policy else "covers every place" if anywhere else ""
