"""Find a PostgreSQL server for the tests, or get one. As a script it installs one if there is none and it may."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import debian

NAMES = ("initdb", "postgres")
ADVICE = "No PostgreSQL server is installed; the tests on one are skipped (Debian: `sudo apt-get install postgresql`)."
_SETTINGS = (
    "listen_addresses=",
    "fsync=off",
    "full_page_writes=off",
    "max_connections=60",
    "shared_buffers=32MB",
)
_PATIENCE_S = 60


def installed() -> Path | None:
    """Folder of the server's programs."""
    beside = [Path(path).parent for path in [shutil.which("postgres")] if path]
    folders = [*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True), *beside]
    return next((folder for folder in folders if all((folder / name).exists() for name in NAMES)), None)


def find_or_install() -> Path | None:
    """Folder of the server's programs, installed from Debian's package first if need be and possible."""
    found = installed()
    if not found and debian.install("--no-install-recommends", "postgresql"):
        found = installed()
    return found


@contextlib.contextmanager
def running(programs: Path) -> Iterator[str]:
    """A server of its own on a socket in a temporary folder; gives the address of its databases, up to their name."""
    with serving(programs) as (address, _):
        yield address


@contextlib.contextmanager
def serving(programs: Path, *settings: str) -> Iterator[tuple[str, Server]]:
    """The same with the server, and with settings beside those of the tests."""
    folder = Path(
        tempfile.mkdtemp(prefix="slicecore-pg-")
    )  # short: a socket's path has at most 107 characters
    # The server refuses to run as root.
    user = _unprivileged() if os.geteuid() == 0 else None
    if user:
        shutil.chown(folder, user, user)

    try:
        subprocess.run(
            [
                *(programs / "initdb", "-D", folder / "data", "--username=postgres", "--auth=trust"),
                *("--no-sync", "--encoding=UTF8", "--locale=C.UTF-8"),
            ],
            user=user,
            cwd=folder,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        with Server(programs, folder, user, settings) as server:
            yield f"postgresql://postgres@/{{name}}?unix_sock={folder}/.s.PGSQL.5432", server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Server:
    """A server on the data of a folder, which can be killed and started again; it ends with this process.

    `settings` are beside those of the tests, such as `fsync=on`.
    """

    def __init__(self, programs: Path, folder: Path, user: str | None, settings: Iterable[str] = ()) -> None:
        self._folder, self._user = folder, user
        wanted = (*_SETTINGS, f"unix_socket_directories={folder}", *settings)
        # A test run that is killed takes the server along, where the system can do that.
        with_us = ["setpriv", "--pdeathsig", "QUIT"] if shutil.which("setpriv") else []
        self._command = [*with_us, programs / "postgres", "-D", folder / "data"]
        for setting in wanted:
            self._command += ["-c", setting]

    def __enter__(self) -> Server:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.process.send_signal(signal.SIGQUIT)  # at once
        self.process.wait()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        with (self._folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                self._command, user=self._user, cwd=self._folder, stdout=log, stderr=log
            )
        end = time.monotonic() + _PATIENCE_S
        while not self._is_ready():
            if self.process.poll() is not None or time.monotonic() > end:
                log = (self._folder / "log").read_text(errors="replace")
                raise RuntimeError(f"PostgreSQL does not start:\n{log[-2000:]}")
            time.sleep(0.02)

    def kill(self) -> None:
        """Kill all its processes (SIGKILL), as a machine that loses its power."""
        pid = self.process.pid
        others = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        for each in (pid, *map(int, others)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)
        self.process.wait()

    def _is_ready(self) -> bool:
        """True when the server says so in the file that names it: its number, and in the last line its state."""
        try:
            lines = (self._folder / "data" / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return lines[:1] == [str(self.process.pid)] and lines[7:] != [] and lines[7].strip() == "ready"


def _unprivileged() -> str:
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    raise RuntimeError("There is no user under whom PostgreSQL could run.")


if __name__ == "__main__":
    if not find_or_install():
        print(ADVICE)  # noqa: T201
