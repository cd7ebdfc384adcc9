"""The proof of a plan: real validators on the files, and a rescan of the commit with the files laid over it.

The overlay is a commit in a temporary bare repository that borrows the target's objects (git's alternates), so that
nothing is ever written to the target. It raises the declared reading only; the run that confirms it is named.
Source: https://git-scm.com/docs/gitrepository-layout (objects/info/alternates)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from assess.collect.git.libgit2 import git
from assess.model.assessment import Assessment
from assess.model.outcome import Reading
from assess.model.target import Target
from assess.place import quantile
from assess.remedy.plan import Plan, Step
from assess.remedy.render import Rendered
from assess.remedy.validate import Checked, check

if TYPE_CHECKING:
    import pygit2

Rescan = Callable[[Path, str], Assessment]
"""The assessment of a repository at a path, under a label."""
Levels = tuple[int, int]


@dataclass(frozen=True, slots=True)
class UnitChange:
    """One unit that existed before, in its declared reading."""

    unit: str
    before: Levels
    after: Levels


@dataclass(frozen=True, slots=True)
class Fixed:
    """One rule that a step says it fixes, and what the rescan says of it."""

    rule: str
    unit: str
    result: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What was shown of the rendered files.

    level: the highest of P0 to P4 that every file reached without a break. rises: P5, every step's unit is where its
    scaffold says and no unit fell. before, after: the subject's declared interval over the units that existed before.
    """

    checks: tuple[Checked, ...]
    level: int
    rises: bool
    before: Levels
    after: Levels
    units: tuple[UnitChange, ...]
    fixed: tuple[Fixed, ...]
    appeared: tuple[str, ...] = ()
    troubles: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Nothing failed; what is missing is named, and lowers the level only."""
        return self.rises and not self.troubles and all(c.result != "fail" for c in self.checks)


def prove(
    plan: Plan, steps: Sequence[Step], files: Sequence[Rendered], *, assessment: Assessment, target: Target, repository: Path,
    rescan: Rescan,
) -> Proof:  # fmt: skip
    """The proof of some steps of a plan. repository: where the target's objects are; it is only read."""
    checks = tuple(check(name, file.path, file.content) for file in files for name in file.validators)
    with TemporaryDirectory(prefix="idp-assess-") as folder:
        copy = overlay(repository, target, {file.path: file.content for file in files}, Path(folder) / "copy.git")
        after = rescan(copy, target.label)
    before_units = {p.unit: p.declared for p in assessment.units if p.target == target.label}
    after_units = {p.unit: p.declared for p in after.units if p.target == target.label}
    changes = tuple(UnitChange(unit, levels, after_units.get(unit, (0, 0))) for unit, levels in before_units.items())
    reached = all(after_units.get(step.unit, (0, 0))[0] >= step.to for step in steps)
    fell = [f"{c.unit} fell from {c.before[0]} to {c.after[0]}" for c in changes if c.after[0] < c.before[0]]
    return Proof(
        checks=checks, level=_level(checks), rises=bool(steps) and reached and not fell, before=plan.levels,
        after=quantile([c.after for c in changes], after.tau) if changes else plan.levels, units=changes,
        fixed=tuple(fixed for step in steps for fixed in _fixed(step, after)),
        appeared=tuple(sorted(after_units.keys() - before_units.keys())),
        troubles=(*fell, *_new_gaps(assessment, after, files)),
    )  # fmt: skip


def overlay(source: Path, target: Target, files: Mapping[str, bytes], into: Path) -> Path:
    """A bare repository whose HEAD is the target's commit with the files laid over it, without `.idp/`."""
    pygit2 = git()
    original = pygit2.Repository(str(source), pygit2.enums.RepositoryOpenFlag.NO_SEARCH)
    pygit2.init_repository(str(into), bare=True, initial_head=target.branch or "main")
    (into / "objects" / "info" / "alternates").write_text(f"{_objects(Path(original.path))}\n", encoding="utf-8")
    if (shallow := _common(Path(original.path)) / "shallow").is_file():
        (into / "shallow").write_bytes(shallow.read_bytes())
    copy = pygit2.Repository(str(into), pygit2.enums.RepositoryOpenFlag.NO_SEARCH)
    commit = copy[target.commit]
    laid = {tuple(path.split("/")): content for path, content in files.items()}
    tree = _laid_over(copy, copy.get(commit.tree_id), laid, top=True)
    author = pygit2.Signature("idp-assess", "idp-assess@localhost", commit.commit_time, 0)
    made = copy.create_commit(f"refs/heads/{target.branch or 'main'}", author, author, "Rendered files", tree, [commit.id])
    for name in original.references:
        if name.startswith("refs/tags/"):
            copy.references.create(name, made)
    if target.remote:
        copy.remotes.create("origin", target.remote)
    return into


def _laid_over(
    repository: pygit2.Repository, tree: pygit2.Object | None, files: Mapping[tuple[str, ...], bytes], top: bool = False
) -> pygit2.Oid:
    """A tree with the files added, only the directories on their way rebuilt."""
    pygit2 = git()
    builder = repository.TreeBuilder(tree) if isinstance(tree, pygit2.Tree) else repository.TreeBuilder()
    for name in {path[0] for path in files}:
        inside = {path[1:]: content for path, content in files.items() if path[0] == name and len(path) > 1}
        if inside:
            entry = tree[name] if isinstance(tree, pygit2.Tree) and name in tree else None
            builder.insert(name, _laid_over(repository, entry, inside), pygit2.enums.FileMode.TREE)
        else:
            builder.insert(name, repository.create_blob(files[(name,)]), pygit2.enums.FileMode.BLOB)
    if top and builder.get(".idp") is not None:
        builder.remove(".idp")
    return builder.write()


def _common(directory: Path) -> Path:
    """The directory that holds the objects: that of the main work tree, for a linked one."""
    link = directory / "commondir"
    return (directory / link.read_text(encoding="utf-8").strip()).resolve() if link.is_file() else directory.resolve()


def _objects(directory: Path) -> Path:
    return _common(directory) / "objects"


def _level(checks: Sequence[Checked]) -> int:
    """The highest level up to which every declared check passed; a level without a check ends it."""
    level = 0
    for wanted in range(1, 5):
        results = [c.result for c in checks if c.level == wanted]
        if not results or any(result != "pass" for result in results):
            break
        level = wanted
    return level


def _fixed(step: Step, after: Assessment) -> list[Fixed]:
    found = {o.rule: o.result.value for o in after.outcomes if o.unit == step.unit and o.reading is Reading.DECLARED}
    return [Fixed(rule, step.unit, found.get(rule, "not asked")) for rule in step.fixes]


def _new_gaps(before: Assessment, after: Assessment, files: Sequence[Rendered]) -> list[str]:
    ours = {file.path for file in files}
    known = {(gap.at, gap.what) for gap in before.gaps}
    new = [gap for gap in after.gaps if gap.at.path in ours and (gap.at, gap.what) not in known]
    return [f"the rescan cannot read what was rendered: {gap.at}: {gap.what}" for gap in new]
