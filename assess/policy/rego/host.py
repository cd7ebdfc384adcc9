"""The host of a compiled module: its builtins, its memory, its deadline."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

from assess.collect.cache import Cache
from assess.policy.rego.builtins import BUILTINS
from assess.policy.rego.go_time import now_ns
from assess.policy.rego.runtime import Runtime
from assess.policy.rego.value import Missing, Undefined, encoded, read

if TYPE_CHECKING:
    import wasmtime
    from opapywasm import PolicyConfig
    from opapywasm.instance import OpaPolicyInstance


class Host:
    """One compiled module, ready to be asked.

    opa-py-wasm gives it memory, deadline and entrypoints; builtins are called from here, because a set has to reach them as
    a set, and an undefined answer has to be one (its own dispatch hands over JSON, and knows only errors).
    Errors: OpaWasmError where the module is not sound.
    """

    def __init__(self, wasm: bytes, config: PolicyConfig, cache: Cache | None = None) -> None:
        import wasmtime
        from opapywasm.runtime import EpochTicker

        settings = wasmtime.Config()
        settings.epoch_interruption = True
        self._engine = wasmtime.Engine(settings)
        self._module = _compiled(self._engine, wasm, cache)
        self._config = config
        self.epoch = EpochTicker(self._engine)
        self._instance = self._made()
        self._names = {number: name for name, number in self._instance.builtins().items()}
        self.entrypoints = self._instance.entrypoints()

    @property
    def needs(self) -> frozenset[str]:
        """The builtins that the module asks its host for."""
        return frozenset(self._names.values())

    def evaluate(self, text: bytes, entrypoint: str) -> Any:
        """The value of an entrypoint for an input. Errors: OpaWasmError; LookupError where it is undefined."""
        if self._instance.poisoned:
            self._instance.close()
            self._instance = self._made()
        self._now = now_ns()  # one time for a whole evaluation, as in OPA
        results = self._instance.evaluate(text, self.entrypoints[entrypoint])
        if not isinstance(results, list) or not results:
            raise LookupError(entrypoint)
        return results[0]["result"]  # type: ignore[call-overload, index]

    def create_runtime(self, builtin_dispatch: Any = None) -> Runtime:
        """The runtime of a new instance, which asks us for builtins."""
        self._runtime = Runtime(self._engine, self._module, self._called, self._config.max_memory_pages or 1)
        return self._runtime

    def _made(self) -> OpaPolicyInstance:
        from opapywasm.abi import OpaAbiSpec
        from opapywasm.instance import OpaPolicyInstance

        return OpaPolicyInstance(self, self._config, OpaAbiSpec(), epoch=self.epoch)  # type: ignore[arg-type]

    def _called(self, number: int, context: int, addresses: list[int]) -> int:
        """The address of a builtin's answer; 0 is undefined."""
        from opapywasm import OpaBuiltinError

        name = self._names[number]
        try:
            answer = self._now if name == "time.now_ns" else BUILTINS[name](*(read(self._dumped(address)) for address in addresses))
            made = encoded(answer).encode()
        except Undefined:
            return 0
        except Missing as missing:
            raise OpaBuiltinError(f"{name} is not the same here as in OPA for: {missing}") from None
        except RecursionError:
            raise OpaBuiltinError(f"{name} was given a value that is too deep") from None
        return self._call("opa_value_parse", self._instance.codec.write_bytes(made), len(made))

    def _dumped(self, address: int) -> str:
        return self._instance.codec.read_cstring(self._call("opa_value_dump", address)).decode()

    def _call(self, name: str, *arguments: int) -> int:
        from opapywasm import OpaBuiltinError

        found = int(self._runtime.get_func(name)(self._runtime.store, *arguments))
        if found <= 0:
            raise OpaBuiltinError(f"{name} failed")
        return found


def _compiled(engine: wasmtime.Engine, wasm: bytes, cache: Cache | None) -> wasmtime.Module:
    """The module as machine code: from the cache, or compiled and kept.

    Machine code is run as it is, so only a cache that nobody but the user writes may be given. Its digest guards against
    damage; wasmtime refuses what another version or another processor made.
    """
    import wasmtime
    from opapywasm import OpaWasmError

    key = sha256(b"rego-module\0" + wasm).digest()
    kept = None if cache is None else cache.get(key)
    if kept is not None and sha256(kept[32:]).digest() == kept[:32]:
        try:
            return wasmtime.Module.deserialize(engine, kept[32:])
        except wasmtime.WasmtimeError:
            pass
    try:
        wasmtime.Module.validate(engine, wasm)
        module = wasmtime.Module(engine, wasm)
    except wasmtime.WasmtimeError as error:
        raise OpaWasmError(f"not a WebAssembly module: {error}") from None
    if cache is not None:
        code = bytes(module.serialize())
        cache.put(key, sha256(code).digest() + code)
    return module
