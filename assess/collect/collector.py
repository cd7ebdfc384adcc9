"""Targets to what was seen: runs one collector a target, many at once."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from assess.collect.cache import Cache
from assess.collect.git.packed import pack_seen, unpack_seen
from assess.collect.seen import Seen, without_credentials
from assess.collect.targets import check_estate, expand
from assess.errors import AssessError
from assess.model.credentials import cleaned
from assess.model.gap import Gap, GapReason
from assess.model.target import Location, Source, Target
from assess.request import Named, Request

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor

Progress = Callable[[str, int, int], None]
"""Called with a target's label, the number done and the number in all."""
Work = Callable[[Named, Request], Seen]
"""Reads one target, in whichever process."""


def collect(request: Request, progress: Progress | None = None, cache: Cache | None = None) -> list[Seen]:
    """What every target shows, in the order of `expand`; a target that fails is a gap and spoils no other."""
    expanded = expand(request, (lambda label: progress(f"listing {label}", 0, 0)) if progress else None)
    named = expanded.named
    if not any(not listing.target.read for listing in expanded.listings):
        check_estate(request, named)
    at_a_time = _one_by_one if request.jobs <= 1 or len(named) <= 1 else at_once
    seen = at_a_time(request, named, progress, partial(collect_one, cache=cache))
    return [*seen, *(_finished(without_credentials(listing), request) for listing in expanded.listings)]


def at_once(request: Request, named: Sequence[Named], progress: Progress | None = None, work: Work | None = None) -> list[Seen]:
    """What every target shows, `request.jobs` at a time, in the order given; the largest are begun first, so that none is
    left to run alone at the end.

    A process that dies takes the ones beside it along (the pool breaks as a whole): what it left is read again, each
    target in a process of its own, so that only the target that kills its reader stays unread.
    """
    from multiprocessing import active_children

    before = set(active_children())
    order = sorted(range(len(named)), key=lambda index: -_size(named[index], request))
    seen: dict[int, Seen] = {}
    with _pool(min(request.jobs, len(named))) as pool:
        try:
            waiting = {index: _submitted(pool, work or collect_one, named[index], request) for index in order}
            for done, index in enumerate(order, 1):
                _begun(named[index], progress, done, len(named))
                found = _result(waiting.pop(index)) or _alone(named[index], request, work or collect_one)
                seen[index] = _told(found, progress, done, len(named))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for process in set(active_children()) - before:
                process.terminate()
            raise
    return [seen[index] for index in range(len(named))]


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


def _pool(workers: int) -> ProcessPoolExecutor:
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    return ProcessPoolExecutor(workers, mp_context=get_context("forkserver"), initializer=_deaf)


def _deaf() -> None:
    """Lets Ctrl-C end the run in one place: the terminal sends it to every process, and each would print a traceback."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _in_bytes(work: Work, named: Named, request: Request) -> bytes:
    """What a target shows, on its way to another process: pickling it would cost ten times as much."""
    return pack_seen(work(named, request))


def _submitted(pool: ProcessPoolExecutor, work: Work, named: Named, request: Request) -> Future[bytes] | None:
    from concurrent.futures import BrokenExecutor

    try:
        return pool.submit(_in_bytes, work, named, request)
    except BrokenExecutor:
        return None


def _result(future: Future[bytes] | None) -> Seen | None:
    """What a process brought back; None where it died, or one beside it."""
    from concurrent.futures import BrokenExecutor

    try:
        return unpack_seen(future.result()) if future is not None else None
    except BrokenExecutor:
        return None


def _alone(named: Named, request: Request, work: Work) -> Seen:
    with _pool(1) as pool:
        if seen := _result(_submitted(pool, work, named, request)):
            return seen
    what = "the process that read it was ended before it was done"
    return _unread(named, GapReason.ERROR, what, "Where the system ended it for its memory, give it more; else please report this.")


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
    except Exception as error:  # noqa: BLE001  the one broad except around a collector (DESIGN section 9, rule 9)
        return _unread(named, GapReason.ERROR, f"the collector failed: {type(error).__name__}: {error}", "Please report this.")


def _unread(named: Named, reason: GapReason, what: str, settle: str) -> Seen:
    target = Target(source=named.source, label=named.label, read=False)
    if named.remote:
        from assess.collect.git.located import named_target

        target = replace(named_target(named), read=False)
    return without_credentials(Seen(target, (), (Gap(at=Location(target=named.label), reason=reason, what=what, settle=settle),)))
