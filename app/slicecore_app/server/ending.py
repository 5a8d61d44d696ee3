"""End of the server process: in time, also where something waits that never comes."""

from __future__ import annotations

import os
import signal
import threading
from types import FrameType

ENDS_WITHIN_S = 8.0
"""Seconds from Ctrl-C to the end. A file that gives nothing may hold up a thread for ever, and Python waits for it."""


def end_in_time(seconds: float = ENDS_WITHIN_S) -> None:
    """From now on a signal to end ends the process within some seconds, whatever its threads wait for.

    Verdicts are on the disk with the press, results of clips with their batch. To be called in the main thread, when
    the server has its own handlers; elsewhere it does nothing.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    for number in (signal.SIGINT, signal.SIGTERM):
        _limit(number, seconds)


def _limit(number: signal.Signals, seconds: float) -> None:
    before = signal.getsignal(number)
    if not callable(before):
        return

    def handle(signal_number: int, frame: FrameType | None) -> None:
        timer = threading.Timer(seconds, os._exit, (128 + signal_number,))
        timer.daemon = True
        timer.start()
        before(signal_number, frame)

    signal.signal(number, handle)
