"""Who runs it: procedures, pipelines, scripts, runbooks and the objects of GitOps controllers."""

from __future__ import annotations

from dataclasses import dataclass

from assess.model.facts.base import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One command line of a procedure, reduced to what it does."""

    does: str
    """lint, test, build, scan, plan, apply, deploy, publish, release, configure, operate, drift."""
    tool: str
    path: str
    """The directory or file it works on, relative to the repository; `.` where it does not say."""
    line: int
    text: str
    """The command as written, cut to 160 characters, without anything that looks like a credential."""
    resolved: bool = True
    """False: the path is an expression that was not resolved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What a procedure starts, and the line that does so.

    name: as `Procedure.name`; `*` stands for an expression that was not resolved.
    """

    name: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """What starts a job, and whether it can.

    events: push, pull_request, schedule, manual, tag, release, call, chat.
    """

    events: tuple[str, ...] = ()
    branches: tuple[str, ...] = ()
    can_run: bool = True
    environment: str = ""
    soft_fail: bool = False
    credentials: bool = True
    """Whether it may hold credentials beyond the forge's own token; False only where the file shows that it does not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure(Fact):
    """Something that runs commands: a job, an action, a make target, a script. A node of the call graph.

    name: unique within the repository: a job `FILE#JOB`, a reusable workflow or script its path, a composite action
    its directory, a target `make:DIR#TARGET` (or just:, task:, npm:).
    """

    name: str
    form: str
    """job, workflow, action, template, target or script."""
    commands: tuple[Command, ...] = ()
    calls: tuple[Call, ...] = ()
    unresolved: tuple[str, ...] = ()
    """What it starts that is not in this repository, as written."""
    trigger: Trigger | None = None
    """Jobs only."""
    serves: str = ""
    """The repository whose files it works on, as written, where a platform runs them from there: `owner/name`, `name` or an
    address; empty: the one that it stands in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineJob(Fact):
    """A job of a pipeline with everything its call chain does."""

    name: str
    path: str
    does: tuple[str, ...]
    events: tuple[str, ...]
    branches: tuple[str, ...] = ()
    environment: str = ""
    can_run: bool = True
    """False: disabled, `if: false`, or a trigger that cannot fire."""
    soft_fail: bool = False
    ephemeral: bool = False
    """It works on something it makes and throws away (kind, minikube, a test stack)."""
    reaches: tuple[str, ...] = ()
    """The directories that its applying, deploying and publishing commands work on."""
    is_this: bool | None = True
    """Whether the unit is what it works on; unknown where the path is an expression that may mean any directory."""
    chain: tuple[str, ...] = ()
    """The hops from the job to the deciding command, each `path:line what`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Script(Fact):
    """A script or task that a person runs, by what it does."""

    path: str
    does: tuple[str, ...]
    reaches: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Runbook(Fact):
    """A document that tells a person to click or type their way through a change."""

    path: str
    console_steps: int
    command_steps: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GitOpsSource(Fact):
    """An object by which a controller delivers something from Git or a registry."""

    path: str
    object_kind: str
    name: str
    automated: bool | None
    self_heal: bool | None
    suspended: bool = False
    source: str = ""
    """The repository or registry that it delivers from, without credentials; empty: the repository it stands in."""
    delivers: tuple[str, ...] = ()
    """The paths in that repository, globs where a generator makes them."""
    chart: str = ""
    revision: str = ""
    in_sync: bool | None = None
    """Live objects only: the controller says that what runs is what is declared."""
