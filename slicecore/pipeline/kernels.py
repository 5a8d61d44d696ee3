"""Compilation of the kernels in a process of its own, where it holds up no thread that decodes.

The compiler is Python and takes the interpreter for three seconds. What it makes is written to numba's cache,
from which this process then loads it.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

PATIENCE_S = 120
"""Seconds after which the other process is given up: the kernels are then compiled here."""
_LOOK_S = 0.2  # between two looks at whether it is still wanted


def run_all() -> None:
    """Cluster and permute a few clips, so that all kernels are compiled, or loaded from the cache."""
    from slicecore.clustering.hierarchy import build_hierarchy
    from slicecore.clustering.nearest_few import smallest
    from slicecore.slices.permutation_kernels import run_once

    build_hierarchy([np.eye(8, dtype=np.float32)])
    smallest(np.eye(2, dtype=np.float32), np.empty((2, 1), np.int32), np.empty(1, np.float32))
    run_once()


def compile_apart(goes_on: Callable[[], bool]) -> None:
    """Compile all kernels in another process unless they are compiled already; where that fails nothing happens.

    Parameters
    ----------
    goes_on
        False when nobody wants the kernels any more: the process is ended then.
    """
    if not sys.executable or all(is_compiled(kernel) for module in _modules() for kernel in _kernels(module)):
        return
    code = f"import sys; sys.path[:] = {sys.path!r}; from {__name__} import run_all; run_all()"
    quiet = subprocess.DEVNULL
    end = time.monotonic() + PATIENCE_S
    try:
        process = subprocess.Popen([sys.executable, "-c", code], stdin=quiet, stdout=quiet, stderr=quiet)
    except OSError:
        return
    with process:
        while goes_on() and time.monotonic() < end:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_LOOK_S)
                return
        process.kill()


def is_compiled(kernel: Any) -> bool:
    """True if numba's cache has something of a kernel that is not older than its source."""
    function = kernel.py_func
    source = Path(function.__code__.co_filename)
    compiled = Path(kernel.stats.cache_path).glob(f"{source.stem}.{function.__qualname__}-*.nbi")
    return any(index.stat().st_mtime >= source.stat().st_mtime for index in compiled)


def _modules() -> tuple[ModuleType, ...]:
    from slicecore.clustering import nearest_few, node_measures, ward
    from slicecore.slices import dealing_kernels, permutation_kernels

    return ward, node_measures, nearest_few, dealing_kernels, permutation_kernels


def _kernels(module: ModuleType) -> list[Any]:
    return [value for value in vars(module).values() if hasattr(value, "py_func")]
