"""Find a PostgreSQL server for the tests, or get one. As a script it installs one if there is none and it may."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

NAMES = ("initdb", "pg_ctl", "postgres")
ADVICE = "No PostgreSQL server is installed; the tests on one are skipped (Debian: `sudo apt-get install postgresql`)."
_SETTINGS = (
    "listen_addresses=",
    "fsync=off",
    "full_page_writes=off",
    "max_connections=60",
    "shared_buffers=32MB",
)


def installed() -> Path | None:
    """Folder of the server's programs."""
    beside = [Path(path).parent for path in [shutil.which("postgres")] if path]
    folders = [*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True), *beside]
    return next((folder for folder in folders if all((folder / name).exists() for name in NAMES)), None)


def find_or_install() -> Path | None:
    """Folder of the server's programs, installed from Debian's package first if need be and possible."""
    found = installed()
    if found or not shutil.which("apt-get") or os.geteuid() != 0:
        return found
    for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", "postgresql"]):
        if subprocess.run(["apt-get", *command], stdout=subprocess.DEVNULL, check=False).returncode:
            return None
    return installed()


@contextlib.contextmanager
def running(programs: Path) -> Iterator[str]:
    """A server of its own on a socket in a temporary folder; gives the address of its databases, up to their name."""
    folder = Path(
        tempfile.mkdtemp(prefix="slicecore-pg-")
    )  # short: a socket's path has at most 107 characters
    # The server refuses to run as root.
    user = _unprivileged() if os.geteuid() == 0 else None
    if user:
        shutil.chown(folder, user, user)

    def run(program: str, *arguments: str) -> None:
        subprocess.run(
            [programs / program, "-D", folder / "data", *arguments],
            user=user,
            cwd=folder,
            check=True,
            stdout=subprocess.DEVNULL,
        )

    try:
        run(
            "initdb",
            "--username=postgres",
            "--auth=trust",
            "--no-sync",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
        )
        settings = " ".join(f"-c {setting}" for setting in (*_SETTINGS, f"unix_socket_directories={folder}"))
        run("pg_ctl", "--wait", "--log", str(folder / "log"), "-o", settings, "start")
        try:
            yield f"postgresql://postgres@/{{name}}?unix_sock={folder}/.s.PGSQL.5432"
        finally:
            run("pg_ctl", "--wait", "--mode=immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged() -> str:
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    raise RuntimeError("There is no user under whom PostgreSQL could run.")


if __name__ == "__main__":
    if not find_or_install():
        print(ADVICE)  # noqa: T201
