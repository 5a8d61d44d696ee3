"""The page from outside: what stands in its address, and what is sent to its routes."""

from __future__ import annotations

import functools
import logging
import os
import tempfile
from pathlib import Path
from urllib.parse import parse_qsl, quote

import pandas as pd
import streamlit as st
from fuzz.invariant import check_sentence, in_time
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.logger import get_logger

from slicecore.errors import SlicecoreError
from slicecore.filtering.clip_filter import ClipFilter, search_texts
from slicecore.filtering.columns import columns_of
from slicecore.table.dataset import from_table
from slicecore_app.server import clip_texts, registry
from slicecore_app.server.metrics_offered import metric_choices, usual_choice
from slicecore_app.server.routes import middleware, routes
from slicecore_app.server.sources import Source
from slicecore_app.session.parsing import Table
from slicecore_app.session.settings import BY_NAME, NO_TABLE, SETTINGS

get_logger("streamlit.runtime.scriptrunner_utils.script_run_context").setLevel(logging.ERROR)
_BY_URL = {setting.url: setting for setting in SETTINGS}
_REFUSED = (ValueError, KeyError, TypeError, SlicecoreError)
"""What `views.restore` leaves out and names in a sentence."""
_FRAME = pd.DataFrame(
    {
        "reference": ["a b c", "good day", "x"] * 20,
        "prediction": ["a b", "good", "x"] * 20,
        "small": ["a b c", "day", "y"] * 20,
        "accent": ["irish", "welsh", ""] * 20,
        "age": [20, 30.5, None] * 20,
        "recorded": ["2024-03-09 22:15", "2024-03-10 05:00", ""] * 20,
    }
)


@functools.cache
def _table() -> Table:
    data = from_table(_FRAME, name="fuzz", reference="reference", prediction=["prediction", "small"])
    from slicecore.metrics import METRICS

    costs = METRICS["wer"](data.reference, data.prediction, "basic")
    now = {setting.name: setting.default(NO_TABLE) for setting in SETTINGS if not setting.of_table}
    now |= {"prediction": "prediction", "metric": usual_choice(data), "compared": "", "model": "signal"}
    st.session_state["prediction"] = "prediction"
    columns = columns_of(data, costs)
    by_name = columns if isinstance(columns, dict) else {column.name: column for column in columns}
    return Table(data, now, frozenset({"signal"}), lambda: by_name, lambda: costs)


def run_address(data: bytes) -> None:
    """Open an address: every part of it is a value that its text gives back, or is refused."""
    table = _table()
    for name, text in parse_qsl(data.decode("utf-8", "surrogateescape"), keep_blank_values=True):
        setting = _BY_URL.get(name)
        if setting is None:
            continue
        with in_time():
            try:
                value = setting.parse(text, table)
            except _REFUSED as error:
                if isinstance(error, SlicecoreError):
                    check_sentence(str(error))
                continue
            again = setting.parse(setting.text(value), table)
            assert again == value, (name, text)
            if name in ("where", "find"):
                chosen = ClipFilter(value if name == "find" else "", value if name == "where" else ())
                matched = chosen.matches(search_texts(table.data), table.columns())
                assert len(matched) == len(table.data)
                str(chosen)


def address_seeds() -> list[bytes]:
    """Every setting with its values, and what has been refused before."""
    table, parts = _table(), []
    for setting in SETTINGS:
        choices = [*setting.choices(table)][:6]
        parts += [f"{setting.url}={quote(setting.text(choice))}" for choice in choices]
    good = [
        'where=[["age","≥",5],["accent","=","irish"]]',
        'where=[["recorded","between",[22,5],"hour"]]',
        'where=[["age","is one of",[20,30.5]]]',
        'where=[["recorded","=","Sunday","weekday"]]',
        "find=good /day",
        "map=0.5,0.5,2",
        "order=duration desc",
        'hide=["snr"]',
        "add=loudness",
        "level=0-17-rest",
        "drop=20&support=7&thr=equal",
    ]
    bad = [
        'where=[["age","≥",1e999]]',
        'where=[["age","between",[60,50]]]',
        'where=[["accent","is one of",["irish",3]]]',
        'where=[["recorded","≥",1e300,"moment"]]',
        f"where={'[' * 1900}",
        "map=nan,0.5,1",
        "hide=[1]",
        "metric=os.system",
        "slice=../../x",
    ]
    assert BY_NAME
    return [each.encode() for each in (*parts, *good, *bad)]


@functools.cache
def _client() -> tuple[TestClient, str]:
    os.environ.setdefault("SLICECORE_HOME", tempfile.mkdtemp(prefix="fuzz-home-"))
    path = Path(tempfile.mkdtemp(prefix="fuzz-")) / "calls.csv"
    _FRAME.to_csv(path, index=False)
    table = registry.open_table(Source(str(path)))
    choices = metric_choices()

    def describe(row: int, reference: str | None) -> dict[str, object]:
        text = str(table.data.reference[row]) if reference is None else reference
        told: dict[str, object] = {"row": row}
        for choice in choices if not isinstance(choices, dict) else choices.values():
            if choice.metric in ("wer", "cer"):
                costs = clip_texts.costs_of_texts(choice, [text], [str(table.data.prediction[row])])
                assert costs is None or len(costs.numerator) == 1
                told[str(choice)] = clip_texts.aligned_texts(
                    choice, [text], [str(table.data.prediction[row])]
                )
        return told

    name = table.open_clips("fuzz", lambda: describe)
    app = Starlette(routes=routes(), middleware=middleware())
    return TestClient(app, base_url="http://localhost:8501", client=("127.0.0.1", 1)), name


def run_requests(data: bytes) -> None:
    """Send a method, a path and a body to the routes: an answer, and never an error of the server."""
    client, name = _client()
    head, _, body = data.partition(b"\n")
    method, _, path = head.decode("latin-1").partition(" ")
    path = path.replace("CLIP", f"/api/clip/{name}/1").replace("TABLE", name.partition("-")[0])
    method = (
        "".join(letter for letter in method.upper() if letter.isalpha() and letter.isascii())[:10] or "GET"
    )
    address = "/" + quote(path.lstrip("/"), safe="/%?&=;:@!$'()*+,~#.-_")
    try:
        with in_time():
            answer = client.request(method, f"http://localhost:8501{address}", content=body)
    except (ValueError, UnicodeError) as error:  # httpx itself refuses the address
        assert (
            "httpx" in type(error).__module__ or "Invalid" in str(error) or isinstance(error, UnicodeError)
        ), error
        return
    assert answer.status_code < 500, answer.status_code


def request_seeds() -> list[bytes]:
    """Every route, as the page asks for it."""
    return [
        b"POST CLIP\na new reference",
        b"POST CLIP\n\xff\xfe\0",
        b"POST CLIP\n" + "صباح 今日 e\u0301".encode(),
        b"GET CLIP\n",
        b"GET /api/clips/TABLE/1/audio\n",
        b"GET /api/clips/TABLE/99999999999999999999/picture.png\n",
        b"GET /api/clips/TABLE/1/sound.json\n",
        b"GET /api/marks/TABLE-x/1\n",
        b"GET /api/newest/TABLE\n",
        b"GET /api/published/../../x\n",
        b"GET /api/components/x/%2e%2e/%2e%2e/main.py\n",
        b"GET /healthz\n",
        b"GET /metrics\n",
        b"DELETE /metrics\nx",
    ]
