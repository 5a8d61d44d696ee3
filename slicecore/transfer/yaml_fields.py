"""Fields of a YAML file by name, each checked; errors say file, line, field and remedy.

Scalars are taken as they are written, so that an id like 0123 or no stays what it is. Aliases, with which a small file
can stand for a huge one, and doubled fields are errors.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import yaml

from slicecore.errors import DefinitionError

_NULL = "tag:yaml.org,2002:null"
_NUMBERS = ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float")
_TRUE = "tag:yaml.org,2002:bool"
_LONGEST = 60  # characters of a value that an error repeats
_DEEPEST = 20
DIGITS = 6
"""Significant digits of numbers that are written for people."""
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Place:
    """A value in a file: a scalar, a list or a mapping, with its line."""

    def __init__(self, node: Any, file: str, name: str) -> None:
        self._node, self._file, self.name = node, file, name

    def error(self, text: str) -> DefinitionError:
        """An error about this value; the text goes on after its name."""
        where = f"{self._file}, line {self._node.start_mark.line + 1}"
        return DefinitionError(f"{where}: {self.name} {text}")

    @property
    def is_number(self) -> bool:
        """True for a number that stands in no quotes."""
        return isinstance(self._node, yaml.ScalarNode) and self._node.tag in _NUMBERS

    @property
    def is_list(self) -> bool:
        """True for a list."""
        return isinstance(self._node, yaml.SequenceNode)

    def text(self) -> str:
        """The value as text."""
        if not isinstance(self._node, yaml.ScalarNode):
            raise self.error("must be a text.")
        return "" if self._node.tag == _NULL else str(self._node.value)

    def choice(self, choices: Sequence[str], noun: str) -> str:
        """A text that is one of several."""
        if self.text() not in choices:
            named = ", ".join(choice or "(empty)" for choice in choices)
            raise self.error(f"is “{self.text()[:40]}”, which is no {noun}. Use one of: {named}.")
        return self.text()

    def number(self) -> float:
        """The value as a finite number."""
        try:
            number = float(self.text())
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            raise self.error(f"is {self._quoted()}, which is no number. Write it like 0.02.")
        return number

    def share(self) -> float:
        """The value as a number from 0 to 1."""
        number = self.number()
        if not 0 <= number <= 1:
            raise self.error(f"is {self._quoted()}, but must be between 0 and 1.")
        return number

    def amount(self) -> float:
        """The value as a number that is not negative."""
        number = self.number()
        if number < 0:
            raise self.error(f"is {self._quoted()}, but must not be negative.")
        return number

    def count(self) -> int:
        """The value as a whole number, 0 or more."""
        number = self.amount()
        if number != int(number):
            raise self.error(f"is {self._quoted()}, but must be a whole number.")
        return int(number)

    def flag(self) -> bool:
        """The value as true or false."""
        if self.text().lower() not in ("true", "false"):
            raise self.error(f"is {self._quoted()}, but must be true or false.")
        return self.text().lower() == "true"

    def items(self) -> list[Place]:
        """The values of a list."""
        if not isinstance(self._node, yaml.SequenceNode):
            raise self.error("must be a list, each value on a line that begins with “- ”.")
        return [
            Place(node, self._file, f"{self.name}, number {i},") for i, node in enumerate(self._node.value, 1)
        ]

    def fields(self) -> Fields:
        """The fields of a mapping."""
        if not isinstance(self._node, yaml.MappingNode):
            raise self.error("must consist of fields, each on a line like “name: value”.")
        return Fields(self, self._pairs())

    def texts(self) -> dict[str, str]:
        """The fields of a mapping of any names, as texts."""
        return {name: place.text() for name, place in self.fields().all()}

    def plain(self) -> Any:
        """The value as plain data: texts, numbers, lists and mappings."""
        node = self._node
        if isinstance(node, yaml.MappingNode):
            return {name: place.plain() for name, place in self.fields().all()}
        if isinstance(node, yaml.SequenceNode):
            return [item.plain() for item in self.items()]
        if node.tag == _NULL:
            return None
        if node.tag == _TRUE:
            return node.value.lower() in ("true", "yes", "on")
        if node.tag == _NUMBERS[0] and node.value.lstrip("-").isdigit():
            return int(node.value)
        return self.number() if node.tag in _NUMBERS else node.value

    def _pairs(self) -> dict[str, Place]:
        pairs: dict[str, Place] = {}
        for key, value in self._node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise Place(key, self._file, "a field").error("has a name that is no text.")
            name = str(key.value)
            if name in pairs:
                raise Place(key, self._file, f"the field “{_short(name)}”").error(
                    "is there twice. Remove one."
                )
            pairs[name] = Place(value, self._file, f"“{_short(name)}”")
        return pairs

    def _quoted(self) -> str:
        return f"“{_short(self.text())}”"


class Fields:
    """Fields of a mapping by name."""

    def __init__(self, place: Place, pairs: Mapping[str, Place]) -> None:
        self.place, self._pairs = place, pairs

    def __contains__(self, name: str) -> bool:
        return name in self._pairs

    def __getitem__(self, name: str) -> Place:
        """The value of a field. Raises DefinitionError where it is missing."""
        if name not in self._pairs:
            raise self.place.error(f"lacks the field “{name}”. Add it, or export the definitions anew.")
        return self._pairs[name]

    def get(self, name: str) -> Place | None:
        """The value of a field; None where it is missing."""
        return self._pairs.get(name)

    def all(self) -> Iterator[tuple[str, Place]]:
        """Names and values."""
        yield from self._pairs.items()

    def only(self, *names: str) -> Fields:
        """These fields, if there are no others. Raises DefinitionError for a field that nothing reads."""
        for name, place in self._pairs.items():
            if name not in names:
                raise place.error(f"is no field here. There are: {', '.join(names)}.")
        return self


def top_fields(text: str, file: str) -> Fields:
    """The fields of a YAML file.

    Parameters
    ----------
    text
        Its content.
    file
        Its name, for errors.

    Raises
    ------
    DefinitionError
        It is no YAML, has aliases, or its top is no mapping.
    """
    try:
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{file}, line {mark.line + 1}" if mark else file
        problem = str(getattr(error, "problem", None) or error).splitlines()[0]
        raise DefinitionError(
            f"{where}: this is no YAML ({problem}). Mend the line, or export the definitions anew."
        ) from error
    except (RecursionError, ValueError) as error:
        raise DefinitionError(f"{file} is no file of slice definitions: {type(error).__name__}.") from error
    if node is None:
        raise DefinitionError(f"{file} is empty. Export the definitions anew.")
    _check_nodes(node, file)
    return Place(node, file, "the file").fields()


def _check_nodes(top: Any, file: str) -> None:
    """Raise DefinitionError for a value that stands in several places (an alias) or too deep."""
    seen: set[int] = set()
    waiting = [(top, 0)]
    while waiting:
        node, depth = waiting.pop()
        if id(node) in seen or depth > _DEEPEST:
            problem = "aliases (* and &) are not read" if id(node) in seen else "values lie too deep"
            raise Place(node, file, "a value").error(f"can't be taken: {problem}. Write it out.")
        seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            waiting += [(child, depth + 1) for child in node.value]
        elif isinstance(node, yaml.MappingNode):
            waiting += [(child, depth + 1) for pair in node.value for child in pair]


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def short_number(number: float, digits: int | None = DIGITS) -> float | int:
    """A number as short as it can be written, to so many significant digits; all where these decide about clips."""
    rounded = float(number) if digits is None else float(f"{number:.{digits}g}")
    return int(rounded) if rounded.is_integer() and abs(rounded) < 1e15 else rounded
