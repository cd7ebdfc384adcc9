"""What the gate itself has to say: of its settings, waivers, suppressions, baseline, and what a change does to them."""

from __future__ import annotations

from assess.model.finding import Finding, PolicyText, Severity, Verdict
from assess.model.target import Location
from assess.policy.fingerprint import identify

NAME = "gate"
"""What findings of the gate itself have as their engine."""


def _text(id: str, severity: Severity, title: str, why: str, fix: str) -> PolicyText:
    return PolicyText(id=id, engine=NAME, title=title, severity=severity, why=why, fix=fix)


TEXTS: tuple[PolicyText, ...] = (
    _text(
        "GATE-001", Severity.MEDIUM, "What the gate goes by is edited on its own, not beside what it judges",
        "Settings, waivers, baseline and exclusions count as they are on the base. A change that edits them is judged by the old ones.",
        "Have the owners of these files review the edit; it counts from the next change on.",
    ),
    _text(
        "GATE-002", Severity.HIGH, "The files of the gate can be used",
        "Once it is on the base, the gate would end with exit 2 for every change.", "Mend the file as the message says.",
    ),
    _text(
        "GATE-003", Severity.MEDIUM, "The pipeline that runs the gate is edited under review",
        "Whoever edits how the gate is called can leave it out, ignore its exit code or hand it another base.",
        "Have the owners of the pipeline review the edit, and make the gate's job a required check of the branch.",
    ),
    _text(
        "GATE-004", Severity.MEDIUM, "Policies and rules are edited under review",
        "A policy that asks for less passes more. What is on the base decides about this change.",
        "Have the owners of the policies review the edit.",
    ),
    _text(
        "GATE-005", Severity.MEDIUM, "No waiver has expired",
        "It excuses nothing any more; the list should show what is excused.",
        "Mend what it excused, or renew it with a new date; `idp-assess waiver prune` takes it out.",
    ),
    _text(
        "GATE-006", Severity.LOW, "Every waiver excuses something",
        "What it was for is gone. Left there, it excuses the next finding of its kind without anybody deciding so.",
        "Take it out: `idp-assess waiver prune --unused`.",
    ),
    _text(
        "GATE-007", Severity.MEDIUM, "Waivers are narrow",
        "It excuses findings that nobody has looked at.",
        "Name the policy by its id, and the path or the fingerprint of what was looked at.",
    ),
    _text(
        "GATE-008", Severity.MEDIUM, "Waivers end within the limit",
        "A waiver without an end is a policy switched off. It counts until the limit of the settings, and not at all before its `created`.",
        "Set `created` to the day it was decided, and `expires` within `waivers.max_days` of it.",
    ),
    _text(
        "GATE-009", Severity.LOW, "Suppressions are not added with what they suppress",
        "Whoever adds a finding may not excuse it in the same change. It counts from the next change on.",
        "Mend the finding instead, or ask the owners of .idp/waivers.yaml for a waiver first.",
    ),
    _text(
        "GATE-010", Severity.MEDIUM, "Suppressions have a policy, a date and a reason",
        "Without a policy, a date and a reason nobody can tell what it was for, or whether it still holds. It excuses nothing.",
        'Write: idp-assess:ignore PIPE-004 until=2027-01-31 reason="why it is right here"',
    ),
    _text(
        "GATE-011", Severity.MEDIUM, "No suppression has expired",
        "It excuses nothing any more.", "Mend what it excused and take the comment out, or set a new date.",
    ),
    _text(
        "GATE-012", Severity.HIGH, "Suppressions stay within their budget",
        "Each is a finding that nobody mends; the budget keeps their number one that a person can look through.",
        "Mend some of what is suppressed, or move it to .idp/waivers.yaml; the budget is `suppressions.budget` of .idp/gate.yaml.",
    ),
    _text(
        "GATE-013", Severity.HIGH, "The baseline only shrinks",
        "It is there to be worked off. What is added to it is never mended.",
        "Mend the new findings. Where they have to be let in: `idp-assess baseline update --accept REASON`.",
    ),
    _text(
        "GATE-014", Severity.LOW, "The baseline lists what is there",
        "Left there, it would let the same finding in again.", "Shrink it: `idp-assess baseline update`.",
    ),
    _text(
        "GATE-015", Severity.HIGH, "A change does not lower the level",
        "The settings say that a change may not lower the declared level of the repository (`ratchet: [level]`).",
        "`idp-assess explain REPOSITORY` on an assessment of the head says which unit lowers it.",
    ),
    _text(
        "GATE-016", Severity.HIGH, "No less can be seen than before, and as much as was asked for",
        "What cannot be read is not known to be right. A verdict over less than before would be green for a wrong reason.",
        "Make the named places readable again.",
    ),
)  # fmt: skip
"""Every id that the gate itself gives, in order."""

_BY_ID = {text.id: text for text in TEXTS}
TOLD = frozenset({"GATE-001", "GATE-003", "GATE-004", "GATE-006", "GATE-009", "GATE-014"})
"""What only warns: a person has to look, and the change may be right."""


def notice(
    id: str, at: Location, message: str, *, key: str = "", address: str = "", blocks: bool | None = None, verdict: Verdict = Verdict.FAIL
) -> Finding:
    """The finding of the gate itself.

    key: what it is about, where the address does not say it; part of its identity, as the message is not.
    """
    text = _BY_ID[id]
    bare = Finding(
        policy=id, engine=NAME, verdict=verdict, severity=text.severity, at=at, address=address, message=message, why=text.why, fix=text.fix,
        blocks=id not in TOLD if blocks is None else blocks,
    )  # fmt: skip
    return identify(bare, scope=at.target, path=at.path, evidence={"key": key} if key else {})
