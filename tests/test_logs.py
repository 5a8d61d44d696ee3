"""Logs: a line per event, and in none of them what tables and people say."""

import json
import logging
import re
import sys
import threading
import warnings
from pathlib import Path

import pytest

from slicecore import logs
from slicecore.errors import SlicecoreError, TableWarning

SECRET = "zebra quartz"
_log = logging.getLogger("slicecore.of_a_test")


@pytest.fixture
def written(monkeypatch, capsys, restored_logs):
    """Sets up logs of a kind, and returns what gives the lines since then."""

    def set_up(kind, level="debug"):
        monkeypatch.setenv(logs.KIND_VARIABLE, kind)
        monkeypatch.setenv(logs.LEVEL_VARIABLE, level)
        logs.set_up()
        return lambda: capsys.readouterr().err.splitlines()  # noqa: PLW0108 - read when it is called

    return set_up


def failing():
    raise ValueError(SECRET)


def log_everything():
    _log.warning("Row %d of %s can't be read (%s); %.1f s", 7, SECRET, ValueError(SECRET), 1.25)
    _log.warning("%(name)s has %(count)d clips", {"name": SECRET, "count": 3})
    _log.warning("%s has 100 % of them, %s", SECRET, SECRET)
    logging.getLogger("another.package").warning(f"about {SECRET}")
    logging.getLogger("another.package").error("A sentence of its own")
    logging.getLogger("another.package").error(ValueError(SECRET))
    warnings.warn(SECRET, TableWarning, stacklevel=1)
    try:
        failing()
    except ValueError:
        _log.exception("It failed")
    try:
        Path(f"/nowhere/{SECRET}").read_text()
    except OSError as error:
        _log.error("Not opened: %s", error)
    thread = threading.Thread(target=failing)
    thread.start()
    thread.join()
    sys.excepthook(ValueError, ValueError(SECRET), None)
    logs.event(_log, "Read", clips=100, seconds=0.5)


@pytest.mark.parametrize("kind", ["json", "text"])
def test_no_line_holds_what_an_event_is_about(written, kind):
    lines = written(kind)
    log_everything()
    text = "\n".join(lines())
    assert "zebra" not in text and "quartz" not in text
    assert "Row 7 of … can't be read (ValueError); 1.2 s" in text
    assert "… has 3 clips" in text
    assert "A sentence of its own" in text
    assert "FileNotFoundError: No such file or directory" in text
    assert "Ended by an error" in text and "A thread ended by an error" in text


def test_lines_of_json_have_the_fields_that_they_promise(written):
    lines = written("json")
    log_everything()
    events = [json.loads(line) for line in lines()]
    assert len(events) == 12
    for event in events:
        assert {"time", "level", "logger", "message"} <= set(event)
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", event["time"])
    failed = next(event for event in events if event["message"] == "It failed")
    assert failed["error"] == "ValueError"
    assert re.match(rf"{__name__}:\d+ < {__name__}:\d+$", failed["at"])
    assert (events[-1]["message"], events[-1]["clips"], events[-1]["seconds"]) == ("Read", 100, 0.5)
    assert events[6]["kind"] == "TableWarning"


def test_the_level_is_the_lowest_that_is_written(written):
    lines = written("text", "error")
    _log.warning("A warning")
    _log.error("An error")
    assert [line.split(" ", 3)[1:] for line in lines()] == [["error", "slicecore.of_a_test", "An error"]]


@pytest.mark.parametrize(("variable", "value"), [(logs.KIND_VARIABLE, "xml"), (logs.LEVEL_VARIABLE, "loud")])
def test_what_is_no_log_is_a_sentence(monkeypatch, variable, value):
    monkeypatch.setenv(variable, value)
    with pytest.raises(
        SlicecoreError,
        match=f"{variable}=“{value}” is none of .*debug|{variable}=“{value}” is none of json, text",
    ):
        logs.set_up()


def test_without_the_variable_nothing_is_changed(monkeypatch):
    monkeypatch.delenv(logs.KIND_VARIABLE, raising=False)
    before = list(logging.getLogger().handlers), warnings.showwarning, sys.excepthook
    assert logs.set_up() is None
    assert (list(logging.getLogger().handlers), warnings.showwarning, sys.excepthook) == before
