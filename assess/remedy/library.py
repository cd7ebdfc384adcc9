"""The scaffolds that there are: each directory of `remediation/` read once, and refused where it does not check."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from assess.errors import ContentError
from assess.remedy.readers import READERS
from assess.remedy.validate import VALIDATORS
from assess.spec.scaffold import Pins, Scaffold, Variant
from assess.spec.shipped import shipped
from assess.spec.strict import near_miss, read_file


@dataclass(frozen=True)
class Loaded:
    """One scaffold with the text of its templates, by path below `files/`."""

    spec: Scaffold
    root: Path
    templates: Mapping[str, str] = field(repr=False)

    def variant(self, forge: str) -> Variant | None:
        """The variant for a forge, or None."""
        return next((v for v in self.spec.variants if v.forge == forge), None)


@dataclass(frozen=True)
class Library:
    """All scaffolds, by id, and the versions that their files name."""

    scaffolds: Mapping[str, Loaded]
    pins: Pins


def load_library(roots: Iterable[Path] = ()) -> Library:
    """Our scaffolds and those of further directories of the same shape.

    Errors: ContentError with every problem of every file, one a line.
    """
    problems: list[str] = []
    found: dict[str, Loaded] = {}
    ours = shipped("remediation")
    for root in (ours, *roots):
        for path in sorted(root.glob("*/*/scaffold.yaml")):
            loaded = _load(path, root, problems)
            if loaded and loaded.spec.id in found:
                problems.append(f"{path}:1: id: {loaded.spec.id} is taken by {found[loaded.spec.id].root}")
            elif loaded:
                found[loaded.spec.id] = loaded
    if problems:
        raise ContentError("\n".join(problems))
    return Library(found, read_file(ours / "pins.yaml", Pins, ContentError))


def _load(path: Path, root: Path, problems: list[str]) -> Loaded | None:
    try:
        spec = read_file(path, Scaffold, ContentError)
    except ContentError as error:
        problems.append(error.what)
        return None
    files = path.parent / "files"
    templates = {p.relative_to(files).as_posix(): p.read_text(encoding="utf-8") for p in sorted(files.rglob("*.j2"))}
    place = path.parent.relative_to(root).as_posix()
    wrong = [f"id: the directory says {place}"] if spec.id != place else []
    named = [(f"variants.{v.forge}", t) for v in spec.variants for t in (v.before, *(f.template for f in v.files))]
    wrong += [f"{key}: no template files/{name}{near_miss(name, templates)}" for key, name in named if name not in templates]
    readers = [(p.name, p.evidence) for p in spec.params if p.evidence]
    wrong += [f"params.{key}: no reader '{name}'{near_miss(name, READERS)}" for key, name in readers if name not in READERS]
    checks = [name for variant in spec.variants for file in variant.files for name in file.validators]
    wrong += [f"validators: none is called '{name}'{near_miss(name, VALIDATORS)}" for name in checks if name not in VALIDATORS]
    problems += [f"{path}:1: {what}" for what in wrong]
    return None if wrong else Loaded(spec, path.parent, templates)
