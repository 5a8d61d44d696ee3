import numpy as np
import pandas as pd
import pytest

from slicecore.table.metadata import is_quantity, values_of

RNG = np.random.default_rng(0)


@pytest.mark.parametrize(
    ("name", "cells", "expected"),
    [
        ("speaker_id", RNG.integers(1000, 1040, 400), False),
        ("agentId", RNG.integers(1000, 1040, 400).astype(float), False),
        ("Speaker", RNG.integers(1000, 1040, 400), False),
        ("humid", RNG.integers(0, 100, 400), True),
        ("age", RNG.integers(18, 80, 400), True),
        ("id", RNG.normal(size=400), True),
        ("channel", RNG.integers(0, 4, 400), False),
    ],
)
def test_numbers_that_tell_who_it_is_are_no_quantities(name, cells, expected):
    assert is_quantity(pd.Series(cells, name=name)) is expected


def test_an_id_is_a_value_of_its_own():
    table = pd.DataFrame({"speaker_id": [*range(20), *range(20), None]})
    (values,) = values_of(table, ["speaker_id"])
    assert set(values.names) == {str(number) for number in range(20)}
    assert values.code[-1] == -1
