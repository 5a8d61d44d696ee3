"""Inputs that are kept: those of findings, by the target that they broke."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent / "corpus"


def inputs(target: str) -> list[bytes]:
    """Inputs that are kept for a target, in the order of their names."""
    return [file.read_bytes() for file in sorted((FOLDER / target).glob("*"))]
