"""The gate: what a change adds. Base and head are read from git objects; see DESIGN section 6."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from assess.policy.engine import Checked
from assess.policy.engines import Means, rego
from assess.policy.gate.asking import Asked, ask, together, was_asked
from assess.policy.gate.change import Change, change, everything
from assess.policy.gate.compare import Compared
from assess.policy.gate.grounds import Grounds, grounds
from assess.policy.gate.notices import TEXTS
from assess.policy.gate.result import GateResult, described, worst_first
from assess.policy.gate.settle import merged
from assess.policy.gate.trusted import Config
from assess.policy.kinds import kinds_of


def gate(
    path: Path, base: str = "", head: str = "HEAD", engines: Sequence[str] = (), means: Means | None = None,
    packs: Sequence[Path] = (), *, whole: bool = False, config: Config = Config(), today: date | None = None,
    baseline: bool = True, plan: Path | None = None, plan_root: str = "",
) -> GateResult:  # fmt: skip
    """The verdict on the change from merge-base(base, head) to head, or with `whole` on all that head holds.

    engines: by name. Where none is named it is all of them, and one that has nothing to read anywhere in the repository is
    left out. A named engine that has nothing to read, and all of them having nothing, is incomparable: such a gate would
    be green whatever is changed. A change that touches no input, in a repository that has some, passes.
    packs: directories of further policies, each an engine that was named; one inside of the repository is that of the base.
    plan: what `terraform show -json` says of a plan of the directory `plan_root`; what it adds is judged too.
    config: where settings come from instead of the base. today: the day by which waivers and suppressions expire.
    baseline: whether the base's baseline excuses what it lists; False to make it anew.
    Errors: IncompleteError where a revision or the merge base is not there; UsageError for an engine that there is not, for
    settings of the base that cannot be used, and for a pack that does not check.
    """
    today = today or datetime.now(UTC).date()
    seen = everything(path, head, base) if whole else change(path, base, head)
    by = grounds(seen, base or head, config, today)
    by = by if baseline else by.without_baseline()
    means = means or Means()
    asked = ask(by.change, engines, packs, means)
    if plan is not None:
        asked = together([asked, _planned(plan, plan_root, by.change, means)])
    compared = by.enough(asked.compared, asked.runs) if whole else asked.compared
    known = was_asked((text for side in asked.after for text in side.texts), engines)
    compared = merged([compared, by.notices(compared, known), _ratcheted(by)])
    judged = worst_first(by.settled.judged(compared))
    return GateResult(
        target=seen.after.repository.target, base=str(seen.before.repository.commit.id), touched=len(seen.touched),
        aside=tuple(_aside(by.change)), engines=asked.runs, judged=judged, settings=(*by.told(), *asked.told()),
        policies=described(asked.after, (*asked.before, Checked(texts=TEXTS)), judged),
    )  # fmt: skip


def _planned(plan: Path, root: str, seen: Change, means: Means) -> Asked:
    from assess.policy.gate.plan import planned, read_plan

    return planned(read_plan(plan), root.strip("/"), seen.after, rego(means))


def _ratcheted(by: Grounds) -> Compared:
    """What the ratchet has to say; both commits are scanned only where it is set."""
    ratchet = by.trusted.settings.ratchet
    if not ratchet or by.change.whole:
        return Compared()
    from assess.policy.gate.ratchet import fallen, stand
    from assess.request import Request
    from assess.run import scan

    sides = [side.repository for side in (by.change.before, by.change.after)]
    before, after = (
        stand(scan(Request(targets=(str(one.path.resolve()),), rev=str(one.commit.id), estate=by.change.after.estate, checks=())))
        for one in sides
    )
    return fallen(before, after, ratchet, by.change)


def _aside(seen: Change) -> Iterator[str]:
    """The touched files of the head whose trees do not count as use, where they look like something that is checked."""
    for path in sorted(seen.touched):
        if path in seen.after.entries and kinds_of(path) and not seen.after.counts(path):
            yield path
