"""Texts for the notes of several slices, which came when some had left the list, or the model was another."""

from chosen_slices import ends, note, stored, texts
from opened_page import not_saved, press, saved, verdicts

MOVED = "The table or the model was changed before this was saved."


def test_a_text_waits_where_the_list_has_changed_and_goes_to_those_that_are_left(three, page):
    chosen = [*three, "gone"]
    for _ in range(2):  # as where the browser sends it again
        note(page, chosen, "the same fan", added=["hum"])
    (text,) = texts(page)
    reason = "1 of the 4 problems is not in the list any more: nothing was written."
    assert (text.slices, text.left, text.line, text.added) == (chosen, three, "the same fan", ["hum"])
    assert (text.reason, text.is_long, text.is_here) == (reason, False, True)
    assert not_saved(page) == (4, f"{reason} The text waits in its field.")
    assert page.session_state["drawn verdict"]["unsaved"].label == "Open it"
    assert ends() == {} and stored() == {}
    note(page, three[:1], "the same fan", added=["hum"], shortens=True)
    assert ends() == {three[0]: "e same fan"}
    assert [each.slices for each in texts(page)] == [three[1:]] and not_saved(page)[0] == 2
    note(page, three[1:], "the same fan", added=["hum"], shortens=True)
    assert ends() == dict.fromkeys(three, "e same fan") and texts(page) == []
    assert saved(page).startswith("Changed the tags and note of 2 problems")


def test_one_whose_slices_are_all_gone_waits_for_others(three, page):
    note(page, ["gone"], "fan")
    reason = "The problem is not in the list any more: nothing was written."
    where = "Choose the problems that the text is for: it is in their field (T)."
    assert not_saved(page) == (1, f"{reason} {where}")
    assert page.session_state["drawn verdict"]["unsaved"].label == "" and texts(page)[0].left == []
    press(page, "say discard")
    assert texts(page) == [] and not_saved(page) == (0, "")
    note(page, ["gone", "gone, too"], "fan")
    assert texts(page)[0].reason.startswith("None of the 2 problems is in the list")
    note(page, three, "fan", shortens=True)
    assert ends() == dict.fromkeys(three, "fan") and texts(page) == []


def test_one_that_is_emptied_is_given_up(three, page):
    note(page, [*three, "gone"], "fan")
    note(page, [three[0], "gone"], "", shortens=True)
    assert [each.slices for each in texts(page)] == [three[1:]]
    note(page, three[1:], "", shortens=True)
    assert texts(page) == [] and ends() == {}


def test_a_text_of_another_model_waits_for_it(three, page):
    about = f"{verdicts().name} prediction"
    event = {"kind": "notes", "about": about, "slices": three, "added": [], "removed": [], "line": "fan"}
    page.session_state["kept words"] = [event]
    page.selectbox(key="prediction").select("prediction_large").run()
    press(page, "say kept")
    where = "The text waits in its field, at the table and model for which it was written."
    assert not_saved(page) == (3, f"{MOVED} {where}") and not texts(page)[0].is_here
    page.selectbox(key="prediction").select("prediction").run()
    (text,) = texts(page)
    assert (text.line, text.reason, text.left, text.is_here) == ("fan", MOVED, three, True)
    note(page, three, "fan", shortens=True)
    assert ends() == dict.fromkeys(three, "fan") and not_saved(page) == (0, "")
