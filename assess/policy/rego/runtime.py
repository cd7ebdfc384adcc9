"""What opa-py-wasm calls a runtime, over wasmtime: a store, memory of the size that the module asks for, a deadline.

opa-py-wasm's own starts with two pages of memory whatever the module asks for, and so refuses one whose texts need more
(https://www.openpolicyagent.org/docs/wasm#memory-buffers: the host provides the memory that the module imports).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import wasmtime

PAGE = 65536
_NEVER = 1 << 40
"""Ticks of the deadline that is never reached: what is loaded is not under one."""
_TEXT = 4096
"""How much of a message of the module is read."""
Dispatch = Callable[[int, int, list[int]], int]


class Runtime:
    """One instance of a module. `called` answers for builtins; `pages` is the most memory that it may have.

    Errors: OpaInvalidPolicyError where the module asks for more, or is none of OPA's.
    """

    def __init__(self, engine: wasmtime.Engine, module: wasmtime.Module, called: Dispatch, pages: int) -> None:
        import wasmtime
        from opapywasm import OpaInvalidPolicyError

        self.store = wasmtime.Store(engine)
        self.set_epoch_deadline(_NEVER)
        self.store.set_limits(memory_size=pages * PAGE)
        wanted = next((i.type for i in module.imports if i.name == "memory" and isinstance(i.type, wasmtime.MemoryType)), None)
        if wanted is None or wanted.limits.min > pages:
            raise OpaInvalidPolicyError("not a module of OPA's, or one that needs more memory than it may have")
        try:
            self.memory = wasmtime.Memory(self.store, wasmtime.MemoryType(wasmtime.Limits(wanted.limits.min, pages)))
            self._exports = self._instance(engine, module, called).exports(self.store)
        except (wasmtime.WasmtimeError, wasmtime.Trap) as error:
            raise OpaInvalidPolicyError(f"the module does not start: {error}") from None

    def _instance(self, engine: wasmtime.Engine, module: wasmtime.Module, called: Dispatch) -> wasmtime.Instance:
        import wasmtime

        linker = wasmtime.Linker(engine)
        linker.define(self.store, "env", "memory", self.memory)
        hosted: dict[str, Callable[..., Any]] = {
            "opa_abort": self._aborted, "opa_println": lambda address: None,
            **{f"opa_builtin{n}": lambda number, context, *operands: called(number, context, list(operands)) for n in range(5)},
        }  # fmt: skip
        for wanted in module.imports:
            if isinstance(wanted.type, wasmtime.FuncType) and wanted.name in hosted:
                linker.define(self.store, "env", wanted.name, wasmtime.Func(self.store, wanted.type, hosted[wanted.name]))
        return linker.instantiate(self.store, module)

    def _aborted(self, address: int) -> None:
        from opapywasm import OpaAbortError

        text = bytes(self.memory.read(self.store, address, min(address + _TEXT, self.memory.data_len(self.store))))
        raise OpaAbortError(text.partition(b"\0")[0].decode("utf-8", "replace"))

    def exports(self) -> dict[str, Any]:
        """What the module offers, by name."""
        return dict(self._exports)

    def has_export(self, name: str) -> bool:
        """Whether the module offers something of this name."""
        return self._exports.get(name) is not None

    def get_func(self, name: str) -> wasmtime.Func:
        """A function of the module. Errors: OpaInvalidPolicyError where there is none."""
        import wasmtime
        from opapywasm import OpaInvalidPolicyError

        found = self._exports.get(name)
        if not isinstance(found, wasmtime.Func):
            raise OpaInvalidPolicyError(f"the module has no function {name}")
        return found

    def set_epoch_deadline(self, ticks: int) -> None:
        """End what runs in so many ticks."""
        self.store.set_epoch_deadline(ticks)

    def clear_epoch_deadline(self) -> None:
        """End nothing."""
        self.set_epoch_deadline(_NEVER)

    def close(self) -> None:
        """Give the memory back."""
        self.store.close()
