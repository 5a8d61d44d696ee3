"""Docstrings as mkdocstrings takes them in."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

from griffe import Extension, GriffeLoader, Object

sys.path.append(str(Path(__file__).parent))

from public_names import public_names

ATTRIBUTES = re.compile(r"(?<=Attributes\n----------\n).*?(?=\n\n|\Z)", re.DOTALL)
IN_A_LINE = re.compile(r"^(\w[\w, ]*) : ", re.MULTILINE)
NAME = re.compile(r"`slicecore\.([\w.]+)`")


class Docstrings(Extension):
    """Attributes, written `name : what it is` in a line, with their types; public names as links."""

    def __init__(self) -> None:
        self._public = {name for _, name in public_names()}

    def on_object(self, *, obj: Object, loader: GriffeLoader, **kwargs: Any) -> None:
        """Rewrite the docstring of a module, class, function or attribute."""
        if obj.docstring:
            text = ATTRIBUTES.sub(lambda match: IN_A_LINE.sub(r"\1\n    ", match[0]), obj.docstring.value)
            obj.docstring.value = NAME.sub(self._linked, text)

    def _linked(self, match: re.Match[str]) -> str:
        return f"[{match[0]}][slicecore.{match[1]}]" if match[1] in self._public else match[0]
