"""Secrets as objects of a cluster: fetched by an operator, encrypted, mounted, or lying there as they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from assess.collect.git.extract.objects import Object, mapping, text
from assess.model.fact import ExposedSecret, Fact, SecretSource

_PROVIDERS = {"vault": "vault", "azurekv": "azure-key-vault", "onepassword": "1password", "onepasswordSDK": "1password"}
_OPERATORS = {"secrets.hashicorp.com": "vault", "onepassword.com": "1password"}


def external_secrets(found: Object) -> Iterator[Fact]:
    """A secret that External Secrets fetches, and the store that it comes from.

    Source: https://external-secrets.io/latest/api/spec/
    """
    yield _source(found, "external-secrets", "operator")
    provider = mapping(found.value, "spec", "provider") if found.kind.endswith("SecretStore") else {}
    for key in provider:
        if key in _PROVIDERS:
            yield _source(found, _PROVIDERS[key], "store")
    if text(provider, "aws", "service") == "ParameterStore":
        yield _source(found, "aws-ssm", "store")


def csi(found: Object) -> Iterator[Fact]:
    """What the CSI driver mounts, and the store it comes from. Source: https://secrets-store-csi-driver.sigs.k8s.io/"""
    provider = text(found.value, "spec", "provider")
    yield _source(found, {"azure": "azure-key-vault", "vault": "vault"}.get(provider, "secrets-store-csi"), "injected")


def operator_secret(found: Object) -> Iterator[Fact]:
    """A secret that an operator fetches or opens in the cluster."""
    if tool := _OPERATORS.get(found.group):
        yield _source(found, tool, "operator")
    else:
        yield _source(found, "sealed-secrets" if found.group == "bitnami.com" else "sops", "encrypted")


_REFERENCE = re.compile(r"\A(?:ref\+|vault:|op://|AVP|<[^>]*>|\$\{|\$\(|\{\{|%|ENC\[|\$__)|\*")
_PLACEHOLDER = re.compile(
    r"(?i)change|replace|example|placeholder|redacted|dummy|sample|your[-_ ]|todo|xxx|\A(?:secret|password|passwd|admin|root|user(?:name)?|test"
    r"|none|null|true|false|token|foo|bar|base64.*)?\d{0,4}\Z"
)


def plain_secret(found: Object) -> Iterator[Fact]:
    """A `Secret` whose values stand in Git as they are; told by its place, and by no value.

    Not one of placeholders and references, nor one that SOPS has encrypted or a template fills.
    Source: https://kubernetes.io/docs/concepts/configuration/secret/
    """
    if found.kind != "Secret" or found.group or found.templated or "sops" in found.value:
        return
    if text(found.value, "type") in ("kubernetes.io/service-account-token", "helm.sh/release.v1"):
        return
    for field in ("data", "stringData"):
        for key, value in mapping(found.value, field).items():
            if _SECRET.search(str(key)) and _is_real(value, field == "data"):
                yield ExposedSecret(at=found.at(field, key), path=found.file.path, form="manifest")
                return


_SECRET = re.compile(r"(?i)pass|secret|token|key\Z|api[-_.]?key|credential|tls\.key|dockerconfigjson")


def _is_real(value: Any, encoded: bool) -> bool:
    if not isinstance(value, str):
        return False
    if encoded:
        value = _decoded(value.strip())
    return len(value) >= 6 and not _REFERENCE.search(value) and not _PLACEHOLDER.search(value[:200])


def _decoded(value: str) -> str:
    import base64
    import binascii

    try:
        return base64.b64decode(value, validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ""


def kubeconfig(found: Object) -> Iterator[Fact]:
    """A kubeconfig that holds a key or a token. Source: https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/"""
    users = found.value.get("users") if found.kind == "Config" and found.api == "v1" and not found.templated else None
    for index, user in enumerate(users if isinstance(users, list) else []):
        if any(_is_real(text(user, "user", key), key.endswith("-data")) for key in ("client-key-data", "token", "password")):
            yield ExposedSecret(at=found.at("users", index), path=found.file.path, form="kubeconfig")
            return


def _source(found: Object, tool: str, form: str) -> SecretSource:
    return SecretSource(at=found.at(), tool=tool, path=found.file.path, form=form)
