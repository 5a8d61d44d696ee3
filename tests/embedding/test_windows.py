from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from slicecore.embedding.windows import OVERLAP, windows


@given(st.integers(1, 5000), st.integers(20, 900), st.booleans())
def test_windows_cover_the_clip_and_weigh_by_duration(length, longest, fixed):
    slices, shares = windows(length, longest, fixed=fixed)
    covered = np.zeros(length, bool)
    for window in slices:
        assert 0 <= window.start < window.stop <= length
        assert window.stop - window.start <= longest
        covered[window] = True
    assert covered.all()
    assert len(slices) == len(shares)
    assert np.isclose(shares.sum(), 1)
    assert (shares > 0).all()
    if length <= longest:
        assert slices == [slice(0, length)]
        return
    lengths = {window.stop - window.start for window in slices}
    assert lengths == {longest} if fixed else len(lengths) == 1
    overlaps = [window.stop - following.start for window, following in pairwise(slices)]
    assert min(overlaps) >= int(OVERLAP * longest) - 1


def test_the_ends_speak_for_what_only_they_hear():
    slices, shares = windows(25, 10, fixed=True)
    assert [window.start for window in slices] == [0, 8, 15]
    assert np.allclose(shares * 25, [9, 7.5, 8.5])
