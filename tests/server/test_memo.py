import weakref

import numpy as np
import pytest

from slicecore_app.server.memo import Memo, Same


def test_a_key_finds_what_was_made_of_the_same_object_and_does_not_keep_it_alive():
    memo = Memo(8)
    first, equal = np.arange(3), np.arange(3)
    assert memo.get(("sum", Same(first)), lambda: 3) == 3
    assert memo.get(("sum", Same(first)), lambda: 4) == 3
    assert memo.get(("sum", Same(equal)), lambda: 5) == 5
    assert memo.get(Same(None), lambda: 6) == memo.get(Same(None), lambda: 7) == 6
    gone = weakref.ref(first)
    del first
    assert gone() is None
    for number in range(8):  # others in its place, perhaps at its address, find nothing of it
        assert memo.get(("sum", Same(np.arange(3))), lambda number=number: number) == number


def test_results_go_that_are_too_heavy_together_those_that_nobody_asked_for_longest_first():
    gone = []
    memo = Memo(8, drop=gone.append, weigh=len, most_weight=6)
    for text in ("one", "two"):
        memo.get(text, lambda text=text: text)
    memo.get("one", lambda: "one, made again")
    assert memo.get("xyz", lambda: "xyz") == "xyz"
    assert gone == ["two"]
    assert memo.get("one", lambda: "one, made again") == "one"
    assert memo.get("heavy", lambda: "heavier than all") == "heavier than all"
    assert gone == ["two", "xyz", "one"]
    assert memo.known("heavy") == "heavier than all"
    assert memo.get("light", lambda: "a") == "a"
    assert gone[3:] == ["heavier than all"]


def test_what_could_not_be_computed_weighs_nothing():
    memo = Memo(8, weigh=len, most_weight=6)
    memo.get("kept", lambda: "kept")
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            memo.get("fails", lambda: 1 / 0)
    assert memo.known("kept") == "kept"
