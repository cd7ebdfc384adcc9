"""CloudTrail records to facts: flags are read strictly, odd records as far as they go, and nobody is named."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
import pytest

from assess.collect.cloud.trail import change_event, flag
from assess.model.fact import ChangeEvent

TERRAFORM = "APN/1.0 HashiCorp/1.0 Terraform/1.11.4 terraform-provider-aws/5.100.0 aws-sdk-go-v2/1.36.3 os/linux"
BOTO = "Boto3/1.35.49 md/Botocore#1.35.99 ua/2.0 os/linux#6.1 lang/python#3.11.7 Botocore/1.35.99"
SSO = "aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Admin_0123456789abcdef"
SECRETS = (
    "run/ghp_0123456789abcdefghij0123456789abcdefgh user/robin.vale@shop.example GITHUB_RUN_ID/9876543210 hunter2 "
    "AKIAEXAMPLEEXAMPLE12/1 eyJhbGciOiJIUzI1NiJ9abcdefgh/2"
)
"""What pipelines are seen to append to Terraform's agent."""


def envelope(record: Mapping[str, Any], **around: Any) -> dict[str, Any]:
    """An entry of LookupEvents, as botocore gives it."""
    base = {
        "eventVersion": "1.11", "eventTime": "2026-03-09T10:00:00Z", "eventSource": "s3.amazonaws.com",
        "eventName": "CreateBucket", "eventType": "AwsApiCall", "awsRegion": "eu-west-1", "readOnly": False,
        "sourceIPAddress": "203.0.113.7", "userAgent": BOTO,
        "recipientAccountId": "123456789012", "userIdentity": {"type": "IAMUser", "userName": "robin.vale"},
    }  # fmt: skip
    return {"EventId": "e-1", "ReadOnly": "false", "CloudTrailEvent": orjson.dumps({**base, **record}).decode(), **around}


def read(record: Mapping[str, Any] | None = None, **around: Any) -> ChangeEvent:
    event = change_event(envelope(record or {}, **around), "aws:shop", "eu-west-1", 1)
    assert event is not None
    return event


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        (True, True),
        ("true", True),
        (False, False),
        ("false", False),
        ("True", None),
        (1, None),
        (0, None),
        ("", None),
        (None, None),
    ],
)
def test_a_flag_is_the_word_or_the_boolean_and_nothing_that_python_takes_for_one(value: object, meant: bool | None) -> None:
    assert flag(value) is meant
    assert read({"readOnly": value}).read_only is meant
    assert read({"sessionCredentialFromConsole": value}).from_console is meant


def test_a_missing_console_flag_means_no_only_where_the_version_knows_it() -> None:
    assert read({"eventVersion": "1.08"}).from_console is False
    assert read({"eventVersion": "1.10"}).from_console is False
    assert read({"eventVersion": "1.07"}).from_console is None
    assert read({"eventVersion": "soon"}).from_console is None


def test_the_readers_own_flag_stands_in_for_a_missing_one() -> None:
    record = orjson.loads(envelope({})["CloudTrailEvent"])
    del record["readOnly"]
    text = orjson.dumps(record).decode()
    assert read(CloudTrailEvent=text).read_only is False
    assert read(CloudTrailEvent=text, ReadOnly="true").read_only is True
    assert read(CloudTrailEvent=text, ReadOnly=None).read_only is None


def assumed(session: str, role: str = "deployer", **context: Any) -> dict[str, Any]:
    issuer = {"type": "Role", "arn": f"arn:aws:iam::123456789012:role/{role}", "userName": role.rpartition("/")[2]}
    return {
        "type": "AssumedRole", "principalId": f"AROAEXAMPLEEXAMPLE12:{session}", "accessKeyId": "ASIAEXAMPLEEXAMPLE12",
        "arn": f"arn:aws:sts::123456789012:assumed-role/{role.rpartition('/')[2]}/{session}",
        "sessionContext": {"sessionIssuer": issuer, **context},
    }  # fmt: skip


def test_no_person_key_or_address_is_kept() -> None:
    record = {"userIdentity": assumed("robin.vale@shop.example", SSO), "userAgent": f"{TERRAFORM} {SECRETS}"}
    resources = [
        {"ResourceType": "AWS::IAM::User", "ResourceName": "robin.vale"},
        {"ResourceType": "AWS::S3::Bucket", "ResourceName": "b"},
    ]
    event = read(record, Username="robin.vale@shop.example", AccessKeyId="ASIAEXAMPLEEXAMPLE12", Resources=resources)
    assert (event.human_session, event.session, event.principal, event.resource) == (True, "", SSO, "AWS::IAM::User")
    assert "Terraform/1.11.4" in event.user_agent
    assert event.user_agent.endswith("run/ user/ GITHUB_RUN_ID/"), "what a pipeline appends stays visible, without its values"
    text = repr(event) + repr(read())
    assert not [bad for bad in ("robin", "vale", "ghp_", "9876", "hunter2", "AKIA", "ASIA", "eyJ", "203.0.113.7") if bad in text]


@pytest.mark.parametrize(
    ("session", "kind", "human"),
    [
        ("GitHubActions", "github-actions", False), ("i-0123456789abcdef0", "instance", False),
        ("robin-via-GWPipelines@PR-12", "gruntwork-pipelines", False), ("botocore-session-1760000000", "sdk-default", False),
        ("robin@shop.example", "", True), ("robin", "", False),
    ],
)  # fmt: skip
def test_a_session_is_kept_by_its_kind(session: str, kind: str, human: bool) -> None:
    event = read({"userIdentity": assumed(session)})
    assert (event.session, event.human_session) == (kind, human)


def test_a_session_without_a_name_is_not_known_to_be_nobodys() -> None:
    assert read({"userIdentity": {"type": "AssumedRole", "principalId": "AROAEXAMPLEEXAMPLE12"}}).human_session is None


@pytest.mark.parametrize(
    ("provider", "host"),
    [
        (
            "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com/shop",
            "token.actions.githubusercontent.com",
        ),
        (
            "arn:aws:iam::123456789012:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/AB12",
            "oidc.eks.eu-west-1.amazonaws.com",
        ),
        ("accounts.google.com", "accounts.google.com"),
    ],
)
def test_a_provider_is_kept_by_its_host(provider: str, host: str) -> None:
    who = assumed("run-7", webIdFederationData={"federatedProvider": provider})
    assert read({"userIdentity": who}).federated_provider == host


@pytest.mark.parametrize("text", ["", "[]", '"x"', "{", None])
def test_what_is_no_record_is_not_taken_for_one(text: str | None) -> None:
    assert change_event({"EventId": "e", "CloudTrailEvent": text}, "aws:shop", "eu-west-1", 1) is None


@pytest.mark.parametrize("who", [None, [], "Root", {"type": 7, "sessionContext": "x", "arn": None}])
def test_a_record_of_an_odd_shape_is_read_as_far_as_it_goes(who: object) -> None:
    event = read({"userIdentity": who, "userAgent": None})
    assert (event.identity, event.principal, event.user_agent, event.action) == ("", "", "", "CreateBucket")
