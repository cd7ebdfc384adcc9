"""How changes are told apart: each row of the channel table holds for its event, and not for one with a field changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from assess.collect.cloud.trail import agent
from assess.content import load
from assess.flow import Change, classify, event_link, flows
from assess.model.fact import ChangeEvent
from assess.model.gap import Gap, GapReason
from assess.model.target import Location, Source, Target
from assess.spec.channels import Channels

TABLE = load().channels
NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)

TERRAFORM = "APN/1.0 HashiCorp/1.0 Terraform/1.11.4 terraform-provider-aws/5.100.0 aws-sdk-go-v2/1.36.3 os/linux"
BOTO = "Boto3/1.35.49 md/Botocore#1.35.99 ua/2.0 os/linux#6.1 md/arch#x86_64 lang/python#3.11.7 Botocore/1.35.99"
CFN = "cloudformation.amazonaws.com"
OTHER = "through-another-service"
BROWSER = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0"
SSO = "aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Admin_0123456789abcdef"

WRITE = ChangeEvent(
    at=Location(target="aws:shop", path="eu-west-1/s3/CreateBucket", uid="e-1"), time="2026-03-09T10:00:00Z", service="s3",
    action="CreateBucket", region="eu-west-1", account="123456789012", event_version="1.11", event_type="AwsApiCall",
    read_only=False, from_console=False, human_session=False, identity="AssumedRole", principal="deployer", page=1,
)  # fmt: skip
"""A write by a role, of which nothing tells how it was made."""


def ua(text: str) -> dict[str, Any]:
    """The one field that most rows look at."""
    return {"user_agent": text}


def judged(**fields: Any) -> Change:
    """What becomes of `WRITE` with other fields; a user agent is reduced as the collector does."""
    if "user_agent" in fields:
        fields["user_agent"] = agent(fields["user_agent"])
    return classify(replace(WRITE, **fields), TABLE)


DROPPED = [
    ("read-only", {"read_only": True}, {"read_only": False}),
    ("failed", {"error_code": "AccessDenied"}, {"error_code": ""}),
    ("not-a-call", {"event_type": "AwsConsoleSignIn"}, {"event_type": "AwsApiCall"}),
    ("made-by-a-service", {"identity": "AWSService"}, {"identity": "AssumedRole"}),
    (
        "made-by-a-service",
        {"identity": "AWSService", "invoked_by": "autoscaling.amazonaws.com"},
        {"invoked_by": "cloudformation.amazonaws.com"},
    ),
    (
        "service-linked-role",
        {"principal": "aws-service-role/support.amazonaws.com/AWSServiceRoleForSupport"},
        {"principal": "AWSServiceRoleForSupport"},
    ),
    ("not-a-change-of-the-estate", {"service": "kms", "action": "Decrypt"}, {"action": "ScheduleKeyDeletion"}),
]


@pytest.mark.parametrize(("row", "fields", "other"), DROPPED)
def test_what_is_no_change_is_set_aside_by_the_row_that_says_so(row: str, fields: dict[str, Any], other: dict[str, Any]) -> None:
    assert judged(**fields).dropped == row
    assert judged(**{**fields, **other}).dropped == ""


CHANNELS: list[tuple[str, str, str, dict[str, Any], dict[str, Any]]] = [
    # row, channel, level, the event's fields, the one field that makes it something else
    ("crossplane", "operator", "3", ua(f"crossplane-provider-aws-upbound/v1.9.0 {TERRAFORM}"), ua(TERRAFORM)),
    ("crossplane", "operator", "3", ua(f"{TERRAFORM} crossplane-provider-jet-aws/v0.4"), ua(TERRAFORM)),
    (
        "ack-through-kro", "operator", "3-4",
        ua("aws-controllers-k8s/s3.services.k8s.aws-1.0.9 (GitCommit/1a2b; CRDKind/Bucket; ManagedBy/kro; KROVersion/0.3)"),
        ua("aws-sdk-go-v2/1.36.3 (ManagedBy/kro)"),
    ),
    (
        "ack", "operator", "3",
        ua("aws-controllers-k8s/s3.services.k8s.aws-1.0.9 (GitCommit/1a2b; CRDKind/Bucket; CRDVersion/v1alpha1)"),
        ua("aws-sdk-go-v2/1.36.3"),
    ),
    ("service-catalog", "catalog", "4-5", {"invoked_by": "servicecatalog.amazonaws.com"}, {"invoked_by": ""}),
    ("cloudformation", "cloudformation", "2-3", {"invoked_by": CFN}, {"invoked_by": "eks.amazonaws.com"}),
    ("cloudformation", "cloudformation", "2-3", {"source_service": "cloudformation.amazonaws.com"}, {"source_service": ""}),
    ("cdk", "cloudformation", "2-3", {"principal": "cdk-hnb659fds-deploy-role-123456789012"}, {"principal": "cdk-reader"}),
    ("pulumi", "pulumi", "2-3", ua("APN/1.0 Pulumi/1.0 PulumiAwsNative/1.3.0"), ua("APN/1.0 Palimpsest/1.0")),
    ("terraform", "terraform", "2-3", ua(TERRAFORM), ua("APN/1.0 HashiCorp/1.0")),
    ("terraform", "terraform", "2-3", ua("APN/1.0 HashiCorp/1.0 Terraform/1.11.4 aws-sdk-go-v2/1.36.3"), ua("")),
    ("terraform", "terraform", "2-3", ua("APN/1.0 OpenTofu/1.9.0"), ua("NotTerraform/1.9.0")),
    (OTHER, "unattributed", "0-5", {"invoked_by": "eks.amazonaws.com", "user_agent": BOTO}, {"invoked_by": ""}),
    (OTHER, "unattributed", "0-5", {"invoked_by": "AWS Internal", "from_console": True}, {"invoked_by": ""}),
    (
        "cloudshell", "cli", "1",
        {"from_console": True, "user_agent": "aws-cli/2.15.30 exec-env/CloudShell command/s3.mb"}, ua(BROWSER),
    ),
    ("cloudshell", "cli", "1", {"from_console": True, "user_agent": f"{BOTO} exec-env/CloudShell"}, ua(BOTO)),
    ("aws-cli", "cli", "1", ua("aws-cli/1.45.11 md/Botocore#1.43.11 ua/2.1 os/linux"), ua("my-aws-cli/1.0")),
    ("console-session", "console", "0", {"from_console": True, "user_agent": "AWS Internal"}, {"from_console": False}),
    ("console-session", "console", "0", {"from_console": True, "user_agent": "aws-sdk-java/1.12"}, {"from_console": False}),
    ("sdk", "sdk", "1", ua(BOTO), ua("curl/8.5.0")),
    ("sdk", "sdk", "1", ua("aws-sdk-go-v2/1.36.3 ua/2.1 os/linux"), ua("aws-internal/3 aws-sdk-java/1.12")),
    ("console-agent", "console", "0", ua("signin.amazonaws.com"), ua("eks.amazonaws.com")),
    (
        "console-agent", "console", "0",
        {"invoked_by": "signin.amazonaws.com", "user_agent": "signin.amazonaws.com"}, {"invoked_by": "eks.amazonaws.com"},
    ),
    ("console-agent", "console", "0", ua("console.amazonaws.com"), ua("AWS Internal")),
    ("console-agent", "console", "0", ua(f"[{BROWSER}]"), {"identity": "WebIdentityUser"}),
    ("console-agent", "console", "0", ua("[S3Console/0.4, aws-internal/3 aws-sdk-java/1.11]"), ua("Coral/Netty4")),
    (
        "console-agent", "console", "0",
        ua("aws-internal/3 aws-sdk-java/1.12 AWSLambdaConsole/1.0"), ua("aws-internal/3 aws-sdk-java/1.12"),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("row", "channel", "level", "fields", "other"), CHANNELS)
def test_a_channel_is_known_by_one_field(row: str, channel: str, level: str, fields: dict[str, Any], other: dict[str, Any]) -> None:
    found = judged(**fields)
    low, high = found.levels
    assert (found.row, found.channel, str(low) if low == high else f"{low}-{high}") == (row, channel, level)
    assert judged(**{**fields, **other}).row != row


EXECUTORS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("pipeline", {"federated_provider": "token.actions.githubusercontent.com"}, {"federated_provider": "login.example.org"}),
    ("pipeline", {"federated_provider": "gitlab.shop.example"}, {"federated_provider": "notgitlab.shop.example"}),
    ("pipeline", {"federated_provider": "shop.app.spacelift.io"}, {"federated_provider": "app.spacelift.io.example.org"}),
    ("controller", {"federated_provider": "oidc.eks.eu-west-1.amazonaws.com"}, {"federated_provider": ""}),
    ("human", {"principal": SSO}, {"principal": "admin"}),
    ("human", {"identity": "IdentityCenterUser"}, {"identity": "AssumedRole"}),
    ("human", {"identity": "Root"}, {"identity": "IAMUser"}),
    ("pipeline", {"session": "github-actions"}, {"session": "sdk-default"}),
    ("pipeline", {"source_service": "codebuild.amazonaws.com"}, {"source_service": "ec2.amazonaws.com"}),
    ("human", {"human_session": True}, {"human_session": False}),
]


@pytest.mark.parametrize(("executor", "fields", "other"), EXECUTORS)
def test_an_executor_is_known_by_one_field(executor: str, fields: dict[str, Any], other: dict[str, Any]) -> None:
    level = {"human": (2, 2), "pipeline": (3, 3), "controller": (3, 3)}[executor]
    made, else_made = judged(user_agent=TERRAFORM, **fields), judged(user_agent=TERRAFORM, **{**fields, **other})
    assert (made.channel, made.executor, made.levels) == ("terraform", executor, level)
    assert (else_made.channel, else_made.executor, else_made.levels) == ("terraform", "unknown", (2, 3))


def test_the_same_command_line_is_scripting_whoever_runs_it() -> None:
    cli = "aws-cli/2.15.30"
    by = [judged(user_agent=cli, **who) for who in ({"principal": SSO}, {"session": "github-actions"}, {"identity": "IAMUser"})]
    assert [(c.channel, c.executor, c.levels) for c in by] == [
        ("cli", "human", (1, 1)), ("cli", "pipeline", (1, 1)), ("cli", "unknown", (1, 1)),
    ]  # fmt: skip


def test_a_stack_inherits_the_person_who_launched_it_and_is_no_leak() -> None:
    made = judged(
        invoked_by="cloudformation.amazonaws.com", source_service="cloudformation.amazonaws.com", from_console=True,
        user_agent="cloudformation.amazonaws.com", principal=SSO, human_session=True,
    )  # fmt: skip
    assert (made.channel, made.executor, made.levels) == ("cloudformation", "human", (2, 2))


def test_a_service_behind_a_stack_and_a_person_in_a_shell_are_executors() -> None:
    service = judged(identity="AWSService", invoked_by="cloudformation.amazonaws.com")
    assert (service.channel, service.executor, service.levels) == ("cloudformation", "service", (2, 3))
    shell = judged(user_agent=f"{TERRAFORM} exec-env/CloudShell", from_console=True)
    assert (shell.channel, shell.executor, shell.levels) == ("terraform", "human", (2, 2))


def test_what_the_record_does_not_say_stays_open_only_where_it_decides() -> None:
    old = {"event_version": "1.05", "from_console": None}
    assert judged(user_agent=TERRAFORM, **old).row == "terraform"
    assert judged(user_agent="aws-cli/1.3", **old).row == "aws-cli"
    browser = judged(user_agent=BROWSER, **old)
    assert (browser.channel, browser.executor, browser.levels) == ("console", "human", (0, 0))
    sdk = judged(user_agent=BOTO, **old)
    assert (sdk.channel, sdk.row, sdk.levels) == ("unattributed", "undecided", (0, 1))
    bare = judged(user_agent="curl/8.5.0", **old)
    assert (bare.channel, bare.executor, bare.levels) == ("unattributed", "unknown", (0, 5))
    assert judged(read_only=None).dropped == "", "it may be a write"
    assert judged(user_agent=TERRAFORM, human_session=None).executor == "unknown"


# --- counting ---------------------------------------------------------------------------------------------------

ACCOUNT = Target(source=Source.AWS, label="aws:shop")


def flow_of(*events: ChangeEvent, window: int = 90, gaps: tuple[Gap, ...] = (), target: Target = ACCOUNT) -> Any:
    found = flows([target], {target.label: events}, window, TABLE, gaps, NOW)
    return found[0] if found else None


def clicked(number: int, **fields: Any) -> ChangeEvent:
    at = Location(target="aws:shop", path="eu-west-1/iam/CreateRole", uid=f"click-{number}")
    return replace(WRITE, at=at, from_console=True, service="iam", action="CreateRole", time=f"2026-03-0{number}T08:00:00Z", **fields)


def test_counts_add_up_and_each_change_is_counted_once() -> None:
    flow = flow_of(
        *(clicked(n) for n in range(1, 8)), replace(WRITE, user_agent=TERRAFORM, principal=SSO),
        replace(WRITE, user_agent="curl/8.5.0"), replace(WRITE, read_only=True),
        replace(WRITE, error_code="AccessDenied", page=2),
    )  # fmt: skip
    assert flow.changes == 9 == sum(flow.by_channel.values()) == sum(flow.by_executor.values()) == sum(flow.by_level.values())
    assert flow.by_channel == {"console": 7, "terraform": 1, "unattributed": 1}
    assert flow.by_executor == {"human": 8, "unknown": 1}
    assert flow.by_level == {"0": 7, "0-5": 1, "2": 1}
    assert flow.by_row == {"console-session": 7, "terraform": 1, "unmatched": 1}
    assert (flow.unattributed, flow.set_aside, flow.pages) == (1, {"failed": 1, "read-only": 1}, 2)
    assert (flow.oldest, flow.newest, flow.truncated) == ("2026-03-01T08:00:00Z", "2026-03-09T10:00:00Z", False)
    assert (flow.leaks, [leak.at.uid for leak in flow.leak]) == (7, [f"click-{n}" for n in (7, 6, 5, 4, 3)])
    newest = flow.leak[0]
    assert (newest.time, newest.service, newest.action, newest.row) == (
        "2026-03-07T08:00:00Z",
        "iam",
        "CreateRole",
        "console-session",
    )
    assert newest.link == "https://console.aws.amazon.com/cloudtrailv2/home?region=eu-west-1#/events/click-7"


def test_only_a_person_leaks() -> None:
    robot = {"id": "robot", "when": "fact.principal == 'deployer'", "channel": "console", "executor": "pipeline",
             "level": [0, 0], "why": "A robot clicks there.", "sources": ["https://wiki.example.org"]}  # fmt: skip
    table = TABLE.after(Channels.model_validate({"channels": [robot]}))
    events = [clicked(1), replace(clicked(2), principal="admin")]
    (flow,) = flows([ACCOUNT], {"aws:shop": events}, 90, table, (), NOW)
    assert (flow.by_channel, flow.leaks, [leak.at.uid for leak in flow.leak]) == ({"console": 2}, 1, ["click-2"])


def test_events_that_differ_in_a_field_that_is_read_are_judged_apart() -> None:
    assert {"user_agent", "from_console", "service", "action"} <= set(TABLE.reads)
    assert not {"time", "resource", "account", "page", "region"} & set(TABLE.reads)
    flow = flow_of(*(replace(WRITE, user_agent=a, identity=i) for a in (TERRAFORM, BOTO) for i in ("Root", "AssumedRole")))
    assert (flow.by_channel, flow.by_executor) == ({"sdk": 2, "terraform": 2}, {"human": 2, "unknown": 2})
    assert flow.by_level == {"1": 2, "2": 1, "2-3": 1}


def test_counts_do_not_depend_on_the_order_of_events() -> None:
    events = [clicked(1), clicked(2), replace(WRITE, user_agent=TERRAFORM), replace(WRITE, user_agent=BOTO)]
    assert flow_of(*events) == flow_of(*reversed(events))


def test_changes_before_the_window_are_set_apart() -> None:
    flow = flow_of(clicked(1), clicked(9), window=7)
    assert (flow.window_days, flow.changes, flow.outside, flow.leaks) == (7, 1, 1, 1)


def test_no_change_is_a_flow_and_an_unread_trail_is_none() -> None:
    def gap(reason: GapReason, *blinds: str) -> tuple[Gap, ...]:
        return (Gap(at=Location(target="aws:shop"), reason=reason, what="-", blinds=blinds),)

    assert flow_of().changes == 0
    assert flow_of(gaps=gap(GapReason.NO_PERMISSION, "ChangeEvent")) is None
    assert flow_of(gaps=gap(GapReason.NO_PERMISSION)).changes == 0, "the account's number hides no change"
    assert flow_of(target=replace(ACCOUNT, read=False)) is None
    assert flow_of(target=Target(source=Source.GIT, label="shop")) is None
    assert flow_of(clicked(1), gaps=gap(GapReason.TRUNCATED, "ChangeEvent")).truncated
    assert not flow_of(clicked(1), gaps=gap(GapReason.NOT_READ, "ChangeEvent")).truncated


@pytest.mark.parametrize(
    ("region", "event", "link"),
    [
        ("cn-north-1", "a", "https://console.amazonaws.cn/cloudtrailv2/home?region=cn-north-1#/events/a"),
        ("us-gov-west-1", "a", "https://console.amazonaws-us-gov.com/cloudtrailv2/home?region=us-gov-west-1#/events/a"),
        ("eu-west-1", 'x"><b>', "https://console.aws.amazon.com/cloudtrailv2/home?region=eu-west-1#/events/x%22%3E%3Cb%3E"),
        ("", "a", ""), ("eu-west-1", "", ""),
    ],
)  # fmt: skip
def test_an_events_link(region: str, event: str, link: str) -> None:
    assert event_link(region, event) == link


# --- the table --------------------------------------------------------------------------------------------------


def test_every_row_of_the_table_is_met_by_a_case_above() -> None:
    """A row that no event reaches is either shadowed by one before it, or misspelt."""
    met = {row for row, *_ in CHANNELS} | {row for row, *_ in DROPPED}
    assert {row.id for row in (*TABLE.drop, *TABLE.channels)} == met
    events = [replace(WRITE, **fields) for _, fields, _ in EXECUTORS]
    events += [replace(WRITE, identity="AWSService"), replace(WRITE, from_console=True)]
    assert [row.id for row in TABLE.executors if not any(row.condition.holds(event) for event in events)] == []
