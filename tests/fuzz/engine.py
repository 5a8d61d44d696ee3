"""The fuzzer: inputs made of seeds, guided by coverage where atheris is installed, else by chance."""

from __future__ import annotations

import hashlib
import random
import re
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from fuzz.invariant import bound_memory

LONGEST = 1 << 15
"""Bytes of an input."""
_INTERESTING = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)


@dataclass
class Findings:
    """Inputs that broke a promise, one for every kind and place of error, in a folder."""

    folder: Path
    known: set[str] = field(default_factory=set)

    def note(self, data: bytes, error: BaseException) -> None:
        """Keep an input, unless another has shown the same."""
        place = " ".join(
            f"{Path(frame.filename).name}:{frame.name}"
            for frame in traceback.extract_tb(error.__traceback__)
            if re.search(r"slicecore|/fuzz/", frame.filename)
        )
        kind = f"{type(error).__name__} {place}"
        if kind in self.known:
            return
        self.known.add(kind)
        self.folder.mkdir(parents=True, exist_ok=True)
        name = self.folder / hashlib.sha256(data).hexdigest()[:12]
        name.write_bytes(data)
        text = "".join(traceback.format_exception(error))
        name.with_suffix(".txt").write_text(text[-6000:], "utf-8", "backslashreplace")
        print(f"FINDING {name.name} {kind} {str(error)[:160]!r}", flush=True)


def watched(run: Callable[[bytes], object], findings: Findings) -> Callable[[bytes], None]:
    """The target, which notes what it raises and goes on."""

    def call(data: bytes) -> None:
        try:
            run(data)
        except Exception as error:  # noqa: BLE001 - that is what is looked for
            findings.note(data, error)

    return call


def by_chance(run: Callable[[bytes], object], inputs: list[bytes], seconds: float, seed: int) -> int:
    """Run changed inputs for some time; returns how many."""
    chance, end, count = random.Random(seed), time.monotonic() + seconds, 0
    inputs = inputs or [b""]
    while time.monotonic() < end:
        run(mutated(chance.choice(inputs), inputs, chance))
        count += 1
    return count


def mutated(data: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """An input with a few changes: bits, bytes, numbers of several widths, parts gone, again, or of another input."""
    out = bytearray(data)
    for _ in range(1 << chance.randrange(5)):
        at = chance.randrange(len(out) + 1)
        length = min(len(out) - at, 1 << chance.randrange(9))
        match chance.randrange(8):
            case 0 if at < len(out):
                out[at] ^= 1 << chance.randrange(8)
            case 1:
                out[at : at + 1] = bytes([chance.randrange(256)])
            case 2:
                del out[at : at + length]
            case 3:
                out[at:at] = out[at : at + length]
            case 4:
                width = 1 << chance.randrange(4)
                number = chance.choice(_INTERESTING) % (1 << 8 * width)
                out[at : at + width] = number.to_bytes(width, chance.choice(("little", "big")))
            case 5:
                other = chance.choice(others)
                start = chance.randrange(len(other) + 1)
                out[at:at] = other[start : start + length]
            case 6:
                out[at:at] = chance.randbytes(chance.randrange(1, 8))
            case 7:
                del out[at:]
    return bytes(out[:LONGEST])


def run_guided(name: str, minutes: float, seed: int, folder: Path, corpus: list[bytes]) -> tuple[int, float]:
    """Run a target under atheris, in processes of its own since libFuzzer ends its process.

    Returns
    -------
    executions, minutes
        How many inputs were run, and for how long.
    """
    kept = folder / "corpus" / name
    kept.mkdir(parents=True, exist_ok=True)
    for data in corpus:
        (kept / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)
    executions, started, end = 0, time.monotonic(), time.monotonic() + 60 * minutes
    while (left := end - time.monotonic()) > 5:
        command = [
            sys.executable,
            str(Path(__file__).with_name("guided.py")),
            name,
            str(folder / "findings" / name),
        ]
        command += [f"-max_total_time={left:.0f}", f"-seed={seed}", f"-max_len={LONGEST}", "-timeout=60"]
        command += [
            "-rss_limit_mb=8000",
            f"-artifact_prefix={folder}/{name}-",
            "-print_final_stats=1",
            str(kept),
        ]
        ended = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        log = ended.stdout.decode(errors="replace")
        (folder / f"{name}.log").write_text(log[-200_000:])
        for line in log.splitlines():
            if line.startswith("FINDING"):
                print(line)
        done = re.findall(r"stat::number_of_executed_units: *(\d+)|^#(\d+)\t", log, re.MULTILINE)
        executions += max((int(a or b) for a, b in done), default=0)
        seed += 1
        if ended.returncode:
            tail = [
                line for line in log.splitlines() if "ERROR" in line or "SUMMARY" in line or "Error" in line
            ]
            print(f"The process of {name} ended with {ended.returncode}: {' | '.join(tail[-3:])}")
            if not done:
                break
    return executions, (time.monotonic() - started) / 60


def run_blind(name: str, minutes: float, seed: int, folder: Path, corpus: list[bytes]) -> tuple[int, float]:
    """Run a target on inputs changed by chance, in this process."""
    from fuzz.targets import TARGETS

    bound_memory()
    findings = Findings(folder / "findings" / name)
    started = time.monotonic()
    count = by_chance(watched(TARGETS[name].run, findings), corpus, 60 * minutes, seed)
    return count, (time.monotonic() - started) / 60
