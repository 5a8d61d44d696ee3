"""The page as a process: started on tables, checked, stopped."""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from importlib.metadata import entry_points
from pathlib import Path
from urllib.parse import quote

import typer

from slicecore.errors import SlicecoreError
from slicecore.extras import require

_ANSWERS_WITHIN_S = 60.0
_STOPS_WITHIN_S = 10.0
_ASK_EVERY_S = 0.1
_CALL = """
import threading
from slicecore.pipeline.page_process import end_with_parent
threading.Thread(target=end_with_parent, daemon=True).start()
from slicecore.cli.commands import main
main()
"""
"""Program of the page: `slicecore run`, which ends when the process that started it does."""
_TOKEN = "SLICECORE_TOKEN"


class Page:
    """A running page. As a context manager it is stopped at the end.

    Parameters
    ----------
    arguments
        Arguments of `slicecore run`, without the port.
    port
        Port on this machine; a free one if None.
    log
        File for what the page would print; it opens no browser then. None: it prints, and opens one.

    Raises
    ------
    SlicecoreError
        The page is not installed, the port is taken, or the page does not come up.
    """

    def __init__(self, arguments: Sequence[str], port: int | None = None, log: Path | None = None) -> None:
        require_page()
        if port is not None and _answers(port):  # else what answers would be taken for the page
            raise SlicecoreError(f"Port {port} is taken. Give another one, or none for any that is free.")
        self.port = port if port is not None else _free_port()
        self._log = log
        self._token = os.environ.get(_TOKEN) or secrets.token_urlsafe(24)
        quiet = {} if log is None else {"STREAMLIT_SERVER_HEADLESS": "true"}
        with contextlib.ExitStack() as files:
            output = None if log is None else files.enter_context(log.open("wb"))
            self._process = subprocess.Popen(
                [sys.executable, "-c", _CALL, "run", *arguments, "--port", str(self.port)],
                env={**os.environ, **quiet, **self._environment},
                stdin=subprocess.PIPE,  # never written to: it closes when this process ends, however it ends
                stdout=output,
                stderr=output,
            )
        try:
            self._wait_for_answer()
        except BaseException:  # also when interrupted: no process may stay behind
            self.close()
            raise

    @property
    def url(self) -> str:
        """Address of the page, with the token that opens it: other accounts of this machine do not have it."""
        return f"http://localhost:{self.port}/?token={quote(self._token, safe='')}"

    @property
    def running(self) -> bool:
        """True while the process runs."""
        return self._process.poll() is None

    @property
    def _environment(self) -> dict[str, str]:
        return {_TOKEN: self._token, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}

    def wait(self) -> None:
        """Print the address and wait until the page is stopped: from elsewhere, or by Ctrl-C, which is no error."""
        try:
            typer.echo(f"The page is at {self.url}. Ctrl-C stops it; the script goes on then.", err=True)
            self._process.wait()
        except KeyboardInterrupt:
            pass
        finally:
            self.close()

    def close(self) -> None:
        """Stop the page if it runs."""
        if self.running:
            self._process.terminate()
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            self._process.wait(_STOPS_WITHIN_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def __enter__(self) -> Page:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _wait_for_answer(self) -> None:
        end = time.monotonic() + _ANSWERS_WITHIN_S
        while time.monotonic() < end:
            if not self.running:
                raise SlicecoreError(f"The page stopped while it started. {self._why()}")
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/_stcore/health", timeout=2):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(_ASK_EVERY_S)
        raise SlicecoreError(f"The page did not answer within {_ANSWERS_WITHIN_S:.0f} s.")

    def _why(self) -> str:
        """Hint at the reason of a stop."""
        if self._log is None:
            return f"The lines above say why. Is port {self.port} free?"
        lines = self._log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return " ".join([*lines[-1:], f"Is port {self.port} free? All it said is in {self._log}."])


def end_with_parent() -> None:
    """Wait until the other end of stdin is closed, as that of a process is however it ends; then end this one."""
    while os.read(0, 1):  # not sys.stdin: a thread that waits in it is an error at the end of Python
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def require_page() -> None:
    """Raise SlicecoreError where the command `slicecore run`, or a package that it needs, is not installed."""
    require("app", "The review page")
    if not any(entry.name == "run" for entry in entry_points(group="slicecore.commands")):
        raise SlicecoreError(
            "No installed package brings the command `slicecore run`. Install slicecore again."
        )


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2):
            return True
    except (OSError, OverflowError):
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
