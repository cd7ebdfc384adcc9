"""Secrets as files: encrypted in Git, injected by Vault's agent, or lying there as they are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assess.collect.git.file import Extractor, File, Part
from assess.model.fact import ExposedSecret, Fact, SecretSource
from assess.model.gap import Gap


def sops(file: File) -> Iterator[Fact | Gap | Part]:
    """A file that SOPS has encrypted: its metadata, with a MAC. Source: https://github.com/getsops/sops#readme"""
    if found := _SOPS.search(file.content):
        yield _source(file, "sops", file.line_of(found.start()))


_SOPS = re.compile(rb"(?m)^[ \t]*[\"']?(?:sops[\"']?:(?=[ \t]*[\r\n{])|sops_mac[ \t]*=|sops_version[ \t]*=|\[sops\])")


def sops_rules(file: File) -> Iterator[Fact | Gap | Part]:
    """The rules by which SOPS encrypts. Source: https://getsops.io/docs/#using-sops-yaml-conf-to-select-kms-pgp-and-age-for-new-files"""
    if found := re.search(rb"(?m)^creation_rules[ \t]*:", file.content):
        yield _source(file, "sops", file.line_of(found.start()))


def agenix(file: File) -> Iterator[Fact | Gap | Part]:
    """A file that age has encrypted. Source: https://age-encryption.org/v1"""
    if file.content.startswith((b"age-encryption.org/", b"-----BEGIN AGE ENCRYPTED FILE")):
        yield _source(file, "agenix", 0)


def ansible_vault(file: File) -> Iterator[Fact | Gap | Part]:
    """A file or value that Ansible Vault has encrypted. Source: https://docs.ansible.com/ansible/latest/vault_guide/"""
    if found := re.search(rb"\$ANSIBLE_VAULT;", file.content):
        yield _source(file, "ansible-vault", file.line_of(found.start()))


def git_crypt(file: File) -> Iterator[Fact | Gap | Part]:
    """A filter that encrypts on commit. Source: https://github.com/AGWA/git-crypt#readme"""
    if found := re.search(rb"(?m)^[^#\n]*\bfilter=git-crypt", file.content):
        yield _source(file, "git-crypt", file.line_of(found.start()))


def vault(file: File) -> Iterator[Fact | Gap | Part]:
    """A policy of Vault, or its agent's annotation on a workload.

    Source: https://developer.hashicorp.com/vault/docs/concepts/policies
    """
    if found := _VAULT.search(file.content):
        yield SecretSource(at=file.at(file.line_of(found.start())), tool="vault", path=file.path, form="injected" if found[1] else "store")


_VAULT = re.compile(
    rb"(?m)^path[ \t]+\"[^\"\n]{1,300}\"[ \t]*\{[ \t]*+(?:\r?\n[ \t#][^\n]*+){0,5}?(?:\r?\n)?[ \t]*+capabilities"
    rb"|^[ \t]*[\"']?(vault\.hashicorp\.com/agent-inject)[\"']?:[ \t]*[\"']?true"
)


def _source(file: File, tool: str, line: int) -> SecretSource:
    return SecretSource(at=file.at(line), tool=tool, path=file.path, form="encrypted")


# --- what lies there as it is -------------------------------------------------------------------------------------


def state(file: File) -> Iterator[Fact | Gap | Part]:
    """A state of Terraform with resources in it: it holds every value, passwords too.

    Source: https://developer.hashicorp.com/terraform/language/state/sensitive-data
    """
    if b'"terraform_version"' in file.content and re.search(rb'"(?:resources|modules)"[ \t]*:[ \t]*\[\s*\{', file.content):
        yield ExposedSecret(at=file.at(1), path=file.path, form="state")


def private_key(file: File) -> Iterator[Fact | Gap | Part]:
    """A private key that no passphrase guards. Source: https://www.rfc-editor.org/rfc/rfc7468"""
    found = _KEY.search(file.content)
    if found and b"ENCRYPTED" not in found[0][:400] and b"MIIE...==" not in found[0]:
        yield ExposedSecret(at=file.at(file.line_of(found.start())), path=file.path, form="private-key")


_KEY = re.compile(
    rb"(?m)^-----BEGIN (?:RSA |EC |DSA |OPENSSH )?PRIVATE KEY-----\r?\n(?:[A-Za-z-]+: [^\n]*\n|\r?\n)*(?:[A-Za-z0-9+/=]{40,76}\r?\n){2}"
)


def key_store(file: File) -> Iterator[Fact | Gap | Part]:
    """A binary key store: PKCS #12 or Java's. Source: https://www.rfc-editor.org/rfc/rfc7292"""
    if file.content[:4] in (b"\xfe\xed\xfe\xed", b"\xce\xce\xce\xce") or file.content[:2] == b"\x30\x82":
        yield ExposedSecret(at=file.at(), path=file.path, form="key-store")


def credentials(file: File) -> Iterator[Fact | Gap | Part]:
    """A file by which a client logs in: a service account's key, cloud credentials, a registry's or a package index's token."""
    for form, pattern in _CREDENTIALS:
        if found := pattern.search(file.content):
            yield ExposedSecret(at=file.at(file.line_of(found.start())), path=file.path, form=form)
            return


_CREDENTIALS = (
    ("service-account", re.compile(rb'"private_key"[ \t]*:[ \t]*"-----BEGIN PRIVATE KEY-----\\n[A-Za-z0-9+/=]{40}')),
    ("credentials", re.compile(rb"(?m)^[ \t]*aws_secret_access_key[ \t]*=[ \t]*[A-Za-z0-9/+]{40}[ \t]*\r?$")),
    ("credentials", re.compile(rb"(?m)^[^#;\n]*:_(?:authToken|password)=[\w./+=-]{20,}")),
    ("credentials", re.compile(rb'"auth"[ \t]*:[ \t]*"[A-Za-z0-9+/]{16,}={0,2}"')),
    ("credentials", re.compile(rb"(?m)^machine[ \t]+\S+[ \t]+login[ \t]+\S+[ \t]+password[ \t]+[^\s<$]{6,}")),
)
_KEY_SUFFIXES = (".pem", ".key", ".ppk")
_YAML = (".yaml", ".yml")

SOPS = Extractor(name="sops", run=sops, suffixes=(*_YAML, ".json", ".env", ".ini", ".enc"), words=(b"ENC[AES256_GCM",))
SOPS_RULES = Extractor(name="sops-rules", run=sops_rules, names=frozenset({".sops.yaml", ".sops.yml"}))
AGENIX = Extractor(name="agenix", run=agenix, suffixes=(".age",))
ANSIBLE_VAULT = Extractor(name="ansible-vault", run=ansible_vault, suffixes=(*_YAML, ".vault", ""), words=(b"$ANSIBLE_VAULT;",))
GIT_CRYPT = Extractor(name="git-crypt", run=git_crypt, names=frozenset({".gitattributes"}))
VAULT = Extractor(
    name="vault",
    run=vault,
    suffixes=(".hcl", *_YAML),
    words=(b"capabilities", b"agent-inject"),
    marks=re.compile(rb"capabilities[ \t]*=|agent-inject"),
    by_line=True,
)
STATE = Extractor(
    name="terraform-state", run=state, suffixes=(".tfstate", ".backup"), within=re.compile(r"\.tfstate(?:\.backup)?$"),
    words=(b'"terraform_version"',),
)  # fmt: skip
PRIVATE_KEY = Extractor(
    name="private-key", run=private_key, suffixes=_KEY_SUFFIXES,
    names=frozenset({"id_rsa", "id_ed25519", "id_ecdsa", "id_dsa"}), words=(b"PRIVATE KEY-----",),
)  # fmt: skip
KEY_STORE = Extractor(name="key-store", run=key_store, suffixes=(".p12", ".pfx", ".jks", ".keystore"))
LOGINS = Extractor(name="logins", run=credentials, suffixes=(".json",), words=(b'"private_key"', b'"auths"'))
CREDENTIALS = Extractor(
    name="credentials", run=credentials, names=frozenset({"credentials", ".npmrc", ".dockercfg", ".netrc", "_netrc"})
)  # fmt: skip
