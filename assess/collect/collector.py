"""Targets to what was seen: runs one collector a target, many at once."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import replace
from functools import partial

from assess.collect.cache import Cache
from assess.collect.git.libgit2 import git
from assess.collect.limits import MEMORY
from assess.collect.seen import Seen, without_credentials
from assess.collect.targets import check_estate, expand
from assess.collect.workers import FORKS, Work, read
from assess.errors import AssessError
from assess.model.credentials import cleaned
from assess.model.gap import Gap, GapReason
from assess.model.target import Location, Source, Target
from assess.request import Named, Request

Progress = Callable[[str, int, int], None]
"""Called with a target's label, the number done and the number in all."""


def collect(request: Request, progress: Progress | None = None, cache: Cache | None = None) -> list[Seen]:
    """What every target shows, in the order of `expand`; a target that fails is a gap and spoils no other."""
    expanded = expand(request, (lambda label: progress(f"listing {label}", 0, 0)) if progress else None)
    named = expanded.named
    if not any(not listing.target.read for listing in expanded.listings):
        check_estate(request, named)
    work = partial(collect_one, cache=cache)
    isolated = FORKS or (request.jobs > 1 and len(named) > 1)
    seen = at_once(request, named, progress, work) if isolated else _one_by_one(request, named, progress, work)
    return [*seen, *(_finished(without_credentials(listing), request) for listing in expanded.listings)]


def at_once(request: Request, named: Sequence[Named], progress: Progress | None, work: Work) -> list[Seen]:
    """What every target shows, `request.jobs` at a time, in the order given; the largest are begun first, so that none is
    left to run alone at the end. Each is read within limits, and what ends its reader leaves the others unharmed.
    """
    order = sorted(range(len(named)), key=lambda index: -_size(named[index], request)) if request.jobs > 1 else range(len(named))
    _load(named)
    seen: dict[int, Seen] = {}
    with closing(read(named, order, request, work, lambda index: _begun(named[index], progress, len(seen) + 1, len(named)))) as found:
        for index, one in found:
            seen[index] = one if isinstance(one, Seen) else _finished(_ended(named[index], one), request)
            _told(seen[index], progress, len(seen), len(named))
    return [seen[index] for index in range(len(named))]


def _ended(named: Named, why: str) -> Seen:
    if "within" in why:
        return _unread(named, GapReason.NOT_READ, why, "Where it is that large, give it more: --cpu-seconds N.")
    return _unread(named, GapReason.ERROR, why, "Where the system ended it for its memory, give it more; else please report this.")


_READERS = {
    Source.GIT: ("assess.collect.git.located", "ryaml", "yaml"),
    Source.KUBERNETES: ("assess.collect.kubernetes.collector",),
    Source.AWS: ("assess.collect.cloud.aws",),
}


def _load(named: Sequence[Named]) -> None:
    """Loads what reads these targets, and what comes after it needs too, while there is one process: so it is done once."""
    from importlib import import_module

    from assess.collect.git import packed

    for name in {name for one in named for name in _READERS.get(one.source, ())}:
        import_module(name)
    if any(one.source is Source.GIT for one in named):
        git()
    packed.load()


def _size(named: Named, request: Request) -> int:
    """How much work a target is, roughly: the bytes of a repository's packs; a live target waits for others, so it is begun first."""
    if named.source is not Source.GIT:
        return sys.maxsize
    from assess.collect.git.located import place_of

    place = place_of(named, request)
    packs = (path / "objects" / "pack" for path in (place, place / ".git"))
    with suppress(OSError):
        return sum(entry.stat().st_size for packed in packs if packed.is_dir() for entry in os.scandir(packed))
    return 0


def _one_by_one(request: Request, named: Sequence[Named], progress: Progress | None, work: Work) -> Iterator[Seen]:
    for done, one in enumerate(named, 1):
        _begun(one, progress, done, len(named))
        yield _told(work(one, request), progress, done, len(named))


def _begun(named: Named, progress: Progress | None, done: int, total: int) -> None:
    """Says that a target is being fetched: that is what takes long."""
    if progress and named.remote:
        progress(f"fetching {named.label}", done - 1, total)


def _told(seen: Seen, progress: Progress | None, done: int, total: int) -> Seen:
    if progress:
        progress(seen.target.label, done, total)
    return seen


def collect_one(named: Named, request: Request, cache: Cache | None = None) -> Seen:
    """What one target shows. A target that cannot be read is a `Seen` with `read=False` and the gap that says why.

    The one way from a target into the product: no text passes it with a credential in it.
    """
    return _finished(_read(named, request, cache), request)


def _finished(seen: Seen, request: Request) -> Seen:
    return replace(seen, target=cleaned(seen.target), read_at=request.now.isoformat(timespec="seconds"))


def _read(named: Named, request: Request, cache: Cache | None) -> Seen:
    try:
        match named.source:
            case Source.GIT:
                from assess.collect.git.located import collect_located

                return collect_located(named, request, cache)  # which keeps no credentials, so that nothing is looked through twice
            case Source.KUBERNETES:
                from assess.collect.kubernetes.collector import collect_cluster

                return without_credentials(collect_cluster(named.address, named.label))
            case Source.AWS:
                from assess.collect.cloud.aws import collect_account

                return without_credentials(collect_account(named.address, named.label, request.now))
            case Source.FORGE:
                raise AssertionError("a listing is read while targets are expanded")
    except AssessError as error:
        return _unread(named, GapReason.NOT_READ, error.what, error.fix)
    except MemoryError:
        what = f"reading it takes more memory than there is, or than one target may have: {MEMORY} bytes"
        return _unread(named, GapReason.NOT_READ, what, "Give the machine more where it has less; else please report this.")
    except Exception as error:  # noqa: BLE001  the one broad except around a collector (DESIGN section 9, rule 9)
        return _unread(named, GapReason.ERROR, f"the collector failed: {type(error).__name__}: {error}", "Please report this.")


def _unread(named: Named, reason: GapReason, what: str, settle: str) -> Seen:
    target = Target(source=named.source, label=named.label, read=False)
    if named.remote:
        from assess.collect.git.located import named_target

        target = replace(named_target(named), read=False)
    return without_credentials(Seen(target, (), (Gap(at=Location(target=named.label), reason=reason, what=what, settle=settle),)))
