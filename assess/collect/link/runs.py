"""What jobs and people's scripts do, and to which unit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from fnmatch import fnmatchcase

from assess.collect.link.chains import CallGraph, Reached
from assess.model.fact import Fact, PipelineJob, Procedure, Script
from assess.model.gap import Gap, GapReason
from assess.model.unit import Unit, within

MUTATING = {"apply", "deploy", "configure", "publish", "release", "operate", "host", "drift", "upload"}
_FAMILIES: dict[str, set[str]] = {
    "terraform-root": {"terraform", "terragrunt", "atlantis"},
    "terraform-module": {"release-please", "semantic-release", "goreleaser", "gh", "terraform", ""},
    "manifests": {"kubectl", "kustomize", "helm", "skaffold", "azure", "argocd", "flux", "oras", "kapp", "ko", "werf"},
    "release": {"helm", "helmfile", "skaffold", "kubectl", "azure", "werf", "kapp"},
    "collection": {"ansible", "puppet", "chef", "gh", "", "release-please", "semantic-release"},
    "chart": {"helm", "chart-releaser", "cr", "oras", "gh", "", "release-please", "semantic-release"},
    "platform-api": {"crossplane", "up", "kubectl", "kustomize", "helm", "docker", "oras"},
}
_DEFINITION_TOOLS: dict[str, set[str]] = {
    "cloudformation": {"aws", "cloudformation", "sam"}, "arm": {"az", "arm"}, "bicep": {"az", "arm"}, "aws-cdk": {"cdk"},
    "nix": {"nixos-rebuild", "colmena", "darwin-rebuild", "deploy-rs", "nixops"}, "ansible": {"ansible", "ansible-playbook"},
    "salt": {"salt", "salt-ssh", "salt-call"}, "puppet": {"puppet", "bolt", "r10k"}, "talos": {"talosctl"},
}  # fmt: skip


Run = tuple[PipelineJob, list[Reached]]
ScriptRun = tuple[Script, list[Reached]]


def runs(facts: Iterable[Fact]) -> tuple[list[Run], list[ScriptRun], list[Gap]]:
    """The jobs and scripts of a repository with everything they reach, and what could not be followed."""
    facts = list(facts)
    tops = {fact.at.path.partition("/")[0] for fact in facts}
    procedures = [_rooted(f, tops) for f in facts if isinstance(f, Procedure)]
    graph = CallGraph(procedures)
    jobs: list[Run] = []
    gaps: list[Gap] = []
    entries = [p for p in procedures if p.form == "job"]
    for entry in entries:
        reached = graph.reach(entry)
        jobs.append((_job(entry, reached), reached))
        gaps += [_unseen(entry, missing) for missing in sorted(set(graph.unresolved(entry)))]
    in_pipelines = graph.reached_names(entries)
    by_hand = [p for p in procedures if p.form in ("script", "target") and p.name not in in_pipelines]
    called = graph.reached_names(by_hand)
    scripts = [(_script(p, graph.reach(p)), graph.reach(p)) for p in by_hand if p.name not in called]
    return jobs, scripts, gaps


def _rooted(procedure: Procedure, tops: set[str]) -> Procedure:
    """A procedure whose paths start at the repository: some systems put the checkout below a directory of its own name
    (`cd paas-cf/terraform`), which the repository itself does not hold."""
    commands = tuple(
        replace(c, path=c.path.partition("/")[2])
        if "/" in c.path and c.path[0] not in "$/~*" and c.path.partition("/")[0] not in tops
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
    harmless = proposals or powerless or bool(_KNOWN.match(missing))
    return Gap(
        at=entry.at, reason=GapReason.UNRESOLVED, what=f"job {entry.name.rpartition('#')[2]} runs {missing}, which is not here",
        blinds=() if harmless else ("PipelineJob",), settle="Name the repository that holds it as a target.",
    )  # fmt: skip


def _job(entry: Procedure, reached: list[Reached]) -> PipelineJob:
    trigger = entry.trigger
    assert trigger is not None
    return PipelineJob(
        at=entry.at, tool=entry.tool, assurance=entry.assurance, name=entry.name.rpartition("#")[2], path=entry.at.path,
        does=tuple(dict.fromkeys(r.command.does for r in reached)), events=trigger.events, branches=trigger.branches,
        environment=trigger.environment, can_run=trigger.can_run, soft_fail=trigger.soft_fail,
        ephemeral=any(r.command.does == "ephemeral" for r in reached),
        reaches=tuple(dict.fromkeys(r.command.path for r in reached if r.command.does in MUTATING)),
    )  # fmt: skip


def _script(entry: Procedure, reached: list[Reached]) -> Script:
    """A script by what it does; one lone command on the host (`mount`, `sysctl`) is help for something else."""
    hosts = {r.command.text for r in reached if r.command.does == "host"}
    lone = len(hosts) == 1 and not any(r.command.tool == "dotbot" for r in reached)
    does = {r.command.does for r in reached} - ({"host"} if lone else set())
    return Script(
        at=entry.at, tool=entry.tool, path=entry.at.path, does=tuple(dict.fromkeys(r.command.does for r in reached if r.command.does in does)),
        reaches=tuple(dict.fromkeys(r.command.path for r in reached if r.command.does in MUTATING)),
    )  # fmt: skip


def reaching(unit: Unit, jobs: Iterable[Run], scripts: Iterable[ScriptRun], alone: bool) -> Iterator[Fact]:
    """The jobs and scripts that reach a unit, each reduced to what it does to this unit.

    alone: the repository has no other unit of the kind, so a path that is nothing but an expression means this one.
    """
    for job, reached in jobs:
        if mine := [r for r in reached if _works_on(r, unit)]:
            deciding = next((r for r in mine if r.command.does in MUTATING), mine[0])
            does = tuple(dict.fromkeys(r.command.does for r in mine))
            yield replace(job, does=does, chain=deciding.chain, is_this=None if not alone and all(map(_anywhere, mine)) else True)
    for script, reached in scripts:
        if mine := [r for r in reached if r.command.does in MUTATING and _works_on(r, unit)]:
            yield replace(script, does=tuple(dict.fromkeys(r.command.does for r in mine)))


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
    if command.tool not in (family or _FAMILIES.get(unit.kind, set())):
        return False
    pattern = re.sub(r"\$\{\{.*?\}\}|\$\([^)]*\)|\$\{[^}]*\}|\$[\w*@<]+|%\w+%|<[^>]*>", "*", command.path)
    if "*" in pattern:
        return fnmatchcase(path, pattern) or fnmatchcase(path, pattern.rstrip("/") + "/*")
    if unit.kind == "terraform-root" and "run-all" not in command.text and "--all" not in command.text:
        return path == pattern
    return within(path, pattern) or within(pattern, path)
