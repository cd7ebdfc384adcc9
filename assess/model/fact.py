"""What a collector saw: one frozen dataclass a kind; its fields are the words a rule's condition may use.

A field of `None` means: there is such a value, and the collector could not determine it. CEL sees it as unknown.
Lists are tuples, in source order. Paths are relative to the repository; `.` is its root.
"""

from __future__ import annotations

from assess.model.facts.base import Assurance, Fact
from assess.model.facts.changed import MACHINES, AutomatedChange, History, Tally
from assess.model.facts.defined import (
    ApiRequest,
    CustomApi,
    Definition,
    Dockerfile,
    HelmChart,
    HelmRelease,
    Kustomization,
    Manifest,
    ModuleCall,
    TerraformModule,
    TerraformRoot,
)
from assess.model.facts.delivered import Environment, Promotion
from assess.model.facts.executed import ANY_TOOL, Call, Checkout, Command, GitOpsSource, PipelineJob, Procedure, Runbook, Script, Trigger
from assess.model.facts.guarded import ExposedSecret, PolicyException, PolicyGuard, PolicyTest, SecretSource
from assess.model.facts.live import ChangeEvent, LiveWorkload
from assess.model.facts.offered import CatalogEntity, Portal, SelfService, SoftwareTemplate
from assess.model.facts.repository import Ownership, Repository, SetAside, ToolMarker
from assess.model.facts.supplied import (
    BuildImage,
    Certificate,
    CostControl,
    DevelopmentEnvironment,
    DnsRecord,
    Telemetry,
    UpdateBot,
    WorkloadImage,
)

__all__ = [
    "ANY_TOOL",
    "FACT_KINDS",
    "MACHINES",
    "ApiRequest",
    "Assurance",
    "AutomatedChange",
    "BuildImage",
    "Call",
    "CatalogEntity",
    "Certificate",
    "ChangeEvent",
    "Checkout",
    "Command",
    "CostControl",
    "CustomApi",
    "Definition",
    "DevelopmentEnvironment",
    "DnsRecord",
    "Dockerfile",
    "Environment",
    "ExposedSecret",
    "Fact",
    "FactKind",
    "GitOpsSource",
    "HelmChart",
    "HelmRelease",
    "History",
    "Kustomization",
    "LiveWorkload",
    "Manifest",
    "ModuleCall",
    "Ownership",
    "PipelineJob",
    "PolicyException",
    "PolicyGuard",
    "PolicyTest",
    "Portal",
    "Procedure",
    "Promotion",
    "Repository",
    "Runbook",
    "Script",
    "SecretSource",
    "SelfService",
    "SetAside",
    "SoftwareTemplate",
    "Tally",
    "Telemetry",
    "TerraformModule",
    "TerraformRoot",
    "ToolMarker",
    "Trigger",
    "UpdateBot",
    "WorkloadImage",
]

FactKind = (
    SetAside | Repository | ToolMarker | Ownership | History | AutomatedChange
    | TerraformRoot | TerraformModule | ModuleCall | Definition | Manifest | Kustomization | HelmChart | HelmRelease
    | Dockerfile | CustomApi | ApiRequest
    | Procedure | PipelineJob | Script | Runbook | GitOpsSource | Promotion | Environment
    | Portal | SoftwareTemplate | CatalogEntity | SelfService
    | PolicyGuard | PolicyException | PolicyTest | SecretSource | ExposedSecret
    | WorkloadImage | BuildImage | DnsRecord | Certificate | Telemetry | CostControl | UpdateBot | DevelopmentEnvironment
    | LiveWorkload | ChangeEvent
)  # fmt: skip

FACT_KINDS: dict[str, type[Fact]] = {kind.__name__: kind for kind in FactKind.__args__}
