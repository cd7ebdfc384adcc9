"""One question put to OPA three ways: compiled and in this process, with `opa eval`, and on a server."""

from __future__ import annotations

import json
import subprocess
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

CONTENT = Path(__file__).parent / "content"


def builtin_module(table: Mapping[str, list[list[Any]]]) -> tuple[str, dict[str, Any]]:
    """A module with one rule a call, `answers["NAME 3"]`, and the input that it reads its operands from."""
    lines, operands = ["package calls\n"], {}
    for name, calls in table.items():
        for number, call in enumerate(calls):
            parts = []
            for position, operand in enumerate(call):
                place = f"{name} {number} {position}"
                if _literal(operand):
                    parts.append(_rego(operand))
                else:
                    operands[place] = operand
                    parts.append(f"input[{json.dumps(place)}]")
            lines.append(f"answers[{json.dumps(f'{name} {number}')}] := {name}({', '.join(parts)})\n")
    return "\n".join(lines), operands


def _literal(value: Any) -> bool:
    if isinstance(value, dict):
        return set(value) == {"rego"} or any(map(_literal, value.values()))
    return isinstance(value, list) and any(map(_literal, value))


def _rego(value: Any) -> str:
    if isinstance(value, dict) and set(value) == {"rego"}:
        return str(value["rego"])
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)}: {_rego(item)}" for key, item in value.items()) + "}"
    return "[" + ", ".join(map(_rego, value)) + "]" if isinstance(value, list) else json.dumps(value)


def compiled(opa: Path, folder: Path, entrypoint: str) -> bytes:
    """The module that OPA makes of a folder of policies."""
    subprocess.run([opa, "build", "-t", "wasm", "-e", entrypoint, "-o", folder / "bundle.tar.gz", "."], cwd=folder, check=True)
    with tarfile.open(folder / "bundle.tar.gz") as bundle:
        member = bundle.extractfile("/policy.wasm")
        assert member is not None
        wasm = member.read()
    (folder / "bundle.tar.gz").unlink()
    return wasm


def evaluated(opa: Path, folder: Path, query: str, asked: Any) -> Any:
    """What `opa eval` says."""
    command = [opa, "eval", "-f", "raw", "-I", "-d", folder, query]
    done = subprocess.run(command, input=json.dumps(asked).encode(), capture_output=True, check=False)
    assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()
    return json.loads(done.stdout)


def table(name: str) -> Any:
    """A table of `tests/content`."""
    return yaml.safe_load((CONTENT / name).read_text(encoding="utf-8"))
