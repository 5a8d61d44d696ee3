import numpy as np
import pandas as pd

import slicecore as sc
from slicecore.explain.clip_lists import clip_lists, empty_predictions
from slicecore.explain.wrong_references import Reason, WrongReference


def table():
    references = ["one two", "", "three", "four five", "six"]
    predictions = ["", "", "  ", "four five", "six six"]
    return sc.from_table(pd.DataFrame({"sentence": references, "prediction": predictions}), name="invented")


def test_a_prediction_is_empty_where_something_was_to_be_recognised():
    assert empty_predictions(table()).tolist() == [0, 2]


def test_lists_without_clips_are_left_out():
    lists = clip_lists(table())
    assert [(list_.name, list_.rows.tolist()) for list_ in lists] == [("empty", [0, 2])]


def test_all_lists():
    measured = pd.DataFrame({"repeated_words": [0, np.nan, 6, 5, 9], "length_ratio": [0, np.nan, 1, 2, 1.9]})
    wrong = [WrongReference(row, (Reason("swapped", "", 0.8),), 0.8) for row in (4, 1)]
    lists = {list_.name: list_.rows.tolist() for list_ in clip_lists(table(), measured, wrong, [3, 0, 3])}
    assert lists == {"empty": [0, 2], "repeated": [2, 4], "long": [3], "wrong": [1, 4], "marked": [0, 3]}
