"""Inputs that are kept: those of findings, by name, and some of those by which coverage grew, by their hash."""

from __future__ import annotations

import hashlib
from pathlib import Path

FOLDER = Path(__file__).parent / "corpus"
MOST = 40
"""Inputs of a target that are kept of those by which coverage grew."""
MOST_BYTES = 40_000
"""Of these inputs together."""


def inputs(target: str) -> list[bytes]:
    """Inputs that are kept for a target, in the order of their names."""
    return [file.read_bytes() for file in sorted((FOLDER / target).glob("*"))]


def keep(target: str, grown: Path) -> int:
    """Keep some inputs of a folder by which the coverage of a target grew, small and large ones; returns how many."""
    files = sorted(grown.glob("*"), key=lambda file: (file.stat().st_size, file.name))
    chosen = files[:: max(1, -(-len(files) // MOST))]
    while sum(file.stat().st_size for file in chosen) > MOST_BYTES:
        chosen.pop()
    folder = FOLDER / target
    folder.mkdir(parents=True, exist_ok=True)
    for file in chosen:
        content = file.read_bytes()
        (folder / hashlib.sha256(content).hexdigest()[:12]).write_bytes(content)
    return len(chosen)
