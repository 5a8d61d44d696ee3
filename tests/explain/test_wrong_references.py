import numpy as np
import pandas as pd
import pytest

import slicecore as sc
from slicecore.errors import SlicecoreError
from slicecore.explain.wrong_references import find_wrong_references
from slicecore.measurements import CATALOGUE, Measurements
from slicecore.measurements.text import measure_text
from slicecore.text.form_errors import form_errors

SAID = [f"please turn the lamp number {i} in the hall on again" for i in range(20)]


def found(said, *heard, seconds=3.0):
    """What is listed of clips with so much speech."""
    table = {"sentence": said} | {f"hyp_{i}": texts for i, texts in enumerate(heard)}
    data = sc.from_table(
        pd.DataFrame(table), name="invented", prediction=[f"hyp_{i}" for i in range(len(heard))]
    )
    speech = np.broadcast_to(np.asarray(seconds, dtype=float), (len(said),))
    columns = pd.DataFrame(measure_text(said, heard[0], speech, form_errors(said, heard[0]))).assign(
        speech_seconds=speech
    )
    measured = Measurements(
        columns.reindex(columns=list(CATALOGUE)), np.zeros((len(said), 60), np.float32), {}
    )
    return find_wrong_references(data, measured)


def changed(texts, row, text):
    return [*texts[:row], text, *texts[row + 1 :]]


def test_good_references_are_not_listed():
    assert found(SAID, SAID, SAID) == ()


def test_two_models_that_agree_against_the_reference():
    heard = changed(SAID, 3, "where did you put my green umbrella")
    (one,) = found(SAID, heard, changed(heard, 3, "where did you put my green umbrellas"))
    assert one.row == 3
    assert [reason.name for reason in one.reasons] == ["models_agree"]
    assert "hyp_0 and hyp_1 agree with each other (97 % of the characters)" in one.text
    assert one.score > 0.5


def test_two_models_that_are_wrong_in_different_ways():
    assert found(SAID, changed(SAID, 3, "where did you put it"), changed(SAID, 3, "oh no not again")) == ()


def test_one_model_alone_is_no_agreement():
    assert found(SAID, changed(SAID, 3, "where did you put my green umbrella")) == ()


def test_numbers_written_otherwise_are_no_disagreement():
    said = changed(SAID, 0, "the twenty third of nineteen eighty four")
    heard = changed(SAID, 0, "the 23rd of 1984")
    assert found(said, heard, heard) == ()


def test_a_prediction_that_is_the_reference_of_another_clip():
    said = [*SAID, "my sister will arrive with the night train", "what is for dinner"]
    heard = [*SAID, "what is for dinner", "my sister will arrive with the night train"]
    listed = found(said, heard)
    assert [one.row for one in listed] == [20, 21]
    assert {one.reasons[0].name for one in listed} == {"swapped"}


@pytest.mark.parametrize(("said", "name"), [("on", "too_few_words"), (" ".join(SAID[:4]), "too_many_words")])
def test_a_length_that_does_not_fit_the_speech(said, name):
    (one,) = found(changed(SAID, 5, said), SAID)
    assert one.row == 5
    assert name in [reason.name for reason in one.reasons]
    assert "characters/s, the prediction has " in one.text


def test_a_prediction_as_short_as_the_reference_does_not_accuse_it():
    assert found(changed(SAID, 5, "on"), changed(SAID, 5, "off")) == ()


def test_unknown_length_of_speech_is_no_sign():
    assert found(changed(SAID, 5, "on"), SAID, seconds=np.nan) == ()


def test_another_language_than_most_predictions():
    said = changed(SAID, 7, "votre message d'accueil temporaire a été supprimé")
    (one,) = found(said, SAID)
    assert one.reasons[0].name == "language"
    assert one.text.startswith("The reference is French, most predictions are English")


def test_an_empty_reference_with_speech():
    (one,) = found(changed(SAID, 2, ""), SAID)
    assert (one.row, one.reasons[0].name) == (2, "empty")
    assert found(changed(SAID, 2, ""), changed(SAID, 2, "")) == ()


def test_the_surest_come_first_and_signs_add_up():
    said = changed(changed(SAID, 5, "on"), 7, "")
    other = changed(SAID, 7, "")
    listed = found(said, SAID, SAID)
    assert [one.row for one in listed] == [5, 7]
    assert len(listed[0].reasons) == 2
    assert listed[0].score > max(reason.score for reason in listed[0].reasons)
    assert [one.row for one in found(said, other, other)] == [5]


def test_other_clips_are_an_error():
    data = sc.from_table(pd.DataFrame({"sentence": ["a"], "prediction": ["a"]}), name="one")
    empty = pd.DataFrame(columns=list(CATALOGUE), dtype=float)
    with pytest.raises(SlicecoreError, match="the measurements cover 0"):
        find_wrong_references(data, Measurements(empty, np.zeros((0, 60), np.float32), {}))
