"""The review page on a result, opened from Python: a process beside it, and what reviewers say there."""

from __future__ import annotations

import atexit
import html
import os
import sys
import webbrowser
from typing import TYPE_CHECKING

from slicecore.pipeline.found_slice import NotebookOutput
from slicecore.pipeline.page_process import Page
from slicecore.pipeline.page_table import page_arguments, page_path
from slicecore.storage.home import workspace_folder
from slicecore.storage.leading_file import leading_file

if TYPE_CHECKING:
    import pandas as pd

    from slicecore.pipeline.result import Result

_NOTEBOOKS = "http://localhost:* http://127.0.0.1:* https://localhost:* vscode-file: vscode-webview:"
"""Origins of notebooks on this machine, for `Review.frame`."""
_running: dict[tuple[str, ...], Page] = {}
"""Pages that this process started, by their arguments."""


class Review:
    """The review page on a result. As a context manager it is stopped at the end, else with this process.

    Parameters
    ----------
    result
        The result.
    page
        The process of the page.
    """

    def __init__(self, result: Result, page: Page) -> None:
        self._result = result
        self._page = page

    @property
    def url(self) -> str:
        """Address of the page, on this machine, with the token that lets in whoever has it."""
        return self._page.url

    @property
    def running(self) -> bool:
        """True until the page is stopped."""
        return self._page.running

    def verdicts(self) -> pd.DataFrame:
        """Verdicts that reviewers have given by now, see `Result.verdicts`; also when the page is stopped."""
        return self._result.verdicts()

    def frame(self, height: int = 900) -> NotebookOutput:
        """The page inside a notebook that runs on the same machine as its browser."""
        content = (
            f'<iframe src="{html.escape(self.url)}" width="100%" height="{int(height)}" '
            'style="border:0" allow="autoplay; clipboard-write"></iframe>'
        )
        return NotebookOutput(repr(self), content)

    def stop(self) -> None:
        """Stop the page; verdicts are on disk."""
        self._page.close()

    def __enter__(self) -> Review:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def __repr__(self) -> str:
        return f"Review({self.url}{'' if self.running else ', stopped'})"

    def _repr_html_(self) -> str:
        if not self.running:
            return "<p>The review page is stopped.</p>"
        url = html.escape(self.url)
        return f'<p>The review page is at <a href="{url}" target="_blank" rel="noopener">{url}</a>.</p>'


def open_review(result: Result, port: int | None, browser: bool) -> Review:
    """Open the page on a result, see `Result.review`."""
    arguments = [*page_arguments(result), "--framed-by", _NOTEBOOKS]
    key = tuple(arguments)
    page = _running.get(key)
    if page is None or not page.running or port not in (None, page.port):
        log = workspace_folder(page_path(result.data)) / "page.log"
        page = Page(arguments, port, log)
        _running[key] = page
        atexit.register(page.close)
    review = Review(result, page)
    if browser and _has_screen():
        webbrowser.open(leading_file(review.url, page.port).as_uri())
    return review


def _has_screen() -> bool:
    """True where a browser opens a window, not a page of text in the terminal, which would wait for keys."""
    return not sys.platform.startswith("linux") or any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")
    )
