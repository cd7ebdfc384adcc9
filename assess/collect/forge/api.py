"""Pages of a REST API, read to the end: retried where that helps, waited for where it is short, else one message.

urllib3 alone, which boto3 and the Kubernetes client bring anyway: a listing is one GET, repeated. PyGithub and python-gitlab would
add five packages and two to three times the start-up, and wait for a rate limit as long as it takes.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from assess.collect.forge.servers import LOOPBACK
from assess.errors import IncompleteError
from assess.model.credentials import clean

if TYPE_CHECKING:
    import urllib3

MAX_PAGES = 1_000
MAX_ANSWER = 30_000_000
MAX_REDIRECTS = 5
MAX_WAIT = 90.0
"""How long a listing waits in all for a rate limit to pass."""
BACKOFF = (1.0, 3.0, 9.0)
"""The seconds before each further try of an answer that failed by chance."""


class NotThere(IncompleteError):
    """The server knows no such thing, or does not show it to us."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of a server. headers: by lower-case name. value: what its JSON holds."""

    status: int
    headers: Mapping[str, str]
    value: Any = None


@dataclass(slots=True)
class Api:
    """An API, with the token for it. held: the variable that the token is from; give: what to say where one is missing."""

    root: str
    token: str = field(default="", repr=False)
    held: str = ""
    give: str = ""
    accept: str = "application/json"
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.time
    _waited: float = 0.0
    _pool: Any = None

    def pages(self, path: str) -> Iterator[Answer]:
        """Every page from a path on, by the `Link` header of each.

        Errors: NotThere, and IncompleteError with what to do, both between pages too: what came before stands.
        Source: https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api,
        https://docs.gitlab.com/api/rest/#pagination
        """
        url, seen = f"{self.root}/{path}", set[str]()
        while url:
            if url in seen or len(seen) >= MAX_PAGES:
                raise IncompleteError(f"the listing does not end: {len(seen)} pages were read", self.root)
            seen.add(url)
            answer = self.get(url)
            yield answer
            url = self._here(url, next_page(answer.headers.get("link", "")))

    def get(self, url: str) -> Answer:
        """The answer to one GET. Errors: as of `pages`."""
        tries = 0
        while True:
            answer = self._asked(url)
            if answer.status == 200:
                return answer
            if (wait := self._limited(answer)) is not None:
                self._wait(wait)
            elif answer.status in (0, 500, 502, 503, 504) and tries < len(BACKOFF):
                self.sleep(BACKOFF[tries])
                tries += 1
            else:
                raise self._told(answer)

    def _asked(self, url: str) -> Answer:
        """What the server says; status 0 and the reason where nothing whole comes back."""
        import urllib3

        for _ in range(MAX_REDIRECTS):
            try:
                response = self._connected(url).request(
                    "GET",
                    url,
                    headers=self._headers(),
                    redirect=False,
                    retries=False,
                    preload_content=False,
                    timeout=urllib3.Timeout(15, 60),
                )
                body = response.read(MAX_ANSWER, decode_content=True)
                whole = not response.read(1)
            except (urllib3.exceptions.HTTPError, OSError) as error:
                return Answer(0, {}, type(error).__name__)
            headers = {name.lower(): value for name, value in response.headers.items()}
            if response.status not in (301, 302, 307, 308):
                return _parsed(response.status, headers, body) if whole else Answer(0, {}, f"more than {MAX_ANSWER} bytes")
            url = self._here(url, headers.get("location", ""))
        return Answer(0, {}, "redirects without end")

    def _connected(self, url: str) -> urllib3.PoolManager:
        """Connections, by way of the proxy that the environment names."""
        from urllib.request import getproxies, proxy_bypass

        import urllib3

        if self._pool is None:
            parts = urlsplit(url)
            proxy = getproxies().get(parts.scheme)
            direct = not proxy or proxy_bypass(parts.hostname or "")
            self._pool = urllib3.PoolManager() if direct else urllib3.ProxyManager(proxy or "")
        pool: urllib3.PoolManager = self._pool
        return pool

    def _headers(self) -> dict[str, str]:
        headers = {"Accept": self.accept, "Accept-Encoding": "gzip", "User-Agent": "idp-assess"}
        parts = urlsplit(self.root)
        if self.token and parts.scheme != "https" and (parts.hostname or "") not in LOOPBACK:
            raise IncompleteError(f"the token in {self.held} is not sent over {parts.scheme}", self.root, "Name the server by https.")
        return {**headers, "Authorization": f"Bearer {self.token}"} if self.token else headers

    def _here(self, url: str, other: str) -> str:
        """A further address, if it is of the same server: the token is for no other. Errors: IncompleteError."""
        if not other:
            return ""
        other = urljoin(url, other)
        if urlsplit(other)[:2] != urlsplit(self.root)[:2]:
            raise IncompleteError(f"the server sends on to another one, {urlsplit(other).hostname}", self.root)
        return other

    def _limited(self, answer: Answer) -> float | None:
        """The seconds until a rate limit has passed; None where the answer is no limit.

        Source: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api,
        https://docs.gitlab.com/administration/settings/user_and_ip_rate_limits/#response-headers
        """
        headers = answer.headers
        spent = "0" in (headers.get("x-ratelimit-remaining"), headers.get("ratelimit-remaining"))
        if answer.status != 429 and not (answer.status in (403, 503) and ("retry-after" in headers or (spent and answer.status == 403))):
            return None
        if (after := headers.get("retry-after", "")).isdigit():
            return float(after)
        reset = headers.get("x-ratelimit-reset") or headers.get("ratelimit-reset") or ""
        return max(1.0, float(reset) - self.clock() + 1) if reset.isdigit() and len(reset) < 12 else 60.0

    def _wait(self, seconds: float) -> None:
        if self._waited + seconds > MAX_WAIT:
            until = datetime.fromtimestamp(min(self.clock() + seconds, 253_402_300_799), UTC)
            more = "" if self.token else f" {self.give} More requests are allowed with one."
            raise IncompleteError(f"the rate limit is used up until {until:%Y-%m-%d %H:%M:%S} UTC", self.root, f"Try again then.{more}")
        self._waited += seconds
        self.sleep(seconds)

    def _told(self, answer: Answer) -> IncompleteError:
        """What an answer that is no success means, and what to do."""
        said = answer.value.get("message", "") if isinstance(answer.value, dict) else answer.value
        said = f" ({clean(str(said))[:200]})" if said else ""
        where = self.root
        if answer.status == 401:
            what = f"the token in {self.held} is refused" if self.token else "the server asks for a token"
            return IncompleteError(f"{what}{said}", where, self.give)
        if answer.status == 403:
            sso = re.search(r"url=(\S+)", answer.headers.get("x-github-sso", ""))
            fix = f"Authorize the token in {self.held} for single sign-on: {clean(sso[1])}" if sso else self.give
            return IncompleteError(f"the server forbids the listing{said}", where, fix)
        if answer.status == 404:
            return NotThere("the server knows no organization, group or person of this name, or does not show it to you", where, self.give)
        if answer.status == 0:
            return IncompleteError(f"the server gives no whole answer{said}", where, "Check the address and the network, then scan again.")
        return IncompleteError(f"the server answers with status {answer.status}{said}", where, "Scan again later.")


def next_page(link: str) -> str:
    """The address of the next page in a `Link` header. Source: https://www.rfc-editor.org/rfc/rfc8288"""
    for part in link[:10_000].split(","):
        address, _, parameters = part.partition(";")
        if re.search(r"\brel=\"?next\"?(?:\s|;|\Z)", parameters):
            return address.strip().strip("<>")
    return ""


def _parsed(status: int, headers: Mapping[str, str], body: bytes) -> Answer:
    import orjson

    try:
        return Answer(status, headers, orjson.loads(body) if body else None)
    except orjson.JSONDecodeError:
        return Answer(status if status != 200 else 0, headers, "not JSON" if status == 200 else None)
