"""Processes that read targets, one target after the other: what hangs, or dies, takes nothing but its own target with it."""

from __future__ import annotations

import signal
import sys
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from types import FrameType
from typing import TYPE_CHECKING

from assess.collect import limits
from assess.collect.git.packed import Unreadable, pack_seen, unpack_seen
from assess.collect.seen import Seen
from assess.request import Named, Request

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

Work = Callable[[Named, Request], Seen]
"""Reads one target, in whichever process."""
FORKS = sys.platform == "linux"
"""Whether a process costs milliseconds: elsewhere it starts from nothing, and Apple's libraries do not bear a fork."""
TRIES = 2
"""How often a target is read whose process died: another, or the system, may have been the cause."""
CLOCK, TIMES = 600, 10
"""Seconds that a target may take by the clock, and how many times its processor time besides: a slow disk is no hang."""
LEAVING = 2.0
"""Seconds that a process has to tidy up, where all are ended."""


class _Worker:
    """One process, and the target that it has at hand."""

    def __init__(self, work: Work, request: Request) -> None:
        from multiprocessing import get_context

        context = get_context("fork" if FORKS else "spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs,), daemon=True)  # type: ignore[attr-defined]
        with _later(signal.SIGINT):
            self.process.start()
        theirs.close()
        self.index = -1
        with suppress(OSError):
            self.pipe.send((work, request))  # pickled, forked or not: what is open in this process is not used by another

    def begin(self, index: int, named: Named) -> None:
        """Hands it a target; one that is gone by now is heard of as its answer."""
        self.index = index
        with suppress(OSError):
            self.pipe.send(named)

    def answer(self) -> Seen | None:
        """What the target shows; None where the process is gone."""
        try:
            return unpack_seen(self.pipe.recv_bytes())
        except (EOFError, OSError, Unreadable):
            self.end()
            return None

    def end(self) -> None:
        """The process is gone afterwards, whatever it does."""
        self.process.join(LEAVING)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        self.pipe.close()


def read(
    named: Sequence[Named], order: Sequence[int], request: Request, work: Work, begun: Callable[[int], None]
) -> Generator[tuple[int, Seen | str], None, None]:
    """What each target shows, by its index, as they are done; or why its process was ended.

    begun: told as a target is handed out, in `order` but for those that are tried again.
    """
    from multiprocessing.connection import wait

    waiting, tries = deque(order), Counter[int]()
    idle: list[_Worker] = []
    busy: dict[object, _Worker] = {}
    try:
        while waiting or busy:
            while waiting and len(busy) < request.jobs:
                worker = idle.pop() if idle else _Worker(work, request)
                busy[worker.pipe] = worker
                tries[waiting[0]] += 1
                begun(waiting[0])
                worker.begin(waiting[0], named[waiting.popleft()])
            for pipe in wait([worker.pipe for worker in busy.values()]):
                worker = busy[pipe]
                found = worker.answer()
                del busy[pipe]
                if found is not None:
                    idle.append(worker)
                    yield worker.index, found
                elif why := _why(worker.process.exitcode, named[worker.index], request, last=tries[worker.index] == TRIES):
                    yield worker.index, why
                else:
                    waiting.append(worker.index)
    finally:
        left = [*idle, *busy.values()]
        for worker in left:
            worker.process.terminate()
        for worker in left:
            worker.end()


def _why(code: int | None, named: Named, request: Request, *, last: bool) -> str:
    """Why a process was ended; empty where it may go otherwise the next time."""
    cpu, clock = _seconds(named, request)
    ended = signal.Signals(-code).name if code and code < 0 else ""
    if ended == "SIGXCPU":
        return f"it could not be read within {cpu} seconds of processor time"
    if ended == "SIGALRM":
        return f"it could not be read within {clock} seconds"
    return "the process that read it was ended before it was done" if last else ""


def _serve(pipe: Connection) -> None:
    """A process's whole life: it reads what it is handed, until there is nobody to hand it more.

    It lets Ctrl-C end the run in one place: the terminal sends it to every process, and each would print a traceback.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _leave)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    with suppress(EOFError, OSError):
        work, request = pipe.recv()
        while True:
            named = pipe.recv()
            limits.renew(*_seconds(named, request))
            pipe.send_bytes(pack_seen(work(named, request)))


@contextmanager
def _later(what: signal.Signals) -> Iterator[None]:
    """A signal is heard afterwards; a process that is started here hears it once it says so."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {what})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _leave(_signal: int, _frame: FrameType | None) -> None:
    """Ends the process so that half of a clone is removed."""
    sys.exit()


def _seconds(named: Named, request: Request) -> tuple[int, int]:
    """How much processor time a target may take, and how long by the clock; a fetch has limits of its own, which come first."""
    fetching = 0
    if named.remote:
        from assess.collect.git.fetch import WAIT_SECONDS
        from assess.collect.git.transfer import MAX_SECONDS

        fetching = int(MAX_SECONDS + WAIT_SECONDS)
    return request.cpu_seconds + fetching, CLOCK + TIMES * request.cpu_seconds + fetching
