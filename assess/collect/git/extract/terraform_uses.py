"""What Terraform's resources and data say beside their root: guardrails of accounts, stores of secrets.

Add a row: (pattern over `resource` or `data` and the type, tool, what makes the fact of it); the first row that fits wins.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from assess.collect.git.extract.hcl import Block
from assess.collect.git.extract.terraform import TerraformFile
from assess.collect.git.file import Part
from assess.model.fact import Fact, PolicyGuard, SecretSource
from assess.model.target import Location

Maker = Callable[[Location, str, Block], Fact]


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
        (r"\w+ azurerm_key_vault(?:_secret|_key|_certificate|_access_policy)?", "azure-key-vault", _store),
        (r"\w+ aws_ssm_parameters?(?:_by_path)?", "aws-ssm", _store),
        (r"\w+ aws_secretsmanager_\w+", "aws-secrets-manager", _store),
        (r"\w+ aws_kms_(?:secrets|ciphertext|key|alias)", "aws-kms", _store),
        (r"\w+ google_secret_manager_\w+", "gcp-secret-manager", _store),
        (r"\w+ google_kms_(?:secret|secret_ciphertext|crypto_key|key_ring)", "gcp-kms", _store),
        (r"\w+ vault_(?:generic|kv)_secret\w*|\w+ vault_(?:mount|policy|auth_backend|\w+_secret_backend\w*)", "vault", _store),
        (r"\w+ onepassword_\w+", "1password", _store),
        (r"\w+ (?:sops_file|sops_external)", "sops", lambda at, tool, block: SecretSource(at=at, tool=tool, path=at.path, form="encrypted")),
        (r"\w+ (?:doppler_\w+|infisical_\w+|bitwarden_\w+)", "secrets-manager", _store),
    )
)  # fmt: skip


def assemble(parts: Iterable[Part]) -> Iterator[Fact]:
    """One fact for each tool and directory that a row knows: a root with forty parameters uses the store once."""
    seen: set[tuple[str, str, str]] = set()
    for file in (part for part in parts if isinstance(part, TerraformFile)):
        for block in file.blocks:
            if block.kind not in ("resource", "data") or not block.labels:
                continue
            row = _row(f"{block.kind} {block.labels[0]}")
            if row is None or (key := (file.directory, row[1], block.kind)) in seen:
                continue
            seen.add(key)
            yield row[2](Location(target=file.at.target, path=file.at.path, line=block.line), row[1], block)


@lru_cache(maxsize=4096)
def _row(block: str) -> tuple[re.Pattern[str], str, Maker] | None:
    return next((row for row in _ROWS if row[0].match(block)), None)
