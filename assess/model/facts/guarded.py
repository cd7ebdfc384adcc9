"""What guards a platform: policies as code, their exceptions and tests, and how secrets are kept."""

from __future__ import annotations

from dataclasses import dataclass

from assess.model.facts.base import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyGuard(Fact):
    """A policy as code, or a place where policies are checked.

    where: admission (a cluster's), cloud (an account's), pipeline, commit (before one is made) or library (a policy that
    nothing here puts into force).
    """

    path: str
    name: str
    where: str
    blocks: bool | None = None
    """It stops what breaks it, rather than only reporting; unknown where that is decided elsewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyException(Fact):
    """Something that a policy is told to let pass."""

    path: str
    name: str
    expires: str = ""
    """The date or lifetime as written; empty: it has no end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyTest(Fact):
    """A test of policies."""

    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretSource(Fact):
    """Where secrets come from instead of lying in Git as they are.

    form: encrypted (in Git), operator (fetched or opened in the cluster), injected (mounted or put in at start) or store
    (a cloud's or Vault's, used or filled by code).
    """

    path: str
    form: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExposedSecret(Fact):
    """A secret that lies in Git, by its place and kind; never what it is.

    form: state, private-key, key-store, kubeconfig, service-account, manifest or credentials.
    """

    path: str
    form: str
