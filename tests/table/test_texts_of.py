import numpy as np
import pandas as pd
import pytest

from slicecore.table.metadata import texts_of


@pytest.mark.parametrize("different", [3, 2000])
def test_cells_that_come_again_are_read_as_those_that_come_once(different):
    cells = [f" value {number} " for number in range(different)] * (2000 // different)
    cells[5] = cells[7] = None
    column = pd.Series(cells, index=np.arange(len(cells)) + 3, name="kind", dtype="str")
    texts = texts_of(column)
    assert texts.tolist() == ["" if cell is None else cell.strip() for cell in cells]
    assert texts.index.equals(column.index) and texts.name == "kind"
