"""What is seen live: workloads of a cluster, changes of an account."""

from __future__ import annotations

from dataclasses import dataclass

from assess.model.facts.base import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveWorkload(Fact):
    """A root workload of a cluster, with the tools that wrote its specification."""

    namespace: str
    object_kind: str
    name: str
    managers: tuple[str, ...] = ()
    channel: str = "unattributed"
    """console, kubectl-imperative, kubectl-apply, helm, terraform, argocd, flux, crossplane, sdk, unattributed."""
    tracked_by: str = ""
    """The GitOps object that says it delivers this workload."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeEvent(Fact):
    """One call in an account's audit trail, as it was recorded; what channel it came through is judged afterwards.

    Holds no credential, no address of a caller and no name of a person.
    Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
    """

    time: str
    """UTC, ISO 8601, as recorded."""
    service: str
    """The short name of the service that was called: s3, iam, …"""
    action: str
    region: str = ""
    account: str = ""
    event_version: str = ""
    event_type: str = ""
    """AwsApiCall, AwsServiceEvent, AwsConsoleSignIn, …"""
    read_only: bool | None = None
    error_code: str = ""
    """Not empty: the call failed and changed nothing."""
    user_agent: str = ""
    """The agent's product tokens in their order, without comments and free text, cut to 240 characters."""
    source_service: str = ""
    """The AWS service that the call came from, where it came from one; addresses are not kept."""
    invoked_by: str = ""
    """The AWS service that made the call for somebody else."""
    from_console: bool | None = None
    """The server says that the session was opened in the web console; None: records of that version do not say."""
    identity: str = ""
    """IAMUser, AssumedRole, Root, AWSService, WebIdentityUser, …"""
    principal: str = ""
    """The role with its path. Users are not named."""
    session: str = ""
    """What kind of thing named the session, where it is one that tools and services set: github-actions, instance, …"""
    human_session: bool | None = None
    """The session is named by an e-mail address, as sign-ins of people are; None: the record does not name it."""
    federated_provider: str = ""
    """The host of the identity provider that vouched for a web identity."""
    resource: str = ""
    """`TYPE/name` of what was changed, where the record says so and the name is neither a user nor a key."""
    page: int = 0
    """The page of the listing that it stood on, from 1; an account that was read in full has one every 50 events."""
