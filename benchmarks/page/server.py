"""The servers that this process started: their memory, and whether they are at rest."""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

REST_S = 3.0
"""Longer than the page waits, after the sliders have rested, before it looks for slices over metadata."""
_BUSY = 0.05  # of one core; a page that looks now and then whether there is more takes less


@dataclass(frozen=True)
class Resident:
    """Resident MiB: of the process itself, and of files that are mapped, which the system takes back when it must."""

    own: float
    mapped: float

    @property
    def all(self) -> float:
        """Both."""
        return self.own + self.mapped

    def __str__(self) -> str:
        return f"{self.all:,.0f} ({self.mapped:,.0f} mapped)"


def memory() -> Resident:
    """Resident MiB of the servers."""
    own = mapped = 0
    for folder in _servers():
        lines = dict(
            line.split(":", 1) for line in (folder / "status").read_text().splitlines() if ":" in line
        )
        own += int(lines["RssAnon"].split()[0])
        mapped += sum(int(lines[name].split()[0]) for name in ("RssFile", "RssShmem"))
    return Resident(own / 1024, mapped / 1024)


def wait_for_rest(patience_s: float = 1500) -> None:
    """Return when the servers have hardly used the processor for a while. Raises TimeoutError."""
    end = time.monotonic() + patience_s
    while time.monotonic() < end:
        before = cpu_seconds()
        time.sleep(REST_S)
        if cpu_seconds() - before < _BUSY * REST_S:
            return
    raise TimeoutError(f"The server was still busy after {patience_s:.0f} s.")


def cpu_seconds() -> float:
    """Seconds of the processor so far."""
    ticks = 0
    for folder in _servers():
        fields = (folder / "stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])  # utime and stime, proc(5)
    return ticks / os.sysconf("SC_CLK_TCK")


def _servers() -> Iterator[Path]:
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            command = (folder / "cmdline").read_text()
        except OSError:  # gone meanwhile
            continue
        if parent == os.getpid() and "streamlit" in command:
            yield folder
