"""Reduced copies of the first drawing, to stand beside the pictures of the page."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

WIDTH = 960
DRAWINGS = (
    "review-1280-light",
    "review-1440-dark",
    "review-1440-light",
    "review-1920-light",
    "extra-keyboard-help",
    "extra-lasso",
    "extra-long-alignment",
)
STATES = "states-1440-light"
PARTS = {
    "first-run": (15, 87, 750, 458),
    "unreadable": (769, 87, 1425, 458),
    "empty": (15, 488, 750, 859),
    "loading": (769, 488, 1092, 669),
    "no-audio": (1102, 488, 1425, 669),
    "server-away": (769, 679, 1092, 859),
    "nothing-picked": (1102, 679, 1425, 859),
}
"""Where each state is on the drawing of all of them, in pixels."""


def copy_target(drawings: Path, out: Path) -> None:
    """Write reduced copies of the drawings, and the states cut out."""
    out.mkdir(exist_ok=True)
    for name in DRAWINGS:
        with Image.open(drawings / f"{name}.png") as image:
            small = image.convert("RGB").resize(
                (WIDTH, round(image.height * WIDTH / image.width)), Image.LANCZOS
            )
        small.save(out / f"{name}.webp", "WEBP", quality=70, method=6)
    with Image.open(drawings / f"{STATES}.png") as image:
        for name, box in PARTS.items():
            image.convert("RGB").crop(box).save(out / f"{name}.webp", "WEBP", quality=75, method=6)
