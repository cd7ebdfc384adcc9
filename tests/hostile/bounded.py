"""A process of its own with limits, for what may hang or take all memory where no signal of Python's is heard."""

from __future__ import annotations

import os
import resource
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path

CPU, MEMORY, WALL = 10, 1_000_000_000, 60.0
"""Seconds of processor time, bytes beyond what the tests themselves take, seconds in all."""


def within(run: Callable[[], object], cpu: int = CPU, memory: int = MEMORY, wall: float = WALL) -> None:
    """Runs something in a forked process. Errors: AssertionError with its traceback, or with the limit that it went over."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        _limited(run, cpu, memory, read, write)
    os.close(write)
    try:
        ended = _waited(child, wall)
    finally:
        with os.fdopen(read, "rb") as pipe:
            said = pipe.read().decode("utf-8", "replace")
    if os.WIFSIGNALED(ended):
        over = {
            signal.SIGKILL: f"it did not end within {wall} seconds",
            signal.SIGXCPU: f"it took more than {cpu} seconds of processor time",
        }
        raise AssertionError(over.get(signal.Signals(os.WTERMSIG(ended)), f"ended by signal {os.WTERMSIG(ended)}"))
    assert os.WEXITSTATUS(ended) == 0, said


def _limited(run: Callable[[], object], cpu: int, memory: int, read: int, write: int) -> None:
    """The child: never comes back."""
    code = 1
    try:
        os.close(read)
        for one in (signal.SIGALRM, signal.SIGPROF, signal.SIGXCPU):
            signal.signal(one, signal.SIG_DFL)
        taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 5))
        resource.setrlimit(resource.RLIMIT_AS, (taken + memory, taken + memory))
        run()
        code = 0
    except BaseException:  # noqa: BLE001  whatever it was is told to the parent
        os.write(write, traceback.format_exc(limit=-8).encode()[:50_000])
    finally:
        sys.stdout.flush()
        os._exit(code)


def used() -> tuple[float, int]:
    """Seconds of processor time, and bytes of memory at the most, of this process and of those that it started and that ended."""
    own, others = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    seconds = own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime
    return seconds, max(own.ru_maxrss, others.ru_maxrss) * 1024


def _waited(child: int, wall: float) -> int:
    """How the child ended; it is ended by us where it does not by itself."""
    end = time.monotonic() + wall
    while time.monotonic() < end:
        pid, ended = os.waitpid(child, os.WNOHANG)
        if pid:
            return ended
        time.sleep(0.02)
    os.kill(child, signal.SIGKILL)
    return os.waitpid(child, 0)[1]
