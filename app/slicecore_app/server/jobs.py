"""Background work on a table: one thread a job, with progress and cancel. No job touches Streamlit."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from slicecore.errors import SlicecoreError
from slicecore.giving_way import waits_here
from slicecore.logs import event
from slicecore.tallies import add
from slicecore_app.server.right_of_way import right_of_way

RATE_WINDOW_S = 10.0
"""The speed shown is the mean of this many seconds."""

_log = logging.getLogger(__name__)
_running: set[int] = set()


def number_running() -> int:
    """Number of jobs that are at work in this process."""
    return len(_running)


@dataclass
class Job:
    """One piece of work. The thread writes, the page reads.

    Attributes
    ----------
    group, name : str
        What it belongs to, such as a table, and what it is called there.
    step : str
        What is being done, as the work reports it.
    done, total : int
        Progress within the step; `total` is 0 while it is unknown.
    begun : int
        How much of the step was done when it began: kept from an earlier run.
    state : str
        "running", "done", "cancelled" or "failed".
    error : str
        A sentence for people when it failed.
    result : Any
        What the work returned.
    cancel : threading.Event
        Set it to stop the work at its next opportunity.
    ended : threading.Event
        Set when the work is over, however it ended.
    started : float
        When it began, by `time.monotonic`.
    """

    group: str = ""
    name: str = ""
    step: str = ""
    done: int = 0
    total: int = 0
    begun: int = 0
    state: str = "running"
    error: str = ""
    result: Any = None
    cancel: threading.Event = field(default_factory=threading.Event)
    ended: threading.Event = field(default_factory=threading.Event)
    started: float = field(default_factory=time.monotonic)
    _marks: deque[tuple[float, int]] = field(default_factory=deque)

    def report(self, step: str, done: int, total: int) -> None:
        """Take note of progress, and let a page that is being made go first; called from the job's thread."""
        right_of_way.stand_aside()
        now = time.monotonic()
        if step != self.step:
            self._marks.clear()
            self.begun = done
        self.step, self.done, self.total = step, done, total
        self._marks.append((now, done))
        # The last mark before the window stays: batches may be further apart than the window is long.
        while len(self._marks) > 2 and now - self._marks[1][0] >= RATE_WINDOW_S:
            self._marks.popleft()

    def wait(self, seconds: float) -> None:
        """Wait so long for the end, while a page is made: the work goes on meanwhile."""
        with right_of_way.waiting():
            self.ended.wait(seconds)

    def wait_while_new(self, seconds: float) -> None:
        """Wait until it has taken so long in all, or is over: what takes longer is not waited for at every move."""
        left = self.started + seconds - time.monotonic()
        if left > 0:
            self.wait(left)

    @property
    def rate(self) -> float | None:
        """Clips per second over the last seconds, None before there is anything to go by."""
        marks = list(self._marks)
        if len(marks) < 2 or marks[-1][0] - marks[0][0] < 0.5 or marks[-1][1] <= marks[0][1]:
            return None
        return (marks[-1][1] - marks[0][1]) / (marks[-1][0] - marks[0][0])

    @property
    def seconds_left(self) -> float | None:
        """Estimated remaining time of this step, None when unknown."""
        rate = self.rate  # read once: the next step may have begun since, of which nothing is known yet
        return (self.total - self.done) / rate if rate and self.total else None


class Jobs:
    """Jobs by key: the same work is never done twice at a time, whichever tab asks.

    Parameters
    ----------
    most
        How many of a group are kept with their results, by group; the one that was asked for longest ago goes first,
        never one that runs. Of other groups all are kept.
    at_rest
        Called in the thread of a job that ends when no other runs, before the job counts as ended.
    """

    def __init__(
        self, most: Mapping[str, int] | None = None, at_rest: Callable[[], object] = lambda: None
    ) -> None:
        self._most = most or {}
        self._at_rest = at_rest
        self._lock = threading.Lock()
        self._jobs: dict[str, Job] = {}
        self._asked: dict[str, int] = {}
        self._count = 0

    def get(self, key: str) -> Job | None:
        """The job last started under a key."""
        return self._jobs.get(key)

    def of(self, group: str) -> list[Job]:
        """The jobs of a group in the order in which they were started."""
        with self._lock:
            return [job for job in self._jobs.values() if job.group == group]

    def start(
        self,
        key: str,
        work: Callable[[Job], Any],
        cancelled: type[Exception],
        *,
        group: str = "",
        name: str = "",
    ) -> Job:
        """Run `work(job)` in a thread, once: `forget` it to run it again, also after it failed or was cancelled.

        The work raises `cancelled` when it was told to stop.
        """
        with self._lock:
            self._count += 1
            self._asked[key] = self._count
            job = self._jobs.get(key)
            if job:
                return job
            job = self._jobs[key] = Job(group, name)
            self._drop_oldest(group)
        threading.Thread(
            target=self._run, args=(job, work, cancelled), name=f"job {key}", daemon=True
        ).start()
        return job

    def forget(self, key: str) -> None:
        """Let the next `start` begin anew."""
        with self._lock:
            self._drop(key)

    def cancel(self) -> None:
        """Tell all work to stop: nobody wants it any more."""
        for job in self.running():
            job.cancel.set()

    def running(self) -> list[Job]:
        """The jobs that are not over."""
        with self._lock:
            return [job for job in self._jobs.values() if job.state == "running"]

    def _drop(self, key: str) -> None:
        self._jobs.pop(key, None)
        self._asked.pop(key, None)

    def _drop_oldest(self, group: str) -> None:
        over = [key for key, job in self._jobs.items() if job.group == group and job.state != "running"]
        count = sum(job.group == group for job in self._jobs.values()) - self._most.get(
            group, len(self._jobs)
        )
        for key in sorted(over, key=self._asked.__getitem__)[: max(0, count)]:
            self._drop(key)

    def _run(self, job: Job, work: Callable[[Job], Any], cancelled: type[Exception]) -> None:
        _running.add(id(job))
        waits_here.set(right_of_way.stand_aside)  # of this thread alone
        try:
            job.result = work(job)
            job.state = "done"
        except cancelled:
            job.state = "cancelled"
        except SlicecoreError as error:
            job.error, job.state = str(error), "failed"
        except Exception:  # noqa: BLE001 - the thread's last line: nothing else would ever show the error
            _log.exception("A background job failed")
            job.error = "Something went wrong that slicecore did not expect; the terminal shows the details."
            job.state = "failed"
        finally:
            _running.discard(id(job))
            add(f"jobs_{job.state}")
            event(_log, "A job ended", state=job.state, seconds=round(time.monotonic() - job.started, 3))
            try:
                if not self.running():
                    self._at_rest()
            finally:
                job.ended.set()
