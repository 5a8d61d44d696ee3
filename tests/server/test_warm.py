import gc
import threading
import weakref

from slicecore_app.server import warm

WAIT_S = 60


class Table:
    """Something that holds itself, as an open table does."""

    def __init__(self):
        self.itself = self


def test_a_table_that_was_made_ready_is_gone_when_another_takes_its_place():
    tables, ready = [], threading.Event()

    def open_table():
        tables.append(Table())
        ready.set()

    try:
        warm.start([], open_table, [])
        assert ready.wait(WAIT_S)
        warm.wait()
        while not gc.isenabled():
            threading.Event().wait(0.01)
        state = weakref.ref(tables.pop())
        gc.collect()
        assert state() is None
    finally:
        gc.unfreeze()
