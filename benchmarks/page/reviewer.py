"""A reviewer without a browser: a websocket client that speaks the protocol of the page.

It does what the page's JavaScript does: events go one at a time, each with its number, and one counts as taken when
data from Python show it; messages that Streamlit need not send again are remembered; the news of others are asked for.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

PATIENCE_S = 180.0
"""Seconds after which an event that nobody answers is an error."""
SENT_AGAIN_S = 10.0
"""Seconds after which an event is sent again, as the page does."""
NEWS_S = 2.0
"""Seconds between two looks for news, as in `review/verdict/news.js`."""
_HEARD = re.compile(r'"heard": (\d+(?:\.\d+)?), "session": "(\w+)"\}$')
_EARLY = ForwardMsg.FINISHED_EARLY_FOR_RERUN
_TRIGGER = "$$STREAMLIT_INTERNAL_KEY_{}__events"


@dataclass
class _Part:
    """A component on the page: where its events go, and what it was drawn with."""

    id: str
    fragment: str
    json: str


@dataclass
class Traffic:
    """Bytes and messages that came to a reviewer, and requests that it made."""

    received: int = 0
    messages: int = 0
    looks: int = 0
    polls: int = 0
    sent_again: int = 0
    halves: int = 0
    errors: list[str] = field(default_factory=list)


class Reviewer:
    """One session of the page.

    Parameters
    ----------
    url
        Address of the page, with whatever it asks for (a table, a token).
    name
        Name under which is judged.
    seed
        Of all that it chooses.
    """

    def __init__(self, url: str, name: str, seed: int) -> None:
        self.url, self.name = url, name
        self.random = random.Random(seed)
        self.traffic = Traffic()
        self._tab = secrets.token_hex(6)
        self._browser = secrets.token_hex(6)
        self._count = 0
        self._parts: dict[str, _Part] = {}
        self._cached: dict[str, ForwardMsg] = {}
        self._repeated: dict[str, asyncio.Task] = {}
        self._news: tuple[int, ...] | None = None
        self._page_hash = ""
        self._query = urlsplit(url).query
        self._heard = -1.0
        self._drawn = 0  # runs of the whole page that came to their end
        self._is_running = False
        self._changed = asyncio.Condition()
        self._one_event = asyncio.Lock()
        self._tasks: list[asyncio.Task] = []

    async def __aenter__(self) -> Reviewer:
        jar = aiohttp.CookieJar(unsafe=True)  # the server's address is a number
        self._http = aiohttp.ClientSession(cookie_jar=jar, timeout=aiohttp.ClientTimeout(PATIENCE_S))
        place = urlsplit(self.url)
        self._root = f"{place.scheme}://{place.netloc}{place.path.rstrip('/')}"
        async with self._http.get(self.url) as answer:
            await answer.read()
        self._socket = await self._http.ws_connect(
            f"{self._root.replace('http', 'ws', 1)}/_stcore/stream",
            protocols=("streamlit",),
            origin=f"{place.scheme}://{place.netloc}",
            compress=15,
            max_msg_size=0,
        )
        self._tasks.append(asyncio.create_task(self._listen()))
        await self._rerun()
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in (*self._tasks, *self._repeated.values()):
            task.cancel()
        await asyncio.gather(*self._tasks, *self._repeated.values(), return_exceptions=True)
        await self._socket.close()
        await self._http.close()

    def data(self, name: str) -> dict[str, Any]:
        """Data with which Python drew a component last."""
        return json.loads(self._parts[name].json)

    def has(self, *names: str) -> bool:
        """True where all these components are on the page."""
        return all(name in self._parts for name in names)

    async def ready(self) -> None:
        """Wait until the page is drawn; then ask for news now and then."""
        await self._until(lambda: self.has("problems", "player") and not self._is_running)
        self._tasks.append(asyncio.create_task(self._watch_news()))

    async def pick(self, slice_id: str) -> None:
        """Pick a problem; returns when the whole page was drawn with it."""
        await self._event("problems", {"kind": "slice", "slice": slice_id, "picks": True})

    async def move_slider(self, name: str, value: float) -> None:
        """Let go of a slider; returns when the whole page was drawn with it."""
        await self._event("thresholds", {"kind": "set", "name": name, "value": value})

    async def reset(self) -> None:
        """Put the thresholds back to their defaults, wherever the last view of the table has them."""
        await self._event("thresholds", {"kind": "reset"})

    async def play(self, row: int) -> None:
        """Go to a clip and fetch its sound; returns when the whole page was drawn with it."""
        sound = next((clip["audio"] for clip in self.data("player")["following"] if clip["row"] == row), "")
        if sound:
            async with self._http.get(f"{self._root}/{sound}") as answer:
                await answer.read()
        await self._event("player", {"kind": "clip", "row": row})

    async def judge(self, slice_id: str, verdict: str | None) -> None:
        """Judge a slice; returns when Python has it on the disk."""
        data = self.data("verdict")
        event = {"kind": "verdict", "slice": slice_id, "pick": 0, "verdict": verdict}
        about = {"about": data["about"], "newest": data["news"]["newest"]}
        signature = {"reviewer": self.name, "browser": self._browser, "is_same": False}
        await self._event("verdict", signature | event | about, is_word=True, redraws=False)

    async def _event(
        self, part: str, event: dict[str, Any], *, is_word: bool = False, redraws: bool = True
    ) -> None:
        async with self._one_event:
            self._count += 1
            number, drawn = self._count, self._drawn
            event = {**event, "n": number, "tab": self._tab}
            if is_word:
                event["press"] = f"{self._tab}:{number}"
            await self._rerun(part, event)
            end = asyncio.get_running_loop().time() + PATIENCE_S
            while True:
                try:
                    await self._until(
                        lambda: self._heard >= number and (not redraws or self._drawn > drawn), SENT_AGAIN_S
                    )
                except TimeoutError:
                    if asyncio.get_running_loop().time() > end:
                        raise TimeoutError(
                            f"{self.name}: {event['kind']} {number}, heard {self._heard}, {self._drawn - drawn} runs "
                            f"since, {'running' if self._is_running else 'at rest'}"
                        ) from None
                    if self._is_running:
                        continue
                    if self._heard >= number:
                        self.traffic.halves += 1
                        return
                    self.traffic.sent_again += 1
                    await self._rerun(part, event)
                else:
                    return

    async def _rerun(
        self, part: str = "", event: dict[str, Any] | None = None, fragment: str = "", is_auto: bool = False
    ) -> None:
        message = BackMsg()
        state = message.rerun_script
        state.query_string, state.page_script_hash = self._query, self._page_hash
        state.cached_message_hashes.extend(self._cached)
        state.widget_states.SetInParent()
        state.fragment_id, state.is_auto_rerun = fragment, is_auto
        if event is not None:
            target = self._parts[part]
            state.fragment_id = target.fragment
            widget = state.widget_states.widgets.add()
            widget.id = _TRIGGER.format(target.id)
            widget.json_trigger_value = json.dumps([{"event": "event", "value": event}])
        await self._socket.send_bytes(message.SerializeToString())

    async def _listen(self) -> None:
        async for message in self._socket:
            if message.type is not aiohttp.WSMsgType.BINARY:
                continue
            self.traffic.received += len(message.data)
            self.traffic.messages += 1
            try:
                self._take(ForwardMsg.FromString(message.data))
            finally:
                async with self._changed:
                    self._changed.notify_all()

    def _take(self, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        if kind == "ref_hash":
            message = self._cached[message.ref_hash]
            kind = message.WhichOneof("type")
        elif message.metadata.cacheable and message.hash:
            self._cached[message.hash] = message
        if kind == "new_session":
            self._page_hash = message.new_session.page_script_hash
            self._is_running = True
            if not message.metadata.run.fragment_ids:
                self._stop_repeating()
        elif kind == "navigation":
            self._page_hash = message.navigation.page_script_hash
        elif kind == "page_info_changed":
            self._query = message.page_info_changed.query_string
        elif kind == "script_finished":
            self._is_running = message.script_finished == _EARLY
            self._drawn += message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY
        elif kind == "auto_rerun":
            repeated = message.auto_rerun
            self._stop_repeating(repeated.fragment_id)
            self._repeated[repeated.fragment_id] = asyncio.create_task(
                self._repeat(repeated.fragment_id, repeated.interval)
            )
        elif kind == "session_event" and message.session_event.HasField("script_compilation_exception"):
            self.traffic.errors.append(message.session_event.script_compilation_exception.message)
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            self._draw(message.delta)

    def _draw(self, delta: Any) -> None:
        element = delta.new_element
        kind = element.WhichOneof("type")
        if kind == "exception":
            self.traffic.errors.append(element.exception.message)
        elif kind == "bidi_component":
            drawn = element.bidi_component
            content = drawn.mixed.json if drawn.WhichOneof("data") == "mixed" else drawn.json
            name = drawn.component_name.removeprefix("slicecore_")
            self._parts[name] = _Part(drawn.id, delta.fragment_id, content)
            if heard := _HEARD.search(content):
                self._heard = max(self._heard, float(heard[1]))

    async def _until(self, is_so: Callable[[], bool], patience_s: float = PATIENCE_S) -> None:
        listening = self._tasks[0]
        async with asyncio.timeout(patience_s), self._changed:
            await self._changed.wait_for(lambda: listening.done() or is_so())
        if listening.done():
            listening.result()
            raise ConnectionError("The server has closed the connection.")

    async def _repeat(self, fragment: str, interval: float) -> None:
        """Run a fragment anew every now and then, as Streamlit's page does for `run_every`."""
        while True:
            await asyncio.sleep(interval)
            await self._rerun(fragment=fragment, is_auto=True)

    def _stop_repeating(self, fragment: str | None = None) -> None:
        for name in list(self._repeated):
            if fragment in (None, name):
                self._repeated.pop(name).cancel()

    async def _watch_news(self) -> None:
        reported = None
        await asyncio.sleep(self.random.random() * NEWS_S)
        while True:
            await asyncio.sleep(NEWS_S)
            if self._one_event.locked() or not self.has("verdict"):
                continue
            news = self.data("verdict")["news"]
            self.traffic.polls += 1
            with contextlib.suppress(aiohttp.ClientError):
                async with self._http.get(f"{self._root}/api/{news['at']}") as answer:
                    newest = await answer.json() if answer.status == 200 else news["newest"]
                if newest not in (news["newest"], reported) and not self._one_event.locked():
                    reported = newest
                    self.traffic.looks += 1
                    await self._event("verdict", {"kind": "look"}, redraws=False)
