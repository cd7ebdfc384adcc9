"""Limits on a process that reads what others wrote: they end it where it is deaf, inside a library, and Python is not asked.

What a platform does not have is left out: Windows has none of them, macOS no limit of memory that holds.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from math import ceil

MEMORY = 3_000_000_000
"""Bytes that reading one target may take: ten times what the largest repositories need."""
LISTING = 500_000_000
"""Bytes that the list of a server's refs may take: some millions of them."""


def renew(cpu: int, clock: int, memory: int = MEMORY) -> None:
    """Gives this process so much from now on: seconds of processor time, seconds by the clock, bytes.

    It is ended by a signal once it goes over its time (SIGXCPU, SIGALRM), and gets no more memory.
    """
    if sys.platform == "win32":
        return
    import resource

    for one in (signal.SIGXCPU, signal.SIGALRM):
        signal.signal(one, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    spent = resource.getrusage(resource.RUSAGE_SELF)
    _lower(resource.RLIMIT_CPU, ceil(spent.ru_utime + spent.ru_stime) + cpu)
    signal.alarm(clock)
    if sys.platform == "linux":
        _lower(resource.RLIMIT_DATA, _held() + memory)


@contextmanager
def room(memory: int) -> Iterator[None]:
    """No more than so many bytes beyond what is held now, for a while. Errors: MemoryError, from whatever asks for more."""
    if sys.platform != "linux":
        yield
        return
    import resource

    before = resource.getrlimit(resource.RLIMIT_DATA)[0]
    wanted = _held() + memory
    _lower(resource.RLIMIT_DATA, wanted if before == resource.RLIM_INFINITY else min(wanted, before))
    try:
        yield
    finally:
        _lower(resource.RLIMIT_DATA, before)


def _lower(limit: int, to: int) -> None:
    """Sets the limit that can be raised again, within the one that cannot."""
    import resource

    most = resource.getrlimit(limit)[1]
    resource.setrlimit(limit, (to if most == resource.RLIM_INFINITY or to == resource.RLIM_INFINITY else min(to, most), most))


def _held() -> int:
    """Bytes of memory of its own that the process has; files that it only looks into, as packs, do not count.

    Source: https://man7.org/linux/man-pages/man5/proc_pid_statm.5.html (data), getrlimit(2) (RLIMIT_DATA)
    """
    import resource

    with open("/proc/self/statm", "rb") as told:
        return int(told.read().split()[5]) * resource.getpagesize()
