"""Which GitHub and which GitLab: their API, their pages and the variables that hold a token, as the environment has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

LOOPBACK = ("127.0.0.1", "localhost", "[::1]", "::1")
"""Hosts to which http is as good as https."""


@dataclass(frozen=True, slots=True)
class Server:
    """One server. api, web: addresses without a trailing slash. user: what stands beside a token in a fetch."""

    forge: str
    api: str
    web: str
    user: str
    tokens: tuple[str, ...]

    @property
    def host(self) -> str:
        """The host of its pages, with the port where it is not the scheme's own."""
        return urlsplit(self.web).netloc.lower()

    def token(self, environment: Mapping[str, str]) -> tuple[str, str]:
        """The variable that holds a token, and the token; both empty where none does."""
        held = ((name, environment.get(name, "").strip()) for name in self.tokens)
        return next(((name, token) for name, token in held if token), ("", ""))


def github(environment: Mapping[str, str]) -> Server:
    """GitHub, or the server that `GITHUB_API_URL`, `GITHUB_SERVER_URL` or `GH_HOST` names.

    Source: https://docs.github.com/en/actions/reference/workflows-and-actions/variables,
    https://cli.github.com/manual/gh_help_environment
    """
    host = environment.get("GH_HOST", "")
    web = _bare(environment.get("GITHUB_SERVER_URL", "")) or (f"https://{host}" if host else "")
    api = _bare(environment.get("GITHUB_API_URL", ""))
    web = web or (api.removesuffix("/api/v3").replace("://api.", "://") if api else "https://github.com")
    cloud = urlsplit(web).netloc == "github.com" or web.endswith(".ghe.com")
    api = api or (web.replace("://", "://api.") if cloud else f"{web}/api/v3")
    own = urlsplit(web).netloc != "github.com"
    tokens = ("GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN") if own else ()
    return Server("github", api, web, "x-access-token", (*tokens, "GITHUB_TOKEN", "GH_TOKEN"))


def gitlab(environment: Mapping[str, str]) -> Server:
    """GitLab, or the server that `GITLAB_HOST` names (a host or an address), or `CI_API_V4_URL` inside its own pipelines.

    Source: https://docs.gitlab.com/cli/#environment-variables, https://docs.gitlab.com/ci/variables/predefined_variables/
    """
    named, api = _bare(environment.get("GITLAB_HOST", "")), _bare(environment.get("CI_API_V4_URL", ""))
    own = named if "://" in named or not named else f"https://{named}"
    web = own or _bare(environment.get("CI_SERVER_URL", "")) or api.removesuffix("/api/v4") or "https://gitlab.com"
    return Server("gitlab", api if api and not named else f"{web}/api/v4", web, "oauth2", ("GITLAB_TOKEN",))


def _bare(address: str) -> str:
    return address.strip().rstrip("/")
