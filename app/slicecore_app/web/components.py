"""Browser components: a folder each, with the Python function that mounts it and the JavaScript that draws."""

from __future__ import annotations

import functools
import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

import streamlit as st

from slicecore_app.web.bundle import bundle

FOLDER = Path(__file__).parents[1]
ASSET_TYPES = {".js": "text/javascript", ".css": "text/css"}
MOST_PICKS = 3
"""Picks that a session knows by their numbers: a word about one may come when another has taken its place."""
PARTS = "web/parts.js"
"""The module of all components."""

# The module comes from our own route, so that a rerun does not carry it and modules can import one another.
# Streamlit calls the default export at every change of data and keeps only the cleanup of the last call.
# A tab that was open during an update has the module of before, whose parts know nothing of those of the new one.
_LOADER = """
const address = new URL("{url}", document.baseURI).href;
const isUpdated = (window.slicecoreParts ??= address) !== address;
if (isUpdated) location.reload();
const loaded = isUpdated ? new Promise(() => {{}}) : import(address);
export default function (component) {{
  let cleanup, gone = false;
  loaded.then(({{ parts }}) => {{ if (!gone) cleanup = parts["{path}"](component); }})
        .catch((error) => {{ console.error("{name}: " + error); }});
  return () => {{ gone = true; cleanup?.(); }};
}}
"""


@functools.cache
def assets() -> dict[str, tuple[bytes, str]]:
    """Content and media type of all files a browser may ask for, by their path below `slicecore_app`."""
    paths = sorted(path for path in FOLDER.rglob("*") if path.suffix in ASSET_TYPES)
    files = {path.relative_to(FOLDER).as_posix(): path.read_bytes() for path in paths}
    modules = {path: content.decode() for path, content in files.items() if path.endswith(".js")}
    files[PARTS] = bundle(modules).encode()
    return {path: (content, ASSET_TYPES[PurePath(path).suffix]) for path, content in files.items()}


@functools.cache
def assets_version() -> str:
    """Changes with the content of any component file, so that browsers may cache for ever."""
    digest = hashlib.sha256()
    for content, _ in assets().values():
        digest.update(content)
    return digest.hexdigest()[:12]


@dataclass
class _Acknowledged:
    """The newest event that is dealt with. Not in `st.session_state` itself, where a look may end the run."""

    number: int = 0


@functools.cache
def component(path: str, *, isolate_styles: bool = True) -> Callable[..., Any]:
    """Register `<path>.js` below `slicecore_app` once and return the function that mounts it.

    Its default export gets the argument of a Streamlit v2 component (`data`, `parentElement`, `setTriggerValue`, …).
    The function takes `key`, `data`, `on_event_change` and Streamlit's sizes. What the browser sends carries a running
    number over all components; `heard`, which all data gain, is the newest one that was taken, and `session` names the
    session in which it was: Streamlit may hand data of a lost one to the browser again. The browser sends an event
    again when it hears nothing, so a number that is known is not taken twice. Streamlit may end `on_event_change`
    halfway, at any look into `st.session_state`, when another run is asked for: such an event comes again, so what it
    does must bear being done twice. `pick_number` in the session is the number of the event that led to the present
    pick, `recent_picks` are that pick and those before it, by number.
    """
    name = path.rpartition("/")[2]
    loader = _LOADER.format(url=parts_url(), path=path, name=name)
    draw = st.components.v2.component(f"slicecore_{name}", js=loader, isolate_styles=isolate_styles)

    def mount(
        *, key: str, data: dict[str, Any], on_event_change: Callable[[], None] | None = None, **sizes: Any
    ) -> None:
        acknowledged = _acknowledged()

        def take() -> None:
            event = (st.session_state.get(key) or {}).get("event")  # nothing once the page is another
            if not event or not on_event_change or event["n"] <= acknowledged.number:
                return
            before = st.session_state.get("picked")
            try:
                on_event_change()
            except Exception:
                acknowledged.number = event["n"]  # it would fail again
                raise
            if event.get("picks"):
                st.session_state.pop("asked_slice", None)  # the reader has gone on
                if st.session_state.get("picked") is not before:
                    st.session_state["pick_number"] = event["n"]
                    picks = {
                        **st.session_state.get("recent_picks", {}),
                        event["n"]: st.session_state.get("picked"),
                    }
                    st.session_state["recent_picks"] = dict([*picks.items()][-MOST_PICKS:])
            acknowledged.number = event["n"]

        data = {**data, "heard": acknowledged.number, "session": _session()}
        if on_event_change:
            sizes["on_event_change"] = take
        draw(key=key, data=data, **sizes)

    return mount


def _acknowledged() -> _Acknowledged:
    return st.session_state.setdefault("acknowledged", _Acknowledged())


def _session() -> str:
    """A name of this session; after a restart of the server it is another one."""
    return st.session_state.setdefault("session", secrets.token_hex(4))


def acknowledge(seq: int, *, dark: bool) -> None:
    """Tell the browser, at the beginning of a run of any page, which events were taken, and for which theme it is."""
    with st.container(key="acknowledgement"):
        component("web/acknowledgement")(
            key="acknowledged events", data={"seq": seq, "dark": dark}, on_event_change=_asked_for_page
        )


def _asked_for_page() -> None:
    """Take the event by which the browser asks for the whole page; the run is all that it needs."""


def parts_url() -> str:
    """Address of the module of all components, as seen from a page."""
    return f"api/components/{assets_version()}/{PARTS}"
