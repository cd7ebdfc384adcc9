"""What objects of a cluster supply: DNS records, certificates, telemetry, and bounds of cost.

Add a row: (pattern over `GROUP/KIND`, tool, what makes the fact); the first row that fits wins. A tool of `""` is Kubernetes' own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from assess.collect.git.extract.objects import Object, items, mapping, text
from assess.model.fact import Certificate, CostControl, DevelopmentEnvironment, DnsRecord, Fact, Telemetry

Maker = Callable[[Object, str], Fact]


def _dns(form: str) -> Maker:
    return lambda found, tool: DnsRecord(at=found.at(), tool=tool, path=found.file.path, form=form)


def _certificate(form: str) -> Maker:
    return lambda found, tool: Certificate(at=found.at(), tool=tool, path=found.file.path, form=form)


def _telemetry(form: str) -> Maker:
    return lambda found, tool: Telemetry(at=found.at(), tool=tool, path=found.file.path, form=form)


def _cost(form: str) -> Maker:
    return lambda found, tool: CostControl(at=found.at(), tool=tool, path=found.file.path, form=form)


def _scaled(found: Object, tool: str) -> Fact:
    """What KEDA scales: to a schedule where all its triggers are one."""
    triggers = {text(trigger, "type") for trigger in items(found.value, "spec", "triggers")}
    return _cost("schedule" if triggers == {"cron"} else "autoscale")(found, tool)


def _workspace(found: Object, tool: str) -> Fact:
    return DevelopmentEnvironment(at=found.at(), tool=tool, path=found.file.path)


_ROWS: tuple[tuple[re.Pattern[str], str, Maker], ...] = tuple(
    (re.compile(rf"(?:{pattern})\Z"), tool, maker)
    for pattern, tool, maker in (
        (r"externaldns\.(?:k8s\.io|nginx\.org)/DNSEndpoint", "external-dns", _dns("controller")),
        (r"route53\.services\.k8s\.aws/(?:HostedZone|RecordSet)", "ack", _dns("code")),
        (r"dns\.cnrm\.cloud\.google\.com/DNS\w+", "config-connector", _dns("code")),
        (r"route53\.aws\.(?:m\.)?upbound\.io/(?:Record|Zone)|route53\.aws\.crossplane\.io/(?:HostedZone|ResourceRecordSet)", "crossplane", _dns("code")),
        (r"(?:network|dns)\.(?:azure|gcp)\.(?:m\.)?upbound\.io/(?:Private)?(?:DNS|RecordSet|ManagedZone)\w*", "crossplane", _dns("code")),
        (r"cert-manager\.io/(?:Certificate|Issuer|ClusterIssuer)|certmanager\.step\.sm/\w+", "cert-manager", _certificate("controller")),
        (r"networking\.gke\.io/ManagedCertificate", "gke", _certificate("controller")),
        (r"acm\.services\.k8s\.aws/Certificate", "ack", _certificate("controller")),
        (r"acm\.aws\.(?:m\.)?upbound\.io/Certificate|acm\.aws\.crossplane\.io/Certificate", "crossplane", _certificate("code")),
        (r"monitoring\.coreos\.com/PrometheusRule", "prometheus", _telemetry("alert")),
        (r"monitoring\.coreos\.com/(?:ServiceMonitor|PodMonitor|Probe|ScrapeConfig)", "prometheus", _telemetry("scrape")),
        (r"monitoring\.coreos\.com/(?:Prometheus|PrometheusAgent|ThanosRuler)", "prometheus", _telemetry("collector")),
        (r"monitoring\.coreos\.com/Alertmanager(?:Config)?", "alertmanager", _telemetry("alert")),
        (r"(?:operator\.victoriametrics\.com)/VM(?:Rule|Alert|AlertmanagerConfig)", "victoria-metrics", _telemetry("alert")),
        (r"operator\.victoriametrics\.com/VM(?:ServiceScrape|PodScrape|NodeScrape|Probe|StaticScrape|ScrapeConfig)", "victoria-metrics",
         _telemetry("scrape")),
        (r"operator\.victoriametrics\.com/VM(?:Agent|Cluster|Single)", "victoria-metrics", _telemetry("collector")),
        (r"monitoring\.googleapis\.com/(?:Cluster)?(?:PodMonitoring|NodeMonitoring)", "gcp-monitoring", _telemetry("scrape")),
        (r"monitoring\.googleapis\.com/(?:Cluster|Global)?Rules", "gcp-monitoring", _telemetry("alert")),
        (r"monitoring\.cnrm\.cloud\.google\.com/MonitoringAlertPolicy", "config-connector", _telemetry("alert")),
        (r"monitoring\.cnrm\.cloud\.google\.com/MonitoringDashboard", "config-connector", _telemetry("dashboard")),
        (r"(?:grafana\.integreatly|integreatly)\.org/GrafanaDashboard", "grafana", _telemetry("dashboard")),
        (r"grafana\.integreatly\.org/Grafana(?:AlertRuleGroup|ContactPoint|NotificationPolicy)", "grafana", _telemetry("alert")),
        (r"perses\.dev/PersesDashboard", "perses", _telemetry("dashboard")),
        (r"sloth\.slok\.dev/PrometheusServiceLevel", "sloth", _telemetry("objective")),
        (r"openslo(?:\.com)?/(?:SLO|SLI)", "openslo", _telemetry("objective")),
        (r"openslo(?:\.com)?/Alert\w+", "openslo", _telemetry("alert")),
        (r"pyrra\.dev/ServiceLevelObjective", "pyrra", _telemetry("objective")),
        (r"opentelemetry\.io/(?:OpenTelemetryCollector|Instrumentation)", "opentelemetry", _telemetry("collector")),
        (r"datadoghq\.com/DatadogMonitor", "datadog", _telemetry("alert")),
        (r"datadoghq\.com/DatadogDashboard", "datadog", _telemetry("dashboard")),
        (r"datadoghq\.com/DatadogSLO", "datadog", _telemetry("objective")),
        (r"datadoghq\.com/DatadogAgent", "datadog", _telemetry("collector")),
        (r"logging(?:-extensions)?\.banzaicloud\.io/(?:Cluster)?(?:Flow|Output)", "logging-operator", _telemetry("collector")),
        (r"(?:logging|observability)\.openshift\.io/ClusterLogForwarder", "openshift-logging", _telemetry("collector")),
        (r"fluentbit\.fluent\.io/\w*(?:Input|Filter|Output|Config)", "fluent-bit", _telemetry("collector")),
        (r"/(?:ResourceQuota|LimitRange)", "", _cost("quota")),
        (r"autoscaling/HorizontalPodAutoscaler", "", _cost("autoscale")),
        (r"autoscaling\.k8s\.io/VerticalPodAutoscaler", "vertical-pod-autoscaler", _cost("autoscale")),
        (r"keda\.sh/Scaled(?:Object|Job)", "keda", _scaled),
        (r"karpenter(?:\.k8s\.aws|\.azure\.com|\.sh)?/(?:NodePool|Provisioner)|karpenter\.sh/NodePool", "karpenter", _cost("autoscale")),
        (r"kube-green\.com/SleepInfo", "kube-green", _cost("schedule")),
        (r"kyverno\.io/(?:Cluster)?CleanupPolicy|policies\.kyverno\.io/(?:Namespaced)?DeletingPolicy", "kyverno", _cost("schedule")),
        (r"budgets\.services\.k8s\.aws/Budget|billingbudgets\.cnrm\.cloud\.google\.com/\w+", "", _cost("budget")),
        (r"workspace\.devfile\.io/DevWorkspace(?:Template)?", "devfile", _workspace),
    )
)  # fmt: skip


def supplies(found: Object) -> Iterator[Fact]:
    """What one object supplies by its kind, by its annotations, and by the dashboards that it holds."""
    if "$patch" in found.value:  # a patch of another object, most often one that takes it away
        return
    row = _row(f"{found.group}/{found.kind}")
    if row is not None:
        yield row[2](found, row[1])
    elif found.kind == "ConfigMap" and _is_dashboard(found):
        yield _telemetry("dashboard")(found, "grafana")
    yield from _annotated(found)


@lru_cache(maxsize=2048)
def _row(kind: str) -> tuple[re.Pattern[str], str, Maker] | None:
    return next((row for row in _ROWS if row[0].match(kind)), None)


def _annotated(found: Object) -> Iterator[Fact]:
    """What the annotations of an object ask a controller for."""
    names = {str(name) for name in mapping(found.value, "metadata", "annotations")}
    if not names:
        return
    if names & {"cert-manager.io/cluster-issuer", "cert-manager.io/issuer"} and found.kind in ("Ingress", "Gateway", "Route"):
        yield _certificate("controller")(found, "cert-manager")
    if any(name.startswith("external-dns.alpha.kubernetes.io/hostname") for name in names):
        yield _dns("controller")(found, "external-dns")
    if names & {"janitor/ttl", "janitor/expires"}:
        yield _cost("ttl")(found, "kube-janitor")


def _is_dashboard(found: Object) -> bool:
    """Whether a ConfigMap is there for Grafana's sidecar, or holds the model of a dashboard.

    Source: https://github.com/grafana/helm-charts/blob/main/charts/grafana/README.md#sidecar-for-dashboards
    """
    if "grafana_dashboard" in mapping(found.value, "metadata", "labels"):
        return True
    data = mapping(found.value, "data").values()
    return any(isinstance(value, str) and '"panels"' in value and '"schemaVersion"' in value for value in data)
