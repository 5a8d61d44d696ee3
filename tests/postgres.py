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
from datetime import UTC, datetime, timedelta
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

    def guard(self) -> bytes:
        """Let nobody in on TCP without TLS from now on; gives the certificate, which the server made for itself."""
        data = self._folder / "data"
        certificate, key = _certificate()
        for name, content in (("server.crt", certificate), ("server.key", key)):
            path = data / name
            path.touch(0o600)
            path.write_bytes(content)
            if self._user:
                shutil.chown(path, self._user, self._user)
        (data / "pg_hba.conf").write_text("local all all trust\nhostssl all all all trust\n")
        (data / "postgresql.auto.conf").write_text("ssl = on\n")
        self.process.send_signal(signal.SIGHUP)
        end = time.monotonic() + _PATIENCE_S
        while 'parameter "ssl" changed' not in (self._folder / "log").read_text(errors="replace"):
            if time.monotonic() > end:
                raise RuntimeError("PostgreSQL does not take its certificate.")
            time.sleep(0.02)
        return certificate

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


def _certificate() -> tuple[bytes, bytes]:
    """A certificate of localhost that is signed by itself, and its key."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder(
            name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(1)
        )
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return made.public_bytes(serialization.Encoding.PEM), private


def _unprivileged() -> str:
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    raise RuntimeError("There is no user under whom PostgreSQL could run.")


if __name__ == "__main__":
    if not find_or_install():
        print(ADVICE)  # noqa: T201
