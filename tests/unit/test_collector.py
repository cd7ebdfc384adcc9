"""Many targets at once: a process that dies takes only its own target with it, and Ctrl-C is heard in one place."""

from __future__ import annotations

import os
import signal

import pytest

from assess.collect.collector import at_once
from assess.collect.seen import Seen
from assess.model.target import Source, Target
from assess.request import Named, Request

NAMES = ("a", "b", "sick", "c", "d")


def named(*labels: str) -> list[Named]:
    return [Named(Source.GIT, f"/{label}", label) for label in labels]


def reads(one: Named, request: Request) -> Seen:
    """Stands for a collector; the sick target ends the process that reads it."""
    if one.label == "sick":
        os.kill(os.getpid(), signal.SIGKILL)
    return Seen(Target(source=Source.GIT, label=one.label))


def listens(one: Named, request: Request) -> Seen:
    """Says whether the process that reads would hear Ctrl-C."""
    deaf = signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    return Seen(Target(source=Source.GIT, label=one.label, branch="deaf" if deaf else "hears"))


def test_a_process_that_dies_leaves_one_target_unread_and_the_others_read() -> None:
    told: list[tuple[str, int, int]] = []
    seen = at_once(Request(jobs=2), named(*NAMES), lambda *step: told.append(step), reads)
    assert [(one.target.label, one.target.read) for one in seen] == [(name, name != "sick") for name in NAMES]
    (gap,) = seen[2].gaps
    assert "ended before it was done" in gap.what
    assert told == [(name, number, 5) for number, name in enumerate(NAMES, 1)]


def test_only_the_first_process_hears_an_interruption() -> None:
    assert {one.target.branch for one in at_once(Request(jobs=2), named("a", "b", "c"), None, listens)} == {"deaf"}


def test_an_interruption_ends_the_processes_too() -> None:
    from multiprocessing import active_children

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    before = set(active_children())
    with pytest.raises(KeyboardInterrupt):
        at_once(Request(jobs=2), named("a", "b", "c"), interrupted, listens)
    for process in set(active_children()) - before:
        process.join(30)
    assert set(active_children()) <= before
