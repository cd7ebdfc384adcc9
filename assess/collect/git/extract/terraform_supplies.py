"""The rows of Terraform for DNS, certificates, telemetry, cost and places to develop in; `terraform_uses.py` reads them."""

from __future__ import annotations

from collections.abc import Callable

from assess.collect.git.hcl import Block
from assess.model.fact import Certificate, CostControl, DevelopmentEnvironment, DnsRecord, Fact, Telemetry
from assess.model.target import Location

Maker = Callable[[Location, str, Block], Fact | None]


def _dns(at: Location, tool: str, block: Block) -> Fact:
    return DnsRecord(at=at, tool=tool, path=at.path, form="code")


def _certificate(at: Location, tool: str, block: Block) -> Fact:
    return Certificate(at=at, tool=tool, path=at.path, form="code")


def _telemetry(form: str) -> Maker:
    return lambda at, tool, block: Telemetry(at=at, tool=tool, path=at.path, form=form)


def _cost(form: str) -> Maker:
    return lambda at, tool, block: CostControl(at=at, tool=tool, path=at.path, form=form)


def _saying(word: str, form: str) -> Maker:
    """A bound of cost, where the block says the word; `hcl.py` keeps it for these blocks, without comments."""
    return lambda at, tool, block: CostControl(at=at, tool=tool, path=at.path, form=form) if word in block.text else None


def _by_provider(maker: Maker) -> Maker:
    """The fact with the provider as its tool."""
    return lambda at, tool, block: maker(at, block.labels[0].partition("_")[0], block)


def _workspace(at: Location, tool: str, block: Block) -> Fact:
    return DevelopmentEnvironment(at=at, tool=tool, path=at.path)


SUPPLIES: tuple[tuple[str, str, Maker], ...] = (
    (r"resource aws_route53_(?:record|zone|delegation_set|traffic_\w+)", "route53", _dns),
    (r"resource azurerm_(?:private_)?dns_\w+", "azure-dns", _dns),
    (r"resource google_dns_\w+", "gcp-dns", _dns),
    (r"resource cloudflare_(?:record|dns_record|zone|zone_dns_settings)", "cloudflare", _dns),
    (r"resource (?:dnsimple|ns1|powerdns|hetznerdns|gandi_livedns|akamai_dns|alicloud_(?:dns|alidns)|oci_dns|linode_domain|ovh_domain_zone"
     r"|scaleway_domain|netlify_dns|vercel_dns|infoblox_\w+_record|digitalocean_(?:domain|record)|namecheap_domain_records|desec|dns_\w+_record)"
     r"\w*", "", _by_provider(_dns)),
    (r"resource aws_acm_certificate(?:_validation)?|resource aws_acmpca_certificate\w*", "acm", _certificate),
    (r"resource acme_(?:certificate|registration)", "acme", _certificate),
    (r"resource google_(?:certificate_manager_\w+|compute_managed_ssl_certificate|privateca_\w+)", "gcp-certificates", _certificate),
    (r"resource azurerm_app_service_managed_certificate|resource azurerm_app_service_certificate\w*", "azure-certificates", _certificate),
    (r"resource cloudflare_(?:origin_ca_certificate|certificate_pack)", "cloudflare", _certificate),
    (r"resource vault_pki_secret_backend_(?:cert|role|sign)", "vault", _certificate),
    (r"resource aws_cloudwatch_(?:metric|composite)_alarm", "cloudwatch", _telemetry("alert")),
    (r"resource aws_cloudwatch_dashboard", "cloudwatch", _telemetry("dashboard")),
    (r"resource aws_(?:synthetics_canary|prometheus_(?:rule_group_namespace|alert_manager_definition))", "cloudwatch", _telemetry("alert")),
    (r"resource aws_prometheus_scraper", "prometheus", _telemetry("scrape")),
    (r"resource azurerm_monitor_(?:\w+_alert(?:_\w+)?|action_group|alert_\w+)", "azure-monitor", _telemetry("alert")),
    (r"resource azurerm_(?:portal_)?dashboard(?:_grafana)?", "azure-monitor", _telemetry("dashboard")),
    (r"resource azurerm_monitor_(?:diagnostic_setting|data_collection_rule\w*)", "azure-monitor", _telemetry("collector")),
    (r"resource google_monitoring_(?:alert_policy|notification_channel|uptime_check_config)", "gcp-monitoring", _telemetry("alert")),
    (r"resource google_monitoring_dashboard", "gcp-monitoring", _telemetry("dashboard")),
    (r"resource google_monitoring_(?:slo|\w*service)", "gcp-monitoring", _telemetry("objective")),
    (r"resource datadog_(?:monitor|synthetics_test|downtime)\w*", "datadog", _telemetry("alert")),
    (r"resource datadog_(?:dashboard|screenboard|timeboard)\w*", "datadog", _telemetry("dashboard")),
    (r"resource datadog_service_level_objective", "datadog", _telemetry("objective")),
    (r"resource newrelic_(?:\w*alert_\w+|notification_\w+|workflow|synthetics_\w+)", "newrelic", _telemetry("alert")),
    (r"resource newrelic_one_dashboard\w*", "newrelic", _telemetry("dashboard")),
    (r"resource newrelic_service_level", "newrelic", _telemetry("objective")),
    (r"resource grafana_dashboard\w*", "grafana", _telemetry("dashboard")),
    (r"resource grafana_(?:rule_group|contact_point|notification_policy|mute_timing|synthetic_monitoring_check|oncall_\w+)", "grafana",
     _telemetry("alert")),
    (r"resource grafana_slo", "grafana", _telemetry("objective")),
    (r"resource pagerduty_(?:service|escalation_policy|schedule|event_orchestration|ruleset)\w*", "pagerduty", _telemetry("alert")),
    (r"resource opsgenie_\w+", "opsgenie", _telemetry("alert")),
    (r"resource (?:dynatrace_(?:alerting|metric_events|slo)\w*|honeycombio_(?:trigger|slo|burn_alert)|signalfx_detector|sumologic_monitor"
     r"|checkly_check\w*|uptimerobot_monitor|statuscake_\w+|betteruptime_\w+|splunk_saved_searches|elasticstack_kibana_alerting_rule)",
     "", _by_provider(_telemetry("alert"))),
    (r"resource aws_(?:budgets_budget(?:_action)?|ce_anomaly_\w+)", "aws-budgets", _cost("budget")),
    (r"resource azurerm_consumption_budget_\w+|resource azurerm_cost_(?:anomaly_alert|management_scheduled_action)", "azure-budgets", _cost("budget")),
    (r"resource google_billing_budget", "gcp-budgets", _cost("budget")),
    (r"resource aws_(?:cur_report_definition|ce_cost_(?:allocation_tag|category)|bcmdataexports_export)", "aws-cost-explorer", _cost("attribution")),
    (r"resource azurerm_\w+_cost_management_export", "azure-cost-management", _cost("attribution")),
    (r"provider aws", "", _saying("default_tags", "attribution")),
    (r"provider google(?:-beta)?", "", _saying("default_labels", "attribution")),
    (r"resource aws_(?:s3_bucket_lifecycle_configuration|ecr_lifecycle_policy|dlm_lifecycle_policy)", "", _cost("lifecycle")),
    (r"resource aws_s3_bucket", "", _saying("lifecycle_rule", "lifecycle")),
    (r"resource google_storage_bucket", "", _saying("lifecycle_rule", "lifecycle")),
    (r"resource google_artifact_registry_repository", "", _saying("cleanup_policies", "lifecycle")),
    (r"resource azurerm_storage_management_policy", "", _cost("lifecycle")),
    (r"resource aws_autoscaling_schedule|resource aws_appautoscaling_scheduled_action", "", _cost("schedule")),
    (r"resource azurerm_dev_test_global_vm_shutdown_schedule", "", _cost("schedule")),
    (r"resource google_compute_resource_policy", "", _saying("vm_stop_schedule", "schedule")),
    (r"resource aws_(?:appautoscaling_(?:target|policy)|autoscaling_policy)", "", _cost("autoscale")),
    (r"resource azurerm_monitor_autoscale_setting|resource google_compute_(?:region_)?autoscaler", "", _cost("autoscale")),
    (r"resource kubernetes_(?:resource_quota|limit_range)\w*", "", _cost("quota")),
    (r"resource kubernetes_horizontal_pod_autoscaler\w*", "", _cost("autoscale")),
    (r"resource coder_(?:agent|app)", "coder", _workspace),
    (r"resource google_workstations_workstation_\w+", "cloud-workstations", _workspace),
    (r"resource azurerm_dev_center_\w+", "dev-center", _workspace),
    (r"resource aws_cloud9_environment_ec2", "cloud9", _workspace),
)  # fmt: skip
