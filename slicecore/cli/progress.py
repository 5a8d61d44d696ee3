"""Progress bars on a terminal."""

from __future__ import annotations


class ProgressBars:
    """Steps with their bars on stderr. An instance is a progress callback; a step of unknown length has no count."""

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
        """Show the progress of a step; its total is 0 while it is unknown."""
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
