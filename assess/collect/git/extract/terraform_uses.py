"""What Terraform's resources and data say beside their root: guardrails of accounts, stores of secrets, and what they supply.

Add a row: (pattern over `resource` or `data` and the type, tool, what makes the fact of it); the first row that fits wins.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from assess.collect.git.extract.terraform import TerraformFile
from assess.collect.git.extract.terraform_supplies import SUPPLIES, Maker
from assess.collect.git.file import Part
from assess.collect.git.hcl import Block
from assess.model.fact import Fact, PolicyGuard, SecretSource
from assess.model.target import Location


def _guardrail(blocks: bool | None) -> Maker:
    def make(at: Location, tool: str, block: Block) -> Fact:
        return PolicyGuard(at=at, tool=tool, path=at.path, name=".".join(block.labels), where="cloud", blocks=blocks)

    return make


def _store(at: Location, tool: str, block: Block) -> Fact:
    return SecretSource(at=at, tool=tool, path=at.path, form="store")


_ROWS: tuple[tuple[re.Pattern[str], str, Maker], ...] = tuple(
    (re.compile(rf"(?:{pattern})\Z"), tool, maker)
    for pattern, tool, maker in (
        (r"resource azurerm_\w*policy_(?:definition|set_definition)", "azure-policy", _guardrail(None)),
        (r"resource azurerm_\w*policy_assignment", "azure-policy", _guardrail(None)),
        (r"resource aws_organizations_policy", "aws-organizations", _guardrail(True)),
        (r"resource aws_(?:config_config_rule|config_organization_\w+|config_conformance_pack)", "aws-config", _guardrail(False)),
        (r"resource google_(?:org_policy_\w+|(?:organization|folder|project)_(?:organization_)?policy)", "gcp-org-policy", _guardrail(True)),
        (r"(?:resource|data) azurerm_key_vault(?:_secret|_key|_certificate|_access_policy)?", "azure-key-vault", _store),
        (r"(?:resource|data) aws_ssm_parameters?(?:_by_path)?", "aws-ssm", _store),
        (r"(?:resource|data) aws_secretsmanager_\w+", "aws-secrets-manager", _store),
        (r"(?:resource|data) aws_kms_(?:secrets|ciphertext|key|alias)", "aws-kms", _store),
        (r"(?:resource|data) google_secret_manager_\w+", "gcp-secret-manager", _store),
        (r"(?:resource|data) google_kms_(?:secret|secret_ciphertext|crypto_key|key_ring)", "gcp-kms", _store),
        (r"(?:resource|data) vault_(?:generic|kv)_secret\w*|(?:resource|data) vault_(?:mount|policy|auth_backend|\w+_secret_backend\w*)", "vault", _store),
        (r"(?:resource|data) onepassword_\w+", "1password", _store),
        (r"(?:resource|data) (?:sops_file|sops_external)", "sops", lambda at, tool, block: SecretSource(at=at, tool=tool, path=at.path, form="encrypted")),
        (r"(?:resource|data) (?:doppler_\w+|infisical_\w+|bitwarden_\w+)", "secrets-manager", _store),
        *SUPPLIES,
    )
)  # fmt: skip


def assemble(parts: Iterable[Part]) -> Iterator[Fact]:
    """One fact for each row and directory: a root with forty parameters uses the store once."""
    seen: set[tuple[str, int, str]] = set()
    for file in (part for part in parts if isinstance(part, TerraformFile)):
        for block in file.blocks:
            if block.kind not in ("resource", "data", "provider") or not block.labels:
                continue
            row = _row(f"{block.kind} {block.labels[0]}")
            if row is None or (key := (file.directory, id(row), block.kind)) in seen:
                continue
            _, tool, maker = row
            if fact := maker(Location(target=file.at.target, path=file.at.path, line=block.line), tool, block):
                seen.add(key)
                yield fact


@lru_cache(maxsize=4096)
def _row(block: str) -> tuple[re.Pattern[str], str, Maker] | None:
    return next((row for row in _ROWS if row[0].match(block)), None)
