"""Kernels that are compiled in a process of their own, before they are needed."""

import importlib
import os
import subprocess
import sys
import threading

import pytest

from slicecore.pipeline import kernels, preload


@pytest.fixture
def kernel(tmp_path, monkeypatch):
    """A kernel of a module of its own, which nothing has compiled yet."""
    source = tmp_path / "kernel_of_test.py"
    source.write_text("from numba import njit\n\n@njit(cache=True)\ndef double(x):\n    return 2 * x\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "kernel_of_test", raising=False)
    yield importlib.import_module("kernel_of_test").double
    sys.modules.pop("kernel_of_test", None)


def test_a_kernel_counts_as_compiled_while_its_source_is_the_same(kernel, tmp_path):
    assert not kernels.is_compiled(kernel)
    assert kernel(2) == 4
    assert kernels.is_compiled(kernel)
    source = tmp_path / "kernel_of_test.py"
    os.utime(source, (source.stat().st_atime, source.stat().st_mtime + 1000))
    assert not kernels.is_compiled(kernel)


class Process:
    """Another process that never ends by itself."""

    def __init__(self, command, **options):
        self.command, self.killed = command, False

    def __enter__(self):
        return self

    def __exit__(self, *_):
        assert self.killed

    def wait(self, timeout):
        raise subprocess.TimeoutExpired(self.command, timeout)

    def kill(self):
        self.killed = True


def test_another_process_compiles_what_is_not_compiled_and_ends_with_the_program(kernel, monkeypatch):
    ran = []
    monkeypatch.setattr(subprocess, "Popen", lambda command, **_: ran.append(Process(command)) or ran[-1])
    monkeypatch.setattr(kernels, "_modules", lambda: (sys.modules["kernel_of_test"],))
    looks = iter([True, True, False])
    kernels.compile_apart(lambda: next(looks))
    [process] = ran
    python, option, code = process.command
    assert (python, option) == (sys.executable, "-c")
    compile(code, "what the other process runs", "exec")
    assert process.killed
    kernel(2)
    kernels.compile_apart(lambda: True)
    assert len(ran) == 1


def test_a_process_that_cannot_be_had_stops_nothing(kernel, monkeypatch):
    def refused(*_, **__):
        raise OSError("no more processes")

    monkeypatch.setattr(subprocess, "Popen", refused)
    monkeypatch.setattr(kernels, "_modules", lambda: (sys.modules["kernel_of_test"],))
    monkeypatch.setattr(kernels, "run_all", lambda: kernel(2))
    ready = threading.Event()
    preload.load(explain=False, ready=ready)
    assert ready.is_set() and kernels.is_compiled(kernel)


def test_the_kernels_of_a_search_are_among_those_that_are_looked_at():
    names = {kernel.py_func.__name__ for module in kernels._modules() for kernel in kernels._kernels(module)}
    assert {"_merge", "_measure", "_fill_by_groups", "shuffle", "standing"} <= names
