"""The server ends when it is told to, whatever its threads wait for."""

import signal
import subprocess
import sys

import pytest

STUCK = """
import signal, threading
from slicecore_app.server.ending import end_in_time
signal.signal(signal.SIGINT, lambda *_: print("told", flush=True))
signal.signal(signal.SIGTERM, lambda *_: print("told", flush=True))
end_in_time(0.1)
threading.Thread(target=threading.Event().wait).start()
print("ready", flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals.")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_thread_that_waits_for_ever_does_not_keep_the_process(number):
    process = subprocess.Popen([sys.executable, "-c", STUCK], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout.readline() == "ready\n"
        process.send_signal(number)
        assert process.wait(30) == 128 + number
        assert process.stdout.read() == "told\n", "the server's own handler comes first"
    finally:
        process.kill()
        process.stdout.close()
