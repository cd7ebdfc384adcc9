"""Who runs it: procedures, pipelines, scripts, runbooks and the objects of GitOps controllers."""

from __future__ import annotations

from dataclasses import dataclass

from assess.model.facts.base import Fact

ANY_TOOL = "*"
"""The tool of a command that names what it works on, and not what with."""


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
    written: str = ""
    """The path before anything was put into its expressions; `//` stands between the directory that the command runs in
    and a path that begins with an expression. Empty where it has none."""
    soft: bool = False
    """Its failure does not fail the job: `|| true`, `--soft-fail`, a step that continues on error."""
    sends: str = ""
    """The address in a registry that it publishes to, as written; empty where it names none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What a procedure starts, and the line that does so.

    name: as `Procedure.name`; `*` stands for an expression that was not resolved.
    repository: empty: what the job has checked out; `.`: the repository of this file; else as the file writes it, and
    `ref` the version it asks for.
    """

    name: str
    line: int
    written: str = ""
    """The name with its expressions; empty where it has none."""
    repository: str = ""
    ref: str = ""
    otherwise: str = ""
    """What is unresolved where the repository is no target; empty: nothing of note."""
    given: tuple[tuple[str, str], ...] = ()
    """Inputs, parameters and variables that it passes, by the name that the called one reads them by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkout:
    """Another repository that a job puts at a path of its workspace."""

    path: str
    repository: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """What starts a job, and whether it can.

    events: push, pull_request, schedule, manual, tag, release, call, chat.
    """

    events: tuple[str, ...] = ()
    branches: tuple[str, ...] = ()
    can_run: bool | None = True
    environment: str = ""
    soft_fail: bool = False
    credentials: bool = True
    """Whether it may hold credentials beyond the forge's own token; False only where the file shows that it does not."""
    why_not: str = ""
    """Why it cannot run, where it cannot."""
    stop: int = 0
    """The line that keeps it from running."""
    paths: tuple[str, ...] = ()
    """The patterns of files whose change starts it, where nothing but such a change does; `!` takes files out again."""
    approval: bool | None = False
    """Whether a person has to let it go on; unknown where an environment of the forge may ask for one."""


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
    defaults: tuple[tuple[str, str], ...] = ()
    """The inputs, parameters and variables that a caller may set, with the value they have otherwise."""
    checkouts: tuple[Checkout, ...] = ()
    signs_in: tuple[str, ...] = ()
    """How it gets cloud credentials, where a step shows it: oidc, static."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineJob(Fact):
    """A job of a pipeline with everything its call chain does."""

    name: str
    path: str
    does: tuple[str, ...]
    events: tuple[str, ...]
    branches: tuple[str, ...] = ()
    environment: str = ""
    can_run: bool | None = True
    """False: disabled, `if: false`, or a trigger that cannot fire. Unknown: only a call starts it, and none was seen."""
    why_not: str = ""
    """Why it cannot run, or may not; empty where it can."""
    soft_fail: bool = False
    """Its failure does not fail the pipeline."""
    soft: tuple[str, ...] = ()
    """What it does whose failure does not fail it, as `does` says it: `|| true`, `--soft-fail`, `continue-on-error`."""
    approval: bool | None = False
    """Whether a person has to let it go on; unknown where an environment of the forge may ask for one."""
    credentials: str | None = None
    """How it gets cloud credentials: oidc (a short-lived token), static (a stored key), both; unknown where no step shows it."""
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
