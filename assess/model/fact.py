"""What a collector saw: one frozen dataclass a kind; its fields are the words a rule's condition may use.

A field of `None` means: there is such a value, and the collector could not determine it. CEL sees it as unknown.
Lists are tuples, in source order. Paths are relative to the repository; `.` is its root.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


from assess.model.target import Location


class Assurance(StrEnum):
    """How far a fact goes: written down, has happened, or is so now."""

    DECLARED = "declared"
    EXERCISED = "exercised"
    EFFECTIVE = "effective"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing that was seen at a place a person can open."""

    at: Location
    tool: str = ""
    """The tool that this place uses, by its id in the vocabulary of `docs/reference/tools.md`."""
    assurance: Assurance = Assurance.DECLARED

    @property
    def kind(self) -> str:
        """The name of the fact's kind, as rules write it."""
        return type(self).__name__


# --- the repository itself -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside(Fact):
    """A tree that does not count as use, with the reason."""

    role: str
    """documentation, test, example, vendored, generated, skeleton, archive or own-source."""
    path: str
    files: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository(Fact):
    """One repository at one commit, as a whole."""

    files: int
    purpose: str
    """operations, software, library, documentation, catalog, policy or empty: what most of its files are for."""
    reason: str
    """The evidence for the purpose, as a sentence."""
    languages: tuple[str, ...] = ()
    last_commit: str = ""
    """ISO date of the newest commit that was read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolMarker(Fact):
    """A tool known by a file of its own, where no other fact says more."""

    category: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ownership(Fact):
    """Who owns a path, and who says so."""

    path: str
    """A glob relative to the repository; `**` is all of it."""
    owner: str
    by: str
    """estate, catalog or codeowners, strongest first."""


# --- what is defined -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class TerraformRoot(Fact):
    """A directory that Terraform or OpenTofu is run in: it has a backend or provider, or nothing calls it."""

    path: str
    backend: str | None
    """s3, azurerm, gcs, http, remote, cloud, …; local where none is written."""
    providers: tuple[str, ...] = ()
    resources: int = 0
    resource_types: tuple[str, ...] = ()
    modules_local: int = 0
    modules_pinned: int = 0
    """Calls of modules from a registry or Git at a fixed version."""
    modules_unpinned: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TerraformModule(Fact):
    """A directory of Terraform code that is called, not run."""

    path: str
    resources: int
    called_locally: bool
    published: bool
    """Offered to others at versions: the repository releases it and it documents or names itself as a module."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleCall(Fact):
    """One `module` block."""

    path: str
    source: str
    origin: str
    """local, registry or git."""
    pinned: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition(Fact):
    """A project of another declarative tool (Ansible, Pulumi, CloudFormation, Nix, …)."""

    path: str
    form: str
    """infrastructure or configuration."""
    objects: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest(Fact):
    """One Kubernetes object in a file."""

    path: str
    api_version: str
    object_kind: str
    name: str | None = None
    exported: bool = False
    """A dump of a live object (it has a uid or managedFields), not a definition."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kustomization(Fact):
    """A directory that Kustomize builds."""

    path: str
    resources: tuple[str, ...] = ()
    """Referenced directories and files, resolved against the repository; remote ones stay as written."""
    remote: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class HelmChart(Fact):
    """A chart whose source is in the repository."""

    path: str
    name: str
    version: str
    origin: str
    """own or vendored."""
    library: bool = False
    published: bool = False
    dependencies: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class HelmRelease(Fact):
    """A chart put to use without GitOps: Helmfile, Skaffold, `helm_release`."""

    path: str
    chart: str
    version: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dockerfile(Fact):
    """An image that the repository builds."""

    path: str
    base: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomApi(Fact):
    """An API of one's own on Kubernetes: CRD, Crossplane XRD, kro graph, Kratix promise."""

    path: str
    group: str
    object_kind: str
    composed: bool = False
    """Something in the repository makes it work: a Composition, a graph, a promise, a controller."""
    consumer_facing: bool = False
    """Meant to be requested by teams: an XRD with claims or namespaced, a kro graph, a promise."""
    delivered: str = ""
    """How it reaches a cluster as one: package (a pipeline publishes it), gitops (an object names it), or empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiRequest(Fact):
    """An instance of a self-service API: a claim, an XR, a Score workload."""

    path: str
    api_version: str
    object_kind: str


# --- who runs it -----------------------------------------------------------------------------------------------


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


# --- in front of it --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Portal(Fact):
    """A developer portal that is operated from here."""

    path: str
    product: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SoftwareTemplate(Fact):
    """A golden path that a portal runs for its users."""

    path: str
    name: str
    actions: tuple[str, ...] = ()
    acts: bool = False
    """It publishes, registers or provisions something, rather than only fetching files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogEntity(Fact):
    """An entry of a software catalog."""

    path: str
    entity_kind: str
    name: str
    owner: str = ""
    from_template: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfService(Fact):
    """A way by which teams request a unit themselves; made where units are joined, from templates and requests."""

    by: str
    """template or request."""
    name: str


# --- live ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveWorkload(Fact):
    """A root workload of a cluster, with the tools that wrote its specification."""

    namespace: str
    object_kind: str
    name: str
    managers: tuple[str, ...] = ()
    channel: str = "unattributed"
    """console, kubectl-imperative, kubectl-apply, helm, terraform, argocd, flux, crossplane, sdk, unattributed."""
    tracked_by: str = ""
    """The GitOps object that says it delivers this workload."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeEvent(Fact):
    """One call in an account's audit trail, as it was recorded; what channel it came through is judged afterwards.

    Holds no credential, no address of a caller and no name of a person.
    Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
    """

    time: str
    """UTC, ISO 8601, as recorded."""
    service: str
    """The short name of the service that was called: s3, iam, …"""
    action: str
    region: str = ""
    account: str = ""
    event_version: str = ""
    event_type: str = ""
    """AwsApiCall, AwsServiceEvent, AwsConsoleSignIn, …"""
    read_only: bool | None = None
    error_code: str = ""
    """Not empty: the call failed and changed nothing."""
    user_agent: str = ""
    """The agent's product tokens in their order, without comments and free text, cut to 240 characters."""
    source_service: str = ""
    """The AWS service that the call came from, where it came from one; addresses are not kept."""
    invoked_by: str = ""
    """The AWS service that made the call for somebody else."""
    from_console: bool | None = None
    """The server says that the session was opened in the web console; None: records of that version do not say."""
    identity: str = ""
    """IAMUser, AssumedRole, Root, AWSService, WebIdentityUser, …"""
    principal: str = ""
    """The role with its path. Users are not named."""
    session: str = ""
    """What kind of thing named the session, where it is one that tools and services set: github-actions, instance, …"""
    human_session: bool | None = None
    """The session is named by an e-mail address, as sign-ins of people are; None: the record does not name it."""
    federated_provider: str = ""
    """The host of the identity provider that vouched for a web identity."""
    resource: str = ""
    """`TYPE/name` of what was changed, where the record says so and the name is neither a user nor a key."""
    page: int = 0
    """The page of the listing that it stood on, from 1; an account that was read in full has one every 50 events."""


FactKind = (
    SetAside | Repository | ToolMarker | Ownership
    | TerraformRoot | TerraformModule | ModuleCall | Definition | Manifest | Kustomization | HelmChart | HelmRelease
    | Dockerfile | CustomApi | ApiRequest
    | Procedure | PipelineJob | Script | Runbook | GitOpsSource
    | Portal | SoftwareTemplate | CatalogEntity | SelfService
    | LiveWorkload | ChangeEvent
)  # fmt: skip

FACT_KINDS: dict[str, type[Fact]] = {kind.__name__: kind for kind in FactKind.__args__}

