"""Values of a table, of an address and of the disk that are Markdown: every text of every page shows them as they are.

The pages are walked with such a value wherever one can be, and every text that Streamlit reads as Markdown is checked.
"""

import re

import numpy as np
import pandas as pd
import pytest
from google.protobuf.message import Message
from opened_page import as_read, finished, open_table, review
from streamlit.testing.v1.element_tree import Block, UnknownElement

from slicecore.slices.condition import Condition, Operator
from slicecore_app.session.selection import Pick
from slicecore_app.wording import escaped

HOSTILE = r"![p](http://127.0.0.1:9/p.png) $y$ :red[z] :material/bolt: :smile: <b>h</b> a\b `c` www.evil.org *s* -> x"
IN_A_NAME = HOSTILE.replace("/", "%2f")
MARKDOWN = {"body", "label", "help", "text", "tooltip", "title"}
"""Fields of Streamlit's messages that it reads as Markdown."""
PLAIN = {"text", "bidi_component", "arrow_data_frame", "component_instance", "plotly_chart", "html"}
"""Elements without any."""


def markdown_texts(message, field=""):
    """Every text of a message that is read as Markdown."""
    for descriptor, value in message.ListFields():
        values = value if descriptor.is_repeated else [value]
        for each in values:
            if isinstance(each, Message):
                yield from markdown_texts(each)
            elif isinstance(each, str) and descriptor.name in MARKDOWN:
                yield each


def texts_of(page):
    """Every text of a page that is read as Markdown."""
    waiting = [page._tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Block):
            waiting.extend(node.children.values())
        kind = getattr(node, "type", "")
        proto = getattr(node, "proto", None)
        if (
            proto is not None
            and kind not in PLAIN
            and not (isinstance(node, UnknownElement) and kind in PLAIN)
        ):
            yield from markdown_texts(proto)


def is_safe(text):
    """True if nothing of the hostile value is markup in a text; a backslash before a sign makes it none."""
    bare = re.sub(r"\\[!-/:-@\[-`{-~]", "", text)
    shown = as_read(text)
    replaced = (":material/bolt:", ":smile:", "http://1", "www.", " -> ")
    return not re.search(r"!\[|\]\(|\$y|:red\[|<b>|`c|\*s|a\\b", bare) and not any(
        each in shown for each in replaced if "evil" in shown
    )


@pytest.fixture
def looked_at():
    """Look at a page; gives the texts that hold the hostile value."""

    def look(page, surely=1):
        assert not page.exception
        hostile = [text for text in texts_of(page) if "evil" in text]
        assert [text for text in hostile if not is_safe(text)] == []
        assert len(hostile) >= surely, "No text of this page holds the value."
        return [as_read(text).replace("\u2060", "") for text in hostile]

    return look


@pytest.fixture
def hostile_calls(calls):
    """The table of the thirty clips, where its name, its columns and its cells are hostile."""
    frame = pd.read_csv(calls)
    frame = frame.rename(
        columns={"prediction": f"prediction {HOSTILE}", "prediction_large": f"prediction_2 {HOSTILE}"}
    )
    frame[f"room {HOSTILE}"] = np.where(np.arange(len(frame)) >= 22, HOSTILE, "studio")
    frame[f"fixed {HOSTILE}"] = HOSTILE
    path = calls.with_name(f"{IN_A_NAME}.csv")
    frame.to_csv(path, index=False)
    return path


def test_the_value_is_told_from_one_that_is_markup():
    assert is_safe(escaped(HOSTILE)) and as_read(escaped(HOSTILE)).replace("\u2060", "") == HOSTILE
    assert not is_safe(HOSTILE)
    for part in HOSTILE.split():
        assert is_safe(escaped(f"{part} evil"))


def test_the_data_page_shows_names_and_cells_as_they_are(hostile_calls, monkeypatch, looked_at):
    page = review(monkeypatch).run()
    page.text_input(key="table path").set_value(f"/nowhere/{HOSTILE}").run()
    assert any("$y$" in text for text in looked_at(page))
    page.text_input(key="table path").set_value(str(hostile_calls)).run()
    assert any("Not searched" in text and f"fixed {HOSTILE}" in text for text in looked_at(page))
    twice = hostile_calls.with_name("twice.csv")
    twice.write_text(f'audio,"{HOSTILE}","{HOSTILE}",prediction\n1.wav,b,c,d\n')
    page.text_input(key="table path").set_value(str(twice)).run()
    assert any(HOSTILE in text for text in looked_at(page))
    twice.write_text(f'audio,id,sentence,prediction\n1.wav,"{HOSTILE}",b,c\n1.wav,"{HOSTILE}",b,c\n')
    page.text_input(key="table path").set_value(str(twice)).run()
    assert any(HOSTILE in text for text in looked_at(page))
    page.text_area(key=f"prediction files {twice}").set_value(f"{HOSTILE}=/nowhere/{HOSTILE}").run()
    looked_at(page)


def test_the_review_and_the_pages_beside_it_show_them_as_they_are(hostile_calls, monkeypatch, looked_at):
    page = finished(review(monkeypatch, hostile_calls))
    looked_at(page)
    column = f"room {HOSTILE}"
    page.session_state["picked"] = Pick("selection", "", np.array([0, 5, 25]), reason=f"words: “{HOSTILE}”")
    page.run()
    assert any("words:" in text for text in looked_at(page))
    page.button(key="keep").click().run()
    looked_at(page, 2)
    page.session_state["picked"] = Pick("selection", "", np.arange(22, 30), reason="a lasso")
    page.run()
    assert any(column in text for text in looked_at(page)), (
        "the button with the condition that describes the clips"
    )
    condition = Condition(column, Operator.CONTAINS, HOSTILE)
    page.session_state["filter"], page.session_state["conditions"] = HOSTILE, (condition,)
    page.run()
    assert any("meets the filter" in text for text in looked_at(page))
    page.text_input(key="view name").set_value(HOSTILE[:60])
    page.button[[button.label for button in page.button].index("Save this view")].click().run()
    assert any(HOSTILE[:20] in text for text in looked_at(page, 3))
    page.query_params["metric"] = HOSTILE
    for name in ("summary.py", "models.py"):
        page.switch_page(name).run()
        looked_at(page)
    table = open_table()
    assert table.data.roles.predictions == (f"prediction {HOSTILE}", f"prediction_2 {HOSTILE}")
