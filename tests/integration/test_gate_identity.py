"""Which finding is the same one, as properties over generated changes: what only moves is unchanged, what is one more is new."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assess.gate import gate
from assess.policy.gate.result import GateResult, State
from tests.worlds import commit

pytestmark = pytest.mark.usefixtures("one_policy")
some = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
NUMBER = count()


@dataclass(frozen=True)
class Job:
    """A job that applies. open: nothing protects it, which is the one violation here."""

    name: str
    open: bool
    steps: int = 1

    def text(self, indent: int) -> str:
        """The job as YAML; `indent` is how deep its keys are."""
        space = " " * indent
        guard = "" if self.open else f"{space * 2}environment: production\n"
        steps = f"{space * 2}  - run: terraform apply tfplan\n" * self.steps
        return f"{space}{self.name}:\n{guard}{space * 2}steps:\n{steps}"


@dataclass(frozen=True)
class File:
    """A workflow. lines: comments and empty lines above each job."""

    jobs: tuple[Job, ...]
    indent: int = 2
    lines: int = 0

    @property
    def text(self) -> str:
        """The workflow as YAML."""
        return "on: push\njobs:\n" + "".join("# x\n\n" * self.lines + job.text(self.indent) for job in self.jobs)

    @property
    def violations(self) -> int:
        """How many jobs nothing protects."""
        return sum(job.open for job in self.jobs)


World = Mapping[str, File]
names = st.sampled_from(["apply", "plan", "deploy", "release"])
jobs = st.builds(Job, name=names, open=st.booleans(), steps=st.integers(1, 2))
files = st.builds(
    File, jobs=st.lists(jobs, min_size=1, max_size=3, unique_by=lambda job: job.name).map(tuple), indent=st.sampled_from([2, 4]),
    lines=st.integers(0, 2),
)  # fmt: skip
worlds = st.dictionaries(st.sampled_from(["a", "b", "c"]), files, min_size=1)


def judged(tmp_path: Path, before: World, after: World) -> GateResult:
    """The verdict on a change from one world to another."""
    path = tmp_path / f"shop{next(NUMBER)}"
    for number, world in enumerate((before, after)):
        commit(path, {f".github/workflows/{name}.yml": file.text for name, file in world.items()} | {"number": str(number)})
    return gate(path, "HEAD~1", engines=("rego",))


def violations(world: World) -> int:
    """How many jobs nothing protects."""
    return sum(file.violations for file in world.values())


@some
@given(worlds, worlds)
def test_no_violation_is_ever_lost(tmp_path: Path, before: World, after: World) -> None:
    """Whatever is paired with what: as many more as there are, so many more are new than are resolved."""
    result = judged(tmp_path, before, after)
    assert len(result.of(State.NEW)) - len(result.of(State.RESOLVED)) == violations(after) - violations(before)
    assert result.of(State.INCOMPARABLE) == ()


@some
@given(worlds, st.sampled_from([2, 4]), st.integers(0, 3))
def test_moved_and_reindented_lines_are_unchanged(tmp_path: Path, world: World, indent: int, lines: int) -> None:
    moved = {name: replace(file, indent=indent, lines=lines, jobs=file.jobs[::-1]) for name, file in world.items()}
    result = judged(tmp_path, world, moved)
    assert (result.of(State.NEW), result.of(State.RESOLVED)) == ((), ())


@some
@given(worlds, st.integers(0, 1))
def test_renamed_files_are_unchanged_also_where_lines_moved_in_them(tmp_path: Path, world: World, lines: int) -> None:
    longer = {name: replace(file, jobs=(*file.jobs, Job(f"only-{name}", False, steps=20))) for name, file in world.items()}
    renamed = {f"new-{name}": replace(file, lines=file.lines + lines) for name, file in longer.items()}
    result = judged(tmp_path, longer, renamed)
    assert (result.of(State.NEW), result.of(State.RESOLVED)) == ((), ())


@some
@given(worlds, st.integers(1, 3))
def test_a_copy_is_new_as_often_as_it_was_made(tmp_path: Path, world: World, copies: int) -> None:
    first = next(iter(world))
    after = {**world, **{f"copy{number}": world[first] for number in range(copies)}}
    result = judged(tmp_path, world, after)
    assert len(result.of(State.NEW)) == copies * world[first].violations
    assert all("copy" in one.finding.at.path for one in result.of(State.NEW))


@some
@given(files, st.integers(2, 3))
def test_a_file_that_became_several_is_new_in_all_of_them_but_those_that_hold_its_text(tmp_path: Path, file: File, parts: int) -> None:
    """Which of them is the old one cannot be told, unless git says that one was renamed."""
    there = {"a": File((Job("apply", True),)), "keep": file}
    split = {
        f"part{number}": File((Job("apply", True), *(Job(f"x{number}{n}", False, steps=9) for n in range(9)))) for number in range(parts)
    }
    result = judged(tmp_path, there, {"keep": file, **split})
    assert len(result.of(State.NEW)) == parts


# --- Terraform: a directory is a module -------------------------------------------------------------------------

BUCKET = 'resource "aws_s3_bucket" "{name}" {{\n  bucket = "{name}"\n}}\n'


def module(*names: str, pad: int = 0) -> str:
    """A module's file, with some lines that violate nothing."""
    return "".join(BUCKET.format(name=name) for name in names) + "".join(f'variable "v{n}" {{}}\n' for n in range(pad))


def by_checkov(tmp_path: Path, before: dict[str, str], after: dict[str, str]) -> GateResult:
    """The verdict of checkov on a change; it takes seconds, so these are examples and no generated ones."""
    path = tmp_path / "shop"
    commit(path, before)
    commit(path, after)
    return gate(path, "HEAD~1", engines=("checkov",))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"main.tf": module("a", "b")}, {"main.tf": module("b"), "more.tf": module("a")}),
        ({"net/main.tf": module("a", pad=3)}, {"modules/net/main.tf": module("a", pad=3)}),
        ({"net/main.tf": module("a", "b", pad=9), "x.tf": ""}, {"modules/net/all.tf": "\n\n" + module("b", "a", pad=9), "x.tf": ""}),
    ],
    ids=["to another file of the module", "module moved", "module moved, renamed and reordered"],
)
def test_moved_resources_and_modules_are_unchanged(tmp_path: Path, before: dict[str, str], after: dict[str, str]) -> None:
    result = by_checkov(tmp_path, before, after)
    assert (result.of(State.NEW), result.of(State.RESOLVED)) == ((), ())
    assert result.of(State.UNCHANGED)


def test_a_duplicated_resource_and_a_copied_module_are_new(tmp_path: Path) -> None:
    before = {"net/main.tf": module("a")}
    result = by_checkov(tmp_path, before, {"net/main.tf": module("a", "b"), "copy/main.tf": module("a")})
    found = {(one.finding.at.path, one.finding.address) for one in result.of(State.NEW)}
    assert found == {("net/main.tf", "aws_s3_bucket.b"), ("copy/main.tf", "aws_s3_bucket.a")}
    assert {one.finding.address for one in result.of(State.UNCHANGED)} == {"aws_s3_bucket.a"}
