"""Policy as code and secrets at rest: the files by which each tool is known."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from assess.collect.git.extract.objects import Object, dig, items, mapping, text
from assess.collect.git.file import Extractor, File, Part
from assess.model.fact import Fact, ToolMarker
from assess.model.gap import Gap
from assess.spec.document import DocumentError

# --- objects of a cluster ----------------------------------------------------------------------------------------

_KYVERNO = {"ClusterPolicy", "Policy", "ValidatingPolicy", "MutatingPolicy", "GeneratingPolicy", "DeletingPolicy",
            "ImageValidatingPolicy", "ClusterCleanupPolicy", "CleanupPolicy", "NamespacedValidatingPolicy"}  # fmt: skip


def kyverno(found: Object) -> Iterator[Fact]:
    """The marker of a Kyverno policy, and of CEL where it is written in that. Source: https://kyverno.io/docs/policy-types/"""
    if found.kind not in _KYVERNO:
        return
    yield _marker(found, "kyverno")
    rules = items(found.value, "spec", "rules")
    if found.group == "policies.kyverno.io" or any(mapping(rule, "validate", "cel") for rule in rules):
        yield _marker(found, "cel")


def admission(found: Object) -> Iterator[Fact]:
    """The marker of Gatekeeper, or of Kubernetes' own admission policies."""
    if found.group.endswith("gatekeeper.sh"):
        yield _marker(found, "gatekeeper")
    elif found.kind in ("ValidatingAdmissionPolicy", "MutatingAdmissionPolicy"):
        yield _marker(found, "cel")


def chainsaw(found: Object) -> Iterator[Fact]:
    """The marker of Chainsaw. Source: https://kyverno.github.io/chainsaw/"""
    yield _marker(found, "chainsaw")


_PROVIDERS = {"vault": "vault", "azurekv": "azure-key-vault", "onepassword": "1password", "onepasswordSDK": "1password"}


def secret_store(found: Object) -> Iterator[Fact]:
    """The marker of external-secrets, and of where a store gets them from.

    Source: https://external-secrets.io/latest/api/spec/
    """
    yield _marker(found, "external-secrets", "secrets")
    provider = mapping(found.value, "spec", "provider") if found.kind.endswith("SecretStore") else {}
    for key in provider:
        if key in _PROVIDERS:
            yield _marker(found, _PROVIDERS[key], "secrets")
    if text(provider, "aws", "service") == "ParameterStore":
        yield _marker(found, "aws-ssm", "secrets")


def azure_secrets(found: Object) -> Iterator[Fact]:
    """The marker of the store that the CSI driver mounts from. Source: https://secrets-store-csi-driver.sigs.k8s.io/"""
    if tool := {"azure": "azure-key-vault", "vault": "vault"}.get(text(found.value, "spec", "provider")):
        yield _marker(found, tool, "secrets")


_SECRET_GROUPS = {"bitnami.com": "sealed-secrets", "secrets.hashicorp.com": "vault", "onepassword.com": "1password",
                  "isindir.github.com": "sops"}  # fmt: skip


def secrets_marker(found: Object) -> Iterator[Fact]:
    """The marker of a secret that an operator opens in the cluster."""
    yield _marker(found, _SECRET_GROUPS[found.group], "secrets")


def _marker(found: Object, tool: str, category: str = "policy") -> ToolMarker:
    return ToolMarker(at=found.at(), tool=tool, category=category)


# --- files -------------------------------------------------------------------------------------------------------


def rego(file: File) -> Iterator[Fact | Gap | Part]:
    """The marker of a Rego policy; of conftest, where it is the package and the rules that conftest looks for.

    Source: https://www.conftest.dev/
    """
    if file.name.endswith("_test.rego"):
        return
    found = re.search(rb"(?m)^package[ \t]+([\w.\[\]\"-]+)", file.content)
    if not found:
        return
    yield ToolMarker(at=file.at(file.line_of(found.start())), tool="rego", category="policy")
    if found[1] == b"main" and re.search(rb"(?m)^(deny|warn|violation)\w*\b", file.content):
        yield ToolMarker(at=file.at(file.line_of(found.start())), tool="conftest", category="policy")


def named(file: File) -> Iterator[Fact | Gap | Part]:
    """The marker of a tool that a file's name gives away."""
    if found := _NAMED.get(file.name.lower()):
        yield ToolMarker(at=file.at(1), tool=found[0], category=found[1])
    elif file.path.endswith(".regal/config.yaml"):
        yield ToolMarker(at=file.at(1), tool="regal", category="policy")
    elif file.name.endswith((".sentinel", ".guard", ".age")):
        tool, category = {"sentinel": ("sentinel", "policy"), "guard": ("cfn-guard", "policy"), "age": ("agenix", "secrets")}[
            file.name.rpartition(".")[2]
        ]
        yield ToolMarker(at=file.at(0 if tool == "agenix" else 1), tool=tool, category=category)


_NAMED = {
    "conftest.toml": ("conftest", "policy"), ".regal.yaml": ("regal", "policy"), "sentinel.hcl": ("sentinel", "policy"),
    ".chainsaw.yaml": ("chainsaw", "policy"), ".sops.yaml": ("sops", "secrets"), ".sops.yml": ("sops", "secrets"),
}  # fmt: skip


def custodian(file: File) -> Iterator[Fact | Gap | Part]:
    """The marker of Cloud Custodian. Source: https://cloudcustodian.io/docs/policy/index.html"""
    for value, line in _documents(file):
        policies = items(value, "policies")
        if any(text(policy, "name") and text(policy, "resource") for policy in policies):
            yield ToolMarker(at=file.at(line), tool="cloud-custodian", category="policy")
            return


def azure_policy(file: File) -> Iterator[Fact | Gap | Part]:
    """The marker of an Azure Policy definition or initiative.

    Source: https://learn.microsoft.com/azure/governance/policy/concepts/definition-structure-basics
    """
    for value, line in _documents(file):
        properties = mapping(value, "properties") or value
        rule = mapping(properties, "policyRule") or (mapping(value) if isinstance(dig(value, "then"), dict) else {})
        if dig(rule, "then", "effect") is not None or items(properties, "policyDefinitions"):
            yield ToolMarker(at=file.at(line), tool="azure-policy", category="policy")
            return


def sops(file: File) -> Iterator[Fact | Gap | Part]:
    """The marker of a file that SOPS has encrypted: its metadata, with a MAC. Source: https://github.com/getsops/sops#readme"""
    if found := _SOPS.search(file.content):
        yield ToolMarker(at=file.at(file.line_of(found.start())), tool="sops", category="secrets")


_SOPS = re.compile(rb"(?m)^[ \t]*[\"']?(?:sops[\"']?:(?=[ \t]*[\r\n{])|sops_mac[ \t]*=|sops_version[ \t]*=|\[sops\])")


def attributes(file: File) -> Iterator[Fact | Gap | Part]:
    """The marker of git-crypt: a filter that encrypts on commit. Source: https://github.com/AGWA/git-crypt#readme"""
    if found := re.search(rb"(?m)^[^#\n]*\bfilter=git-crypt", file.content):
        yield ToolMarker(at=file.at(file.line_of(found.start())), tool="git-crypt", category="secrets")


def vault(file: File) -> Iterator[Fact | Gap | Part]:
    """The marker of a Vault policy, or of its agent's annotations on a workload.

    Source: https://developer.hashicorp.com/vault/docs/concepts/policies
    """
    if found := _VAULT.search(file.content):
        yield ToolMarker(at=file.at(file.line_of(found.start())), tool="vault", category="secrets")


_VAULT = re.compile(
    rb"(?m)^path[ \t]+\"[^\"\n]{1,300}\"[ \t]*\{[ \t]*(?:\r?\n[ \t#][^\n]*){0,5}?(?:\r?\n)?[ \t]*capabilities"
    rb"|^[ \t]*[\"']?vault\.hashicorp\.com/agent-inject[\"']?:[ \t]*[\"']?true"
)


def _documents(file: File) -> Iterator[tuple[Any, int]]:
    """The values of a file with their first lines; nothing where it does not parse: a marker is not worth a gap."""
    try:
        yield from ((document.value, document.start) for document in file.documents())
    except DocumentError:
        return


_YAML = (".yaml", ".yml")
REGO = Extractor(name="rego", run=rego, suffixes=(".rego",))
POLICY_NAMES = Extractor(
    name="policy-names", run=named, names=frozenset(_NAMED), suffixes=(".sentinel", ".guard", ".age"),
)  # fmt: skip
REGAL = Extractor(name="regal", run=named, names=frozenset({"config.yaml"}), within=re.compile(r"(^|/)\.regal/config\.yaml$"))
CUSTODIAN = Extractor(
    name="cloud-custodian", run=custodian, suffixes=_YAML,
    words=(b"policies:",), marks=re.compile(rb"(?m)^policies:[ \t]*\r?\n(?:[ \t]*#.*\n)*[ \t]*-[ \t]+(?:name|resource)"),
)  # fmt: skip
AZURE_POLICY = Extractor(
    name="azure-policy", run=azure_policy, suffixes=(".json",),
    words=(b'"policyRule"', b'"policyDefinitions"', b'"then"'), marks=re.compile(rb"\"(?:policyRule|policyDefinitions|then)\"[ \t]*:"),
)  # fmt: skip
SOPS = Extractor(name="sops", run=sops, suffixes=(*_YAML, ".json", ".env", ".ini", ".enc"), marks=re.compile(rb"ENC\[AES256_GCM"))
GIT_CRYPT = Extractor(name="git-crypt", run=attributes, names=frozenset({".gitattributes"}))
VAULT = Extractor(name="vault", run=vault, suffixes=(".hcl", *_YAML), marks=re.compile(rb"capabilities|agent-inject"))
POLICY_FILES = (REGO, POLICY_NAMES, REGAL, CUSTODIAN, AZURE_POLICY, SOPS, GIT_CRYPT, VAULT)
