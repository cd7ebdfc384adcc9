"""What files supply that are no objects of a cluster: dashboards, alerts, collectors, DNS, templates of clouds, estimates of cost.

A row of a table is (pattern over the content, tool, what makes the fact); each row that fits makes one fact of a file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from assess.collect.git.extract.objects import dig, items, mapping, text
from assess.collect.git.file import Extractor, File, Part
from assess.model.fact import Certificate, CostControl, Definition, DnsRecord, Fact, Telemetry
from assess.model.gap import Gap
from assess.model.target import Location

Maker = Callable[[Location, str], Fact]
Rows = tuple[tuple[re.Pattern[bytes], str, Maker], ...]


def _dns(at: Location, tool: str) -> Fact:
    return DnsRecord(at=at, tool=tool, path=at.path, form="code")


def _certificate(at: Location, tool: str) -> Fact:
    return Certificate(at=at, tool=tool, path=at.path, form="code")


def _telemetry(form: str) -> Maker:
    return lambda at, tool: Telemetry(at=at, tool=tool, path=at.path, form=form)


def _cost(form: str) -> Maker:
    return lambda at, tool: CostControl(at=at, tool=tool, path=at.path, form=form)


def _rows(*rows: tuple[bytes, str, Maker]) -> Rows:
    return tuple((re.compile(pattern), tool, maker) for pattern, tool, maker in rows)


def _by_rows(rows: Rows) -> Callable[[File], Iterator[Fact | Gap | Part]]:
    """One fact for each row of a table whose pattern the content has; a policy speaks of types, and makes none."""

    def read(file: File) -> Iterator[Fact | Gap | Part]:
        if b'"policyRule"' in file.content:
            return
        for pattern, tool, maker in rows:
            if found := pattern.search(file.content):
                yield maker(file.at(file.line_of(found.start())), tool)

    return read


def dashboard(file: File) -> Iterator[Fact | Gap | Part]:
    """A dashboard of Grafana in its own JSON. Source: https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model/"""
    if re.search(rb"\"schemaVersion\"[ \t]{0,9}:[ \t]{0,9}\d", file.content):
        yield _telemetry("dashboard")(file.at(1), "grafana")


def rules(file: File) -> Iterator[Fact | Gap | Part]:
    """The alerting rules of a file of Prometheus, Loki or Mimir.

    Source: https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/
    """
    for document in file.parsed() if b"expr:" in file.content else ():
        for group in items(document.value, "groups"):
            if any(text(rule, "alert") and dig(rule, "expr") is not None for rule in items(group, "rules")):
                yield _telemetry("alert")(file.at(document.line("groups")), "prometheus")
                return


def configured(file: File) -> Iterator[Fact | Gap | Part]:
    """What a configuration in YAML is by its keys: of Prometheus, Alertmanager, the OpenTelemetry collector, Vector, OpenSLO or octoDNS."""
    for document in file.parsed():
        value = document.value
        if not isinstance(value, dict) or (
            text(value, "apiVersion") and text(value, "kind") and "openslo" not in text(value, "apiVersion")
        ):
            continue
        for keys, tool, maker in _KEYS:
            if all(isinstance(dig(value, *key), dict | list) for key in keys):
                yield maker(file.at(document.line(keys[0][0])), tool)
                break


_Keys = tuple[tuple[tuple[str, ...], ...], str, Maker]
_KEYS: tuple[_Keys, ...] = (
    ((("receivers",), ("exporters",), ("service", "pipelines")), "opentelemetry", _telemetry("collector")),
    ((("route",), ("receivers",)), "alertmanager", _telemetry("alert")),
    ((("scrape_configs",), ("clients",)), "promtail", _telemetry("collector")),
    ((("scrape_configs",),), "prometheus", _telemetry("scrape")),
    ((("sources",), ("sinks",)), "vector", _telemetry("collector")),
    ((("filebeat.inputs",),), "filebeat", _telemetry("collector")),
    ((("slos",), ("labels",)), "sloth", _telemetry("objective")),
)


def octodns(file: File) -> Iterator[Fact | Gap | Part]:
    """The zones that octoDNS writes. Source: https://octodns.readthedocs.io/en/latest/"""
    for document in file.parsed():
        providers = mapping(document.value, "providers").values()
        if mapping(document.value, "zones") and any(text(provider, "class").startswith("octodns") for provider in providers):
            at = file.at(document.line("zones"))
            yield _dns(at, "octodns")
            yield Definition(at=at, tool="octodns", path=file.directory, form="infrastructure")


def dnscontrol(file: File) -> Iterator[Fact | Gap | Part]:
    """The zones that DNSControl writes. Source: https://docs.dnscontrol.org/language-reference/top-level-functions/d"""
    for fact in _by_rows(_CODED)(file):
        yield fact
        if isinstance(fact, DnsRecord):
            yield Definition(at=fact.at, tool="dnscontrol", path=file.directory, form="infrastructure")


_AWS = _rows(
    (rb"Type[\"']?[ \t]*:[ \t]*[\"']?AWS::Route53::(?:RecordSet|RecordSetGroup|HostedZone)\b", "route53", _dns),
    (rb"Type[\"']?[ \t]*:[ \t]*[\"']?AWS::CertificateManager::Certificate\b", "acm", _certificate),
    (rb"Type[\"']?[ \t]*:[ \t]*[\"']?AWS::CloudWatch::(?:Composite)?Alarm\b", "cloudwatch", _telemetry("alert")),
    (rb"Type[\"']?[ \t]*:[ \t]*[\"']?AWS::CloudWatch::Dashboard\b", "cloudwatch", _telemetry("dashboard")),
    (rb"Type[\"']?[ \t]*:[ \t]*[\"']?AWS::Budgets::Budget\b", "aws-budgets", _cost("budget")),
    (rb"(?m)^[ \t\"']*(?:LifecycleConfiguration|LifecyclePolicyText)[\"']?[ \t]*:", "", _cost("lifecycle")),
    (rb"Type[\"']?[ \t]*:[ \t]*[\"']?AWS::(?:ApplicationAutoScaling::ScalableTarget|AutoScaling::ScalingPolicy)\b", "", _cost("autoscale")),
    (rb"Type[\"']?[ \t]*:[ \t]*[\"']?AWS::AutoScaling::ScheduledAction\b", "", _cost("schedule")),
)
_TYPE = rb"(?im)(?:\"type\"[ \t]*:[ \t]*\"|^[ \t]*resource[ \t]+\w+[ \t]+')"
_AZURE = _rows(
    (_TYPE + rb"Microsoft\.Network/(?:private)?dnsZones(?:/\w+)?\b(?![^\r\n]{0,200}\bexisting\b)", "azure-dns", _dns),
    (
        _TYPE + rb"Microsoft\.Insights/(?:metricAlerts|scheduledQueryRules|activityLogAlerts)\b(?![^\r\n]{0,200}\bexisting\b)",
        "azure-monitor",
        _telemetry("alert"),
    ),
    (_TYPE + rb"Microsoft\.Portal/dashboards\b(?![^\r\n]{0,200}\bexisting\b)", "azure-monitor", _telemetry("dashboard")),
    (_TYPE + rb"Microsoft\.Consumption/budgets\b(?![^\r\n]{0,200}\bexisting\b)", "azure-budgets", _cost("budget")),
    (_TYPE + rb"Microsoft\.Insights/autoscaleSettings\b(?![^\r\n]{0,200}\bexisting\b)", "", _cost("autoscale")),
    (_TYPE + rb"Microsoft\.DevTestLab/schedules\b(?![^\r\n]{0,200}\bexisting\b)", "", _cost("schedule")),
    (_TYPE + rb"Microsoft\.Storage/storageAccounts/managementPolicies\b(?![^\r\n]{0,200}\bexisting\b)", "", _cost("lifecycle")),
)
_PIPELINES = _rows(
    (
        rb"(?m)^[^#\n]*?(?:uses:[ \t]*[\"']?infracost/|\binfracost[ \t]+(?:breakdown|diff|comment|scan|upload)\b)",
        "infracost",
        _cost("estimate"),
    ),
    (rb"(?m)^[^#\n]*?\bcloud-nuke[ \t]+(?:aws|azure|gcp)\b", "cloud-nuke", _cost("schedule")),
    (rb"(?m)^[^#\n]*?(?<![\w/-])aws-nuke[ \t]+(?:run|nuke|-c|--config)", "aws-nuke", _cost("schedule")),
)
_NIX = _rows(
    (rb"(?m)^[^#\n]*?\b(?:security\.acme\b|enableACME[ \t]*=[ \t]*true)", "acme", _certificate),
    (rb"(?m)^[^#\n]*?\bservices\.prometheus\b", "prometheus", _telemetry("scrape")),
    (rb"(?m)^[^#\n]*?\bservices\.grafana\b", "grafana", _telemetry("dashboard")),
)
_COLLECTORS = _rows(
    (rb"(?m)^[ \t]*\[INPUT\][\s\S]{0,20000}^[ \t]*\[OUTPUT\]", "fluent-bit", _telemetry("collector")),
    (rb"(?m)^<source>[\s\S]{0,20000}^<match[ \t>]", "fluentd", _telemetry("collector")),
    (rb"(?m)^\[sources\.\w+\][\s\S]{0,20000}^\[sinks\.\w+\]", "vector", _telemetry("collector")),
    (rb"(?m)^\[\[inputs\.\w+\]\]", "telegraf", _telemetry("collector")),
    (rb"(?m)^[ \t]*(?:prometheus\.(?:scrape|remote_write)|loki\.(?:source|write)\.?\w*|otelcol\.\w+\.\w+)[ \t]+\"[\w-]+\"[ \t]*\{", "alloy",
     _telemetry("collector")),
)  # fmt: skip
_CODED = _rows((rb"(?m)^D\([ \t\r\n]*[\"']", "dnscontrol", _dns))
_ZONES = _rows((rb"(?im)^(?:\$ORIGIN[ \t]+\S|[\w.@-]+[ \t]+(?:\d+[ \t]+)?(?:IN[ \t]+)?SOA[ \t])", "zone-files", _dns))


def _words(names: str) -> tuple[bytes, ...]:
    return tuple(name.encode() for name in names.split())


_YAML = (".yaml", ".yml")
_TEMPLATES = (*_YAML, ".json", ".template")


def _extractors() -> Iterable[Extractor]:
    yield Extractor(
        name="grafana-dashboards", run=dashboard, suffixes=(".json",), words=(b'"panels"', b'"rows"'),
        marks=re.compile(rb"\"(?:panels|rows)\"[ \t]{0,9}:[ \t]{0,9}\["),
    )  # fmt: skip
    yield Extractor(
        name="prometheus-rules",
        run=rules,
        suffixes=(*_YAML, ".rules"),
        words=(b"groups:",),
        by_line=True,
        marks=re.compile(rb"(?m)^groups:"),
    )
    yield Extractor(
        name="telemetry-configuration", run=configured, suffixes=_YAML, by_line=True,
        words=_words("receivers: scrape_configs: sinks: filebeat.inputs: slos:"),
        marks=re.compile(rb"(?m)^(?:receivers|scrape_configs|sinks|filebeat\.inputs|slos):"),
    )  # fmt: skip
    yield Extractor(name="octodns", run=octodns, suffixes=_YAML, words=(b"octodns",))
    yield Extractor(name="aws-supplies", run=_by_rows(_AWS), suffixes=_TEMPLATES, words=(b"AWS::",))
    yield Extractor(
        name="azure-supplies", run=_by_rows(_AZURE), suffixes=(".bicep", ".json"), words=(b"Microsoft.", b"microsoft."), by_line=True,
        marks=re.compile(
            rb"[Mm]icrosoft\.(?i:Network/(?:private)?dnsZones|Insights/(?:metricAlerts|scheduledQueryRules|activityLogAlerts|autoscaleSettings)"
            rb"|Portal/dashboards|Consumption/budgets|DevTestLab/schedules|Storage/storageAccounts/managementPolicies)"
        ),
    )  # fmt: skip
    yield Extractor(
        name="pipeline-supplies", run=_by_rows(_PIPELINES), suffixes=_YAML, words=_words("infracost cloud-nuke aws-nuke"),
        places=("/.", "/azure-pipelines", "/bitbucket-pipelines", "/atlantis"), within=re.compile(r"^\.\w+/|(^|/)\.gitlab-ci|(^|/)(azure-pipelines|bitbucket-pipelines|atlantis)[\w.-]*$"),
    )  # fmt: skip
    yield Extractor(
        name="nix-supplies",
        run=_by_rows(_NIX),
        suffixes=(".nix",),
        words=_words("security.acme enableACME services.prometheus services.grafana"),
    )
    yield Extractor(name="collectors", run=_by_rows(_COLLECTORS), suffixes=(".conf", ".toml", ".alloy", ".river"))
    yield Extractor(name="dnscontrol", run=dnscontrol, suffixes=(".js", ".ts"), words=(b"NewRegistrar", b"DnsProvider"))
    yield Extractor(name="zone-files", run=_by_rows(_ZONES), suffixes=(".zone",), prefixes=("db.",), words=(b"SOA", b"soa"))


SUPPLY_FILES: tuple[Extractor, ...] = tuple(_extractors())
