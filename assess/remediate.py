"""`plan` and `remediate`: from a scan to a plan, to files in a directory, to the proof that they raise the level."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assess.collect.collector import collect_one
from assess.collect.git.located import place_of
from assess.collect.link.estate import Estate, link
from assess.collect.targets import expand
from assess.errors import ExitCode, IncompleteError, UsageError
from assess.model.assessment import Assessment
from assess.model.target import Source
from assess.remedy import write as writer
from assess.remedy.library import Library, load_library
from assess.remedy.plan import Answers, Plan, Step, World, plan
from assess.remedy.prove import Proof, prove
from assess.remedy.render import Rendered, before, confirms, render
from assess.remedy.text import plan_text, proof_text
from assess.remedy.tree import CommitTree
from assess.request import Named, Request
from assess.run import assess, observe
from assess.spec.strict import near_miss
from assess.spec.wire import read_assessment

_SAYS = {
    "new": "is missing",
    "ours": "is older than its scaffold or its evidence",
    "edited": "was edited",
    "foreign": "is not ours",
}


@dataclass(frozen=True)
class Scanned:
    """One scan with what planning needs beside it: the units, and where each repository is."""

    request: Request
    assessment: Assessment
    estate: Estate
    repositories: dict[str, Path]


def run_plan(targets: tuple[str, ...], *, assessment_file: Path | None, format: str) -> ExitCode:
    """Print the plan of every repository named."""
    if format not in ("terminal", "json"):
        raise UsageError(f"no format '{format}'{near_miss(format, ('terminal', 'json'))}", fix="One of: terminal, json.")
    library = load_library()
    scanned = _scan(targets, assessment_file)
    plans = [_plan(scanned, label, library, None) for label in scanned.repositories]
    if format == "json":
        sys.stdout.write(_json([_plan_value(one, library) for one in plans]))
    else:
        sys.stdout.write("\n".join(_shown(one, library) for one in plans))
    return ExitCode.PASSED


def run_remediate(target: str, *, output: Path, nodes: tuple[str, ...], check: bool) -> ExitCode:
    """Render the plan of one repository, prove it, and write it to a directory; with `check`, only compare.

    Errors: UsageError for a target that is not one repository, or a node that the plan does not have.
    """
    library = load_library()
    scanned = _scan((target,), None)
    if len(scanned.repositories) != 1:
        raise UsageError(f"holds {len(scanned.repositories)} repositories; one at a time is remediated", target)
    label = next(iter(scanned.repositories))
    made = _plan(scanned, label, library, output)
    steps = _chosen(made, nodes)
    if not steps:
        sys.stdout.write(_shown(made, library))
        return ExitCode.INCOMPLETE if made.blocked else ExitCode.PASSED
    files = render(steps, library)
    wanted = writer.contents(steps, files, output)
    if check:
        return _drift(writer.compare(wanted, output), output)
    proof = _prove(scanned, label, made, steps, files)
    sys.stdout.write(_shown(_only(made, steps), library) + "\n" + proof_text(proof, [confirms(step, library) for step in steps]))
    if not proof.holds:
        print(f"idp-assess: nothing was written to {output}: the proof above does not hold", file=sys.stderr)
        return ExitCode.FAILED
    written = writer.write(wanted, output)
    sys.stdout.write("".join(f"  {d.state:5} {output / d.path}\n" for d in written))
    return ExitCode.PASSED


def _scan(targets: tuple[str, ...], assessment_file: Path | None) -> Scanned:
    """What there is to plan from: a fresh scan, or an assessment with the facts file beside it."""
    facts = assessment_file.parent / "facts.jsonl.zst" if assessment_file else None
    request = Request.build(targets, facts_from=facts if facts else None) if targets or facts else Request.build()
    seen = observe(request)
    made = assess(request, seen)
    if assessment_file is not None:
        given = read_assessment(assessment_file)
        if given.facts_digest != made.facts_digest:
            fix = "Give an assessment with the facts file of the same scan."
            raise UsageError("is of other facts than this assessment", str(facts), fix)
        made = given
    where = {one.target.label: one.place for one in seen if one.place} if request.facts_from is None else _places(request)
    read = {t.label for t in made.targets if t.read and t.commit}
    lost = sorted(read - where.keys())
    if assessment_file is not None and lost:
        fix = "Name the clones that were scanned: parameters are read from them."
        raise UsageError(f"the repository {lost[0]} is not among the targets", fix=fix)
    return Scanned(request, made, link(seen), {label: path for label, path in where.items() if label in read})


def _places(request: Request) -> dict[str, Path]:
    """Where the repositories of a request lie that were read in an earlier run."""
    return {named.label: place_of(named, request) for named in expand(request).named if named.source is Source.GIT}


def _plan(scanned: Scanned, label: str, library: Library, output: Path | None) -> Plan:
    target = scanned.assessment.target(label)
    assert target is not None
    tree = CommitTree(scanned.repositories[label], label, target.commit)
    facts = tuple(fact for fact in scanned.estate.facts if fact.at.target == label)
    world = World(target, scanned.estate.units, facts, tree, _answers(tree, output))
    return plan(scanned.assessment, world, library, scanned.request.now.date())


def _answers(tree: CommitTree, output: Path | None) -> Answers:
    """What a person answered: in the output directory, else in the repository."""
    if output is not None and (own := output / writer.PARAMS).is_file():
        return writer.answers(own.read_bytes(), str(own))
    return writer.answers(tree.read(writer.PARAMS), writer.PARAMS)


def _chosen(made: Plan, nodes: tuple[str, ...]) -> tuple[Step, ...]:
    """The steps to take: those of the plan, or those that `--node` names by node or by path."""
    if not nodes:
        return made.steps
    known = {step.node: step for step in made.all_steps} | {step.path: step for step in made.all_steps}
    for node in nodes:
        if node not in known:
            stopped = next((b for b in made.blocked if node in (b.path, f"{b.scaffold}@{b.path}")), None)
            if stopped is not None:
                raise IncompleteError(f"{node} cannot be rendered yet: {stopped.what}", str(next(iter(stopped.at), "")))
            raise UsageError(f"no step '{node}'{near_miss(node, known)}", fix="`idp-assess plan` lists the steps.")
    return tuple({known[node].node: known[node] for node in nodes}.values())


def _only(made: Plan, steps: tuple[Step, ...]) -> Plan:
    """The plan with the chosen steps alone."""
    chosen = {step.node for step in steps}
    left = [step for step in made.steps if step.node not in chosen]
    further = tuple(step for step in made.all_steps if step.node not in chosen)
    return replace(made, steps=steps, further=further, short=made.short + len(left))


def _prove(scanned: Scanned, label: str, made: Plan, steps: Sequence[Step], files: Sequence[Rendered]) -> Proof:
    target = scanned.assessment.target(label)
    assert target is not None

    request = replace(scanned.request, rev="")

    def rescan(repository: Path, name: str) -> Assessment:
        return assess(request, [collect_one(Named(Source.GIT, str(repository), name), request)])

    return prove(made, steps, files, assessment=scanned.assessment, target=target, repository=scanned.repositories[label], rescan=rescan)


def _drift(differences: Sequence[writer.Difference], output: Path) -> ExitCode:
    drifted = [d for d in differences if d.state != "same"]
    for difference in drifted:
        print(f"{output / difference.path}: {_SAYS[difference.state]}")
    print(f"{len(drifted)} of {len(differences)} files differ from what would be written.")
    return ExitCode.FAILED if drifted else ExitCode.PASSED


def _shown(made: Plan, library: Library) -> str:
    paths = {step.node: [file.path for file in render([step], library)] for step in made.steps}
    return plan_text(made, paths, {step.node: before(step, library) for step in made.steps})


def _plan_value(made: Plan, library: Library) -> dict[str, Any]:
    from pydantic import TypeAdapter

    value: dict[str, Any] = TypeAdapter(Plan).dump_python(made, mode="json")
    by_node = {step.node: step for step in made.all_steps}
    for step in [*value["steps"], *value["further"]]:
        own = by_node[step["node"]]
        step["writes"] = [file.path for file in render([own], library)]
        step |= {"before": before(own, library), "confirms": confirms(own, library)}
    return value


def _json(value: Any) -> str:
    import orjson

    return orjson.dumps({"schema": "idp-assess/plan/v1", "plans": value}, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()
