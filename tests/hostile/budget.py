"""Processor time as a limit: what runs over it is stopped, and fails."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from types import FrameType


class TooLong(BaseException):
    """Something is still at it. No `except Exception` of the product hides it."""


def _too_long(_signal: int, _frame: FrameType | None) -> None:
    raise TooLong


def seconds(run: Callable[[], object], limit: float) -> float:
    """How much processor time something takes; it is stopped at the limit, as soon as native code listens."""
    before = signal.signal(signal.SIGVTALRM, _too_long)
    start = time.process_time()
    try:
        signal.setitimer(signal.ITIMER_VIRTUAL, limit)
        run()
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    except TooLong:
        return max(limit, time.process_time() - start)
    finally:
        signal.signal(signal.SIGVTALRM, signal.SIG_IGN)
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
    return time.process_time() - start
