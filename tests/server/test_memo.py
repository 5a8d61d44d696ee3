import weakref

import numpy as np

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
