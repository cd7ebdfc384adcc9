"""Rego in this process: the module that OPA compiled, under a deadline and a memory cap. WebAssembly has no I/O to use."""

from __future__ import annotations

from typing import Any

from assess.collect.cache import Cache
from assess.policy.engine import EngineFailed
from assess.policy.rego.builtins import BUILTINS
from assess.policy.rego.catalogue import AGGREGATE, Catalogue
from assess.policy.rego.engine import Evaluator
from assess.policy.rego.text import lines

SECONDS = 10.0
MEMORY_PAGES = 4096
"""Of 64 KiB: 256 MiB."""
INPUT_BYTES = 64_000_000
ENTRYPOINT = AGGREGATE.replace(".", "/") + "/answers"


def evaluator(
    catalogue: Catalogue, *, seconds: float = SECONDS, pages: int = MEMORY_PAGES, cache: Cache | None = None
) -> Evaluator:  # fmt: skip
    """The compiled policies, ready to be asked. cache: where machine code is kept; only the user may write to it.

    Errors: EngineFailed where the module is not sound or needs a builtin that nobody provides; the evaluator raises it
    for a deadline, the memory cap, a builtin that does not do as OPA's, and an answer that is undefined.
    """
    from opapywasm import OpaWasmError, PolicyConfig

    from assess.policy.rego.host import Host

    config = PolicyConfig(
        pool_size=1, eval_timeout_seconds=seconds, max_memory_pages=pages, max_input_bytes=INPUT_BYTES,
        max_result_bytes=INPUT_BYTES, max_cstring_scan_bytes=INPUT_BYTES, parse_raw_json_input=False,
    )  # fmt: skip
    try:
        host = Host(catalogue.module(), config, cache)
    except OpaWasmError as error:
        raise EngineFailed(f"the compiled policies do not load: {error}", fix="Install idp-assess again.") from None
    if missing := sorted(host.needs - BUILTINS.keys()):
        raise EngineFailed(f"builtins that are not there: {_named(catalogue, missing)}", fix=_MISSING)
    if ENTRYPOINT not in host.entrypoints:
        raise EngineFailed("the compiled policies have no entrypoint of ours", fix="Install idp-assess again.")

    def evaluate(text: bytes) -> Any:
        try:
            return host.evaluate(text, ENTRYPOINT)
        except OpaWasmError as error:
            raise EngineFailed(f"the policies could not be evaluated: {type(error).__name__}: {error}") from None
        except LookupError:
            raise EngineFailed("the policies gave no answer", fix="An undefined answer is no pass.") from None

    return evaluate


_MISSING = "Write the policy without them, or let an OPA server evaluate it with --opa-url."


def _named(catalogue: Catalogue, builtins: list[str]) -> str:
    """Builtins with the places that call them."""
    sources = catalogue.sources().items()
    places = [f"{name}:{line}: {one}" for one in builtins for name, text in sources for line in lines(text, one)]
    return "; ".join(places or builtins)
