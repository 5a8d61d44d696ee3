"""The page from outside: what stands in its address, and what is sent to its routes."""

from __future__ import annotations

import functools
import logging
import os
import re
import tempfile
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote_to_bytes

import pandas as pd
import streamlit as st
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket
from streamlit.logger import get_logger

from fuzz.asgi import Caller
from fuzz.invariant import check_sentence, in_time
from slicecore.errors import SlicecoreError
from slicecore.filtering.clip_filter import ClipFilter, search_texts
from slicecore.filtering.columns import columns_of
from slicecore.table.dataset import from_table
from slicecore_app.access.configuration import Access, use
from slicecore_app.access.gate import PUBLIC
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
def _behind() -> tuple[Caller, str]:
    """The server's routes on a small table, without a gate, and the name of its clips."""
    os.environ.setdefault("SLICECORE_HOME", tempfile.mkdtemp(prefix="fuzz-home-"))
    path = Path(tempfile.mkdtemp(prefix="fuzz-")) / "calls.csv"
    _FRAME.to_csv(path, index=False)
    table = registry.open_table(Source(str(path)))

    def describe(row: int, reference: str | None) -> dict[str, object]:
        text = str(table.data.reference[row]) if reference is None else reference
        prediction = str(table.data.prediction[row])
        told: dict[str, object] = {"row": row}
        for choice in metric_choices():
            if choice.metric in ("wer", "cer"):
                costs = clip_texts.costs_of_texts(choice, [text], [prediction])
                assert costs is None or len(costs.numerator) == 1
                told[str(choice)] = clip_texts.aligned_texts(choice, [text], [prediction])
        return told

    name = table.open_clips("fuzz", lambda: describe)
    use(Access("open"))
    return Caller(Starlette(routes=routes(), middleware=middleware())), name


def run_requests(data: bytes) -> None:
    """Send a method, a path, headers and a body to the routes: an answer, and never an error of the server."""
    caller, name = _behind()
    method, target, headers, body = _parts(data)
    target = target.replace(b"CLIP", f"/api/clip/{name}/1".encode())
    target = target.replace(b"TABLE", name.partition("-")[0].encode())
    with in_time():
        answer = caller.ask(method, target, headers, body)
    assert answer.status < 500, answer.status
    assert answer.headers["x-content-type-options"] == "nosniff"


def _parts(data: bytes) -> tuple[str, bytes, list[tuple[bytes, bytes]], list[bytes]]:
    """Method, target, headers and parts of the body: lines, and after an empty one the body."""
    head, _, body = data.partition(b"\n\n")
    first, *lines = head.split(b"\n")
    method, _, target = first.partition(b" ")
    word = re.sub(rb"[^A-Z]", b"", method.upper())[:10].decode() or "GET"
    headers = [tuple(line.partition(b":")[::2]) for line in lines[:20]]
    cut = len(body) // 2
    return word, b"/" + target.lstrip(b"/"), headers, [body[:cut], body[cut:]]


_TOKEN = "a-token-that-nobody-knows"


@functools.cache
def _gated() -> Caller:
    """An app behind the gate, on which everything that passes is a success."""
    use(Access("token", _TOKEN, True))
    inside = [
        Route(
            "/{path:path}", lambda _: PlainTextResponse("inside"), methods=["GET", "POST", "PUT", "DELETE"]
        ),
        WebSocketRoute("/{path:path}", _accept),
    ]
    caller = Caller(Starlette(routes=inside, middleware=middleware()), ("10.0.0.9", 50000))
    use(None)
    return caller


async def _accept(websocket: WebSocket) -> None:
    await websocket.accept()


def run_gate(data: bytes) -> None:
    """Ask for something behind the gate without its token: nothing passes but what everybody may ask."""
    if not data or _TOKEN.encode() in data:
        return
    method, target, headers, body = _parts(data[1:])
    kind = "websocket" if data[0] % 4 == 0 else "http"
    with in_time():
        answer = _gated().ask(method, target, headers, body, kind)
    assert answer.status < 500, answer.status
    path = unquote_to_bytes(target.partition(b"?")[0]).decode("utf-8", "replace")
    assert answer.status != 101
    assert answer.body != b"inside" or path in PUBLIC
    assert _TOKEN not in str(answer.headers) and _TOKEN.encode() not in answer.body
    location = answer.headers.get("location", "/")
    assert location.startswith("/") and location[1:2] not in ("/", "\\"), location


def gate_seeds() -> list[bytes]:
    """Ways of asking for the page, and of saying who one is."""
    return [
        b"\1GET /\nAccept: text/html",
        b"\1GET /?token=another&find=x\nHost: localhost:8501",
        b"\1POST /access/token\nContent-Type: application/x-www-form-urlencoded\n\ntoken=x&to=//evil.org/",
        b"\1GET /data\nAuthorization: Bearer x\nCookie: slicecore-8501=x.y.z",
        b"\1GET /healthz\nX-Forwarded-For: 127.0.0.1\nForwarded: for=127.0.0.1",
        b"\1GET //evil.org/..%2f%00\nSec-Fetch-Site: cross-site\nSec-Fetch-Mode: navigate\nSec-Fetch-Dest: document",
        b"\0GET /_stcore/stream\nOrigin: http://localhost:8501\nx-slicecore-visitor: me",
        b"\1PUT /_stcore/upload_file/a/b\n\nx",
    ]


def request_seeds() -> list[bytes]:
    """Every route, as the page asks for it."""
    return [
        b"POST CLIP\n\na new reference",
        b"POST CLIP\n\n\xff\xfe\0",
        b"POST CLIP\n\n" + "صباح 今日 e\u0301".encode(),
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
        b"DELETE /metrics\nRange: bytes=0-1,2-\n\nx",
    ]
