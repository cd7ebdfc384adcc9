"""Policies as objects of a cluster: what they guard, whether they block, what they let pass, and their tests."""

from __future__ import annotations

from collections.abc import Iterator

from assess.collect.git.extract.objects import Object, dig, items, mapping, text, words
from assess.model.fact import Fact, PolicyException, PolicyGuard, PolicyTest

_VALIDATING = {"ValidatingPolicy", "ImageValidatingPolicy", "NamespacedValidatingPolicy", "NamespacedImageValidatingPolicy"}
_ACTING = {"MutatingPolicy", "GeneratingPolicy", "DeletingPolicy", "ClusterCleanupPolicy", "CleanupPolicy",
           "NamespacedMutatingPolicy", "NamespacedGeneratingPolicy", "NamespacedDeletingPolicy"}  # fmt: skip


def kyverno(found: Object) -> Iterator[Fact]:
    """A Kyverno policy or exception; the policy is one of CEL too, where it is written in that.

    Source: https://kyverno.io/docs/policy-types/, https://kyverno.io/docs/guides/exceptions/
    """
    if found.kind in ("ClusterPolicy", "Policy"):
        rules = items(found.value, "spec", "rules")
        yield _guard(found, "kyverno", _blocks(found))
        if any(mapping(rule, "validate", "cel") for rule in rules):
            yield _guard(found, "cel", _blocks(found))
    elif found.kind in _VALIDATING:
        actions = words(found.value, "spec", "validationActions")
        for tool in ("kyverno", "cel"):
            yield _guard(found, tool, None if "*" in actions else not actions or "Deny" in actions)
    elif found.kind in _ACTING:
        yield _guard(found, "kyverno", False)
        if found.group == "policies.kyverno.io":
            yield _guard(found, "cel", False)
    elif found.kind == "PolicyException":
        yield PolicyException(at=found.at(), tool="kyverno", path=found.file.path, name=found.name, expires=_expiry(found))


def _blocks(found: Object) -> bool | None:
    """Whether any rule of a classic policy refuses: its own action, else the policy's, else Audit.

    Source: https://kyverno.io/docs/policy-types/cluster-policy/validate/#failure-action
    """
    whole = text(found.value, "spec", "validationFailureAction") or "Audit"
    actions = {
        (text(rule, key, "failureAction") or whole).lower()
        for rule in items(found.value, "spec", "rules")
        for key in ("validate", "verifyImages")
        if dig(rule, key) is not None
    }
    overridden = items(found.value, "spec", "validationFailureActionOverrides")
    actions |= {text(override, "action").lower() for override in overridden}
    return True if "enforce" in actions else None if actions - {"audit"} else False


def _expiry(found: Object) -> str:
    """When an exception ends: the clean-up label, or an annotation or label that says so."""
    for kept in ("labels", "annotations"):
        for key, value in mapping(found.value, "metadata", kept).items():
            if isinstance(value, str) and (key == "cleanup.kyverno.io/ttl" or "expir" in str(key).lower()):
                return value[:40]
    return ""


def gatekeeper(found: Object) -> Iterator[Fact]:
    """A Gatekeeper constraint, or the template of some, which alone guards nothing.

    Source: https://open-policy-agent.github.io/gatekeeper/website/docs/violations/
    """
    if found.group != "constraints.gatekeeper.sh":
        where = "admission" if found.group == "mutations.gatekeeper.sh" else "library"
        yield PolicyGuard(at=found.at(), tool="gatekeeper", path=found.file.path, name=found.name, where=where, blocks=False)
        return
    action = (text(found.value, "spec", "enforcementAction") or "deny").lower()
    blocks: bool | None
    scoped = {text(one, "action").lower() for one in items(found.value, "spec", "scopedEnforcementActions")}
    blocks = "deny" in scoped if action == "scoped" else None if "*" in action else action == "deny"
    yield _guard(found, "gatekeeper", blocks)


def admission(found: Object) -> Iterator[Fact]:
    """Kubernetes' own admission policies; one guards only through a binding.

    Source: https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
    """
    if found.kind == "ValidatingAdmissionPolicyBinding":
        actions = words(found.value, "spec", "validationActions")
        yield _guard(found, "cel", None if "*" in actions else "Deny" in actions)
    elif found.kind in ("ValidatingAdmissionPolicy", "MutatingAdmissionPolicy", "MutatingAdmissionPolicyBinding"):
        where = "admission" if found.kind.endswith("Binding") else "library"
        yield PolicyGuard(at=found.at(), tool="cel", path=found.file.path, name=found.name, where=where, blocks=False)


def kubewarden(found: Object) -> Iterator[Fact]:
    """A Kubewarden policy. Source: https://docs.kubewarden.io/reference/CRDs"""
    if "Policy" in found.kind and found.kind != "PolicyServer":
        mode = text(found.value, "spec", "mode") or "protect"
        yield _guard(found, "kubewarden", None if "*" in mode else mode == "protect")


def kyverno_test(found: Object) -> Iterator[Fact]:
    """A test of the Kyverno command line. Source: https://kyverno.io/docs/kyverno-cli/reference/kyverno_test/"""
    if found.kind == "Test":
        yield PolicyTest(at=found.at(), tool="kyverno", path=found.file.path)


def chainsaw(found: Object) -> Iterator[Fact]:
    """A Chainsaw test or configuration. Source: https://kyverno.github.io/chainsaw/"""
    yield PolicyTest(at=found.at(), tool="chainsaw", path=found.file.path)


def gator_suite(found: Object) -> Iterator[Fact]:
    """A suite of gator. Source: https://open-policy-agent.github.io/gatekeeper/website/docs/gator/#the-gator-test-suite"""
    if found.kind == "Suite":
        yield PolicyTest(at=found.at(), tool="gatekeeper", path=found.file.path)


def _guard(found: Object, tool: str, blocks: bool | None) -> PolicyGuard:
    return PolicyGuard(at=found.at(), tool=tool, path=found.file.path, name=found.name, where="admission", blocks=blocks)
