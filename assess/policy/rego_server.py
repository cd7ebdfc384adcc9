"""Rego on an OPA server: the same policies, put below `data.idp_assess` under a name of their own, and asked in batches."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from graphlib import CycleError, TopologicalSorter
from typing import Any
from urllib.parse import urlsplit

from assess.errors import UsageError
from assess.policy.catalogue import AGGREGATE, Catalogue, aggregate
from assess.policy.engine import EngineFailed
from assess.policy.rego import Evaluator

SECONDS = 30.0
_STRICT = {"strict-builtin-errors": "true"}
_PACKAGE = re.compile(r"(?m)^package (\S+)$")
_IMPORT = re.compile(r"(?m)^import data\.(\S+)$")
_NAMESPACE = re.compile(r"\b(package |data\.)idp_assess\.")
_FIX = "Check --opa-url and that the server is up, or leave --opa-url out: the policies then run in this process."


def evaluator(catalogue: Catalogue, url: str, *, token: str = "", ca: str = "", seconds: float = SECONDS) -> Evaluator:
    """The policies on a server, ready to be asked.

    They are stored as `idp_assess/<digest>/…`, in packages `idp_assess.v_<digest>…`, so that another version of ours on
    the same server is not disturbed; nothing else is read or written, and what is stored stays for the next run.
    Errors: UsageError for an address that is none; EngineFailed where the server does not take the policies; the
    evaluator raises it for a lost connection, a time-out, a builtin that fails, and an undefined answer.
    """
    client = _client(url, token, ca, seconds)
    version = f"v_{catalogue.manifest.sources[:16]}"
    for name, text in (*_imported_first(catalogue.sources()), ("aggregate.rego", aggregate(catalogue.policies))):
        own = _NAMESPACE.sub(rf"\g<1>idp_assess.{version}.", text)
        _told(partial(client.update_policy_from_string, own, f"idp_assess/{version}/{name}", rego_compat=False))
    package = AGGREGATE.replace("idp_assess.", f"idp_assess.{version}.", 1)

    def evaluate(text: bytes) -> Any:
        asked = json.loads(text)
        answer = _told(lambda: client.query_rule(asked, package_path=package, rule_name="answers", query_params=_STRICT))
        if not isinstance(answer, dict) or "result" not in answer:
            raise EngineFailed("the OPA server answered without a result", fix="An undefined answer is no pass. " + _FIX)
        return answer["result"]

    return evaluate


def _imported_first(sources: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The modules, each after those that it imports: a server compiles what it has with each that it is given."""
    packages = {found[1]: name for name, text in sources.items() if (found := _PACKAGE.search(text))}
    imports = {name: [packages[used] for used in _IMPORT.findall(text) if used in packages] for name, text in sources.items()}
    try:
        order = tuple(TopologicalSorter(imports).static_order())
    except CycleError:  # there is no such order; the server says what it makes of that
        order = tuple(sources)
    yield from ((name, sources[name]) for name in order)


def _client(url: str, token: str, ca: str, seconds: float) -> Any:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/") or parts.query:
        raise UsageError("not the address of an OPA server", "--opa-url", "Give http://HOST:PORT or https://HOST:PORT.")
    if parts.username or parts.password:
        raise UsageError("holds credentials", "--opa-url", "Put the token into the environment variable IDP_ASSESS_OPA_TOKEN.")
    from opa_client import OpaClient

    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    secure = (ca or True) if parts.scheme == "https" else False
    client = OpaClient(host, port=parts.port or 8181, ssl=secure, token=token or None, retries=1, timeout=seconds)
    # Not from the environment: a .netrc entry would replace our token, and a proxy would see the documents.
    # https://requests.readthedocs.io/en/latest/user/authentication/#netrc-authentication
    client._session.trust_env = False
    return client


def _told(call: Callable[[], Any]) -> Any:
    """What the server says. Errors: EngineFailed for everything that the client raises for a failed exchange."""
    from opa_client import errors
    from requests import RequestException

    try:
        return call()
    except RequestException as error:
        status = f" ({error.response.status_code})" if error.response is not None else ""
        raise EngineFailed(f"the OPA server did not answer: {type(error).__name__}{status}", fix=_FIX) from None
    except (errors.RegoParseError, errors.TypeException, ValueError) as error:
        raise EngineFailed(f"the OPA server refused the policies: {type(error).__name__}", fix=_FIX) from None
