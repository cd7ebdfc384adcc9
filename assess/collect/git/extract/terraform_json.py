"""Terraform in its JSON syntax, as the blocks that the same code would be in HCL."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from assess.collect.git.extract.terraform import TerraformFile
from assess.collect.git.file import Extractor, File, Part
from assess.collect.git.hcl import Block, reduced
from assess.model.fact import Fact
from assess.model.gap import Gap
from assess.spec.document import DocumentError

_LABELS = {
    "resource": 2,
    "data": 2,
    "module": 1,
    "provider": 1,
    "variable": 1,
    "output": 1,
    "terraform": 0,
    "locals": 0,
    "moved": 0,
    "import": 0,
}
"""How many labels a block has: so many levels of keys stand above its body."""


def extract(file: File) -> Iterator[Fact | Gap | Part]:
    """The blocks of one file. Source: https://developer.hashicorp.com/terraform/language/syntax/json"""
    try:
        documents = file.documents()
    except DocumentError as error:
        yield file.unreadable(error, "TerraformRoot", "TerraformModule", "ModuleCall", "HelmRelease", under=file.directory)
        return
    for document in documents[:1]:
        blocks = tuple(
            reduced(
                Block(
                    kind,
                    labels,
                    document.line(kind, *labels),
                    "\n".join(_lines(" ".join([kind, *(f'"{label}"' for label in labels)]), body)),
                )
            )
            for kind, levels in _LABELS.items()
            if isinstance(document.value, dict)
            for labels, body in _bodies(document.value.get(kind), levels)
        )
        if blocks:
            yield TerraformFile(file.path, file.at(min(block.line for block in blocks)), file.directory, blocks, 0)


def _bodies(value: Any, levels: int) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """The labels and the body of each block; a list stands for several blocks wherever it stands."""
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, dict) and levels == 0:
            yield (), one
        elif isinstance(one, dict):
            for label, inner in one.items():
                for labels, body in _bodies(inner, levels - 1):
                    yield (str(label), *labels), body


def _lines(head: str, body: dict[str, Any]) -> Iterator[str]:
    """A block as HCL would write it, one attribute a line."""
    yield f"{head} {{"
    for key, value in body.items():
        nested = [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, dict)]
        for item in nested:
            if key == "backend":  # the one block inside `terraform` with a label
                for label, inner in item.items():
                    yield from _lines(f'backend "{label}"', inner if isinstance(inner, dict) else {})
            else:
                yield from _lines(str(key), item)
        if not nested:
            yield f"  {key} = {json.dumps(value)}"
    yield "}"


TERRAFORM_JSON = Extractor(
    name="terraform-json", run=extract, suffixes=(".json",), places=(".tf.json", ".tofu.json"), within=re.compile(r"\.(tf|tofu)\.json$")
)
