"""Normalisation by a function of the user's, which results and caches know by a name that changes with its source."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import importlib
import importlib.util
import inspect
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

from slicecore.errors import ClipError, MetricError

_DIGITS = 8  # of the hash in a name
_LONGEST = 60  # characters of a text in a message
_DEEPEST = 6  # how far what a function holds is looked into
_PLACE = " at 0x"
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
        return label_of(self.name)

    def normalise(self, texts: Iterable[str]) -> list[str]:
        """The texts as the function returns them, with single spaces between the words.

        Raises
        ------
        MetricError
            The function fails, or what it returns is no text.
        """
        return [self._normalised(text, row) for row, text in enumerate(texts)]

    def _normalised(self, text: str, row: int) -> str:
        start = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
        try:
            normalised = self.function(text)
        except Exception as error:  # whatever the user's function does, the sentence says where
            raise ClipError(
                f"The normaliser {self.label} fails on row {{row}}, “{start}”: {error or type(error).__name__}",
                row,
            ) from error
        if not isinstance(normalised, str):
            raise ClipError(
                f"The normaliser {self.label} gives {normalised!r} for row {{row}}, “{start}”. Let it return a text.",
                row,
            )
        return " ".join(normalised.split())


def remember(function: Callable[[str], str]) -> str:
    """Name of a function, under which it is known from now on."""
    named: Any = function
    while isinstance(named, functools.partial):
        named = named.func
    title = getattr(named, "__qualname__", type(named).__qualname__)
    name = f"{getattr(named, '__module__', None) or type(named).__module__}:{title}#{_hash(function)}"
    _KNOWN[name] = OwnNormaliser(name, function)
    return name


def own_normaliser(name: str) -> OwnNormaliser:
    """The function that `remember` gave a name."""
    return _KNOWN[name]


def label_of(name: str) -> str:
    """Name of a normalisation without the hash of its source."""
    return name.partition("#")[0]


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
        The module can't be imported, or has no such function, or a class fails.
    """
    module_name, _, title = place.rpartition(":")
    if not module_name or not title:
        raise MetricError(f"“{place}” names no normaliser. Write module:function or file.py:function.")
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
        try:
            function = function()
        except Exception as error:  # as above
            raise MetricError(
                f"The normaliser {place} can't be made: {error or type(error).__name__}"
            ) from error
    return remember(function)


def _from_folder(name: str) -> ModuleType:
    """A module of the path, or of the working folder, which the installed command does not look into."""
    folder = str(Path.cwd())
    # New lists: a thread that goes through the present one would pass over a folder when this one is taken off.
    sys.path = [folder, *sys.path]
    try:
        return importlib.import_module(name)
    finally:
        without = list(sys.path)
        without.remove(folder)
        sys.path = without


def _from_file(path: str) -> ModuleType:
    file = Path(path)
    specification = importlib.util.spec_from_file_location(file.stem, file)
    if specification is None or specification.loader is None or not file.is_file():
        raise FileNotFoundError(f"There is no file {path}.")
    module = importlib.util.module_from_spec(specification)
    # Without the bytecode beside it, which an edit in the same second with as many characters leaves out of date.
    exec(compile(file.read_bytes(), file, "exec"), module.__dict__)
    # A function asks for its module when its source is read.
    sys.modules.setdefault(file.stem, module)
    return module


def _hash(function: Callable[[str], str]) -> str:
    """Hash of all the source that a function's result is likely to come from, and of what it has with it."""
    return hashlib.sha256("\n".join(_described(function, set())).encode("utf-8", "replace")).hexdigest()[
        :_DIGITS
    ]


def _described(value: Any, known: set[int], depth: int = 0) -> Iterator[str]:
    """Texts that tell a function or a value from others, the same in every process: sources, and what they hold.

    What is `known`, functions and objects by their places in memory, is not described a second time.
    """
    if depth > _DEEPEST:
        return
    held: Iterable[Any] = ()
    yield type(value).__qualname__
    if id(value) in known:
        return
    if isinstance(value, FunctionType | type):
        known.add(id(value))
        yield _source(value)
        held = _held_by_function(value) if isinstance(value, FunctionType) else ()
    elif isinstance(value, functools.partial):
        held = (value.func, value.args, value.keywords)
    elif isinstance(value, MethodType):
        held = (value.__func__, value.__self__)
    elif isinstance(value, list | tuple):
        held = value
    elif isinstance(value, dict):
        held = sorted(value.items(), key=str)
    elif isinstance(value, set | frozenset):
        yield from sorted(map(repr, value))
    elif isinstance(value, re.Pattern):
        held = (value.pattern, value.flags)
    else:
        text = repr(value)
        # A place in memory is another one in every process.
        has_place = _PLACE in text
        yield _PLACE if has_place else text
        if has_place or depth == 0:
            known.add(id(value))
            held = (type(value), getattr(value, "__self__", None), _state(value))
    for each in held:
        yield from _described(each, known, depth + 1)


def _held_by_function(function: FunctionType) -> Iterator[Any]:
    """Values on which the result of a function depends; the code of a lambda too, which has no name of its own."""
    for cell in function.__closure__ or ():
        with contextlib.suppress(ValueError):  # nothing in it yet
            yield cell.cell_contents
    yield from (function.__defaults__, function.__kwdefaults__, function.__dict__)
    if function.__name__ == "<lambda>":
        yield function.__code__


def _state(value: Any) -> Any:
    """Attributes of an object, or the parts of code."""
    if isinstance(value, CodeType):
        return value.co_code, value.co_names, value.co_consts
    slots = {name for kind in type(value).__mro__ for name in _names(getattr(kind, "__slots__", ()))}
    return getattr(value, "__dict__", {}) | {name: getattr(value, name, None) for name in slots}


def _names(slots: str | Iterable[str]) -> Iterable[str]:
    return (slots,) if isinstance(slots, str) else slots


def _source(function: FunctionType | type) -> str:
    """Source of the module of a function, whose helpers count too; of the function alone in a script or notebook."""
    try:
        file = inspect.getsourcefile(function)
        if file and function.__module__ != "__main__":
            return Path(file).read_text(encoding="utf-8")
        return inspect.getsource(function)
    except (OSError, TypeError):  # made by compiled code, or typed at a prompt
        code = getattr(function, "__code__", None)
        return "\n".join(_described(code, set())) if code else repr(function)
