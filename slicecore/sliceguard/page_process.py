"""The page as a process: started on tables, checked, stopped."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence

import typer

from slicecore.errors import SlicecoreError

_ANSWERS_WITHIN_S = 60.0
_STOPS_WITHIN_S = 10.0
_ASK_EVERY_S = 0.1


class Page:
    """A running page. As a context manager it is stopped at the end.

    Parameters
    ----------
    arguments
        Arguments of `slicecore run`, without the port.
    port
        Port on this machine; a free one if None.

    Raises
    ------
    SlicecoreError
        The page does not come up.
    """

    def __init__(self, arguments: Sequence[str], port: int | None = None) -> None:
        self.port = port if port is not None else _free_port()
        call = "from slicecore.cli.commands import main; main()"
        self._process = subprocess.Popen(
            [sys.executable, "-c", call, "run", *arguments, "--port", str(self.port)],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            stdin=subprocess.DEVNULL,
        )
        try:
            self._wait_for_answer()
        except BaseException:  # also when interrupted: no process may stay behind
            self.close()
            raise

    @property
    def url(self) -> str:
        """Address of the page."""
        return f"http://localhost:{self.port}"

    @property
    def running(self) -> bool:
        """True while the process runs."""
        return self._process.poll() is None

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
                raise SlicecoreError(
                    f"The page stopped while it started; the lines above say why. Is port {self.port} free?"
                )
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/_stcore/health", timeout=2):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(_ASK_EVERY_S)
        raise SlicecoreError(f"The page did not answer within {_ANSWERS_WITHIN_S:.0f} s.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
