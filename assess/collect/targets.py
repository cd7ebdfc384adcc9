"""The targets of a request: directories searched for repositories, each target with a label that only it has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path

from assess.collect.git.repository import find_repositories, is_repository
from assess.errors import UsageError
from assess.model.credentials import clean
from assess.model.target import Source
from assess.request import ESTATE_FILE, Named, Request, split_target
from assess.spec.document import read_yaml
from assess.spec.strict import near_miss


def expand(request: Request) -> list[Named]:
    """The targets of a request, directories searched for repositories; labels are unique.

    Errors: UsageError for a path that is no directory, or a directory without a repository.
    """
    return _unique([one for text in request.targets for one in _found(text)])


def _found(text: str) -> list[Named]:
    named = split_target(text)
    if named.source is not Source.GIT:
        return [named]
    path = Path(named.address)
    if path.is_file():
        estate = path.suffix in (".yaml", ".yml")
        fix = f"An estate file is named by --estate {text}." if estate else "Name the work tree that it lies in, or a bare repository."
        raise UsageError("is a file, not a repository or a directory of them", text, fix)
    if not path.is_dir():
        raise UsageError("no such directory", clean(text), "Name a work tree, a bare repository, or a directory of them.")
    repositories = list(find_repositories(path))
    if not repositories:
        raise UsageError("holds no Git repository", text, "Name a clone; `git init` alone is not enough to be read.")
    return [Named(Source.GIT, str(repository), _label(repository)) for repository in repositories]


# --- labels -------------------------------------------------------------------------------------------------------


def _label(repository: Path) -> str:
    """A repository's name in reports: the name of its folder, which is what an estate file can name."""
    return _parts(repository)[-1]


def _parts(repository: Path) -> tuple[str, ...]:
    """The folders that name a repository, the nearest last: without `.git`, and without the `repo` of `owner+name/repo`."""
    path = repository.resolve()
    if path.name == ".git" or (path.name == "repo" and "+" in path.parent.name and not (path / ".git").exists() and is_repository(path)):
        path = path.parent
    parts = path.parts[1:] or (str(path),)
    return (*parts[:-1], parts[-1].removesuffix(".git") or parts[-1])


def _unique(named: Sequence[Named]) -> list[Named]:
    """The targets once each; labels that clash are lengthened by the folders above, until each is the only one."""
    once = list({(n.source, str(Path(n.address).resolve()) if n.source is Source.GIT else n.address): n for n in named}.values())
    depths = [1] * len(once)
    while True:
        labels = [_deep(one, depth) for one, depth in zip(once, depths, strict=True)]
        counts = Counter(labels)
        longer = [i for i, one in enumerate(once) if counts[labels[i]] > 1 and depths[i] <= _most(one)]
        if not longer:
            break
        for i in longer:
            depths[i] += 1
    assert len(set(labels)) == len(labels), f"labels that clash: {[label for label in counts if counts[label] > 1]}"
    return [replace(one, label=label) for one, label in zip(once, labels, strict=True)]


def _deep(one: Named, depth: int) -> str:
    """A label of so many folders; the whole address where there are no more of them."""
    if one.source is not Source.GIT:
        return one.label
    parts = _parts(Path(one.address))
    return "/".join(parts[-depth:]) if depth <= len(parts) else str(Path(one.address).resolve())


def _most(one: Named) -> int:
    return len(_parts(Path(one.address))) if one.source is Source.GIT else 0


# --- what the estate file says of targets ---------------------------------------------------------------------------


def check_estate(request: Request, named: Sequence[Named]) -> None:
    """Nothing, where everything in the estate file that names a target names one that there is.

    A run over a part of the estate is measured by all the targets that the file lists.
    Errors: UsageError with every pattern that matches no target, one a line, each `file:line: key: what`.
    """
    if not (missed := list(_missed(request, {one.label for one in named}))):
        return
    labels = {one.label for one in named} | set(_listed(request))
    if missed := list(_missed(request, labels)):
        fix = f"Name a target by its label, and list every target of the organization under `targets`; there are: {_some(labels)}."
        raise UsageError("\n".join(_sentence(request, path, pattern, labels) for path, pattern in missed), fix=fix)


Key = tuple[str | int, ...]


def _missed(request: Request, labels: set[str]) -> Iterator[tuple[Key, str]]:
    """The place and text of each pattern that fits no label, in the order of the file's model."""
    for i, team in enumerate(request.estate.teams):
        for j, owned in enumerate(team.owns):
            if not any(fnmatchcase(label, owned.repository) for label in labels):
                yield ("teams", i, "owns", j, "repository"), owned.repository
    for key, patterns in (("exclude", [e.path for e in request.estate.exclude]), ("use", list(request.estate.use))):
        for i, pattern in enumerate(patterns):
            if not any(pattern.startswith(f"{label}/") for label in labels):
                yield (key, i, "path") if key == "exclude" else (key, i), pattern


def _listed(request: Request) -> Iterator[str]:
    """The labels of the targets that the estate file lists; the name alone of one that is not here."""
    for text in request.estate.targets:
        named = split_target(text)
        path = (request.root / Path(text).expanduser()) if named.source is Source.GIT else None
        if path is not None and path.is_dir():
            yield from (_label(repository) for repository in find_repositories(path))
        else:
            yield named.label


def _sentence(request: Request, path: Key, pattern: str, labels: set[str]) -> str:
    file = request.estate_file
    line = read_yaml(file.read_bytes())[0].line(*path) if file else 0
    where = f"{file}:{line}" if file else ESTATE_FILE
    key = ".".join(map(str, path))
    lead = pattern if path[0] == "teams" else pattern.partition("/")[0]
    return f"{where}: {key}: '{pattern}' names no target{near_miss(lead, labels)}"


def _some(labels: set[str]) -> str:
    every = sorted(labels)
    return ", ".join(every[:8]) + (f", … {len(every) - 8} more" if len(every) > 8 else "")
