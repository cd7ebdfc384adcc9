"""Policies as files: Rego, Sentinel, Cloud Custodian, Azure Policy, and the lists of what they let pass."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assess.collect.git.extract.objects import dig, items, mapping, text
from assess.collect.git.file import Extractor, File, Part
from assess.model.fact import Fact, PolicyException, PolicyGuard, PolicyTest, ToolMarker
from assess.model.gap import Gap


def rego(file: File) -> Iterator[Fact | Gap | Part]:
    """A Rego policy, or a test of some; one of conftest, where it is the package and the rules that conftest looks for.

    Source: https://www.conftest.dev/, https://www.openpolicyagent.org/docs/latest/policy-testing/
    """
    if file.name.endswith("_test.rego"):
        if re.search(rb"(?m)^(?:todo_)?test_\w+", file.content):
            yield PolicyTest(at=file.at(1), tool="rego", path=file.path)
        return
    found = re.search(rb"(?m)^package[ \t]+([\w.\[\]\"-]+)", file.content)
    if not found:
        return
    line, name = file.line_of(found.start()), found[1].decode("ascii", "replace")
    yield _policy(file, line, "rego", name)
    if found[1] == b"main" and re.search(rb"(?m)^(deny|warn|violation)\w*\b", file.content):
        yield _policy(file, line, "conftest", name)


def _policy(file: File, line: int, tool: str, name: str, where: str = "library", blocks: bool | None = False) -> PolicyGuard:
    return PolicyGuard(at=file.at(line), tool=tool, path=file.path, name=name, where=where, blocks=blocks)


def named(file: File) -> Iterator[Fact | Gap | Part]:
    """The marker of a tool that a file's name gives away."""
    name = file.name.lower()
    if name in _NAMED:
        yield ToolMarker(at=file.at(1), tool=_NAMED[name], category="policy")
    elif file.path.endswith(".regal/config.yaml"):
        yield ToolMarker(at=file.at(1), tool="regal", category="policy")
    elif name.endswith(".guard"):
        yield _policy(file, 1, "cfn-guard", file.name)


_NAMED = {"conftest.toml": "conftest", ".regal.yaml": "regal", ".chainsaw.yaml": "chainsaw"}


def sentinel(file: File) -> Iterator[Fact | Gap | Part]:
    """A Sentinel policy, a test of one, or the set that puts some into force before an apply.

    Source: https://developer.hashicorp.com/sentinel/docs/configuration
    """
    if file.name.lower() != "sentinel.hcl":
        if re.search(rb"(?m)^main[ \t]*=", file.content):
            yield _policy(file, 1, "sentinel", file.name)
        return
    if re.search(rb"(?m)^test[ \t]*\{", file.content):
        yield PolicyTest(at=file.at(1), tool="sentinel", path=file.path)
    for found in _SENTINEL.finditer(file.text):
        level = re.search(r'enforcement_level[ \t]*=[ \t]*"([\w-]+)"', found[2])
        blocks = None if level is None else level[1] in ("hard-mandatory", "soft-mandatory", "mandatory")
        yield _policy(file, file.text.count("\n", 0, found.start()) + 1, "sentinel", found[1], "pipeline", blocks)


_SENTINEL = re.compile(r'(?m)^policy[ \t]+"([\w.-]+)"[ \t]*\{([^}]{0,2000})')


def custodian(file: File) -> Iterator[Fact | Gap | Part]:
    """The policies of Cloud Custodian; one blocks where it acts rather than only tells.

    Source: https://cloudcustodian.io/docs/policy/index.html
    """
    for document in file.parsed():
        for index, policy in enumerate(items(document.value, "policies")):
            if text(policy, "name") and text(policy, "resource"):
                acts = {text(action, "type") if isinstance(action, dict) else str(action) for action in items(policy, "actions")}
                line = document.line("policies", index)
                yield _policy(file, line, "cloud-custodian", text(policy, "name"), "cloud", bool(acts - {"notify", "webhook", ""}))


def azure_policy(file: File) -> Iterator[Fact | Gap | Part]:
    """An Azure Policy definition or initiative, with the effect that it has by default.

    Source: https://learn.microsoft.com/azure/governance/policy/concepts/definition-structure-basics
    """
    for document in file.parsed():
        value = document.value
        properties = mapping(value, "properties") or value
        rule = mapping(properties, "policyRule") or (mapping(value) if isinstance(dig(value, "then"), dict) else {})
        effect = text(rule, "then", "effect")
        if effect or items(properties, "policyDefinitions"):
            if parameter := re.search(r"parameters\('([\w-]+)'\)", effect):
                effect = text(properties, "parameters", parameter[1], "defaultValue")
            blocks = effect.lower() in ("deny", "denyaction") if effect and not effect.startswith("[") else None
            name = text(value, "name") or text(properties, "displayName") or file.name
            yield _policy(file, document.start, "azure-policy", name, "cloud", blocks)
            return


def trivy_ignore(file: File) -> Iterator[Fact | Gap | Part]:
    """Each line that Trivy is told to let pass, with its end; such a list does not prove that Trivy runs.

    Source: https://trivy.dev/latest/docs/configuration/filtering/#trivyignore
    """
    for number, line in enumerate(file.text.split("\n")[:2000], 1):
        if found := re.match(r"[ \t]*([A-Z]{2,6}-[\w-]{2,40}|[a-z]+-[a-z]+-[a-z-]{2,60})(?:[ \t]+exp:(\d{4}-\d\d-\d\d))?", line):
            yield PolicyException(at=file.at(number), path=file.path, name=found[1], expires=found[2] or "")


def skipped(file: File) -> Iterator[Fact | Gap | Part]:
    """Each comment that tells a scanner to let something pass, with its end where the scanner knows one.

    Source: https://www.checkov.io/2.Concepts/Suppressing%20and%20Skipping%20Policies.html,
    https://aquasecurity.github.io/tfsec/latest/guides/configuration/ignores/
    """
    for found in _SKIPPED.finditer(file.content):
        rest = found[1].decode("ascii", "replace")
        until = re.search(r":exp:(\d{4}-\d\d-\d\d)", rest)
        name = re.split(r"[:\s]", rest, maxsplit=1)[0][:80]
        yield PolicyException(at=file.at(file.line_of(found.start())), path=file.path, name=name, expires=until[1] if until else "")


_SKIPPED = re.compile(rb"(?:#|//|--)[ \t]*(?:checkov:skip|tfsec:ignore|trivy:ignore)[=:]([\w.*-]{1,120}(?::exp:[\d-]{10})?)")


def pre_commit(file: File) -> Iterator[Fact | Gap | Part]:
    """Each known policy check among the hooks that run before a commit. Source: https://pre-commit.com/"""
    seen: set[str] = set()
    for hook, tool in _HOOKS:
        found = re.search(rb"(?m)^[ \t]*-[ \t]*id:[ \t]*[\"']?" + hook.encode() + rb"[\w-]*\b", file.content)
        if found and tool not in seen:
            seen.add(tool)
            yield _policy(file, file.line_of(found.start()), tool, hook, "commit", True)


_HOOKS = (
    ("checkov", "checkov"), ("terraform_checkov", "checkov"), ("terraform_tflint", "tflint"), ("terraform_tfsec", "tfsec"),
    ("terraform_trivy", "trivy"), ("yor", "yor"), ("terrascan", "terrascan"), ("semgrep", "semgrep"), ("conftest", "conftest"),
    ("tflint", "tflint"), ("tfsec", "tfsec"), ("trivy", "trivy"), ("gitleaks", "gitleaks"), ("detect-secrets", "detect-secrets"),
    ("trufflehog", "trufflehog"), ("kics", "kics"), ("regal", "regal"), ("opa-", "rego"), ("actionlint", "actionlint"), ("zizmor", "zizmor"),
    ("cfn-lint", "cfn-lint"), ("cfn-guard", "cfn-guard"),
)  # fmt: skip


_YAML = (".yaml", ".yml")
REGO = Extractor(name="rego", run=rego, suffixes=(".rego",))
POLICY_NAMES = Extractor(name="policy-names", run=named, names=frozenset(_NAMED), suffixes=(".guard",))
REGAL = Extractor(
    name="regal", run=named, names=frozenset({"config.yaml"}), places=("/.regal/",), within=re.compile(r"(^|/)\.regal/config\.yaml$")
)
SENTINEL = Extractor(name="sentinel", run=sentinel, names=frozenset({"sentinel.hcl"}), suffixes=(".sentinel",))
CUSTODIAN = Extractor(
    name="cloud-custodian", run=custodian, suffixes=_YAML,
    words=(b"policies:",), marks=re.compile(rb"policies:(?<![^\n]policies:)[ \t]*\r?\n(?:[ \t]*#.*\n)*[ \t]*-[ \t]+(?:name|resource)"),
)  # fmt: skip
AZURE_POLICY = Extractor(
    name="azure-policy", run=azure_policy, suffixes=(".json",),
    words=(b'"policyRule"', b'"policyDefinitions"', b'"then"'), marks=re.compile(rb"\"(?:policyRule|policyDefinitions|then)\"[ \t]*:"),
)  # fmt: skip
TRIVY_IGNORE = Extractor(name="trivy-ignore", run=trivy_ignore, names=frozenset({".trivyignore"}))
SKIPPED = Extractor(
    name="scanner-exceptions", run=skipped, suffixes=(".tf", ".tofu", *_YAML, ".bicep"), prefixes=("dockerfile",),
    words=(b"checkov:skip", b"tfsec:ignore", b"trivy:ignore"),
)  # fmt: skip
PRE_COMMIT = Extractor(name="pre-commit", run=pre_commit, names=frozenset({".pre-commit-config.yaml", ".pre-commit-config.yml"}))
