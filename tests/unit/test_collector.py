"""Many targets, each read within limits in a process that is not this one: what hangs or dies takes only its own target with it."""

from __future__ import annotations

import mmap
import os
import re
import signal
import sys
import time
from collections.abc import Iterable

import pytest

from assess.collect import limits
from assess.collect.collector import at_once, collect
from assess.collect.seen import Seen
from assess.collect.workers import FORKS
from assess.model.target import Source, Target
from assess.request import Named, Request

NAMES = ("a", "b", "sick", "c", "d")
JOBS = pytest.mark.parametrize("jobs", [1, 2])
FORKED = pytest.mark.skipif(not FORKS, reason="limits are Linux's")


def named(*labels: str) -> list[Named]:
    return [Named(Source.GIT, f"/{label}", label) for label in labels]


def shows(one: Named, branch: str = "") -> Seen:
    return Seen(Target(source=Source.GIT, label=one.label, branch=branch))


def dies(one: Named, request: Request) -> Seen:
    """Stands for a collector; the sick target ends the process that reads it."""
    if one.label == "sick":
        os.kill(os.getpid(), signal.SIGKILL)
    return shows(one)


def dies_once(one: Named, request: Request) -> Seen:
    """Ends its process the first time, as the system does where memory is short."""
    if one.label == "sick" and not os.path.exists(request.rev):
        open(request.rev, "w").close()
        os.kill(os.getpid(), signal.SIGKILL)
    return shows(one)


def hangs(one: Named, request: Request) -> Seen:
    """Loops inside one call of a library, which no handler of Python's interrupts, for the sick target."""
    if one.label == "sick":
        re.match(r"(a+)+b", "a" * 60)
    return shows(one)


def waits(one: Named, request: Request) -> Seen:
    """Waits for ever without any work; its time by the clock is made short first."""
    if one.label == "sick":
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        signal.pause()
    return shows(one)


def swallows(one: Named, request: Request) -> Seen:
    """Asks for more memory than a target may have, for the sick one, and says whether it was stopped; the others take some too."""
    try:
        mmap.mmap(-1, limits.MEMORY * 2 if one.label == "sick" else limits.MEMORY // 2, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    except OSError:
        return shows(one, "stopped")
    return shows(one)


def spends(one: Named, request: Request) -> Seen:
    """Takes most of the time that one target may."""
    end = time.process_time() + 0.7
    while time.process_time() < end:
        pass
    return shows(one)


def listens(one: Named, request: Request) -> Seen:
    """Says whether the process that reads would hear Ctrl-C."""
    deaf = signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    return shows(one, "deaf" if deaf else "hears")


def whose(one: Named, request: Request) -> Seen:
    """Says which process reads."""
    return shows(one, str(os.getpid()))


def unread(seen: Iterable[Seen]) -> dict[str, str]:
    """Why each target that was not read was not, by its label."""
    return {one.target.label: " ".join(gap.what for gap in one.gaps) for one in seen if not one.target.read}


@JOBS
def test_a_process_that_dies_leaves_one_target_unread_and_the_others_read(jobs: int) -> None:
    told: list[tuple[str, int, int]] = []
    seen = at_once(Request(jobs=jobs), named(*NAMES), lambda *step: told.append(step), dies)
    assert [one.target.label for one in seen] == list(NAMES)
    assert list(unread(seen)) == ["sick"]
    assert "ended before it was done" in unread(seen)["sick"]
    assert sorted(label for label, _, _ in told) == sorted(NAMES)
    assert [step[1:] for step in told] == [(number, 5) for number in range(1, 6)]


def test_a_target_is_given_a_second_try(tmp_path: object) -> None:
    assert not unread(at_once(Request(jobs=2, rev=f"{tmp_path}/died"), named(*NAMES), None, dies_once))


@FORKED
def test_a_call_that_never_comes_back_is_a_gap_with_the_number() -> None:
    (why,) = unread(at_once(Request(cpu_seconds=1), named("sick", "a", "b"), None, hangs)).values()
    assert why == "it could not be read within 1 seconds of processor time"


@FORKED
def test_a_target_that_only_waits_ends_by_the_clock() -> None:
    (why,) = unread(at_once(Request(cpu_seconds=7), named("sick", "a"), None, waits)).values()
    assert why == "it could not be read within 670 seconds"


@FORKED
def test_the_time_is_each_targets_own() -> None:
    """Three that take most of it are read by one process."""
    assert not unread(at_once(Request(cpu_seconds=1), named("a", "b", "c"), None, spends))


@FORKED
def test_memory_has_an_end_and_the_next_target_has_as_much() -> None:
    seen = at_once(Request(), named(*NAMES), None, swallows)
    assert [one.target.branch for one in seen] == ["", "", "stopped", "", ""]


@FORKED
def test_one_target_is_read_by_another_process_too() -> None:
    (one,) = at_once(Request(), named("a"), None, whose)
    assert one.target.branch != str(os.getpid())


def test_one_process_reads_many_targets() -> None:
    assert len({one.target.branch for one in at_once(Request(jobs=2), named(*"abcdefgh"), None, whose)}) <= 2


def test_where_a_process_is_dear_one_target_is_read_here(monkeypatch: pytest.MonkeyPatch, repository: object) -> None:
    monkeypatch.setattr("assess.collect.collector.FORKS", False)
    monkeypatch.setattr("assess.collect.collector.at_once", None)
    place = repository({"main.tf": "x = 1\n"})  # type: ignore[operator]
    (seen,) = collect(Request(targets=(str(place),)))
    assert seen.target.read


def test_only_the_first_process_hears_an_interruption() -> None:
    assert {one.target.branch for one in at_once(Request(jobs=2), named("a", "b", "c"), None, listens)} == {"deaf"}


def test_an_interruption_ends_the_processes_too() -> None:
    from multiprocessing import active_children

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    before = set(active_children())
    with pytest.raises(KeyboardInterrupt):
        at_once(Request(jobs=2), named("a", "b", "c"), interrupted, listens)
    assert set(active_children()) <= before


@pytest.mark.skipif(sys.platform != "linux", reason="the limit is Linux's")
def test_room_is_given_back() -> None:
    with pytest.raises(MemoryError), limits.room(10_000_000):
        bytearray(2_000_000_000)
    assert len(bytearray(50_000_000)) == 50_000_000
