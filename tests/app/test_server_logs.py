"""The log of the server: one form for all loggers, and nothing of what a table says, whatever goes wrong."""

import json
import logging

import pandas as pd
import pytest
from opened_page import WAIT_S, finished, open_table, review
from streamlit.logger import get_logger

from slicecore.logs import KIND_VARIABLE, LEVEL_VARIABLE
from slicecore_app.server import logs
from slicecore_app.server.sources import Source, remember_started

WORDS = ("zebraquartz", "violetglyph", "annasecret")
"""In transcripts, names of tables and clips, and the name of a reviewer."""


@pytest.fixture
def log(monkeypatch, capsys, restored_logs):
    """Sets up the log of the server, and returns what gives its lines since then."""

    def set_up():
        monkeypatch.setenv(KIND_VARIABLE, "json")
        monkeypatch.setenv(LEVEL_VARIABLE, "debug")
        logs.set_up()
        return lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]

    return set_up


def test_loggers_of_streamlit_and_uvicorn_write_the_same_lines(log):
    for name in ("uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).setLevel(logging.INFO)  # as the server leaves them
    lines = log()
    logging.getLogger("uvicorn.access").info("GET %s", "/?find=zebraquartz")
    get_logger("streamlit.made_later").error("A sentence of Streamlit")
    logging.getLogger("uvicorn.error").error("Finished server process [%d]", 7)
    get_logger("streamlit.made_later").error("Uncaught app execution", exc_info=ValueError("zebraquartz"))
    first, second, third = lines()
    assert first["message"] == "A sentence of Streamlit"
    assert second["logger"] == "uvicorn.error"
    assert third["error"] == "ValueError"


def test_a_page_that_is_opened_judged_and_broken_leaves_no_word_of_the_table(
    log, make_data, monkeypatch, tmp_path
):
    lines = log()
    make_data(30)
    frame = pd.read_csv(tmp_path / "clips.csv")
    frame["text"] = "zebraquartz said"
    frame["pred"] = ["zebraquartz said"] * 15 + ["violetglyph"] * 15
    frame.loc[29, "audio"] = "violetglyph.wav"
    frame.to_csv(tmp_path / "violetglyph.csv", index=False)
    page = finished(review(monkeypatch, tmp_path / "violetglyph.csv"))
    assert not page.exception

    def broken(*_):
        raise RuntimeError("zebraquartz in violetglyph.csv of annasecret")

    jobs = open_table().jobs
    assert jobs.start("broken by zebraquartz", broken, KeyError, name="annasecret").ended.wait(WAIT_S)
    (tmp_path / "home" / "tables.json").write_text('[{"path": "annasecret", "zebraquartz": 1}]')
    monkeypatch.setattr("slicecore_app.server.sources._write", broken)
    with pytest.raises(RuntimeError):
        remember_started(Source(str(tmp_path / "violetglyph.csv")))
    events = lines()
    text = json.dumps(events, ensure_ascii=False)
    assert [word for word in WORDS if word in text] == []
    messages = [event["message"] for event in events]
    assert "A table was read" in messages
    assert "A background job failed" in messages
    assert any("list of opened tables" in message for message in messages)
