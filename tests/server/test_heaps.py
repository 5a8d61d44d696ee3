"""The heap of glibc that the threads of a server share."""

import platform
import subprocess
import sys

import pytest

from slicecore_app import heaps

SERVER = """
import ctypes, sys, threading
import streamlit.web.cli
from slicecore_app.launch import run

def heaps(file):
    glibc = ctypes.CDLL(None)
    glibc.fopen.restype = glibc.malloc.restype = ctypes.c_void_p
    glibc.malloc_info.argtypes, glibc.fclose.argtypes = [ctypes.c_int, ctypes.c_void_p], [ctypes.c_void_p]
    all_there = threading.Barrier(12)

    def work():
        glibc.malloc(100_000)
        all_there.wait()

    threads = [threading.Thread(target=work) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    stream = glibc.fopen(file.encode(), b"w")
    glibc.malloc_info(0, stream)
    glibc.fclose(stream)

streamlit.web.cli.main = lambda *_, **__: heaps(sys.argv[1])
run()

import pyarrow
print(pyarrow.default_memory_pool().backend_name)
"""
"""The page's command, with threads in the place of Streamlit's server."""


@pytest.mark.skipif(sys.platform != "linux" or platform.libc_ver()[0] != "glibc", reason="for glibc alone")
def test_threads_of_the_server_and_arrow_share_a_heap(tmp_path):
    file = tmp_path / "heaps.xml"
    arrow = subprocess.run(
        [sys.executable, "-c", SERVER, str(file)], check=True, capture_output=True, text=True
    )
    assert arrow.stdout.split()[-1] == "system"
    assert file.read_text().count("<heap nr=") <= heaps.HEAPS


def test_with_another_c_library_nothing_is_done(monkeypatch):
    monkeypatch.setattr(platform, "libc_ver", lambda: ("", ""))
    assert heaps.glibc() is None
    heaps.share_heap()
