import numpy as np
import pandas as pd
import pytest

import slicecore as sc
from slicecore.errors import SlicecoreError
from slicecore.explain.wrong_references import find_wrong_references
from slicecore.measurements import CATALOGUE, Measurements
from slicecore.measurements.text import measure_text
from slicecore.text.form_errors import form_errors

REFERENCES = [f"please turn the lamp number {i} in the hall on again" for i in range(20)]


def suspects(references, *predictions, seconds=3.0):
    """The references that are listed of clips with so many seconds of speech."""
    table = {"sentence": references} | {f"hyp_{i}": texts for i, texts in enumerate(predictions)}
    data = sc.from_table(
        pd.DataFrame(table), name="invented", prediction=[f"hyp_{i}" for i in range(len(predictions))]
    )
    speech = np.broadcast_to(np.asarray(seconds, dtype=float), (len(references),))
    columns = pd.DataFrame(
        measure_text(references, predictions[0], speech, form_errors(references, predictions[0]))
    ).assign(speech_seconds=speech)
    measured = Measurements(
        columns.reindex(columns=list(CATALOGUE)), np.zeros((len(references), 60), np.float32), {}
    )
    return find_wrong_references(data, measured)


def changed(texts, row, text):
    return [*texts[:row], text, *texts[row + 1 :]]


def test_good_references_are_not_listed():
    assert suspects(REFERENCES, REFERENCES, REFERENCES) == ()


def test_two_models_that_agree_against_the_reference():
    predictions = changed(REFERENCES, 3, "where did you put my green umbrella")
    (suspect,) = suspects(
        REFERENCES, predictions, changed(predictions, 3, "where did you put my green umbrellas")
    )
    assert suspect.row == 3
    assert [reason.name for reason in suspect.reasons] == ["models_agree"]
    assert "hyp_0 and hyp_1 agree with each other (97 % of the characters)" in suspect.text
    assert suspect.score > 0.5


def test_two_models_that_are_wrong_in_different_ways():
    assert (
        suspects(
            REFERENCES,
            changed(REFERENCES, 3, "where did you put it"),
            changed(REFERENCES, 3, "oh no not again"),
        )
        == ()
    )


def test_one_model_alone_is_no_agreement():
    assert suspects(REFERENCES, changed(REFERENCES, 3, "where did you put my green umbrella")) == ()


def test_numbers_written_otherwise_are_no_disagreement():
    references = changed(REFERENCES, 0, "the twenty third of nineteen eighty four")
    predictions = changed(REFERENCES, 0, "the 23rd of 1984")
    assert suspects(references, predictions, predictions) == ()


def test_a_prediction_that_is_the_reference_of_another_clip():
    references = [*REFERENCES, "my sister will arrive with the night train", "what is for dinner"]
    predictions = [*REFERENCES, "what is for dinner", "my sister will arrive with the night train"]
    listed = suspects(references, predictions)
    assert [suspect.row for suspect in listed] == [20, 21]
    assert {suspect.reasons[0].name for suspect in listed} == {"swapped"}


@pytest.mark.parametrize(
    ("text", "name"), [("on", "too_few_words"), (" ".join(REFERENCES[:4]), "too_many_words")]
)
def test_a_length_that_does_not_fit_the_speech(text, name):
    (suspect,) = suspects(changed(REFERENCES, 5, text), REFERENCES)
    assert suspect.row == 5
    assert name in [reason.name for reason in suspect.reasons]
    assert "characters/s, the prediction has " in suspect.text


def test_a_prediction_as_short_as_the_reference_does_not_accuse_it():
    assert suspects(changed(REFERENCES, 5, "on"), changed(REFERENCES, 5, "off")) == ()


def test_unknown_length_of_speech_is_no_sign():
    assert suspects(changed(REFERENCES, 5, "on"), REFERENCES, seconds=np.nan) == ()


def test_another_language_than_most_predictions_counts_beside_another_sign_only():
    references = changed(REFERENCES, 7, "votre message d'accueil temporaire a été supprimé")
    assert suspects(references, REFERENCES) == ()
    (suspect,) = suspects(references, REFERENCES, REFERENCES)
    assert [reason.name for reason in suspect.reasons] == ["models_agree", "language"]
    assert suspect.reasons[1].text == "the reference is French, most predictions are English"
    assert suspect.score > suspect.reasons[0].score


def test_an_empty_reference_with_speech():
    (suspect,) = suspects(changed(REFERENCES, 2, ""), REFERENCES)
    assert (suspect.row, suspect.reasons[0].name) == (2, "empty")
    assert suspects(changed(REFERENCES, 2, ""), changed(REFERENCES, 2, "")) == ()


def test_the_surest_come_first_and_signs_add_up():
    references = changed(changed(REFERENCES, 5, "on"), 7, "")
    other = changed(REFERENCES, 7, "")
    listed = suspects(references, REFERENCES, REFERENCES)
    assert [suspect.row for suspect in listed] == [5, 7]
    assert len(listed[0].reasons) == 2
    assert listed[0].score > max(reason.score for reason in listed[0].reasons)
    assert [suspect.row for suspect in suspects(references, other, other)] == [5]


def test_other_clips_are_an_error():
    data = sc.from_table(pd.DataFrame({"sentence": ["a"], "prediction": ["a"]}), name="one")
    empty = pd.DataFrame(columns=list(CATALOGUE), dtype=float)
    with pytest.raises(SlicecoreError, match="the measurements cover 0"):
        find_wrong_references(data, Measurements(empty, np.zeros((0, 60), np.float32), np.zeros(0, object)))
