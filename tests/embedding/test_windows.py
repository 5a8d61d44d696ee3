from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from slicecore.embedding.windows import OVERLAP, windows


@given(st.integers(1, 5000), st.integers(20, 900), st.booleans())
def test_windows_cover_the_clip_and_weigh_by_duration(length, longest, fixed):
    slices, shares = windows(length, longest, fixed=fixed)
    covered = np.zeros(length, bool)
    for one in slices:
        assert 0 <= one.start < one.stop <= length
        assert one.stop - one.start <= longest
        covered[one] = True
    assert covered.all()
    assert len(slices) == len(shares)
    assert np.isclose(shares.sum(), 1)
    assert (shares > 0).all()
    if length <= longest:
        assert slices == [slice(0, length)]
        return
    lengths = {one.stop - one.start for one in slices}
    assert lengths == {longest} if fixed else len(lengths) == 1
    overlaps = [one.stop - two.start for one, two in pairwise(slices)]
    assert min(overlaps) >= int(OVERLAP * longest) - 1


def test_the_ends_speak_for_what_only_they_hear():
    slices, shares = windows(25, 10, fixed=True)
    assert [one.start for one in slices] == [0, 8, 15]
    assert np.allclose(shares * 25, [9, 7.5, 8.5])
