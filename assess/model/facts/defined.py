"""What is defined: infrastructure, configuration, Kubernetes objects, packages and APIs."""

from __future__ import annotations

from dataclasses import dataclass

from assess.model.facts.base import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class TerraformRoot(Fact):
    """A directory that Terraform or OpenTofu is run in: it has a backend or provider, or nothing calls it."""

    path: str
    backend: str | None
    """s3, azurerm, gcs, http, remote, cloud, …; local where none is written."""
    remote_runs: bool = False
    """Its backend is HCP Terraform or Terraform Enterprise, whose workspaces may run it on each push, unseen in Git."""
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
    """Offered to others at versions: the repository releases it and it documents or names itself as a module, or another
    target of the run calls it at a fixed version."""
    consumers: int = 0
    """How many other targets of the run call it, where they name it by an address that is its own."""


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
    published: bool = False
    """Offered to others at versions: an Ansible collection or role, a Puppet module, a Chef cookbook."""
    objects: int = 1
    tasks: int = 0
    """Its single steps, where the tool has some: the tasks of Ansible."""
    commands: int = 0
    """Of these, how many only run a command: `shell`, `command`, `raw`, `script` and their kin."""
    packages_local: int = 0
    """Modules, roles or collections of the repository itself that it is made of."""
    packages_pinned: int | None = 0
    """Those from a registry or Git at a fixed version; None where an expression hides where something comes from."""
    packages_unpinned: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest(Fact):
    """One Kubernetes object in a file."""

    path: str
    api_version: str
    object_kind: str
    name: str | None = None
    exported: bool = False
    """A dump of a live object (it has a uid or managedFields), not a definition."""
    hook: bool = False
    """Run by a delivery at one of its steps, as its annotations say; never delivered by itself."""
    operated: bool = False
    """An operator makes infrastructure or a data service of it: Config Connector, ACK, a Crossplane resource, a database."""


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
    needs: tuple[str, ...] = ()
    """The charts that it depends on, each `REPOSITORY/NAME` as written, without credentials."""
    consumers: int = 0
    """How many other targets of the run use it, where they name it by an address that is its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HelmRelease(Fact):
    """A chart put to use without GitOps: Helmfile, Skaffold, `helm_release`."""

    path: str
    chart: str
    version: str | None = None
    repository: str = ""
    """The address that the chart comes from, where it is written beside; without credentials."""


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
