"""An account over HTTP: what real calls leave in the trail is read, told apart and counted, and nothing is made up."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from assess.collect.cloud.aws import collect_account
from assess.collect.seen import Seen
from assess.content import load
from assess.errors import IncompleteError
from assess.flow import flows
from assess.model.assessment import Flow
from assess.model.gap import GapReason
from tests.aws import ACCOUNT_ID, NOW, REGION, Account, served

SSO_ROLE = "arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Admin_0123456789abcdef"
GITHUB = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"

# Agents as they were recorded from real tools.
TERRAFORM = (
    "APN/1.0 HashiCorp/1.0 Terraform/1.11.4 (+https://www.terraform.io) terraform-provider-aws/5.100.0 "
    "(+https://registry.terraform.io/providers/hashicorp/aws) aws-sdk-go-v2/1.36.3 ua/2.1 os/linux lang/go#1.23.10 "
    "md/GOOS#linux md/GOARCH#amd64 api/sqs#1.38.6 m/e"
)
CLOUDSHELL = "aws-cli/2.15.30 Python/3.11.8 Linux/6.1.79 exec-env/CloudShell exe/x86_64.amzn.2 prompt/off command/s3api.create-bucket"


def role(arn: str, session: str, **context: Any) -> dict[str, Any]:
    name = arn.rpartition("/")[2]
    return {
        "type": "AssumedRole", "arn": f"arn:aws:sts::{ACCOUNT_ID}:assumed-role/{name}/{session}", "accountId": ACCOUNT_ID,
        "sessionContext": {"sessionIssuer": {"type": "Role", "arn": arn, "userName": name}, **context},
    }  # fmt: skip


PERSON = role(SSO_ROLE, "robin.vale@shop.example")
PIPELINE = role(f"arn:aws:iam::{ACCOUNT_ID}:role/infra", "GitHubActions", webIdFederationData={"federatedProvider": GITHUB})


@pytest.fixture
def account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    """An account that the profile `shop` reaches, and nothing else of this machine's AWS configuration."""
    for name in [n for n in os.environ if n.upper().startswith("AWS_") or n.upper().endswith("_PROXY")]:
        monkeypatch.delenv(name)
    config = tmp_path / "aws"
    config.write_text(
        f"[profile shop]\nregion = {REGION}\naws_access_key_id = AKIAREADERREADER1234\naws_secret_access_key = not-a-secret\n"
        "[profile nowhere]\naws_access_key_id = AKIAREADERREADER1234\naws_secret_access_key = not-a-secret\n"
        f"[profile keyless]\nregion = {REGION}\n"
    )
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    with served() as running:
        monkeypatch.setenv("AWS_ENDPOINT_URL", running.url)
        yield running


def client(service: str, key: str) -> Any:
    return boto3.client(service, region_name=REGION, aws_access_key_id=key, aws_secret_access_key="not-a-secret")


def seen(profile: str = "shop", **options: Any) -> Seen:
    return collect_account(profile, f"aws:{profile}", NOW, **options)


def flow(found: Seen, window: int = 90) -> Flow | None:
    made = flows([found.target], {found.target.label: found.facts}, window, load().channels, found.gaps, NOW)
    return made[0] if made else None


def a_busy_week(account: Account) -> list[str]:
    """Changes by every hand that the first rows tell apart; gives the ids of the clicks."""
    account.identities |= {"AKIAPERSONPERSON1234": PERSON, "AKIARUNNERRUNNER1234": PIPELINE}
    by_script = client("sqs", "AKIAPERSONPERSON1234")
    by_script.create_queue(QueueName="orders")
    by_script.list_queues()
    client("s3", "AKIARUNNERRUNNER1234").create_bucket(Bucket="logs", CreateBucketConfiguration={"LocationConstraint": REGION})
    for queue in ("invoices", "returns"):
        account.record("sqs", "CreateQueue", TERRAFORM, PIPELINE, requestParameters={"queueName": queue})
    account.record("sqs", "SetQueueAttributes", TERRAFORM, PERSON)
    browser = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"
    bucket = [{"ResourceType": "AWS::S3::Bucket", "ResourceName": "logs"}]
    clicks = [
        account.record("ec2", "AuthorizeSecurityGroupIngress", "AWS Internal", PERSON, sessionCredentialFromConsole="true"),
        account.record("s3", "PutBucketPolicy", f"[{browser}]", PERSON, sessionCredentialFromConsole="true", resources=bucket),
    ]
    account.record("s3", "CreateBucket", CLOUDSHELL, PERSON, sessionCredentialFromConsole="true")
    stack = "cloudformation.amazonaws.com"
    launched = {**PERSON, "invokedBy": stack}
    account.record("sns", "CreateTopic", stack, launched, sourceIPAddress=stack, sessionCredentialFromConsole="true")
    account.record("ec2", "CreateNetworkInterface", "eks.amazonaws.com", {"type": "AWSService", "invokedBy": "eks.amazonaws.com"})
    account.record("s3", "DeleteBucket", TERRAFORM, PIPELINE, errorCode="AccessDenied")
    account.record("signin", "ConsoleLogin", browser, PERSON, eventType="AwsConsoleSignIn")
    account.record("tagging", "TagResources", "AWS Internal", PERSON)
    return clicks


def test_every_hand_is_told_apart(account: Account) -> None:
    clicks = a_busy_week(account)
    made = flow(seen())
    assert made is not None
    assert made.by_channel == {"terraform": 3, "console": 2, "sdk": 2, "cli": 1, "cloudformation": 1, "unattributed": 1}
    assert made.by_executor == {"human": 7, "pipeline": 3}
    assert made.by_level == {"0": 2, "0-5": 1, "1": 3, "2": 2, "3": 2}
    assert made.set_aside == {"failed": 1, "made-by-a-service": 1, "not-a-call": 1}
    assert (made.changes, made.unattributed, made.pages, made.truncated) == (10, 1, 1, False)
    assert [(leak.at.uid, leak.service, leak.action, leak.resource) for leak in made.leak] == [
        (clicks[1], "s3", "PutBucketPolicy", "AWS::S3::Bucket/logs"), (clicks[0], "ec2", "AuthorizeSecurityGroupIngress", ""),
    ]  # fmt: skip
    assert {(leak.account, leak.region, leak.row) for leak in made.leak} == {(ACCOUNT_ID, REGION, "console-session")}


def test_only_reads_are_made_and_the_account_is_told_who_reads(account: Account) -> None:
    seen()
    assert account.calls == ["GetCallerIdentity", "LookupEvents"]
    assert all("idp-assess/" in agent for agent in account.agents)


def test_nothing_of_a_person_stands_in_what_was_seen(account: Account) -> None:
    a_busy_week(account)
    text = repr(seen())
    assert "PutBucketPolicy" in text
    assert not [bad for bad in ("robin", "vale", "shop.example", "AKIA", "ASIA", "203.0.113.7", "not-a-secret") if bad in text]


def test_pages_are_followed_and_the_cap_is_said(account: Account) -> None:
    ids = [account.record("sqs", "CreateQueue", TERRAFORM, PIPELINE) for _ in range(120)]
    whole = seen()
    assert {fact.at.uid for fact in whole.facts} == set(ids)
    made = flow(whole)
    assert made is not None
    assert (made.changes, made.pages, made.truncated) == (120, 3, False)
    part = seen(max_pages=2)
    assert {fact.at.uid for fact in part.facts} == set(ids[20:]), "the newest"
    gap = next(gap for gap in part.gaps if gap.reason is GapReason.TRUNCATED)
    assert "after 2 pages" in gap.what
    assert "100 records" in gap.what
    cut = flow(part)
    assert cut is not None
    assert (cut.pages, cut.truncated, cut.oldest) == (2, True, "2026-03-08T12:00:21Z")


def test_a_window_is_asked_for_and_older_changes_are_not_read(account: Account) -> None:
    account.record("sqs", "CreateQueue", TERRAFORM, PIPELINE, eventTime="2026-02-01T00:00:00Z")
    recent = account.record("sqs", "CreateQueue", TERRAFORM, PIPELINE)
    assert [fact.at.uid for fact in seen(lookback_days=7).facts] == [recent]
    assert len(seen().facts) == 2


def test_a_refused_trail_is_a_gap_that_names_the_permission(account: Account) -> None:
    account.refused["LookupEvents"] = ("AccessDeniedException", 1)
    found = seen()
    assert (found.target.read, found.facts, flow(found)) == (True, (), None)
    gap = next(gap for gap in found.gaps if gap.reason is GapReason.NO_PERMISSION)
    assert "cloudtrail:LookupEvents" in gap.settle
    assert gap.blinds == ("ChangeEvent",)
    assert "robin" not in repr(found), "the refusal names who asked"


def test_a_refused_account_number_hides_no_change(account: Account) -> None:
    account.refused["GetCallerIdentity"] = ("AccessDenied", 1)
    account.record("sqs", "CreateQueue", TERRAFORM, PIPELINE)
    found = seen()
    assert "sts:GetCallerIdentity" in next(gap for gap in found.gaps if gap.reason is GapReason.NO_PERMISSION).settle
    made = flow(found)
    assert made is not None
    assert made.changes == 1


@pytest.mark.parametrize("code", ["ThrottlingException", "ExpiredTokenException", "AccessDeniedException"])
def test_a_failure_on_a_later_page_keeps_what_was_read(account: Account, code: str) -> None:
    for _ in range(60):
        account.record("sqs", "CreateQueue", TERRAFORM, PIPELINE)
    account.refused["LookupEvents"] = (code, 2)
    found = seen()
    assert len(found.facts) == 50
    assert code in next(gap for gap in found.gaps if gap.reason is GapReason.TRUNCATED).what


def test_a_record_that_cannot_be_read_is_counted(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    account.record("sqs", "CreateQueue", TERRAFORM, PIPELINE)
    answer = account.lookup

    def broken(asked: dict[str, Any]) -> dict[str, Any]:
        given = answer(asked)
        return {"Events": [*given["Events"], {"EventId": "odd", "CloudTrailEvent": "{"}]}

    monkeypatch.setattr(account, "lookup", broken)
    found = seen()
    assert len(found.facts) == 1
    assert next(gap for gap in found.gaps if gap.reason is GapReason.PARSE_ERROR).what.startswith("1 records")


@pytest.mark.parametrize(
    ("profile", "setting", "said"),
    [
        ("missing", {}, "ProfileNotFound"), ("nowhere", {}, "no region"), ("keyless", {}, "NoCredentialsError"),
        ("shop", {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}, "EndpointConnectionError"),
    ],
)  # fmt: skip
def test_a_profile_that_cannot_be_used_ends_the_target(
    account: Account, monkeypatch: pytest.MonkeyPatch, profile: str, setting: dict[str, str], said: str
) -> None:
    for name, value in setting.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(IncompleteError, match=said) as error:
        seen(profile)
    assert error.value.fix
    assert account.calls == []


def test_expired_credentials_end_the_target(account: Account) -> None:
    account.refused["GetCallerIdentity"] = ("ExpiredToken", 1)
    with pytest.raises(IncompleteError, match="ExpiredToken") as error:
        seen()
    assert "robin" not in str(error.value)


def test_the_regions_that_were_not_read_are_said(account: Account) -> None:
    gap = next(gap for gap in seen().gaps if "other regions" in gap.what)
    assert "only changes in eu-west-1" in gap.what
    assert "us-east-1" in gap.what, "that is where IAM's changes are"
    assert gap.blinds == ("ChangeEvent",)


# --- through the command line -------------------------------------------------------------------------------------


def scan(*arguments: str, code: int = 0) -> dict[str, Any]:
    """What `idp-assess scan … -f json` prints, in a process of its own."""
    command = [sys.executable, "-c", "from assess.cli import main; main()", "scan", *arguments, "-f", "json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == code, done.stderr
    return dict(json.loads(done.stdout))


@pytest.fixture
def recent(monkeypatch: pytest.MonkeyPatch) -> None:
    """The account's clock runs with this machine's: a scan asks for the days before now."""
    from datetime import UTC, datetime

    monkeypatch.setattr("tests.aws.NOW", datetime.now(UTC))


@pytest.mark.usefixtures("recent")
def test_a_scan_of_a_profile_counts_the_changes_and_claims_no_level(account: Account, tmp_path: Path) -> None:
    clicks = a_busy_week(account)
    made = scan("aws:shop", "--output", str(tmp_path / "out"))
    (seen_flow,) = made["flows"]
    assert seen_flow["subject"] == "aws:shop"
    assert seen_flow["by_channel"] == {"terraform": 3, "console": 2, "sdk": 2, "cli": 1, "cloudformation": 1, "unattributed": 1}
    assert (seen_flow["changes"], seen_flow["leaks"]) == (10, 2)
    assert seen_flow["leak"][0]["at"]["uid"] == clicks[1]
    assert seen_flow["leak"][0]["link"].endswith(f"home?region={REGION}#/events/{clicks[1]}")
    for placement in (p for p in made["placements"] if p["scope"] == "account"):
        assert (placement["low"], placement["high"], placement["not_applicable"]) == (0, 5, "")
        assert any("Scan the repositories" in text for text in placement["settle"])
    again = scan("--from", str(tmp_path / "out" / "facts.jsonl.zst"))
    assert again["flows"] == made["flows"]


@pytest.mark.usefixtures("recent")
def test_a_refused_account_and_a_broken_one_spoil_no_other_target(account: Account, repository: Any) -> None:
    account.refused["LookupEvents"] = ("AccessDeniedException", 1)
    shop = repository({"main.tf": 'terraform { backend "s3" {} }\nresource "aws_s3_bucket" "logs" { bucket = "logs" }\n'})
    made = scan(str(shop), "aws:shop")
    assert made["flows"] == []
    assert [gap["settle"] for gap in made["gaps"] if gap["reason"] == "no_permission"] == ["Allow cloudtrail:LookupEvents on *."]
    assert [unit["kind"] for unit in made["units"]] == ["terraform-root"]
    unread = scan(str(shop), "aws:missing", code=3)
    assert [unit["kind"] for unit in unread["units"]] == ["terraform-root"]
    assert [target["label"] for target in unread["targets"] if not target["read"]] == ["aws:missing"]


# --- the real tool ------------------------------------------------------------------------------------------------

PLUGINS = Path(os.environ.get("IDP_TERRAFORM_PLUGINS", "/opt/tf-plugins"))
MAIN = """
terraform {
  required_providers { aws = { source = "hashicorp/aws" } }
}
provider "aws" {
  region = "eu-west-1"
  skip_credentials_validation = true
  skip_requesting_account_id = true
  skip_metadata_api_check = true
}
resource "aws_sns_topic" "orders" { name = "orders" }
"""


@pytest.mark.tool
def test_what_terraform_really_sends_is_terraform(account: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tool = shutil.which("terraform")
    if not tool or not (PLUGINS / "registry.terraform.io/hashicorp/aws").is_dir():
        pytest.skip(f"needs terraform on the PATH and its AWS provider in {PLUGINS} (IDP_TERRAFORM_PLUGINS)")
    account.identities["AKIARUNNERRUNNER1234"] = PIPELINE
    (tmp_path / "tf").mkdir()
    (tmp_path / "tf/main.tf").write_text(MAIN)
    (tmp_path / "rc").write_text(f'provider_installation {{\n  filesystem_mirror {{ path = "{PLUGINS}" }}\n}}\n')
    for name, value in {
        "TF_CLI_CONFIG_FILE": str(tmp_path / "rc"), "CHECKPOINT_DISABLE": "1", "AWS_ACCESS_KEY_ID": "AKIARUNNERRUNNER1234",
        "AWS_SECRET_ACCESS_KEY": "not-a-secret", "TF_APPEND_USER_AGENT": "run/42-robin.vale",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    for step in (["init", "-no-color"], ["apply", "-auto-approve", "-no-color"]):
        done = subprocess.run([tool, f"-chdir={tmp_path / 'tf'}", *step], capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    found = seen()
    assert ("sns", "CreateTopic") in {(fact.service, fact.action) for fact in found.facts}  # type: ignore[attr-defined]
    made = flow(found)
    assert made is not None
    assert made.by_channel == {"terraform": made.changes}
    assert made.by_level == {"3": made.changes}
    assert "robin" not in repr(found)
