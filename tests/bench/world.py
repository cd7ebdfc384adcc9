"""A synthetic repository for benchmarks: the same bytes each time, packed as a clone would be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import pygit2

WORKFLOW = "on: {push: {branches: [main]}}\njobs:\n  apply:\n    steps:\n      - run: terraform -chdir=%s apply\n"


def files(count: int) -> Iterator[tuple[str, str]]:
    """Paths and contents in the mix of a platform monorepo: half of them are nothing that is read."""
    for number in range(count):
        team, service = f"team-{number // 10 % 17}", f"service-{number // 20}"
        kinds = {
            0: (
                f"infra/{team}/{service}/main.tf",
                f'resource "aws_s3_bucket" "b{number}" {{\n  bucket = "b-{number}"\n}}\n' + _filler(number),
            ),
            1: (f"infra/{team}/{service}/variables.tf", f'variable "v{number}" {{\n  type = string\n}}\n' + _filler(number)),
            2: (f"apps/{team}/{service}/deployment.yaml", _manifest("Deployment", number)),
            3: (f"apps/{team}/{service}/service.yaml", _manifest("Service", number)),
            4: (f"scripts/{team}/{service}.sh", f"#!/bin/sh\necho {number}\n" + _filler(number)),
        }
        rest = (f"src/{team}/{service}/file_{number}.go", f"package p{number}\n" + "// a line of a program\n" * 40)
        yield kinds.get(number % 10, rest)


def _manifest(kind: str, number: int) -> str:
    return (
        f"apiVersion: v1\nkind: {kind}\nmetadata:\n  name: n{number}\n  labels: {{app: a{number}}}\nspec:\n  replicas: {number % 5}\n"
        + _filler(number)
    )


def _filler(number: int) -> str:
    """Some two kilobytes that do not repeat, so that reading them costs what it does on real files."""
    return "".join(f"# {sha256(f'{number} {line}'.encode()).hexdigest()}\n" for line in range(30))


def repository(path: Path, count: int, changed: Callable[[int], bool] | None = None, edit: str = "%s# changed\n") -> Path:
    """A bare repository of `count` files in one pack; where there is one, a further commit that edits some of the files.

    edit: what becomes of a file's text; a line in front moves all that it says.
    """
    fresh = not path.exists()
    made = pygit2.init_repository(str(path), bare=True, initial_head="main") if fresh else pygit2.Repository(str(path))
    index = pygit2.Index()
    if not fresh:
        index.read_tree(made.head.peel(pygit2.Tree))
    every = [*files(count), (".github/workflows/apply.yml", WORKFLOW % "infra/team-0/service-0")]
    for number, (name, text) in enumerate(every):
        if fresh or (changed and changed(number)):
            index.add(
                pygit2.IndexEntry(
                    name, made.create_blob((text if fresh else edit.replace("%s", text)).encode()), pygit2.enums.FileMode.BLOB
                )
            )
    author = pygit2.Signature("Robin Vale", "robin@example.org", 1_760_000_000, 0)
    made.create_commit("refs/heads/main", author, author, "all of it", index.write_tree(made), [] if fresh else [made.head.target])
    if fresh:
        loose = list(made.odb)
        made.pack(str(path / "objects" / "pack"))
        for oid in loose:
            (path / "objects" / str(oid)[:2] / str(oid)[2:]).unlink(missing_ok=True)
    return path
