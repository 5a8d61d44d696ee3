"""References corrected in the player: saved, put back, beside the value as delivered, never over somebody else's."""

import pytest
from opened_page import (
    clip_id,
    finished,
    hear,
    not_saved,
    open_table,
    press,
    review,
    saved,
    unwritable,
    verdicts,
)

from slicecore import metrics
from slicecore_app.server import registry

WRONG = 24  # a clip with "so long" for "good morning to you"


@pytest.fixture
def page(calls, monkeypatch):
    return finished(review(monkeypatch, calls))


def correct(page, row, text):
    hear(page, row)
    page.session_state["wanted reference"] = text
    press(page, "correct")


def texts(page):
    """Corrected references as the player has them."""
    return {clip: each["text"] for clip, each in page.session_state["drawn corrections"]["texts"].items()}


def as_with(page, row, text):
    """A clip as the browser gets it with another reference."""
    address = page.session_state["drawn corrections"]["clips"].replace("{row}", str(row))
    _, token, number = address.split("/")
    return registry.clip(token, int(number), text)


def test_a_correction_is_saved_put_back_and_undone(page):
    correct(page, WRONG, "so long")
    assert [each.text for each in verdicts().corrections().values()] == ["so long"]
    assert texts(page) == {clip_id(WRONG): "so long"}
    assert saved(page).startswith("Saved")
    correct(page, WRONG, None)
    assert verdicts().corrections() == {} and texts(page) == {}
    press(page, "say undo")
    assert texts(page) == {clip_id(WRONG): "so long"}
    assert "Corrected the reference again" in saved(page)
    press(page, "say undo")
    assert texts(page) == {} and "Took back the correction" in saved(page)
    press(page, "say undo")
    assert saved(page) == "Nothing to take back"


def test_corrections_are_there_in_a_new_session_and_for_the_other_model(page, calls, monkeypatch):
    correct(page, WRONG, "so long")
    page.selectbox(key="prediction").select("prediction_large").run()
    assert texts(page) == {clip_id(WRONG): "so long"}
    again = finished(review(monkeypatch, calls))
    hear(again, WRONG)
    assert texts(again) == {clip_id(WRONG): "so long"}
    assert "on " in again.session_state["drawn corrections"]["texts"][clip_id(WRONG)]["by"]


def test_a_typed_text_is_aligned_and_counted_as_the_table_is(page):
    hear(page, WRONG)
    clip = as_with(page, WRONG, "So long, then!")
    steps = metrics.align("So long, then!", "so long")
    assert clip["edits"] == [[step.kind, step.reference, step.prediction] for step in steps]
    assert clip["value"].startswith("33")  # one of three words is missing
    assert as_with(page, WRONG, None)["reference"] == "good morning to you"
    assert as_with(page, WRONG, None)["value"].startswith("100")  # and what is typed stays nowhere


def test_the_value_with_corrections_follows_from_the_corrected_texts(page):
    correct(page, WRONG, "so long")
    correct(page, 25, "so long then")
    table, choice = open_table(), page.session_state["metric"]
    data = table.data
    references = data.reference.tolist()
    references[WRONG], references[25] = "so long", "so long then"
    expected = metrics.wer(references, data.prediction)
    costs = table.scoring.corrected_costs("prediction", choice, "", {WRONG: "so long", 25: "so long then"})
    assert (costs.numerator.tolist(), costs.denominator.tolist()) == (
        expected.numerator.tolist(),
        expected.denominator.tolist(),
    )
    both = table.scoring.corrected_costs("prediction", choice, "prediction_large", {WRONG: "so long"})
    assert both.numerator[WRONG] == -4 and both.compared


def test_a_word_is_no_reference_where_the_metric_takes_numbers(calls, monkeypatch):
    lines = calls.read_text().splitlines()
    numbers = [f"{row}.wav,{row % 7}.5,{row % 5}.25,{row % 6}.75" for row in range(30)]
    calls.write_text("\n".join([lines[0], *numbers]) + "\n")
    page = finished(review(monkeypatch, calls))
    correct(page, 4, "four")
    assert texts(page) == {} and verdicts().corrections() == {}
    assert "Row 6" in not_saved(page)[1]
    correct(page, 4, "1.5")
    assert texts(page) == {clip_id(4): "1.5"}


def test_a_correction_of_somebody_else_is_told_and_replaced_only_when_asked(page):
    hear(page, WRONG)
    seen = page.session_state["drawn corrections"]["newest"]
    verdicts().correct(clip_id(WRONG), "so long now", original="good morning to you", reviewer="ann")
    page.session_state["shown_corrections"] = seen
    correct(page, WRONG, "so long")
    assert not_saved(page)[0] == 1 and "ann corrected it to “so long now”" in not_saved(page)[1]
    assert texts(page) == {clip_id(WRONG): "so long now"}
    press(page, "say replace")
    assert not_saved(page) == (0, "")
    assert [each.text for each in verdicts().corrections().values()] == ["so long"]


def test_undo_leaves_what_somebody_else_has_corrected_since(page):
    correct(page, WRONG, "so long")
    verdicts().correct(clip_id(WRONG), "so long now", original="good morning to you", reviewer="ann")
    press(page, "say undo")
    assert [each.reviewer for each in verdicts().corrections().values()] == ["ann"]
    assert "was corrected by ann since, at " in not_saved(page)[1]


def test_a_correction_that_cannot_be_saved_is_shown_and_saved_later(page):
    hear(page, WRONG)
    page.session_state["wanted reference"] = "so long"
    with unwritable(verdicts().database.file):
        page.button(key="correct").click().run()
        assert not page.exception
        assert not_saved(page)[0] == 1
        assert texts(page) == {clip_id(WRONG): "so long"}
    press(page, "say again")
    assert not_saved(page) == (0, "")
    assert [each.text for each in verdicts().corrections().values()] == ["so long"]
