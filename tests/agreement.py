"""One question put to OPA three ways: compiled and in this process, with `opa eval`, and on a server.

`python -m tests.agreement` prints the table of the shapes in `tests/content/rego_shapes.yaml`.
"""

from __future__ import annotations

import json
import subprocess
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from assess.policy.rego import pack as packs
from assess.policy.rego import server as rego_server
from assess.policy.rego import wasm as rego_wasm
from assess.policy.rego.builtins import REPLACED
from assess.policy.rego.catalogue import AGGREGATE, Catalogue, aggregate
from assess.policy.rego.opa import capabilities
from assess.policy.rego.text import renamed
from tests.opa import opa_server

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
    allowed = capabilities(opa, folder)
    files = {path: path.read_text() for path in folder.rglob("*.rego")}
    for path, text in files.items():
        path.write_text(renamed(text, REPLACED))
    command = [opa, "build", "-t", "wasm", "-e", entrypoint, "-o", folder / "bundle.tar.gz", "--capabilities", allowed, *files]
    subprocess.run(command, cwd=folder, check=True)
    for path, text in files.items():
        path.write_text(text)
    with tarfile.open(folder / "bundle.tar.gz") as bundle:
        member = bundle.extractfile("/policy.wasm")
        assert member is not None
        wasm = member.read()
    (folder / "bundle.tar.gz").unlink()
    allowed.unlink()
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


HEAD = """\
# METADATA
# title: A way to write a policy
# description: It is there to be evaluated three ways.
# related_resources: [https://www.openpolicyagent.org/docs/policy-language]
# custom: {id: SHP-NUMBER, severity: low, reads: github-workflow, message: a shape of Rego, fix: nothing to mend}
package idp_assess.shapes.NAME

"""


def shape_sources(shapes: Mapping[str, Any]) -> dict[str, str]:
    """A pack with one policy a shape, `SHP-001` on."""
    sources = {}
    for number, (name, shape) in enumerate(shapes.items(), 1):
        text = shape if isinstance(shape, str) else shape["rego"]
        head = HEAD.replace("NUMBER", f"{number:03d}").replace("NAME", f"s{number:03d}")
        sources[f"rego/shapes/SHP-{number:03d}-s{number:03d}/policy.rego"] = head + text
        if isinstance(shape, dict) and "lib" in shape:
            sources[f"lib/{name.replace('-', '_')}.rego"] = shape["lib"]
    return sources


def asked(inputs: list[Any]) -> bytes:
    """One question about some inputs."""
    return json.dumps({"documents": [{"kind": "github-workflow", "content": one} for one in inputs]}).encode()


def plainly(opa: Path, folder: Path, catalogue: Catalogue, text: bytes) -> Any:
    """What `opa eval` answers, given the sources of a pack; None where it fails."""
    sources = {**catalogue.sources(), "aggregate.rego": aggregate(catalogue.policies)}
    for name, source in sources.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(source, encoding="utf-8")
    files = [part for name in sources for part in ("-d", str(folder / name))]
    done = subprocess.run(
        [opa, "eval", "-f", "raw", "-I", *files, f"data.{AGGREGATE}.answers"], input=text, capture_output=True, check=False
    )
    return json.loads(done.stdout) if done.returncode == 0 else None


def canonical(answers: Any) -> Any:
    """Answers with their sets in one order."""

    def order(items: Any) -> Any:
        if isinstance(items, dict):
            return {key: order(item) for key, item in items.items()}
        return sorted(map(order, items), key=lambda item: json.dumps(item, sort_keys=True)) if isinstance(items, list) else items

    return order(answers)


@dataclass(frozen=True)
class Agreement:
    """How a table of shapes came out: its size, the answers compared, and the names that differ from `opa eval`, by way."""

    shapes: int
    answers: int
    here: tuple[str, ...]
    server: tuple[str, ...]

    def __str__(self) -> str:
        ways = {"in this process": self.here, "on a server": self.server}
        told = [
            f"  {way}: {self.shapes - len(names)} of {self.shapes} as `opa eval`" + "".join(f"\n    {n}" for n in names)
            for way, names in ways.items()
        ]
        return "\n".join([f"{self.shapes} shapes of Rego, {self.answers} answers", *told])


def agreement(opa: Path, folder: Path) -> Agreement:
    """Every shape asked about every input, three ways."""
    shapes = table("rego_shapes.yaml")
    sources, text, pack = shape_sources(shapes["shapes"]), asked(shapes["inputs"]), Path("shapes")
    compiled_pack = packs.catalogue(pack, sources, [], opa=str(opa))
    here, wanted = canonical(rego_wasm.evaluator(compiled_pack)(text)), canonical(plainly(opa, folder, compiled_pack, text))
    with opa_server(opa, folder) as url:
        server = canonical(rego_server.evaluator(packs.catalogue(pack, sources, [], server=True), url)(text))
    names = {f"SHP-{number:03d}": name for number, name in enumerate(shapes["shapes"], 1)}
    differ = [
        {names[id] for place, answers in wanted.items() for id, found in answers.items() if _text(way[place][id]) != _text(found)}
        for way in (here, server)
    ]
    return Agreement(len(names), sum(map(len, wanted.values())), *(tuple(sorted(one)) for one in differ))


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


if __name__ == "__main__":
    with TemporaryDirectory() as scratch:
        print(agreement(Path(__file__).parents[1] / ".tools" / "bin" / "opa", Path(scratch)))
