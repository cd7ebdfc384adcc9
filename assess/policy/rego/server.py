"""Rego on an OPA server: the same policies, put below `data.idp_assess` under a name of their own, and asked in batches."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from graphlib import CycleError, TopologicalSorter
from typing import Any
from urllib.parse import quote, urlsplit

from assess.errors import UsageError
from assess.policy.engine import EngineFailed
from assess.policy.rego.catalogue import AGGREGATE, Catalogue, aggregate, digest
from assess.policy.rego.engine import Evaluator
from assess.policy.rego.text import names, namespaced, package

SECONDS = 30.0
SHOWN = 600
"""How much of a server's own words is shown."""
_FIX = "Check --opa-url and that the server is up, or leave --opa-url out: the policies then run in this process."


def evaluator(catalogue: Catalogue, url: str, *, token: str = "", ca: str = "", seconds: float = SECONDS) -> Evaluator:
    """The policies on a server, ready to be asked.

    They are stored as `idp_assess/<digest>/…`, in packages `idp_assess.v_<digest>…`, so that another version of ours on
    the same server is not disturbed; nothing else is read or written, and what is stored stays for the next run.
    A builtin that fails is undefined, as it is in OPA unless it is told otherwise, and as it is in this process.
    Errors: UsageError for an address that is none; EngineFailed where the server does not take the policies; the
    evaluator raises it for a lost connection, a time-out, a redirect, an error of the server, and an undefined answer.
    """
    client = _client(url, token, ca, seconds)
    modules = {**_imported_first(catalogue.sources()), "aggregate.rego": aggregate(catalogue.policies)}
    version = f"v_{digest(modules)[:16]}"
    for name, text in modules.items():
        own, place = namespaced(text, version), f"idp_assess/{version}/{quote(name)}"
        _told(partial(client.update_policy_from_string, own, place, rego_compat=False), token)
    answers = AGGREGATE.replace("idp_assess.", f"idp_assess.{version}.", 1)

    def evaluate(text: bytes) -> Any:
        asked = json.loads(text)
        answer = _told(lambda: client.query_rule(asked, package_path=answers, rule_name="answers"), token)
        if not isinstance(answer, dict) or "result" not in answer:
            raise EngineFailed("the OPA server answered without a result", fix="An undefined answer is no pass. " + _FIX)
        return answer["result"]

    return evaluate


def _imported_first(sources: Mapping[str, str]) -> dict[str, str]:
    """The modules, each after those that it uses: a server compiles what it has with each that it is given."""
    packages = {package(text): name for name, text in sources.items()}
    used = {name: {packages[one] for one in names(text) if one in packages} - {name} for name, text in sources.items()}
    try:
        return {name: sources[name] for name in TopologicalSorter(used).static_order()}
    except CycleError:  # there is no such order; the server says what it makes of that
        return dict(sources)


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
    client._session.max_redirects = 0  # an answer from elsewhere is none, and a token goes nowhere else
    return client


def _told(call: Callable[[], Any], token: str) -> Any:
    """What the server says. Errors: EngineFailed for everything that the client raises for a failed exchange.

    AttributeError, KeyError, TypeError: the client takes an error for an object with certain keys, whatever the server sent.
    """
    from opa_client import errors
    from requests import RequestException

    try:
        return call()
    except RequestException as error:
        status = f" ({error.response.status_code})" if error.response is not None else ""
        raise EngineFailed(f"the OPA server did not answer: {type(error).__name__}{status}", fix=_FIX) from None
    except errors.RegoParseError as error:
        words = str(error).replace(token, "…") if token else str(error)
        raise EngineFailed(f"the OPA server refused the policies: {words[:SHOWN]}", fix=_FIX) from None
    except (errors.TypeException, ValueError, AttributeError, KeyError, TypeError) as error:
        raise EngineFailed(f"the OPA server did not answer as OPA does: {type(error).__name__}", fix=_FIX) from None
