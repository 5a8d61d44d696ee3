"""Normalisation by a function of the user's, which results and caches know by a name that changes with its source."""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import inspect
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from slicecore.errors import ClipError, MetricError

_DIGITS = 8  # of the hash in a name
_SHOWN = 60  # characters of a text in a message
_KNOWN: dict[str, OwnNormaliser] = {}


@dataclass(frozen=True)
class OwnNormaliser:
    """A function of the user's with its name, such as “rules:clean#1f3a90bc”: module, function, hash of the source."""

    name: str
    function: Callable[[str], str] = field(repr=False)

    @property
    def joins_compounds(self) -> bool:
        """True if the function says so by an attribute of this name: “ice cream” and “icecream” are then the same."""
        return bool(getattr(self.function, "joins_compounds", False))

    @property
    def label(self) -> str:
        """Name without the hash, for people."""
        return self.name.partition("#")[0]

    def normalise(self, texts: Iterable[str]) -> list[str]:
        """The texts as the function returns them, with single spaces between the words.

        Raises
        ------
        MetricError
            The function fails, or what it returns is no text.
        """
        return [self._normalised(text, row) for row, text in enumerate(texts)]

    def _normalised(self, text: str, row: int) -> str:
        shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
        try:
            normalised = self.function(text)
        except Exception as error:  # whatever the user's function does, the sentence says where
            raise ClipError(
                f"The normaliser {self.label} fails on row {{row}}, “{shown}”: {error or type(error).__name__}",
                row,
            ) from error
        if not isinstance(normalised, str):
            raise ClipError(
                f"The normaliser {self.label} gives {normalised!r} for row {{row}}, “{shown}”. Let it return a text.",
                row,
            )
        return " ".join(normalised.split())


def remember(function: Callable[[str], str]) -> str:
    """Name of a function, under which it is known from now on."""
    title = getattr(function, "__qualname__", type(function).__qualname__)
    name = f"{getattr(function, '__module__', None) or type(function).__module__}:{title}#{_hash(function)}"
    _KNOWN[name] = OwnNormaliser(name, function)
    return name


def own_normaliser(name: str) -> OwnNormaliser:
    """The function that `remember` gave a name."""
    return _KNOWN[name]


def is_own(name: str) -> bool:
    """True if `remember` gave this name."""
    return name in _KNOWN


def unknown_function(name: str) -> str:
    """Remedy where the name is that of a function which is not known here; "" for other names."""
    label, _, source = name.partition("#")
    if not source:
        return ""
    if any(known.label == label for known in _KNOWN.values()):
        return f"“{label}” has been changed since: results under its two versions can't be compared."
    return (
        f"“{label}” is one that is not known here: give it as --normalisation {label}, or call "
        f"slicecore.load_normaliser first."
    )


def load_normaliser(place: str) -> str:
    """Name of a function that is given as `module:function` or `file.py:function`, for every `normalisation=`.

    The module is imported. Results and caches know the function by the name, which changes with its source; definitions
    of slices and saved runs have it, and are read where the function has been loaded.

    Parameters
    ----------
    place
        Where the function is, or a class that is called without arguments and gives it.

    Raises
    ------
    MetricError
        The module can't be imported, or has no such function.
    """
    module_name, _, title = place.rpartition(":")
    try:
        module = _from_file(module_name) if module_name.endswith(".py") else _from_folder(module_name)
    except Exception as error:  # the module is the user's: whatever it does, the sentence says which one
        raise MetricError(
            f"“{module_name}” with the normaliser can't be imported: {error or type(error).__name__}"
        ) from error
    function: Any = getattr(module, title, None)
    if not callable(function):
        raise MetricError(f"“{module_name}” has no function “{title}” for the normalisation.")
    if inspect.isclass(function):
        function = function()
    return remember(function)


def _from_folder(name: str) -> ModuleType:
    """A module of the path, or of the working folder, which the installed command does not look into."""
    folder = str(Path.cwd())
    sys.path.insert(0, folder)
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(folder)


def _from_file(path: str) -> ModuleType:
    file = Path(path)
    specification = importlib.util.spec_from_file_location(file.stem, file)
    if specification is None or specification.loader is None or not file.is_file():
        raise FileNotFoundError(f"There is no file {path}.")
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    # A function asks for its module when its source is read.
    sys.modules.setdefault(file.stem, module)
    return module


def _hash(function: Callable[[str], str]) -> str:
    """Hash of all the source that a function's result is likely to come from, and of what it has with it."""
    closure = getattr(function, "__closure__", None) or ()
    state = [*(cell.cell_contents for cell in closure), getattr(function, "__defaults__", None)]
    state += sorted(getattr(function, "__dict__", {}).items())
    # What has no name of its own but its place in memory is another one in every process.
    parts = [_source(function), *(text for text in map(repr, state) if " at 0x" not in text)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:_DIGITS]


def _source(function: Callable[[str], str]) -> str:
    """Source of the module of a function, whose helpers count too; of the function alone in a script or notebook."""
    owner: Any = function if hasattr(function, "__code__") else type(function)
    try:
        file = inspect.getsourcefile(owner)
        if file and owner.__module__ != "__main__":
            return Path(file).read_text(encoding="utf-8")
        return inspect.getsource(owner)
    except (OSError, TypeError):  # made by compiled code, or typed at a prompt
        code = getattr(function, "__code__", None)
        return repr((code.co_code, code.co_consts, code.co_names)) if code else repr(owner)
