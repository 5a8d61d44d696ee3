"""A file that leads a browser to an address which nobody else should read, such as one with a token in it."""

from __future__ import annotations

from html import escape
from pathlib import Path

from slicecore.storage.atomic import write_whole
from slicecore.storage.home import home


def leading_file(address: str, port: int) -> Path:
    """A file, its user's alone, on which a browser is opened instead of on an address.

    What a program is started with can be read by every account of the machine, and so would be the address.

    Raises
    ------
    StorageError, OSError
        It can't be written.
    """
    path = home() / f"open-{port}.html"
    text = (
        f'<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0; url={escape(address)}">'
    )

    def write(part: Path) -> None:
        part.touch(0o600)
        part.write_text(text, encoding="utf-8")

    write_whole(path, write)
    return path
