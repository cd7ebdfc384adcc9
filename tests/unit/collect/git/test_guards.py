"""Policies, their exceptions and tests, and secrets: what each file says, and that no value of a secret gets into a fact."""

from __future__ import annotations

import base64
from dataclasses import asdict

import pytest

from assess.collect.git.extract import kubernetes, policy_files, secret_files
from assess.collect.git.file import Extractor, File
from assess.model.fact import ExposedSecret, Fact, PolicyException, PolicyGuard, PolicyTest, SecretSource


def found(extractor: Extractor, path: str, text: str | bytes) -> list[Fact]:
    file = File("shop", path, text.encode() if isinstance(text, str) else text)
    return [fact for fact in extractor.run(file) if isinstance(fact, Fact)] if extractor.reads(file.content) else []


def only(kind: type[Fact], facts: list[Fact]) -> list[Fact]:
    return [fact for fact in facts if isinstance(fact, kind)]


KYVERNO = """
apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: {{name: tags}}
spec:
  {whole}
  rules:
    - name: tag
      validate: {{{rule} message: name a version}}
"""


@pytest.mark.parametrize(
    ("whole", "rule", "blocks"),
    [
        ("background: true", "", False),  # Audit is the default
        ("validationFailureAction: Enforce", "", True),
        ("validationFailureAction: enforce", "failureAction: Audit,", False),  # the rule's own action wins
        ("background: true", "failureAction: Enforce,", True),
        ("validationFailureAction: '{{ mode }}'", "", None),
        ("validationFailureActionOverrides: [{action: enforce, namespaces: [prod]}]", "", True),
    ],
)
def test_kyverno_blocks_as_its_actions_say(whole: str, rule: str, blocks: bool | None) -> None:
    (guard,) = only(PolicyGuard, found(kubernetes.KUBERNETES, "p.yaml", KYVERNO.format(whole=whole, rule=rule)))
    assert isinstance(guard, PolicyGuard)
    assert (guard.where, guard.blocks) == ("admission", blocks)


def test_a_policy_without_its_binding_guards_nothing() -> None:
    text = "apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicy\nmetadata: {name: r}\nspec: {}\n"
    (guard,) = only(PolicyGuard, found(kubernetes.KUBERNETES, "p.yaml", text))
    assert isinstance(guard, PolicyGuard)
    assert (guard.where, guard.blocks) == ("library", False)


def test_sentinel_levels() -> None:
    text = 'policy "tags" {\n  enforcement_level = "advisory"\n}\n\npolicy "region" {\n  enforcement_level = "hard-mandatory"\n}\n'
    guards = only(PolicyGuard, found(policy_files.SENTINEL, "sentinel.hcl", text))
    assert [(g.at.line, g.name, g.blocks) for g in guards if isinstance(g, PolicyGuard)] == [(1, "tags", False), (5, "region", True)]


def test_azure_policy_effect_from_its_parameter() -> None:
    text = """{"properties": {"displayName": "regions", "parameters": {"effect": {"defaultValue": "Deny"}},
               "policyRule": {"if": {}, "then": {"effect": "[parameters('effect')]"}}}}"""
    (guard,) = found(policy_files.AZURE_POLICY, "p.json", text)
    assert isinstance(guard, PolicyGuard)
    assert guard.blocks is True


def test_exceptions_with_and_without_an_end() -> None:
    facts = found(policy_files.TRIVY_IGNORE, ".trivyignore", "# why\nCVE-2024-1234 exp:2027-01-31\nAVD-AWS-0086\n")
    comments = found(policy_files.SKIPPED, "m.tf", "#checkov:skip=CKV_AWS_18:no logs\n  #tfsec:ignore:aws-s3-logging:exp:2027-02-01\n")
    told = [(f.at.line, f.name, f.expires) for f in [*facts, *comments] if isinstance(f, PolicyException)]
    assert told == [(2, "CVE-2024-1234", "2027-01-31"), (3, "AVD-AWS-0086", ""), (1, "CKV_AWS_18", ""), (2, "aws-s3-logging", "2027-02-01")]
    assert not any(fact.tool for fact in [*facts, *comments]), "a list of what to ignore does not prove that the tool runs"


def test_tests_are_no_policies() -> None:
    facts = found(policy_files.REGO, "policy/main_test.rego", "package main\n\ntest_denied if deny\n")
    assert [type(fact) for fact in facts] == [PolicyTest]


# --- secrets ------------------------------------------------------------------------------------------------------

SECRET = "a-Very-Long-hunter2"
ENCODED = base64.b64encode(SECRET.encode()).decode()
KEY = (
    "-----BEGIN RSA PRIVATE KEY-----\n"
    + "MIIEowIBAAKCAQEA0x9pQ7VYbZ2kM1sGf8uJt3LrWcXyNhDvEaKoPqTi\n" * 3
    + "-----END RSA PRIVATE KEY-----\n"
)
EXPOSED = [
    (kubernetes.KUBERNETES, "s.yaml", f"apiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\nstringData:\n  password: {SECRET}\n", "manifest", 5),
    (kubernetes.KUBERNETES, "s.yaml", f"apiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\ndata:\n  token: {ENCODED}\n", "manifest", 5),
    (
        kubernetes.KUBERNETES, "kubeconfig.yaml",
        f"apiVersion: v1\nkind: Config\nusers:\n- name: admin\n  user:\n    token: {SECRET}\n", "kubeconfig", 4,
    ),
    (secret_files.STATE, "terraform.tfstate", '{"terraform_version": "1.9.5", "resources": [{"type": "aws_db"}]}', "state", 1),
    (secret_files.PRIVATE_KEY, "tls.key", KEY, "private-key", 1),
    (secret_files.KEY_STORE, "app.p12", b"\x30\x82\x09\x10", "key-store", 0),
    (secret_files.LOGINS, "sa.json", '{"private_key": "-----BEGIN PRIVATE KEY-----\\n' + "A" * 64 + '\\n"}', "service-account", 1),
    (secret_files.CREDENTIALS, ".aws/credentials", "[default]\naws_secret_access_key = " + "k" * 40 + "\n", "credentials", 2),
]  # fmt: skip


@pytest.mark.parametrize(("extractor", "path", "content", "form", "line"), EXPOSED)
def test_a_secret_is_told_by_place_and_kind_never_by_value(
    extractor: Extractor, path: str, content: str | bytes, form: str, line: int
) -> None:
    (fact,) = only(ExposedSecret, found(extractor, path, content))
    assert isinstance(fact, ExposedSecret)
    assert (fact.form, fact.at.line) == (form, line)
    assert not any(secret in str(asdict(fact)) for secret in (SECRET, ENCODED, "MIIE", "kkkk", "AAAA"))


@pytest.mark.parametrize(
    ("extractor", "path", "content"),
    [
        (kubernetes.KUBERNETES, "s.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData:\n  password: changeme\n"),
        (kubernetes.KUBERNETES, "s.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData:\n  password: ${DB_PASSWORD}\n"),
        (
            kubernetes.KUBERNETES,
            "s.yaml",
            "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData:\n  password: <path:kv/db#password>\n",
        ),
        (
            kubernetes.KUBERNETES,
            "s.yaml",
            f"apiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\ndata: {{password: {ENCODED}}}\nsops: {{mac: x}}\n",
        ),
        (kubernetes.KUBERNETES, "t.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ntype: kubernetes.io/service-account-token\n"),
        (secret_files.PRIVATE_KEY, "pub.pem", "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n"),
        (secret_files.PRIVATE_KEY, "k.pem", KEY.replace("KEY-----\nM", "KEY-----\nProc-Type: 4,ENCRYPTED\n\nM", 1)),
        (secret_files.STATE, "empty.tfstate", '{"terraform_version": "1.9.5", "resources": []}'),
        (secret_files.CREDENTIALS, ".npmrc", "//registry.npmjs.org/:_authToken=${NPM_TOKEN}\n"),
    ],
)
def test_what_only_looks_like_a_secret(extractor: Extractor, path: str, content: str) -> None:
    assert not only(ExposedSecret, found(extractor, path, content))


def test_encrypted_and_fetched_secrets_have_a_source() -> None:
    sealed = "apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: {name: s}\n"
    facts = [
        *found(kubernetes.KUBERNETES, "s.yaml", sealed),
        *found(secret_files.ANSIBLE_VAULT, "group_vars/all.yml", "password: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  62\n"),
        *found(secret_files.AGENIX, "db.age", "age-encryption.org/v1\n"),
    ]
    assert [(f.tool, f.form) for f in facts if isinstance(f, SecretSource)] == [
        ("sealed-secrets", "encrypted"), ("ansible-vault", "encrypted"), ("agenix", "encrypted"),
    ]  # fmt: skip
