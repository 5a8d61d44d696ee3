"""Rows of clips by id."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slicecore.storage.verdicts.rows_of_ids import RowsOfIds

IDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=4)


@given(st.lists(IDS, max_size=20), st.lists(IDS, max_size=20))
def test_rows_are_those_of_a_dictionary(ids, asked):
    rows, by_id = RowsOfIds(ids), {clip_id: row for row, clip_id in enumerate(ids)}
    assert rows.rows(asked).tolist() == [by_id.get(clip_id, -1) for clip_id in asked]
    assert rows.rows(ids).tolist() == [by_id[clip_id] for clip_id in ids]
    assert [rows.get(clip_id) for clip_id in asked] == [by_id.get(clip_id) for clip_id in asked]
    assert list(rows) == ids


def test_an_id_longer_than_all_that_are_known_is_unknown():
    rows = RowsOfIds(["ab", "abc"])
    assert rows.rows(["abcd", "abc"]).tolist() == [-1, 1]
    with pytest.raises(KeyError):
        rows["abcd"]


def test_the_ids_of_a_table_are_not_copied():
    ids = np.array(["b", "a"])
    assert RowsOfIds(ids).ids is ids
