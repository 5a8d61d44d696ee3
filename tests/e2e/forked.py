"""Servers of the browser tests that begin as copies of a process which has imported what a page needs.

Modules take a server more processor time than all else until its first page. As a script this is the process that is
copied: it reads a line of JSON per wish, and answers with a number.
"""

from __future__ import annotations

import atexit
import faulthandler
import gc
import importlib
import inspect
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
    "anyio._backends._asyncio",
    "httptools",
    "onnx",
    "pandas",
    "PIL.Image",
    "PIL.PngImagePlugin",
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
    "streamlit.material_icon_names",
    "streamlit.testing.v1",
    "streamlit.web.bootstrap",
    "streamlit.web.cli",
    "streamlit.web.server.starlette",
    "streamlit.web.server.starlette.starlette_agent_routes",
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
_OURS = (
    "slicecore.display.projection",
    "slicecore.embedding.signal",
    "slicecore.explain.causes",
    "slicecore.explain.marks",
    "slicecore.explain.overlaps",
    "slicecore.pipeline.diagnosis",
    "slicecore.recipes.probing",
    "slicecore.slices.metadata_slices",
    "slicecore.slices.permutation",
    "slicecore.storage.verdicts.store",
    "slicecore_app.review.evidence.panel",
    "slicecore_app.review.export.panel",
    "slicecore_app.review.footer.panel",
    "slicecore_app.review.gathering",
    "slicecore_app.review.head.panel",
    "slicecore_app.review.map.panel",
    "slicecore_app.review.player.panel",
    "slicecore_app.review.problems.panel",
    "slicecore_app.review.progress.panel",
    "slicecore_app.review.slice.panel",
    "slicecore_app.review.thresholds.panel",
    "slicecore_app.review.treemap.panel",
    "slicecore_app.server.half_requests",
    "slicecore_app.server.routes",
    "slicecore_app.server.stopped_runs",
    "slicecore_app.server.whole_runs",
    "slicecore_app.session.views",
    "slicecore_app.start",
)
"""The project's own modules, which read their environment when they are asked, not when they are imported."""


class Server:
    """A server's process, with what of `Popen` the tests need."""

    def __init__(self, arguments: list[str], cwd: Path, log: Path, env: dict[str, str]) -> None:
        self._paths = env["PYTHONPATH"]
        self.pid = _ask(self._paths, arguments=arguments, cwd=str(cwd), log=str(log), env=env)
        self._status: int | None = None

    def poll(self) -> int | None:
        """Exit status, None while it runs."""
        if self._status is None:
            asked = _ask(self._paths, ended=self.pid)
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
_copied: dict[str, subprocess.Popen] = {}
"""Processes that are copied, by where their modules are."""


def _ask(paths: str, **wish: object) -> int:
    process = _copied.get(paths)
    if process is None:
        command = [sys.executable, __file__]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        process = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": paths}, **pipes)
        _copied[paths] = process
        atexit.register(_end, process)
    process.stdin.write(json.dumps(wish) + "\n")
    process.stdin.flush()
    return int(process.stdout.readline())


def _end(process: subprocess.Popen) -> None:
    process.stdin.close()
    process.wait()


def _be_copied() -> None:
    """Copy this process for every server that is asked for; in a copy it returns after the server's end."""
    for name in (*_PACKAGES, *_OURS):
        importlib.import_module(name)
    importlib.import_module("slicecore.text.language").languages_now(["a text of which the model is read"])
    inspect.stack()  # as Streamlit does once: which module is in which file is then known
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
    sys.path[0] = cwd
    sys.argv[:] = ["streamlit", *arguments]
    faulthandler.enable()  # a crash says where, in the log
    from streamlit.web.cli import main

    main(prog_name="streamlit")


if __name__ == "__main__":
    _be_copied()
