"""Servers of the browser tests that begin as copies of a process which has imported other people's packages.

Streamlit, numpy and the like take a server more processor time than all else until its first page. The project's own
modules are imported by each server, in its own environment. As a script this is the process that is copied: it reads a
line of JSON per wish, and answers with a number.
"""

from __future__ import annotations

import atexit
import faulthandler
import gc
import importlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

POSSIBLE = sys.platform == "linux"
"""Frameworks of macOS don't bear being copied, and Windows copies nothing."""
_PACKAGES = (
    "alembic.command",
    "alembic.config",
    "httptools",
    "onnx",
    "pandas",
    "PIL.Image",
    "platformdirs",
    "plotly.graph_objects",
    "py3langid.langid",
    "pyarrow.compute",
    "pyarrow.pandas_compat",
    "pyloudnorm",
    "rapidfuzz.process",
    "regex",
    "rich",
    "scipy.sparse",
    "scipy.stats",
    "soundfile",
    "sqlalchemy.dialects.sqlite",
    "sqlalchemy.orm",
    "starlette.applications",
    "streamlit.testing.v1",
    "streamlit.web.bootstrap",
    "streamlit.web.cli",
    "streamlit.web.server.starlette",
    "threadpoolctl",
    "typer",
    "uvicorn.lifespan.on",
    "uvicorn.protocols.http.httptools_impl",
    "uvicorn.protocols.websockets.websockets_sansio_impl",
    "uvloop",
    "whisper_normalizer.english",
    "yaml",
)
"""Packages that every server has imported by its first page. Not AgGrid, which looks for the server that runs."""
_OURS = ("slicecore", "slicecore_app")


class Server:
    """A server's process, with what of `Popen` the tests need."""

    def __init__(self, arguments: list[str], cwd: Path, log: Path, env: dict[str, str]) -> None:
        self.pid = _ask(arguments=arguments, cwd=str(cwd), log=str(log), env=env)
        self._status: int | None = None

    def poll(self) -> int | None:
        """Exit status, None while it runs."""
        if self._status is None:
            asked = _ask(ended=self.pid)
            self._status = None if asked == _RUNS else asked
        return self._status

    def wait(self, timeout: float = float("inf")) -> int:
        """Exit status, as soon as there is one."""
        end = time.monotonic() + timeout
        while (status := self.poll()) is None:
            if time.monotonic() > end:
                raise subprocess.TimeoutExpired("streamlit", timeout)
            time.sleep(0.02)
        return status

    def terminate(self) -> None:
        """Ask it to end."""
        self._send(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once."""
        self._send(signal.SIGKILL)

    def _send(self, number: signal.Signals) -> None:
        if self.poll() is None:  # its number is its own until `poll` has seen its end
            os.kill(self.pid, number)


_RUNS = -1_000
_copied: list[subprocess.Popen] = []


def _ask(**wish: object) -> int:
    if not _copied:
        own_paths = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        command = [sys.executable, __file__]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        _copied.append(subprocess.Popen(command, env=own_paths, **pipes))
        atexit.register(_end)
    process = _copied[0]
    process.stdin.write(json.dumps(wish) + "\n")
    process.stdin.flush()
    return int(process.stdout.readline())


def _end() -> None:
    _copied[0].stdin.close()
    _copied[0].wait()


def _be_copied() -> None:
    """Copy this process for every server that is asked for; in a copy it returns after the server's end."""
    for name in _PACKAGES:
        importlib.import_module(name)
    early = [name for name in sys.modules if name.partition(".")[0] in _OURS]
    if early:
        raise RuntimeError(f"A server would not import these itself: {early}")
    gc.collect()
    gc.freeze()  # what is shared by all copies stays where it is
    for line in sys.stdin:
        wish = json.loads(line)
        if "ended" in wish:
            pid, status = os.waitpid(wish["ended"], os.WNOHANG)
            answer = os.waitstatus_to_exitcode(status) if pid else _RUNS
        else:
            answer = os.fork()
            if not answer:
                _serve(**wish)
                return
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()


def _serve(arguments: list[str], cwd: str, log: str, env: dict[str, str]) -> None:
    """Be `python -m streamlit` with these arguments."""
    gc.unfreeze()
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
    for at, target in ((0, os.open(os.devnull, os.O_RDONLY)), (1, output), (2, output)):
        os.dup2(target, at)
    sys.path[:1] = [cwd, *filter(None, env.get("PYTHONPATH", "").split(os.pathsep))]
    sys.argv[:] = ["streamlit", *arguments]
    faulthandler.enable()  # a crash says where, in the log
    from streamlit.web.cli import main

    main(prog_name="streamlit")


if __name__ == "__main__":
    _be_copied()
