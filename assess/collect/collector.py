"""Targets to what was seen: finds repositories, runs one collector a target, many at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from assess.collect.git.repository import find_repositories
from assess.collect.seen import Seen
from assess.errors import AssessError, UsageError
from assess.model.gap import Gap, GapReason
from assess.model.target import Location, Source, Target
from assess.request import Named, Request, split_target

Progress = Callable[[str, int, int], None]
"""Called with a target's label, the number done and the number in all."""


def expand(request: Request) -> list[Named]:
    """The targets of a request, directories searched for repositories; labels are unique.

    Errors: UsageError for a path that does not exist, or a directory without a repository.
    """
    found: list[Named] = []
    for text in request.targets:
        named = split_target(text)
        if named.source is not Source.GIT:
            found.append(named)
            continue
        path = Path(named.address)
        if not path.is_dir():
            raise UsageError("no such directory", text, "Name a work tree, a bare repository, or a directory of them.")
        repositories = list(find_repositories(path))
        if not repositories:
            raise UsageError("holds no Git repository", text, "Name a clone; `git init` alone is not enough to be read.")
        found += [Named(Source.GIT, str(repository), _label(repository)) for repository in repositories]
    return _unique(found)


def collect(request: Request, progress: Progress | None = None) -> list[Seen]:
    """What every target shows, in the order of `expand`; a target that fails is a gap and spoils no other."""
    named = expand(request)
    if request.jobs <= 1 or len(named) <= 1:
        return list(_one_by_one(request, named, progress))
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    with ProcessPoolExecutor(min(request.jobs, len(named)), mp_context=get_context("forkserver")) as pool:
        try:
            waiting = [pool.submit(collect_one, one, request) for one in named]
            return [_told(future.result(), progress, done, len(named)) for done, future in enumerate(waiting, 1)]
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _one_by_one(request: Request, named: Sequence[Named], progress: Progress | None) -> Iterator[Seen]:
    for done, one in enumerate(named, 1):
        yield _told(collect_one(one, request), progress, done, len(named))


def _told(seen: Seen, progress: Progress | None, done: int, total: int) -> Seen:
    if progress:
        progress(seen.target.label, done, total)
    return seen


def collect_one(named: Named, request: Request) -> Seen:
    """What one target shows. A target that cannot be read is a `Seen` with `read=False` and the gap that says why."""
    try:
        match named.source:
            case Source.GIT:
                from assess.collect.git.collector import collect_repository

                return collect_repository(Path(named.address), named.label, request.rev, request.estate)
            case Source.KUBERNETES:
                from assess.collect.kubernetes.collector import collect_cluster

                return collect_cluster(named.address, named.label)
            case Source.AWS:
                from assess.collect.cloud.aws import collect_account

                return collect_account(named.address, named.label, request.now)
    except AssessError as error:
        return _unread(named, GapReason.NOT_READ, error.what, error.fix)
    except Exception as error:  # noqa: BLE001  the one broad except around a collector (DESIGN section 9, rule 9)
        return _unread(named, GapReason.ERROR, f"the collector failed: {type(error).__name__}: {error}", "Please report this.")


def _unread(named: Named, reason: GapReason, what: str, settle: str) -> Seen:
    target = Target(source=named.source, label=named.label, read=False)
    return Seen(target, (), (Gap(at=Location(target=named.label), reason=reason, what=what, settle=settle),))


def _label(repository: Path) -> str:
    """A repository's name in reports: `name`, or `owner/name` for a clone folder called `owner+name`."""
    path = repository.parent if repository.name in ("repo", ".git") else repository
    name = path.resolve().name.removesuffix(".git")
    return re.sub(r"\+|__", "/", name, count=1)


def _unique(named: Sequence[Named]) -> list[Named]:
    """The targets once each; labels that clash get the name of the directory above."""
    once = list({(n.source, str(Path(n.address).resolve()) if n.source is Source.GIT else n.address): n for n in named}.values())
    counts: dict[str, int] = {}
    for one in once:
        counts[one.label] = counts.get(one.label, 0) + 1
    return [one if counts[one.label] == 1 else Named(one.source, one.address, _longer(one, once)) for one in once]


def _longer(one: Named, among: Sequence[Named]) -> str:
    parts = Path(one.address).resolve().parts
    same = [Path(other.address).resolve().parts for other in among if other.label == one.label]
    for depth in range(2, len(parts) + 1):
        if sum(other[-depth:] == parts[-depth:] for other in same) == 1:
            return "/".join(parts[-depth:])
    return one.address


