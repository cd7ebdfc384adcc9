"""The only writer: rendered files into a directory, all of them or none, and never over a file that is not ours.

A file is ours if `.idp/manifest.json` names it and its content is still what was written. One that was edited since
is not overwritten either: merging the two is a person's work until this tool can do it.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath
from tempfile import mkdtemp

from assess.errors import IncompleteError, UsageError
from assess.model.target import Location
from assess.remedy.plan import Answers, Step
from assess.remedy.render import Rendered
from assess.spec.scaffold import Answer, ManagedFile, Manifest, ParamsFile
from assess.spec.strict import parse

MANIFEST, PARAMS = ".idp/manifest.json", ".idp/params.yaml"
_HEAD = (
    "# Written by idp-assess: the values of the generated files, each with the place that says so.\n"
    "# To change one, set `value`, and `source: user`; then render again.\n"
)


@dataclass(frozen=True, slots=True)
class Difference:
    """What stands in a directory against what would be written. state: same, new, ours (to be renewed), edited, foreign."""

    path: str
    state: str


def contents(steps: Sequence[Step], files: Sequence[Rendered], output: Path) -> dict[str, bytes]:
    """Everything that is written, by path: the files, the manifest and the parameters.

    What the manifest and the parameters in `output` say of other nodes is kept.
    """
    by_node = {step.node: step for step in steps}
    managed = {path: entry for path, entry in manifest(output).files.items() if entry.node not in by_node}
    managed |= {file.path: _entry(file, by_node[file.node]) for file in files}
    entries = Manifest(files=dict(sorted(managed.items())))
    nodes = {node: answers for node, answers in _params(output).nodes.items() if node not in by_node}
    nodes |= {step.node: _answers(step) for step in steps}
    return {
        **{file.path: file.content for file in files},
        MANIFEST: (json.dumps(entries.model_dump(mode="json", by_alias=True), indent=2) + "\n").encode(),
        PARAMS: _yaml(ParamsFile(nodes=dict(sorted(nodes.items())))),
    }


def answers(text: bytes | None, name: str) -> Answers:
    """What a person answered in a params file: node -> parameter -> value. Errors: UsageError where it is none."""
    found = parse(text, name, ParamsFile) if text else ParamsFile()
    return {
        node: {key: _plain(answer.value) for key, answer in params.items() if answer.source == "user"}
        for node, params in found.nodes.items()
    }


def manifest(output: Path) -> Manifest:
    """The manifest of a directory; empty where there is none. Errors: UsageError where it does not check."""
    path = output / MANIFEST
    return parse(path.read_bytes(), str(path), Manifest) if path.is_file() else Manifest()


def compare(wanted: Mapping[str, bytes], output: Path) -> tuple[Difference, ...]:
    """What each file is in the directory now.

    Errors: UsageError for a path that leads through a symlink or out of the directory.
    """
    known = manifest(output).files
    return tuple(
        Difference(path, _state(_inside(output, path), content, known.get(path), path)) for path, content in sorted(wanted.items())
    )


def write(wanted: Mapping[str, bytes], output: Path) -> tuple[Difference, ...]:
    """What was written: every file, or none.

    Errors: IncompleteError that names each file in the way; then nothing was touched.
    """
    differences = compare(wanted, output)
    in_the_way = [d for d in differences if d.state in ("edited", "foreign")]
    if in_the_way:
        why = {"edited": "was edited since it was written", "foreign": "was not written by idp-assess"}
        lines = "\n".join(f"  {d.path} {why[d.state]}" for d in in_the_way)
        raise IncompleteError(
            f"nothing was written, for these are in the way:\n{lines}", str(output), "Move them away, or name another --output."
        )
    _replace({d.path: wanted[d.path] for d in differences if d.state != "same"}, output)
    return differences


def _state(path: Path, content: bytes, entry: ManagedFile | None, name: str) -> str:
    if not path.exists():
        return "new"
    now = path.read_bytes() if path.is_file() else None
    if now == content:
        return "same"
    if name in (MANIFEST, PARAMS) and now is not None:
        return "ours"
    if entry is None or now is None:
        return "foreign"
    return "ours" if sha256(now).hexdigest() == entry.base else "edited"


def _inside(output: Path, path: str) -> Path:
    parts = PurePosixPath(path).parts
    if not parts or path.startswith("/") or ".." in parts or ".git" in parts:
        raise UsageError(f"a scaffold may not write {path!r}")
    place = output
    for part in parts:
        place = place / part
        if place.is_symlink():
            raise UsageError("is a symlink; nothing is written through one", str(place), "Name another --output.")
    return place


def _replace(files: Mapping[str, bytes], output: Path) -> None:
    """Stage everything beside the places it goes to, then move it there; whatever interrupts that is undone."""
    made = _make(output)
    stage = Path(mkdtemp(prefix=".idp-partial-", dir=output))
    done: list[tuple[Path, Path | None]] = []
    try:
        for number, content in enumerate(files.values()):
            (stage / f"{number}.new").write_bytes(content)
        for number, path in enumerate(files):
            place, old = output / path, stage / f"{number}.old"
            made += _make(place.parent)
            kept = place.exists()
            if kept:
                shutil.copy2(place, old)
            done.append((place, old if kept else None))
            os.replace(stage / f"{number}.new", place)
    except BaseException:
        _undo(done)
        shutil.rmtree(stage, ignore_errors=True)
        for directory in reversed(made):
            directory.rmdir()
        raise
    shutil.rmtree(stage)


def _undo(done: Iterable[tuple[Path, Path | None]]) -> None:
    for place, old in done:
        if old is not None:
            os.replace(old, place)
        else:
            place.unlink(missing_ok=True)


def _make(directory: Path) -> list[Path]:
    """The directories that had to be made for this one, outermost first."""
    missing = [d for d in [directory, *directory.parents] if not d.exists()][::-1]
    for one in missing:
        one.mkdir()
    return missing


def _entry(file: Rendered, step: Step) -> ManagedFile:
    return ManagedFile(
        node=step.node, scaffold=step.scaffold, version=step.version, base=sha256(file.content).hexdigest(), fixes=step.fixes,
        findings=tuple(f"{at.path}:{at.line}" for at in step.findings),
    )  # fmt: skip


def _answers(step: Step) -> dict[str, Answer]:
    return {
        p.name: Answer.model_validate({"value": p.value, "source": p.source, "at": tuple(map(_place, p.at)), "note": p.note})
        for p in step.params
    }


def _place(at: Location) -> str:
    return f"{at.path}:{at.line}" if at.path else "the clone"


def _params(output: Path) -> ParamsFile:
    path = output / PARAMS
    return parse(path.read_bytes(), str(path), ParamsFile) if path.is_file() else ParamsFile()


def _yaml(params: ParamsFile) -> bytes:
    import yaml

    value = params.model_dump(mode="json", exclude_defaults=False)
    for answers in value["nodes"].values():
        for answer in answers.values():
            for key in ("at", "note"):
                if not answer[key]:
                    del answer[key]
    return (_HEAD + yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=200)).encode()


def _plain(value: object) -> object:
    return [_plain(part) for part in value] if isinstance(value, tuple) else value
