"""Bars that show on a terminal how far the work is."""

from __future__ import annotations


class ProgressBars:
    """Steps and bars on stderr; called as `analyse` reports. A step whose length is not known has no count."""

    def __enter__(self) -> ProgressBars:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        self._bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[count]}"),
            TimeRemainingColumn(),
            console=Console(stderr=True),
        )
        self._step = ""
        self._bars.start()
        return self

    def __call__(self, step: str, done: int, total: int) -> None:
        """Show how far a step is; a total of 0 is not known yet."""
        if step != self._step:
            self._end_step()
            self._step = step
            self._task = self._bars.add_task(step, total=None, count="")
        if total:
            self._bars.update(self._task, completed=done, total=total, count=f"{done:,}/{total:,}")

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self._end_step()
        self._bars.stop()

    def _end_step(self) -> None:
        if self._step and self._bars.tasks[self._task].total is None:
            self._bars.update(self._task, completed=1, total=1)
