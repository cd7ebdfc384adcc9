"""The gate: what a change adds. Base and head are read from git objects; see DESIGN section 6."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from assess.model.finding import Finding, Verdict
from assess.policy.change import Change, change, everything
from assess.policy.compare import Compared, compare
from assess.policy.engine import ENGINE, UNSEEN, Checked, Engine, EngineFailed, run, trouble
from assess.policy.engines import ENGINES, engine, rego
from assess.policy.grounds import Grounds, grounds
from assess.policy.result import EngineRun, GateResult, worst_first
from assess.policy.settle import merged
from assess.policy.trusted import Config


def gate(
    path: Path, base: str = "", head: str = "HEAD", engines: Sequence[str] = (), opa_url: str = "", *, whole: bool = False,
    config: Config = Config(), today: date | None = None, baseline: bool = True, plan: Path | None = None, plan_root: str = "",
) -> GateResult:  # fmt: skip
    """The verdict on the change from merge-base(base, head) to head, or with `whole` on all that head holds.

    engines: by name. Where none is named it is all of them, and one that has nothing to read anywhere in the repository is
    left out. A named engine that has nothing to read, and all of them having nothing, is incomparable: such a gate would
    be green whatever is changed. A change that touches no input, in a repository that has some, passes.
    plan: what `terraform show -json` says of a plan of the directory `plan_root`; what it adds is judged too.
    config: where settings come from instead of the base. today: the day by which waivers and suppressions expire.
    baseline: whether the base's baseline excuses what it lists; False to make it anew.
    Errors: IncompleteError where a revision or the merge base is not there; UsageError for an engine that there is not, and
    for settings of the base that cannot be used.
    """
    today = today or datetime.now(UTC).date()
    seen = everything(path, head, base) if whole else change(path, base, head)
    by = grounds(seen, base or head, config, today)
    by = by if baseline else by.without_baseline()
    compared, runs = _compared(by.change, engines, opa_url)
    if plan is not None:
        added, asked = _planned(plan, plan_root, by.change, opa_url)
        compared, runs = merged([compared, added]), (*runs, asked)
    if whole:
        compared = by.enough(compared, runs)
    compared = merged([compared, by.notices(compared), _ratcheted(by)])
    return GateResult(
        target=seen.after.repository.target, base=str(seen.before.repository.commit.id),
        touched=len(seen.touched), aside=tuple(_aside(by.change)), engines=runs,
        judged=worst_first(by.settled.judged(compared)), settings=tuple(by.told()),
    )  # fmt: skip


def _compared(seen: Change, engines: Sequence[str], opa_url: str) -> tuple[Compared, tuple[EngineRun, ...]]:
    """What the engines say of both sides, compared, and what each was asked."""
    told: list[Compared] = []
    runs: list[EngineRun] = []
    idle: list[str] = []
    hidden: dict[str, str] = {}
    for name in dict.fromkeys(engines or ENGINES):
        before, after, one = _asked(name, opa_url, seen)
        if one and not before.inputs and not after.inputs and not after.findings and not _anything_to_read(one, seen):
            idle.append(name)
            continue
        hidden |= _hidden(one, seen) if one else {}
        runs.append(EngineRun(name, after.policies, after.inputs))
        told.append(compare(before.findings, after.findings, seen.moves))
    if idle and (engines or not runs):
        told.append(Compared(incomparable=tuple(_idle(seen, name) for name in idle)))
    found = merged([*told, Compared(incomparable=tuple(_moved_aside(seen, hidden)))])
    return replace(found, resolved=tuple(f for f in found.resolved if f.at.path not in hidden)), tuple(runs)


def _planned(plan: Path, root: str, seen: Change, opa_url: str) -> tuple[Compared, EngineRun]:
    from assess.policy.plan import planned, read_plan

    return planned(read_plan(plan), root.strip("/"), seen.after, rego(opa_url))


def _ratcheted(by: Grounds) -> Compared:
    """What the ratchet has to say; both commits are scanned only where it is set."""
    ratchet = by.trusted.settings.ratchet
    if not ratchet or by.change.whole:
        return Compared()
    from assess.policy.ratchet import fallen, stand
    from assess.request import Request
    from assess.run import scan

    sides = [side.repository for side in (by.change.before, by.change.after)]
    before, after = (
        stand(scan(Request(targets=(str(one.path),), rev=str(one.commit.id), estate=by.change.after.estate, checks=()))) for one in sides
    )
    return fallen(before, after, ratchet, by.change)


def _asked(name: str, opa_url: str, seen: Change) -> tuple[Checked, Checked, Engine | None]:
    """What an engine says of both sides; no engine where it could not be made ready."""
    try:
        one = engine(name, opa_url)
    except EngineFailed as failure:
        bad = trouble(name, ENGINE, seen.after.at(""), str(failure.what), failure.fix)
        return Checked((bad,)), Checked((bad,)), None
    if seen.whole:
        return Checked(), run(one, [seen.after])[0], one
    before, after = run(one, [seen.before, seen.after])
    return before, after, one


def _anything_to_read(one: Engine, seen: Change) -> bool:
    return any(one.reads(tree, path) for tree in (seen.after, seen.before) for path in tree.entries)


def _idle(seen: Change, name: str) -> Finding:
    return trouble(
        name, ENGINE, seen.after.at(""), "its policies judge no file of the repository: the gate would always be green",
        "Name another --engine, or leave the gate out of this repository.", Verdict.NOT_OBSERVED,
    )  # fmt: skip


def _aside(seen: Change) -> Iterator[str]:
    """The touched files of the head whose trees do not count as use, where they look like something that is checked."""
    for path in sorted(seen.touched):
        if path in seen.after.entries and path.endswith(_CHECKED) and not seen.after.counts(path):
            yield path


_CHECKED = (".tf", ".tf.json", ".tfvars", ".tofu", ".yml", ".yaml", ".json")


def _hidden(one: Engine, seen: Change) -> dict[str, str]:
    """The files of the base that an engine reads and that this change moved to where nothing counts as use: path there -> here."""
    origins = {new: old for old, new in seen.renamed.items()}
    aside = {origins.get(path, path): path for path in seen.touched if path in seen.after.entries and not seen.after.counts(path)}
    return {old: new for old, new in sorted(aside.items()) if old in seen.before.entries and one.reads(seen.before, old)}


def _moved_aside(seen: Change, hidden: Mapping[str, str]) -> Iterator[Finding]:
    """A finding for each file that was checked on the base and is out of sight now."""
    for old, new in hidden.items():
        yield trouble(
            "gate", UNSEEN, seen.after.at(new), f"was checked as {old}; its tree does not count as use any more",
            "Name it as use in the estate file of the base branch first, or take it away.", Verdict.NOT_OBSERVED,
        )  # fmt: skip
