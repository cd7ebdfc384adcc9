"""What is shown to a server, and what is said where that does not do."""

from __future__ import annotations

from collections.abc import Mapping

import pygit2
import pytest
from pygit2.enums import CredentialType

from assess.collect.forge.servers import github, gitlab
from assess.collect.git.access import Access
from assess.collect.git.transfer import _talk
from assess.errors import IncompleteError
from assess.model.address import Address, parse

SECRET = "PlantedZq7"
PASSWORD = CredentialType.USERPASS_PLAINTEXT
KEY = CredentialType.SSH_KEY


def address(text: str) -> Address:
    """An address that is one."""
    found = parse(text)
    assert found is not None
    return found


def shown(text: str, environment: Mapping[str, str], named: Mapping[str, str] | None = None) -> list[tuple[str, str]]:
    """Every user and secret that a server gets to see before it is given up."""
    access, found = Access(address(text), named or {}, environment), []
    for _ in range(9):
        try:
            found.append(access.next("", PASSWORD).credential_tuple)
        except IncompleteError:
            return found
    raise AssertionError("there is no end to what is shown")


@pytest.mark.parametrize(
    ("text", "environment", "named", "pairs"),
    [
        ("https://github.com/a/b", {"GITHUB_TOKEN": SECRET}, {}, [("x-access-token", SECRET)]),
        ("https://github.com/a/b", {"GH_TOKEN": SECRET}, {}, [("x-access-token", SECRET)]),
        ("https://github.com/a/b", {"GITLAB_TOKEN": SECRET}, {}, []), ("https://evil.example/a/b", {"GITHUB_TOKEN": SECRET}, {}, []),
        ("https://github.com.evil.example/a", {"GITHUB_TOKEN": SECRET}, {}, []), ("https://github.com:444/a", {"GITHUB_TOKEN": SECRET}, {}, []),
        ("http://github.com/a/b", {"GITHUB_TOKEN": SECRET}, {}, []), ("http://me:PlantedZq7@git.example/a", {}, {}, []),
        ("https://git.acme.example/a", {"GITHUB_SERVER_URL": "https://git.acme.example", "GITHUB_TOKEN": SECRET}, {}, [("x-access-token", SECRET)]),
        ("https://github.com/a", {"GITHUB_SERVER_URL": "https://git.acme.example", "GITHUB_TOKEN": SECRET}, {}, []),
        ("https://gitlab.com/a/b", {"GITLAB_TOKEN": SECRET}, {}, [("oauth2", SECRET)]),
        ("https://git.acme.example/a", {"GITLAB_HOST": "git.acme.example", "GITLAB_TOKEN": SECRET}, {}, [("oauth2", SECRET)]),
        ("https://git.acme.example/a", {"X": SECRET}, {"git.acme.example": "X"}, [("x-token-auth", SECRET)]),
        ("https://robin@git.acme.example/a", {"X": SECRET}, {"git.acme.example": "X"}, [("robin", SECRET)]),
        ("https://me:PlantedZq7@git.example/a", {}, {}, [("me", SECRET)]), ("https://PlantedZq7@git.example/a", {}, {}, []),
        ("https://github.com/a/b", {"Y": "own", "GITHUB_TOKEN": SECRET}, {"github.com": "Y"}, [("x-token-auth", "own"), ("x-access-token", SECRET)]),
    ],
)  # fmt: skip
def test_a_token_is_shown_to_its_own_host_once(
    text: str, environment: dict[str, str], named: dict[str, str], pairs: list[tuple[str, str]]
) -> None:
    assert shown(text, {**environment, "PATH": ""}, named) == pairs


@pytest.mark.parametrize(
    ("text", "environment", "kind", "what", "fix"),
    [
        ("git@git.example:a/b", {}, KEY, "no ssh-agent is running", "ssh-add"),
        ("https://github.com/a/b", {}, PASSWORD, "asks for credentials", "Set GITHUB_TOKEN or GH_TOKEN, or set up a credential helper"),
        ("https://git.example/a/b", {}, PASSWORD, "asks for credentials", "--credential git.example=VARIABLE"),
        ("http://git.example/a/b", {"X": SECRET}, PASSWORD, "not sent over http", "Name the repository by https."),
    ],
)  # fmt: skip
def test_what_is_missing_is_named_with_how_to_give_it(
    text: str, environment: dict[str, str], kind: CredentialType, what: str, fix: str
) -> None:
    with pytest.raises(IncompleteError) as refused:
        Access(address(text), {}, {**environment, "PATH": ""}).next("git", kind)
    assert what in refused.value.what
    assert fix in refused.value.fix


def test_the_agent_is_asked_once() -> None:
    access = Access(address("ssh://deploy@git.example/a"), {}, {"SSH_AUTH_SOCK": "/run/agent"})
    assert isinstance(access.next("", CredentialType.USERNAME), pygit2.Username)
    assert isinstance(access.next("deploy", KEY), pygit2.KeypairFromAgent)
    with pytest.raises(IncompleteError, match="no key of the ssh-agent is accepted"):
        access.next("deploy", KEY)


@pytest.mark.parametrize(("text", "what"), [("git@git.example:a", "known_hosts"), ("https://git.example/a", "certificate is not valid")])
def test_a_server_that_does_not_prove_who_it_is_is_told_nothing(text: str, what: str) -> None:
    talk = _talk(address(text), Access(address(text), {}, {}), lambda: 0.0)
    assert talk.certificate_check(None, True, b"git.example")
    with pytest.raises(IncompleteError, match=what):
        talk.certificate_check(None, False, b"git.example")


@pytest.mark.parametrize(
    ("environment", "api", "web"),
    [
        ({}, "https://api.github.com", "https://github.com"),
        ({"GITHUB_API_URL": "https://git.acme.example/api/v3"}, "https://git.acme.example/api/v3", "https://git.acme.example"),
        ({"GITHUB_SERVER_URL": "https://git.acme.example/"}, "https://git.acme.example/api/v3", "https://git.acme.example"),
        ({"GH_HOST": "git.acme.example"}, "https://git.acme.example/api/v3", "https://git.acme.example"),
        ({"GH_HOST": "acme.ghe.com"}, "https://api.acme.ghe.com", "https://acme.ghe.com"),
        ({"GITHUB_API_URL": "https://api.acme.ghe.com"}, "https://api.acme.ghe.com", "https://acme.ghe.com"),
        ({"GITHUB_SERVER_URL": "https://github.com", "GITHUB_API_URL": "https://api.github.com"}, "https://api.github.com", "https://github.com"),
    ],
)  # fmt: skip
def test_the_github_that_the_environment_means(environment: dict[str, str], api: str, web: str) -> None:
    server = github(environment)
    assert (server.api, server.web) == (api, web)


@pytest.mark.parametrize(
    ("environment", "api", "web"),
    [
        ({}, "https://gitlab.com/api/v4", "https://gitlab.com"), ({"GITLAB_HOST": "git.acme.example"}, "https://git.acme.example/api/v4", "https://git.acme.example"),
        ({"GITLAB_HOST": "https://git.acme.example:8443/"}, "https://git.acme.example:8443/api/v4", "https://git.acme.example:8443"),
        ({"CI_API_V4_URL": "https://git.acme.example/api/v4"}, "https://git.acme.example/api/v4", "https://git.acme.example"),
    ],
)  # fmt: skip
def test_the_gitlab_that_the_environment_means(environment: dict[str, str], api: str, web: str) -> None:
    server = gitlab(environment)
    assert (server.api, server.web) == (api, web)
