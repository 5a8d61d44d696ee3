"""Checks of a gate as tests of pytest, without a plugin."""

from __future__ import annotations

import threading
import unittest
from pathlib import Path
from typing import TYPE_CHECKING, Any

from slicecore.gate.checking import check
from slicecore.gate.result import SKIPPED, WORSE, Check, Gate
from slicecore.gate.run import Run
from slicecore.transfer.definition import WHOLE, Definitions
from slicecore.transfer.file import load_definitions

if TYPE_CHECKING:
    from slicecore.table.dataset import Dataset


class GatedSlice:
    """A defined slice, or the whole table, to be checked in a test.

    Attributes
    ----------
    name : of the slice; pytest names its test by it.
    """

    def __init__(self, name: str, shared: _Shared) -> None:
        self.name = self.__name__ = name
        self._shared = shared

    def __str__(self) -> str:
        return self.name

    def __repr__(self) -> str:
        return f"GatedSlice({self.name})"

    def check(
        self, table: str | Path | Dataset, baseline: str | Path | Run | None = None, **options: Any
    ) -> Check:
        """Check the slice; the whole gate is computed once for all slices.

        Parameters
        ----------
        table
            The clips with the predictions to be checked, or their file.
        baseline
            The run to compare with, or its file; the values of the definitions by default.
        **options
            Those of `slicecore.gate.check`.

        Returns
        -------
        Check
            Of a slice that did not get worse.

        Raises
        ------
        AssertionError
            It got worse; the text says by how much.
        unittest.SkipTest
            It could not be compared, which pytest and unittest count as skipped.
        """
        result = self._shared.gate(table, baseline, options)[self.name]
        if result.status == SKIPPED:
            raise unittest.SkipTest(result.sentence)
        if result.status == WORSE:
            raise AssertionError(f"{self.name}: {result.sentence}")
        return result


class _Shared:
    """The gates of a file of definitions, each computed once."""

    def __init__(self, definitions: Definitions) -> None:
        self.definitions = definitions
        self._gates: dict[str, tuple[object, Gate]] = {}
        self._lock = threading.Lock()

    def gate(
        self, table: str | Path | Dataset, baseline: str | Path | Run | None, options: dict[str, Any]
    ) -> Gate:
        key = repr((_key(table), _key(baseline), sorted(options.items())))
        with self._lock:
            if key not in self._gates:
                # What was compared stays referred to, so that no other object takes its place in the key.
                self._gates[key] = ((table, baseline), check(self.definitions, table, baseline, **options))
            return self._gates[key][1]


def _key(source: object) -> object:
    return str(Path(source).absolute()) if isinstance(source, str | Path) else id(source)


def load(path: str | Path) -> list[GatedSlice]:
    """The slices of a file of definitions, and the whole table before them, as parameters of a test.

    Parameters
    ----------
    path
        The file.

    Raises
    ------
    DefinitionError
        It can't be used.

    Examples
    --------
    >>> @pytest.mark.parametrize("slice", slicecore.gate.load("slices.yaml"))  # doctest: +SKIP
    ... def test_slice(slice):
    ...     slice.check("new.csv", baseline="run.json")
    """
    definitions = load_definitions(path)
    shared = _Shared(definitions)
    return [GatedSlice(name, shared) for name in (WHOLE, *(definition.name for definition in definitions))]
