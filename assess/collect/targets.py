"""The targets of a request: directories searched and organizations listed, each target with a label that only it has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path

from assess.collect.git.opened import find_repositories, is_repository
from assess.collect.seen import Seen
from assess.errors import UsageError
from assess.model import address
from assess.model.credentials import clean
from assess.model.target import Source
from assess.request import ESTATE_FILE, Named, Request, split_target
from assess.spec.document import read_yaml
from assess.spec.strict import near_miss


@dataclass(frozen=True, slots=True)
class Expanded:
    """The targets to read, and what the listings that named some of them showed beside."""

    named: tuple[Named, ...]
    listings: tuple[Seen, ...] = ()


def expand(request: Request, told: Callable[[str], None] | None = None) -> Expanded:
    """The targets of a request, once a run: directories searched for repositories, organizations listed; labels are unique.

    told: called before a listing is asked for.
    Errors: UsageError for a path that is no directory, or a directory without a repository.
    """
    named: list[Named] = []
    listings: list[Seen] = []
    for text in request.targets:
        one = split_target(text)
        if one.source is Source.FORGE:
            from assess.collect.forge.listing import listed

            if told:
                told(one.label)
            listing = listed(one, request)
            named += listing.repositories
            listings += [listing.seen] if listing.seen else []
        else:
            named += _found(one, text)
    return Expanded(tuple(_unique(named)), tuple({seen.target.label: seen for seen in listings}.values()))


def _found(named: Named, text: str) -> list[Named]:
    if named.source is not Source.GIT or named.remote:
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
    first: dict[tuple[Source, str], Named] = {}
    for one in named:
        first.setdefault((one.source, _identity(one)), one)
    once = list(first.values())
    depths = [1] * len(once)
    while True:
        labels = [_deep(one, depth) for one, depth in zip(once, depths, strict=True)]
        counts = Counter(labels)
        longer = [i for i, one in enumerate(once) if counts[labels[i]] > 1 and depths[i] <= len(_names(one))]
        if not longer:
            break
        for i in longer:
            depths[i] += 1
    assert len(set(labels)) == len(labels), f"labels that clash: {[label for label in counts if counts[label] > 1]}"
    return [replace(one, label=label) for one, label in zip(once, labels, strict=True)]


def _identity(one: Named) -> str:
    """What two targets that are the same have in common: one repository may be named over https and ssh."""
    if one.source is not Source.GIT:
        return one.address
    found = address.parse(one.address) if one.remote else None
    return f"//{found.key}" if found else str(Path(one.address).resolve())


def _names(one: Named) -> tuple[str, ...]:
    """What a label may be made of, the nearest last; empty for a target that has one label."""
    if one.source is not Source.GIT:
        return ()
    found = address.parse(one.address) if one.remote else None
    return tuple(map(clean, found.parts)) if found else _parts(Path(one.address))


def _deep(one: Named, depth: int) -> str:
    """A label of so many folders; the whole address where there are no more of them."""
    parts = _names(one)
    if not parts:
        return one.label
    return "/".join(parts[-depth:]) if depth <= len(parts) else _identity(one)


# --- what the estate file says of targets ---------------------------------------------------------------------------


def check_estate(request: Request, named: Sequence[Named]) -> None:
    """Nothing, where everything in the estate file that names a target names one that there is.

    A run over a part of the estate is measured by all the targets that the file lists.
    Errors: UsageError with every pattern that matches no target, one a line, each `file:line: key: what`.
    """
    if not (missed := list(_missed(request, {one.label for one in named}))) or _unlisted(request):
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
    for pattern in request.estate.purpose:
        if not any(fnmatchcase(label, pattern) for label in labels):
            yield ("purpose", pattern), pattern
    for key, patterns in (("exclude", [e.path for e in request.estate.exclude]), ("use", list(request.estate.use))):
        for i, pattern in enumerate(patterns):
            if not any(pattern.startswith(f"{label}/") for label in labels):
                yield (key, i, "path") if key == "exclude" else (key, i), pattern


def _unlisted(request: Request) -> bool:
    """Whether the estate file names an organization that this run does not list: nobody knows what it holds."""
    here = set(request.targets)
    return any(split_target(text).source is Source.FORGE and text not in here for text in request.estate.targets)


def _listed(request: Request) -> Iterator[str]:
    """The labels of the targets that the estate file lists; the name alone of one that is not here."""
    for text in request.estate.targets:
        named = split_target(text)
        path = (request.root / Path(text).expanduser()) if named.source is Source.GIT and not named.remote else None
        if path is not None and path.is_dir():
            yield from (_label(repository) for repository in find_repositories(path))
        else:
            yield named.label


def _sentence(request: Request, path: Key, pattern: str, labels: set[str]) -> str:
    file = request.estate_file
    line = read_yaml(file.read_bytes())[0].line(*path) if file else 0
    where = f"{file}:{line}" if file else ESTATE_FILE
    key = ".".join(map(str, path))
    lead = pattern if path[0] in ("teams", "purpose") else pattern.partition("/")[0]
    return f"{where}: {key}: '{pattern}' names no target{near_miss(lead, labels)}"


def _some(labels: set[str]) -> str:
    every = sorted(labels)
    return ", ".join(every[:8]) + (f", … {len(every) - 8} more" if len(every) > 8 else "")
