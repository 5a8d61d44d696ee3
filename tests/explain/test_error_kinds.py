import numpy as np
import pytest

from slicecore.explain.error_kinds import ErrorKinds
from slicecore.metrics import word_errors


def test_errors_of_a_group_and_of_the_rest_are_added_up_by_kind():
    references = ["a b c d", "a b", "a", "a b"]
    predictions = ["x y", "a b c d", "a", "a c"]
    kinds = ErrorKinds.of(word_errors(references, predictions), [0, 1])
    assert kinds.inside.tolist() == [2, 2, 2]
    assert kinds.outside.tolist() == [1, 0, 0]
    assert kinds.sentence == (
        "Errors: 33 % substitutions, 33 % deletions, 33 % insertions (rest: 100, 0, 0 %)."
    )


def test_a_group_without_errors_and_a_rest_without_errors():
    errors = word_errors(["a b", "a b"], ["a b", "a"])
    assert ErrorKinds.of(errors, [0]).sentence == "No errors here."
    assert (
        ErrorKinds.of(errors, [1]).sentence == "Errors: 0 % substitutions, 100 % deletions, 0 % insertions."
    )


@pytest.mark.parametrize(
    ("inside", "outside", "text"),
    [
        ([0, 30, 0], [10, 10, 0], "100 % of the errors are deletions (rest: 50 %)"),
        ([0, 3, 0], [9, 1, 0], ""),  # too few
        ([0, 30, 0], [0, 0, 0], ""),  # nothing to compare with
        ([20, 30, 0], [2, 3, 0], ""),  # as common elsewhere
    ],
)
def test_the_commonest_kind_is_named_where_it_says_something(inside, outside, text):
    assert ErrorKinds(np.array(inside, float), np.array(outside, float)).commonest == text
