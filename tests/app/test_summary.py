"""The summary page: what it was made with, its way to the slices, and false alarms."""

import pytest
from opened_page import finished, press, reasoned, review


@pytest.fixture
def page(calls, at_rest, monkeypatch):
    return reasoned(finished(review(monkeypatch, calls)))


def summary(page):
    page.switch_page("summary.py").run()
    assert not page.exception
    return page


def flagged(page):
    return [button for button in page.button if (button.key or "").startswith("open ")]


def test_it_says_what_it_was_made_with(page):
    (line,) = [text.value for text in summary(page).text if "·" in text.value]
    assert line.startswith(
        "prediction · WER, basic · Recording (signal) · at least 5 clips, drop of at least 10\u202fpts · "
    )


def test_a_slice_is_opened_from_it(page):
    first, *_ = flagged(summary(page))
    slice_id = first.key.removeprefix("open ")
    first.click().run()
    page.switch_page("review.py").run()  # where the button went; tests without a browser stay on the page
    assert not page.exception
    assert page.session_state["picked"].key == slice_id


def test_false_alarms_are_left_out_unless_asked_for(page):
    count = len(flagged(summary(page)))
    assert count and not page.toggle
    flagged(page)[0].click().run()  # picks it
    page.switch_page("review.py").run()
    press(page, "say false_positive")
    assert len(flagged(summary(page))) == count - 1
    assert any(
        text.value.startswith(f"1 of {count} slice") and "judged: " in text.value for text in page.text
    )
    page.toggle(key="count false alarms").set_value(True).run()
    assert len(flagged(page)) == count
