"""What charts and images bring into a cluster, and what the bots for updates were not told of. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from assess.model.fact import (
    Certificate,
    CostControl,
    DnsRecord,
    Dockerfile,
    Fact,
    GitOpsSource,
    HelmChart,
    HelmRelease,
    ModuleCall,
    Procedure,
    Telemetry,
    TerraformModule,
    TerraformRoot,
    UpdateBot,
    WorkloadImage,
)
from assess.model.target import Location

_Maker = Callable[[Location, str], Fact]


def _telemetry(at: Location, tool: str) -> Fact:
    return Telemetry(at=at, tool=tool, path=at.path, form="collector")


def _cost(form: str) -> _Maker:
    return lambda at, tool: CostControl(at=at, tool=tool, path=at.path, form=form)


_BROUGHT: dict[str, tuple[str, _Maker]] = {
    **dict.fromkeys(("external-dns",), ("external-dns", lambda at, tool: DnsRecord(at=at, tool=tool, path=at.path, form="controller"))),
    **dict.fromkeys(
        ("cert-manager", "cert-manager-controller"),
        ("cert-manager", lambda at, tool: Certificate(at=at, tool=tool, path=at.path, form="controller")),
    ),
    **dict.fromkeys(("kube-prometheus-stack", "prometheus", "prometheus-operator", "kube-prometheus"), ("prometheus", _telemetry)),
    **dict.fromkeys(("grafana", "grafana-operator"), ("grafana", _telemetry)),
    **dict.fromkeys(("loki", "loki-stack", "loki-distributed"), ("loki", _telemetry)),
    **dict.fromkeys(("promtail",), ("promtail", _telemetry)),
    **dict.fromkeys(("alloy", "k8s-monitoring", "grafana-agent"), ("alloy", _telemetry)),
    **dict.fromkeys(
        ("opentelemetry-collector", "opentelemetry-operator", "opentelemetry-collector-contrib"), ("opentelemetry", _telemetry)
    ),
    **dict.fromkeys(("victoria-metrics-k8s-stack", "victoria-metrics-single", "victoria-metrics-agent"), ("victoria-metrics", _telemetry)),
    **dict.fromkeys(("fluent-bit", "aws-for-fluent-bit"), ("fluent-bit", _telemetry)),
    **dict.fromkeys(("datadog", "datadog-operator"), ("datadog", _telemetry)),
    **dict.fromkeys(("newrelic-bundle", "nri-bundle"), ("newrelic", _telemetry)),
    **dict.fromkeys(("opencost",), ("opencost", _cost("attribution"))),
    **dict.fromkeys(("kubecost", "cost-analyzer", "cost-model"), ("kubecost", _cost("attribution"))),
    **dict.fromkeys(("karpenter", "karpenter-crd"), ("karpenter", _cost("autoscale"))),
    **dict.fromkeys(("cluster-autoscaler", "cluster-autoscaler-chart"), ("cluster-autoscaler", _cost("autoscale"))),
    **dict.fromkeys(("keda",), ("keda", _cost("autoscale"))),
    **dict.fromkeys(("vpa", "vertical-pod-autoscaler"), ("vertical-pod-autoscaler", _cost("autoscale"))),
    **dict.fromkeys(("kube-green",), ("kube-green", _cost("schedule"))),
    **dict.fromkeys(("kube-janitor",), ("kube-janitor", _cost("ttl"))),
    **dict.fromkeys(("kube-downscaler", "py-kube-downscaler"), ("kube-downscaler", _cost("schedule"))),
}
"""By the name of a chart, or the last part of an image's."""


def brought(facts: Iterable[Fact]) -> Iterator[Fact]:
    """What each chart that is installed, and each image that runs, brings into a cluster; once a place."""
    seen: set[tuple[Location, str]] = set()
    for fact in facts:
        if isinstance(fact, GitOpsSource | HelmRelease):
            name = fact.chart
        elif isinstance(fact, WorkloadImage):
            name = fact.image or ""
        else:
            continue
        known = _BROUGHT.get(name.rstrip("/").rpartition("/")[2])
        if known and (fact.at, known[0]) not in seen:
            seen.add((fact.at, known[0]))
            yield known[1](fact.at, known[0])


def covering(facts: Iterable[Fact]) -> list[Fact]:
    """The facts, each bot with what is here and it was not told to update; several bots cover together."""
    facts = list(facts)
    bots = [fact for fact in facts if isinstance(fact, UpdateBot)]
    if not bots:
        return facts
    told = {name for bot in bots for name in bot.ecosystems}
    everything = any(not bot.ecosystems for bot in bots)
    left_out: tuple[str, ...] | None = ()
    if not everything:
        left_out = tuple(need for need in sorted(_needs(facts)) if told.isdisjoint(_NAMES[need]))
    if left_out and any(bot.tool == "updatecli" for bot in bots):
        left_out = None
    return [replace(fact, left_out=left_out) if isinstance(fact, UpdateBot) else fact for fact in facts]


_NAMES = {
    "terraform": {"terraform", "opentofu", "terragrunt", "terraform-version", "custom.regex"},
    "docker": {"docker", "dockerfile", "docker-compose", "custom.regex"},
    "github-actions": {"github-actions"},
    "helm": {"helm", "helmv3", "custom.regex"},
}
"""What each bot calls these. Source: https://docs.renovatebot.com/modules/manager/, https://docs.github.com/en/code-security/dependabot/ecosystems-supported-by-dependabot/supported-ecosystems-and-repositories"""


def _needs(facts: Iterable[Fact]) -> set[str]:
    needs = set()
    for fact in facts:
        if isinstance(fact, TerraformRoot | TerraformModule) or (isinstance(fact, ModuleCall) and fact.origin != "local"):
            needs.add("terraform")
        elif isinstance(fact, Dockerfile) and fact.base:
            needs.add("docker")
        elif isinstance(fact, Procedure) and fact.tool == "github-actions" and fact.form == "job":
            needs.add("github-actions")
        elif isinstance(fact, HelmChart) and fact.dependencies and fact.origin == "own":
            needs.add("helm")
    return needs
