"""How a job gets cloud credentials, where its file shows it: `oidc` for a short-lived token, `static` for a stored key.

Source: https://docs.github.com/en/actions/concepts/security/openid-connect, https://docs.gitlab.com/ci/secrets/id_token_authentication/,
https://github.com/aws-actions/configure-aws-credentials, https://github.com/Azure/login,
https://github.com/google-github-actions/auth, https://github.com/hashicorp/vault-action
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

OIDC, STATIC = "oidc", "static"
_ACTIONS: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("aws-actions/configure-aws-credentials", ("aws-access-key-id", "aws-secret-access-key"), ("role-to-assume",)),
    ("azure/login", ("creds", "client-secret"), ("client-id",)),
    ("google-github-actions/auth", ("credentials_json",), ("workload_identity_provider",)),
    ("google-github-actions/setup-gcloud", ("service_account_key",), ()),
    ("hashicorp/setup-terraform", ("cli_config_credentials_token",), ()),
    ("hashicorp/vault-action", ("token", "secretid", "githubtoken", "password"), ("role",)),
    ("pulumi/auth-actions", (), ("organization",)),
)  # fmt: skip
"""Action, inputs that hold a stored key, inputs that make it exchange the job's token; a stored key decides."""
_KEYS = re.compile(
    r"(?:AWS_ACCESS_KEY_ID|AWS_SECRET_ACCESS_KEY|ARM_CLIENT_SECRET|AZURE_CLIENT_SECRET|AZURE_CREDENTIALS|GOOGLE_CREDENTIALS|GCP_SA_KEY"
    r"|TF_TOKEN_\w+|TFE_TOKEN|TF_API_TOKEN|ATLAS_TOKEN|PULUMI_ACCESS_TOKEN|HCLOUD_TOKEN|DIGITALOCEAN_(?:ACCESS_)?TOKEN|CLOUDFLARE_API_(?:TOKEN|KEY)"
    r"|OS_PASSWORD|VSPHERE_PASSWORD|KUBECONFIG|KUBE_CONFIG)\Z"
)
_TOKENS = {"AWS_WEB_IDENTITY_TOKEN_FILE", "ARM_USE_OIDC", "ARM_OIDC_TOKEN", "AZURE_FEDERATED_TOKEN_FILE"}
_PASSED_ON = re.compile(r"\$\{\{\s*(?:steps|needs)\.|\$\(")


def by_action(uses: str, inputs: Mapping[str, Any]) -> str:
    """How an action signs in, by its inputs; empty where it does not, or does not show it."""
    name = uses.partition("@")[0].lower()
    given = {key.lower() for key, value in inputs.items() if value not in (None, "") and not _PASSED_ON.search(str(value))}
    for action, keys, tokens in _ACTIONS:
        if name == action or name.startswith(f"{action}/"):
            return STATIC if given & set(keys) else OIDC if given & set(tokens) else ""
    return ""


def by_variables(variables: Mapping[str, Any]) -> Iterator[str]:
    """How environment variables sign in; one that holds what an earlier step was given says nothing."""
    for name, value in variables.items():
        if value not in (None, "") and not _PASSED_ON.search(str(value)):
            if _KEYS.match(name):
                yield STATIC
            elif name in _TOKENS and str(value).lower() not in ("false", "0"):
                yield OIDC
