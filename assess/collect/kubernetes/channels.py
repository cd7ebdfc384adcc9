"""Which tool wrote a live object: its field managers, read by an ordered table."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Row:
    """A pattern that a manager's whole name must fit, the channel it stands for, and where that is known from.

    operation: Apply or Update where the name alone says too little. An empty channel is no change of configuration.
    """

    manager: str
    channel: str
    source: str
    operation: str = ""


CHANNELS: tuple[Row, ...] = (
    Row(r"Mozilla", "console", "a browser's User-Agent up to the first slash, kept by OpenShift's console and dashboards"),
    Row(r"kubectl-rollout", "", "`kubectl rollout restart` is operation, not configuration"),
    Row(r"kubectl-(?!client-side-apply|last-applied)[a-z-]+|k9s", "kubectl-imperative", "edit, patch, …: kubectl 1.32, run"),
    Row(r"kubectl", "kubectl-imperative", "kubectl without a manager of its own", operation="Update"),
    Row(r"kubectl|kubectl-client-side-apply|kubectl-last-applied", "kubectl-apply", "kubernetes/kubectl cmd/apply/apply.go"),
    Row(r"argocd-(application-)?controller|argocd", "argocd", "https://github.com/argoproj/argo-cd common.go ArgoCDSSAManager"),
    Row(r"kustomize-controller|helm-controller", "flux", "https://github.com/fluxcd/kustomize-controller"),
    Row(r"(apiextensions|ops|pkg)\.crossplane\.io/.+|crossplane", "crossplane", "https://github.com/crossplane/crossplane"),
    Row(r"pulumi-kubernetes(-.+)?", "pulumi", "https://github.com/pulumi/pulumi-kubernetes provider.go"),
    Row(r"HashiCorp|Terraform|terraform-provider-.+", "terraform", "https://github.com/hashicorp/terraform-provider-kubernetes"),
    Row(r"helm", "helm", "https://github.com/helm/helm pkg/kube/client.go"),
    Row(r"OpenAPI-Generator", "sdk", "the official clients' User-Agent"),
    Row(
        r"kube-controller-manager|kube-scheduler|kubelet|cluster-autoscaler|cert-manager-.+|istiod|pilot-.+|vpa-.+",
        "", "built-in controllers and mutating ones add to an object that somebody else defines",
    ),
)  # fmt: skip
"""First match wins; at the same second the earlier row is the later writer, since it claims less."""

_PATTERNS = tuple((re.compile(row.manager), row) for row in CHANNELS)


@dataclass(frozen=True, slots=True)
class Written:
    """Who wrote an object's specification: managers oldest first, and the channel of the last one that is known."""

    managers: tuple[str, ...]
    channel: str


def written(metadata: Mapping[str, Any]) -> Written:
    """The writers of an object, from its metadata.

    Entries of a subresource (status, scale) and such that own nothing of `spec` are left out: they define nothing.
    Source: https://kubernetes.io/docs/reference/using-api/server-side-apply/#managers
    """
    listed = metadata.get("managedFields")
    defining = [entry for entry in listed if _defines(entry)] if isinstance(listed, list) else []
    entries = sorted(defining, key=lambda entry: str(entry.get("time") or ""))
    known = [(str(entry.get("time") or ""), -found[0], found[1].channel) for entry in entries if (found := _row(entry))]
    channel = max(known)[2] if known else _by_annotation(metadata)
    return Written(tuple(dict.fromkeys(str(entry["manager"]) for entry in entries)), channel)


def _defines(entry: Any) -> bool:
    if not isinstance(entry, dict) or entry.get("subresource") or not entry.get("manager"):
        return False
    found = _row(entry)
    fields = entry.get("fieldsV1")
    return (found is None or found[1].channel != "") and (not isinstance(fields, dict) or "f:spec" in fields)


def _row(entry: Mapping[str, Any]) -> tuple[int, Row] | None:
    manager, operation = str(entry["manager"]), entry.get("operation")
    matching = ((rank, row) for rank, (pattern, row) in enumerate(_PATTERNS) if pattern.fullmatch(manager))
    return next(((rank, row) for rank, row in matching if row.operation in ("", operation)), None)


def _by_annotation(metadata: Mapping[str, Any]) -> str:
    """Helm's library notes its release even where the program has a name of its own.

    Source: https://github.com/helm/helm/blob/main/pkg/action/validate.go
    """
    annotations = metadata.get("annotations")
    return "helm" if isinstance(annotations, dict) and annotations.get("meta.helm.sh/release-name") else "unattributed"
