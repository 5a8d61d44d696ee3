import numpy as np
import pytest

from slicecore.clustering.nearest_few import smallest
from slicecore.errors import SlicecoreError
from slicecore.product_threads import in_threads


@pytest.mark.parametrize("count", [1, 3, 7])
def test_the_few_smallest_come_in_their_order_and_of_equal_ones_the_first(count):
    scores = np.random.default_rng(0).integers(0, 5, (50, 7)).astype(np.float32)
    columns = smallest(scores, count)
    found = np.take_along_axis(scores, columns, axis=1)
    assert np.array_equal(found, np.sort(scores, axis=1)[:, :count])
    assert (np.diff(columns, axis=1)[np.diff(found, axis=1) == 0] > 0).all()


def test_parts_in_threads_are_all_done_and_an_error_comes_through():
    done = np.zeros(20, dtype=bool)

    def work(part: int) -> None:
        done[part] = True
        if part == 3:
            raise SlicecoreError("the third part")

    with pytest.raises(SlicecoreError, match="the third part"):
        in_threads(work, range(20))
    assert done[:3].all()
