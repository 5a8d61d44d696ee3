"""Rows of a table as a text, which a browser gives back."""

import base64
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slicecore_app.session.packed_rows import packed, unpacked

CLIPS = 100_000


@given(st.sets(st.integers(0, CLIPS - 1), min_size=1))
def test_rows_come_back(rows):
    wanted = np.array(sorted(rows))
    assert unpacked(packed(wanted), CLIPS).tolist() == wanted.tolist()


def test_many_rows_are_short():
    rows = np.flatnonzero(np.random.default_rng(0).random(CLIPS) < 0.3)
    assert len(packed(rows)) < 2 * len(rows)


def text(content):
    return base64.urlsafe_b64encode(zlib.compress(content)).decode()


ODD = {
    "nothing": "",
    "no text of ours": "a",
    "not packed": base64.urlsafe_b64encode(b"rows").decode(),
    "no rows": text(b""),
    "half a row": text(b"ab"),
    "a row twice": packed(np.array([3, 3])),
    "beyond the table": packed(np.array([2, 10])),
    "more than there are": packed(np.arange(11)),
    "far more": text(bytes(10_000_000)),
}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_what_names_no_rows_of_the_table_names_none(odd):
    assert unpacked(odd, 10) is None


@given(st.text())
def test_any_text_names_rows_of_the_table_or_none(odd):
    rows = unpacked(odd, 5)
    assert rows is None or set(rows.tolist()) <= set(range(5))
