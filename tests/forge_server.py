"""A forge's API on loopback for tests: lists in pages, each request checked against the published description of the API.

with forge_server(GitHub(description)) as forge:
    forge.lists["/orgs/acme/repos"] = [forge.api.repository("shop")]
    forge.plays.append(Play(status=500))  # what the next request gets instead
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol
from urllib.parse import parse_qsl, unquote, urlsplit

import orjson

from tests.serving import serving


@dataclass(frozen=True)
class Play:
    """An answer that takes the place of the next one. cut: its body ends after so many bytes of those it announces."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    cut: int = 0


class Description(Protocol):
    """What an API says of itself."""

    prefix: str

    def faults(self, method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str]) -> list[str]:
        """What of a request the description does not have."""


class GitHub:
    """GitHub's REST API by its OpenAPI description, as a server of its own has it: below /api/v3."""

    prefix = "/api/v3"

    def __init__(self, description: Mapping[str, Any]) -> None:
        self._description = description

    def faults(self, method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str]) -> list[str]:
        """What of a request the description does not have."""
        found = next((paths for template, paths in self._description["paths"].items() if _fits(template, path)), None)
        if found is None or method.lower() not in found:
            return [f"no operation {method} {path}"]
        declared = [self._resolved(one) for one in found[method.lower()]["parameters"]]
        known = {one["name"]: one["schema"] for one in declared if one["in"] == "query"}
        faults = [f"no parameter {name}" for name in query if name not in known]
        faults += [
            f"{name}={value} is none of {known[name]['enum']}"
            for name, value in query.items()
            if value not in known.get(name, {}).get("enum", [value])
        ]
        faults += [
            f"{name}={value} is no integer"
            for name, value in query.items()
            if known.get(name, {}).get("type") == "integer" and not value.isdigit()
        ]
        if int(query.get("per_page", "1")) > 100:
            faults.append("per_page is more than 100")
        if headers.get("accept") not in ("application/vnd.github+json", "application/json"):
            faults.append(f"Accept: {headers.get('accept')}")
        return faults

    def repository(self, web: str, owner: str, name: str, **more: Any) -> dict[str, Any]:
        """The description's own example of a listed repository, with another name."""
        example = self._description["components"]["examples"]["minimal-repository-items"]["value"][0]
        properties = self._description["components"]["schemas"]["minimal-repository"]["properties"]
        assert more.keys() <= properties.keys()
        own = {"name": name, "full_name": f"{owner}/{name}", "html_url": f"{web}/{owner}/{name}", "clone_url": f"{web}/{owner}/{name}.git"}
        return {**example, "fork": False, "archived": False, **own, **more}

    def _resolved(self, value: Mapping[str, Any]) -> Mapping[str, Any]:
        if "$ref" not in value:
            return value
        found: Any = self._description
        for part in value["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        return found  # type: ignore[no-any-return]


_BOOLEAN = ("true", "false")
_PAGED = {"per_page": None, "page": None, "order_by": ("id", "name", "path", "created_at"), "sort": ("asc", "desc"), "archived": _BOOLEAN}


class GitLab:
    """GitLab's REST API by its reference pages, for no package holds its OpenAPI description.

    Source: https://docs.gitlab.com/api/groups/#list-projects, https://docs.gitlab.com/api/projects/
    """

    prefix = "/api/v4"
    _operations: Mapping[str, Mapping[str, tuple[str, ...] | None]] = {
        "/groups/{id}/projects": {**_PAGED, "include_subgroups": _BOOLEAN, "with_shared": _BOOLEAN, "visibility": None, "simple": _BOOLEAN},
        "/users/{user_id}/projects": {**_PAGED, "id_after": None, "owned": _BOOLEAN, "simple": _BOOLEAN},
        "/projects/{id}": {"license": _BOOLEAN, "statistics": _BOOLEAN},
    }

    def faults(self, method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str]) -> list[str]:
        """What of a request the reference does not have."""
        known = next((known for template, known in self._operations.items() if _fits(template, path)), None)
        if known is None or method != "GET":
            return [f"no operation {method} {path}"]
        return [f"{name}={value}" for name, value in query.items() if name not in known or value not in (known[name] or (value,))]

    def project(self, web: str, path: str, **more: Any) -> dict[str, Any]:
        """A project as the reference shows it, cut to what tells projects apart."""
        return {
            "id": 4, "name": path.rpartition("/")[2], "path_with_namespace": path, "default_branch": "main", "archived": False,
            "web_url": f"{web}/{path}", "http_url_to_repo": f"{web}/{path}.git", "ssh_url_to_repo": f"git@gitlab.example.com:{path}.git",
            "empty_repo": False, "repository_access_level": "enabled", **more,
        }  # fmt: skip


def _fits(template: str, path: str) -> bool:
    """Whether a path is of a template; a slash inside a parameter has to be encoded."""
    asked, parts = path.split("/"), template.split("/")
    return len(asked) == len(parts) and all(part.startswith("{") or part == one for part, one in zip(parts, asked, strict=True))


class ForgeServer(ThreadingHTTPServer):
    """The server. lists: decoded path below the API → what it lists. faults: what was asked and is not described."""

    daemon_threads = True

    def __init__(self, description: Description) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.api = description
        self.lists: dict[str, Any] = {}
        self.plays: list[Play] = []
        self.faults: list[str] = []
        self.asked: list[str] = []
        self.tokens: set[str] = set()
        self.size = 100
        """How many there are at most on a page, whatever is asked for."""

    @property
    def web(self) -> str:
        """Where its pages would be."""
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def root(self) -> str:
        """Where its API is."""
        return f"{self.web}{self.api.prefix}"


class _Handler(BaseHTTPRequestHandler):
    server: ForgeServer

    def log_message(self, *_: object) -> None:
        """Nothing: a test has its own words."""

    def do_GET(self) -> None:
        """A page, or what is played instead."""
        forge, parts = self.server, urlsplit(self.path)
        query = dict(parse_qsl(parts.query))
        path = parts.path.removeprefix(forge.api.prefix)
        forge.asked.append(self.path.removeprefix(forge.api.prefix))
        forge.tokens.add(self.headers.get("Authorization", ""))
        forge.faults += forge.api.faults(self.command, path, query, {name.lower(): value for name, value in self.headers.items()})
        play = forge.plays.pop(0) if forge.plays else None
        if play is not None and (play.status != 200 or play.cut or play.body is not None):
            self._send(play.status, dict(play.headers), play.body if play.body is not None else {"message": "played"}, play.cut)
            return
        value = forge.lists.get(unquote(path))
        if value is None:
            self._send(404, {}, {"message": "Not Found"})
            return
        headers = dict(play.headers) if play else {}
        self._page(value, int(query.get("page", "1")), headers)

    def _page(self, value: Any, page: int, headers: dict[str, str]) -> None:
        forge = self.server
        if isinstance(value, list):
            shown = value[(page - 1) * forge.size : page * forge.size]
            if page * forge.size < len(value):
                base = self.path.split("&page=")[0]
                last = -(-len(value) // forge.size)
                headers["Link"] = f'<{forge.web}{base}&page={page + 1}>; rel="next", <{forge.web}{base}&page={last}>; rel="last"'
            value = shown
        self._send(200, headers, value)

    def _send(self, status: int, headers: Mapping[str, str], body: Any, cut: int = 0) -> None:
        content = body if isinstance(body, bytes) else orjson.dumps(body)
        self.send_response(status)
        for name, one in headers.items():
            self.send_header(name, one)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[:cut] if cut else content)
        self.close_connection = bool(cut)


@contextmanager
def forge_server(description: Description) -> Iterator[ForgeServer]:
    """A running server, ended with the block; every request has to be one that the description has."""
    with serving(ForgeServer(description)) as server:
        yield server
    assert server.faults == []
