"""What jobs and people's scripts do, and to which unit."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase

from assess.collect.link.chains import CallGraph, Reached, Walk
from assess.collect.link.named import named_for, only_checks
from assess.collect.link.places import above, fixed, normal
from assess.collect.link.repositories import Repositories
from assess.model.fact import ANY_TOOL, Command, Definition, Fact, PipelineJob, Procedure, Script, TerraformRoot, Trigger
from assess.model.gap import Gap, GapReason
from assess.model.unit import Unit, within

MUTATING = {"apply", "deploy", "configure", "publish", "release", "operate", "host", "drift", "upload"}
_FAMILIES: dict[str, set[str]] = {
    "terraform-root": {"terraform", "terragrunt", "atlantis"},
    "terraform-module": {"release-please", "semantic-release", "goreleaser", "gh", "terraform", ""},
    "manifests": {"kubectl", "kustomize", "helm", "skaffold", "azure", "argocd", "flux", "oras", "kapp", "ko", "werf", "kpt", "nais"},
    "release": {"helm", "helmfile", "skaffold", "kubectl", "azure", "werf", "kapp"},
    "collection": {"ansible", "puppet", "chef", "salt", "gh", "", "release-please", "semantic-release"},
    "chart": {"helm", "chart-releaser", "cr", "oras", "gh", "", "release-please", "semantic-release"},
    "platform-api": {"crossplane", "up", "kubectl", "kustomize", "helm", "docker", "oras"},
}
_DEFINITION_TOOLS: dict[str, set[str]] = {
    "cloudformation": {"aws", "cloudformation", "sam"}, "arm": {"az", "arm", "azd"}, "bicep": {"az", "arm", "azd"}, "aws-cdk": {"cdk"},
    "nix": {"nixos-rebuild", "colmena", "darwin-rebuild", "deploy-rs", "nixops"}, "ansible": {"ansible", "ansible-playbook"},
    "salt": {"salt", "salt-ssh", "salt-call"}, "puppet": {"puppet", "bolt", "r10k", "g10k", "puppet-code"}, "talos": {"talosctl"},
    "compose": {"docker", "compose", "podman"}, "ecs": {"aws", "ecs", "ecspresso"}, "cdk8s": {"cdk8s", "kubectl", "kapp"},
    "jsonnet": {"jsonnet", "tk", "kubecfg", "qbec", "kubectl"}, "kcl": {"kcl", "kusion", "kubectl"}, "cue": {"cue", "kubectl"},
    "nomad": {"nomad", "nomad-pack", "levant"}, "octodns": {"octodns-sync"}, "dnscontrol": {"dnscontrol"},
}  # fmt: skip


Run = tuple[PipelineJob, list[Reached]]
ScriptRun = tuple[Script, list[Reached]]


@dataclass(slots=True)
class Runs:
    """What works on each target: jobs, of its own or of another target that checks it out, and scripts; and what is not seen."""

    jobs: dict[str, list[Run]] = field(default_factory=lambda: defaultdict(list))
    scripts: dict[str, list[ScriptRun]] = field(default_factory=lambda: defaultdict(list))
    gaps: list[Gap] = field(default_factory=list)


def runs(by_target: Mapping[str, Iterable[Fact]], repositories: Repositories | None = None) -> Runs:
    """The jobs and scripts of the targets with everything they reach, and what could not be followed."""
    procedures: list[Procedure] = []
    places: dict[str, set[str]] = defaultdict(set)
    for label, facts in by_target.items():
        facts = list(facts)
        places[label] = {f.path for f in facts if isinstance(f, TerraformRoot | Definition)}
        tops = {fact.at.path.partition("/")[0] for fact in facts}
        procedures += [_rooted(f, tops) for f in facts if isinstance(f, Procedure)]
    graph, found = CallGraph(procedures, repositories), Runs()
    walks = [(p, graph.walk(p)) for p in procedures if p.form == "job"]
    called = {key for _, walk in walks for key in walk.called}
    for entry, walk in walks:
        walk.commands += named_for(entry, walk, places[entry.at.target])
        only_called = _waits_for_a_call(entry)
        if only_called and (entry.at.target, entry.name) in called:
            continue  # it is told as a part of what calls it
        found.gaps += [_unseen(entry, missing) for missing in sorted(walk.unresolved)]
        job = _job(replace(entry, trigger=_uncalled(entry)) if only_called else entry, walk)
        for label in dict.fromkeys([entry.at.target, *(one.target for one in walk.commands if one.target)]):
            mine = [one for one in walk.commands if one.target == label]
            found.jobs[label].append((job, mine))
    by_hand = [p for p in procedures if p.form in ("script", "target") and (p.at.target, p.name) not in called]
    walked = [(p, graph.walk(p)) for p in by_hand]
    within_ = {key for _, walk in walked for key in walk.called}
    for entry, walk in walked:
        if (entry.at.target, entry.name) not in within_:
            found.scripts[entry.at.target].append((_script(entry, walk.commands), walk.commands))
    return found


_INCLUDED = ("github-actions", "gitea-actions", "forgejo-actions", "gitlab-ci", "azure-pipelines")


def _waits_for_a_call(entry: Procedure) -> bool:
    """Whether only another pipeline file can start a job: a reusable workflow, an included file, a template."""
    included = entry.tool in _INCLUDED and entry.at.path != ".gitlab-ci.yml"
    return included and entry.trigger is not None and entry.trigger.events == ("call",)


def _uncalled(entry: Procedure) -> Trigger:
    assert entry.trigger is not None
    if not entry.trigger.can_run:
        return entry.trigger
    return replace(entry.trigger, can_run=None, why_not="only a call starts it, and nothing that was read calls it")


def _rooted(procedure: Procedure, tops: set[str]) -> Procedure:
    """A procedure whose paths start at the repository: some systems put the checkout below a directory of its own name
    (`cd paas-cf/terraform`), which the repository itself does not hold."""
    known = tops | {one.path.partition("/")[0] for one in procedure.checkouts}
    commands = tuple(
        replace(c, path=c.path.partition("/")[2])
        if "/" in c.path and c.path[0] not in "$/~*" and c.path.partition("/")[0] not in known
        else c
        for c in procedure.commands
    )
    return replace(procedure, commands=commands) if commands != procedure.commands else procedure


_KNOWN = re.compile(r"^include: template: (Security/|Workflows/|Verify/|Jobs/(Build|Test|Code-|SAST|Secret|Dependency|Container|License))")
"""GitLab's own templates that check or build. Source: https://docs.gitlab.com/ci/examples/#cicd-templates"""


def _unseen(entry: Procedure, missing: str) -> Gap:
    """The gap for what a job runs from elsewhere; it hides a change only if the job could make one.

    A job that runs for proposals only, or is given no credentials, can change nothing outside the forge, whatever it runs.
    """
    trigger = entry.trigger
    proposals = trigger is not None and bool(trigger.events) and set(trigger.events) <= {"pull_request", "chat"}
    powerless = trigger is not None and not trigger.credentials
    harmless = proposals or powerless or bool(_KNOWN.match(missing)) or only_checks(missing)
    told = trigger is not None and "call" not in trigger.events  # what calls it may be started by something else
    return Gap(
        at=entry.at, reason=GapReason.UNRESOLVED, what=f"job {entry.name.rpartition('#')[2]} runs {missing}, which is not here",
        blinds=() if harmless else ("PipelineJob",), events=trigger.events if trigger and told else (),
        settle="Name the repository that holds it as a target.",
    )  # fmt: skip


def _job(entry: Procedure, walk: Walk) -> PipelineJob:
    trigger, reached = entry.trigger, walk.commands
    assert trigger is not None
    return PipelineJob(
        at=entry.at, tool=entry.tool, assurance=entry.assurance, name=entry.name.rpartition("#")[2], path=entry.at.path,
        does=tuple(dict.fromkeys(r.command.does for r in reached)), events=trigger.events, branches=trigger.branches,
        environment=trigger.environment, can_run=trigger.can_run, why_not=trigger.why_not, soft_fail=trigger.soft_fail,
        approval=None if trigger.environment and not trigger.approval else trigger.approval,
        soft=tuple(dict.fromkeys(r.command.does for r in reached if r.command.soft)),
        credentials="both" if len(walk.signs_in) > 1 else next(iter(walk.signs_in), None),
        ephemeral=any(r.command.does == "ephemeral" for r in reached),
        reaches=tuple(dict.fromkeys(r.command.path for r in reached if r.command.does in MUTATING)),
        chain=(f"{entry.at.path}:{trigger.stop or entry.at.line} {_dead_end(trigger)}",) if trigger.why_not else (),
    )  # fmt: skip


def _dead_end(trigger: Trigger) -> str:
    return f"{'it is not known whether this runs' if trigger.can_run is None else 'never runs'}: {trigger.why_not}"


def _script(entry: Procedure, reached: list[Reached]) -> Script:
    """A script by what it does; one lone command on the host (`mount`, `sysctl`) is help for something else."""
    hosts = {r.command.text for r in reached if r.command.does == "host"}
    lone = len(hosts) == 1 and not any(r.command.tool in _HOMES for r in reached)
    does = {r.command.does for r in reached} - ({"host"} if lone else set())
    return Script(
        at=entry.at, tool=entry.tool, path=entry.at.path, does=tuple(dict.fromkeys(r.command.does for r in reached if r.command.does in does)),
        reaches=tuple(dict.fromkeys(r.command.path for r in reached if r.command.does in MUTATING)),
    )  # fmt: skip


_HOMES = {"dotbot", "rcm", "chezmoi", "stow"}
"""Programs that put a whole home directory into place."""


class Reach:
    """The jobs and scripts of a target, looked up by the paths that their commands work on."""

    def __init__(self, jobs: Iterable[Run], scripts: Iterable[ScriptRun]) -> None:
        self._jobs, self._scripts = _Index(jobs), _Index(scripts, MUTATING)

    def of(self, unit: Unit, alone: bool) -> Iterator[Fact]:
        """The jobs and scripts that reach a unit, each reduced to what it does to this unit.

        alone: the repository has no other unit of the kind, so a path that is nothing but an expression means this one.
        """
        for job, mine in self._jobs.reaching(unit):
            assert isinstance(job, PipelineJob)
            deciding = min(mine, key=lambda r: (r.command.does not in MUTATING, _anywhere(r)))
            does = tuple(dict.fromkeys(r.command.does for r in mine))
            chain = (*deciding.chain, *(job.chain or _ends(deciding)))
            yield replace(job, does=does, chain=chain, is_this=None if not alone and all(map(_anywhere, mine)) else True)
        for script, mine in self._scripts.reaching(unit):
            assert isinstance(script, Script)
            yield replace(script, does=tuple(dict.fromkeys(r.command.does for r in mine)))


_At = tuple[int, int]
"""A command by its job or script, and its place in what that reaches."""


class _Index:
    def __init__(self, found: Iterable[tuple[PipelineJob | Script, list[Reached]]], does: Collection[str] = ()) -> None:
        self._found = [(fact, [r for r in reached if not does or r.command.does in does]) for fact, reached in found]
        self._around: dict[str, list[_At]] = defaultdict(list)
        """By what a command names: it works on everything below, or on what its expression fits there."""
        self._below: dict[str, list[_At]] = defaultdict(list)
        """By every directory around what a command names."""
        self._offers: list[_At] = []
        for number, (_, reached) in enumerate(self._found):
            for place, one in enumerate(reached):
                self._add((number, place), one)

    def _add(self, at: _At, reached: Reached) -> None:
        pattern = _pattern(reached.command)
        if "*" in pattern:
            self._around[fixed(pattern)].append(at)
        else:
            self._around[normal(pattern)].append(at)
            for directory in above(normal(pattern)):
                self._below[directory].append(at)
        if reached.command.does in _OFFERS:
            self._offers.append(at)

    def reaching(self, unit: Unit) -> Iterator[tuple[PipelineJob | Script, list[Reached]]]:
        """The jobs or scripts with the commands that work on a unit, in their order."""
        mine: dict[int, list[Reached]] = {}
        for number, place in self._candidates(unit):
            reached = self._found[number][1][place]
            if _works_on(reached, unit):
                mine.setdefault(number, []).append(reached)
        for number, reached_ in mine.items():
            yield self._found[number][0], reached_

    def _candidates(self, unit: Unit) -> Iterable[_At]:
        if unit.kind == "scripts":
            return ((number, place) for number, (_, reached) in enumerate(self._found) for place in range(len(reached)))
        path = normal(unit.path.partition("@")[0])
        found = {at for directory in above(path) for at in self._around.get(directory, ())}
        found.update(self._below.get(path, ()))
        return sorted(found.union(self._offers) if unit.kind in _OFFERED else found)


_OFFERS = {"release", "publish", "deploy"}
_OFFERED = {"terraform-module", "collection", "chart", "portal"}
"""Units that a job may reach without naming their path: it releases what the repository offers."""


def _pattern(command: Command) -> str:
    """The path of a command, `*` for each expression in it."""
    return _EXPRESSION.sub("*", command.path)


_EXPRESSION = re.compile(r"\$\{\{.{0,400}?\}\}|\$\([^)]{0,400}\)|\$\{[^}]{0,400}\}|\$[\w*@<]+|%\w+%|<[^>]{0,400}>")


def _ends(deciding: Reached) -> tuple[str, ...]:
    """The end of a chain that only plans."""
    if deciding.command.does not in ("plan", "drift"):
        return ()
    return (f"{deciding.chain[-1].partition(' ')[0]} the job plans this, and applies nothing of it",)


def _is_another_deployment(unit: Unit, command: Command) -> bool:
    """Whether a cloud's own program does here what is none of this definition: a new image for a service, say, beside its stack."""
    deploys = {"ecs": True, "cloudformation": False, "arm": False, "bicep": False}.get(unit.path.partition("@")[2])
    changes = command.tool in ("aws", "az") and command.does in ("apply", "deploy")
    return changes and deploys is not None and (command.does == "deploy") is not deploys


def _anywhere(reached: Reached) -> bool:
    """Whether the path is nothing but an expression, which may mean any directory."""
    return bool(_ANYWHERE.fullmatch(reached.command.path))


_ANYWHERE = re.compile(r"(?:\./)?(?:\$\{\{[^{}]*\}\}|\$\([^)]*\)|\$\{[^{}]*\}|\$\w+|\*)/?")


def _works_on(reached: Reached, unit: Unit) -> bool:
    command, path = reached.command, unit.path.partition("@")[0]
    if unit.kind == "scripts":
        return any(item.at.path in hop for item in unit.items for hop in reached.chain)
    if unit.kind in ("terraform-module", "collection", "chart") and command.does in ("release", "publish"):
        return unit.kind != "chart" or command.does == "publish" or command.tool == ""
    if unit.kind in ("portal", "gitops"):
        return unit.kind == "portal" and command.does in ("deploy", "publish", "release")
    family = _DEFINITION_TOOLS.get(unit.path.partition("@")[2], {unit.path.partition("@")[2]}) if unit.kind == "definition" else None
    if _is_another_deployment(unit, command):
        return False
    if command.tool not in (family or _FAMILIES.get(unit.kind, set())) and command.tool != ANY_TOOL:
        return False
    pattern = _pattern(command)
    if "*" in pattern:
        return fnmatchcase(path, pattern) or fnmatchcase(path, pattern.rstrip("/") + "/*")
    if unit.kind == "terraform-root" and "run-all" not in command.text and "--all" not in command.text:
        return path == pattern
    if command.tool == ANY_TOOL:  # what it runs with is not told, so it means what lies at the path, not what lies around it
        return within(path, pattern) or any(within(item.at.path, pattern) for item in unit.items)
    return within(path, pattern) or within(pattern, path)
