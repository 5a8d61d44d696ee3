"""Ground of the browser tests: a server on a free port, a browser, and waiting for a page to have settled."""

from __future__ import annotations

import contextlib
import functools
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Protocol

import chromium
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

ROOT = Path(__file__).parents[2]
PATIENCE_MS = 60_000
"""Patience with anything on a page that has no time of its own: a slow machine is no failure."""
LOOK_MS = 50
"""From one look at the page to the next. At every frame, as is usual, the looks take a tenth of the browser's time."""
FLAGS = [
    "--no-sandbox",
    "--use-angle=swiftshader",  # WebGL without a graphics card
    # Emulating a graphics card for text, boxes and the whole page takes ten times as long as drawing them without.
    "--disable-gpu-rasterization",
    "--disable-gpu-compositing",
    "--enable-unsafe-swiftshader",
    "--autoplay-policy=no-user-gesture-required",
    # Memory of pages that live for seconds is hardly worth collecting, nor is their code worth optimising: a tenth of
    # their processor time each.
    "--js-flags=--min-semi-space-size=64,--max-semi-space-size=64,--no-opt",
]
logs: list[Path] = []
"""Output of the servers of this process, in the order of their starts."""
_ports: list[int] = []
"""Ports that servers of this process have had: of an address that it knows Chromium has the scripts compiled."""
SETTLED = """() => document.querySelector('[data-testid="stApp"][data-test-script-state="notRunning"]')
                   && !document.querySelector('[data-stale="true"], [data-testid="stSkeleton"]')"""

# Streamlit's placeholders pulse at every frame for as long as a page takes to come up.
_STILL = """(() => {
  const still = new CSSStyleSheet();
  still.replaceSync(`
    [data-testid=stAppSkeleton] *, [data-testid=stSkeleton], [data-testid=stSkeleton] * { animation: none !important }
  `);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, still];
})()"""

_NEWCOMER = "slicecore-newcomer"
"""Cookie of a visitor whose first page is to come; ports of a host share it."""
_FORGET = f"""if (document.cookie.includes("{_NEWCOMER}=")) {{
  document.cookie = "{_NEWCOMER}=; path=/; max-age=0";
  localStorage.clear();
  sessionStorage.clear();
  localStorage.setItem("slicecore.tour", "yes");
}}"""


class Process(Protocol):
    """Process of a server, as far as the tests need it."""

    def poll(self) -> int | None: ...
    def wait(self, timeout: float = ...) -> int: ...
    def terminate(self) -> None: ...
    def kill(self) -> None: ...


def from_the_start(arguments: list[str], cwd: Path, log: Path, env: dict[str, str]) -> Process:
    """Start `streamlit` with arguments, as people do."""
    command = [sys.executable, "-m", "streamlit", *arguments]
    with log.open("w") as output:
        return subprocess.Popen(command, cwd=cwd, stdout=output, stderr=subprocess.STDOUT, env=env)


start: Callable[[list[str], Path, Path, dict[str, str]], Process] = from_the_start
"""Starts a server; the tests take another way, `forked.py`."""


@contextlib.contextmanager
def serve(
    app: Path,
    log: Path,
    env: dict[str, str] | None = None,
    timeout: float = 120,
    port: int = 0,
    below: str = "",
    kill: bool = False,
    anew: bool = False,
) -> Iterator[str]:
    """Run `streamlit run app` on a free or the given port while the context is open; yields its address.

    `below` is the path under which the app is served, such as "/calls/slicecore". With `kill` the server gets no chance
    to finish anything at the end. With `anew` it is Python from the start, whatever `start` is.
    """
    port = port or _free_port()
    options = ["run", str(app), "--server.port", str(port), "--server.headless", "true"]
    if below:
        options += ["--server.baseUrlPath", below]
    logs.append(log)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (ROOT, ROOT / "app"))), **(env or {})}
    process = (from_the_start if anew else start)(options, ROOT, log, environment)
    try:
        url = f"http://127.0.0.1:{port}{below}"
        _wait_for_health(process, url, log, timeout)
        yield url
    finally:
        process.kill() if kill else process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()  # the next server may want the port


def _free_port() -> int:
    """A port on which nobody listens, if possible one that another server has had."""
    for port in (*_ports, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server does
            with contextlib.suppress(OSError):
                probe.bind(("127.0.0.1", port))
                if not port:
                    _ports.append(probe.getsockname()[1])
                    return _ports[-1]
                return port
    raise OSError("No port is free.")


def _wait_for_health(process: Process, url: str, log: Path, timeout: float) -> None:
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"The server stopped:\n{log.read_text()[-4000:]}")
        if _answers(f"{url}/_stcore/health"):
            return
        time.sleep(0.1)
    raise TimeoutError(f"The server did not answer within {timeout} s:\n{log.read_text()[-4000:]}")


def _answers(address: str) -> bool:
    with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=2) as answer:
        return answer.status == 200
    return False


@contextlib.contextmanager
def launch() -> Iterator[Browser]:
    """Start a headless Chromium."""
    path = chromium.find_or_install()
    if path is None:
        raise RuntimeError(chromium.ADVICE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def returning(browser: Browser, **options: object) -> BrowserContext:
    """A visitor who has seen the tour of the first visit, and is patient."""
    context = browser.new_context(**options)
    context.add_init_script(_STILL)
    context.add_init_script(
        "if (location.protocol !== 'about:') localStorage.setItem('slicecore.tour', 'yes')"
    )
    context.set_default_timeout(PATIENCE_MS)
    return context


@contextlib.contextmanager
def open_page(
    browser: Browser,
    url: str,
    *,
    dark: bool = False,
    size: tuple[int, int] = (1440, 900),
    waits: bool = True,
    touch: bool = False,
) -> Iterator[Page]:
    """Open a page as another visitor and wait for it unless told otherwise; `page.errors` collects what goes wrong.

    With `touch` the visitor has a screen to touch.
    """
    scheme = "dark" if dark else "light"
    context = returning(
        browser, viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, has_touch=touch
    )
    try:
        with visit(context, url, waits) as page:
            yield page
    finally:
        context.close()


@contextlib.contextmanager
def visit(context: BrowserContext, url: str, waits: bool = True) -> Iterator[Page]:
    """Open another page of a visitor, whose browser still has the files, and wait for it."""
    page = _new_page(context)
    page.goto(url)
    if waits:
        settled(page)
    yield page
    page.close()


def _new_page(context: BrowserContext) -> Page:
    page = context.new_page()
    page.wait_for_function = functools.partial(page.wait_for_function, polling=LOOK_MS)
    page.errors = []
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.on("console", lambda message: _note_error(page, message))
    return page


class Tabs:
    """Tabs that tests use one after the other, each a visitor of its own.

    A page costs half where its tab has shown one before: Chromium still has the scripts compiled. Of what a test did
    nothing is left: it is another document and another session, and the first document of a visitor forgets what the
    tab has stored. A page that is kept stays for a test that opens the same one.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._pages: list[Page] = []
        self._kept: dict[int, tuple[str, bool]] = {}
        """Pages that stay, as they were opened, by number of their tab."""

    def open(
        self,
        at: int,
        url: str,
        *,
        dark: bool = False,
        size: tuple[int, int] = (1440, 900),
        waits: bool = True,
        kept: bool = False,
    ) -> Page:
        """Open a page in the tab with this number, 0 for the first; one that is kept is there as it was left."""
        asked = (url, dark)
        is_there = kept and self._kept.get(at) == asked
        self._kept.pop(at, None)
        if at == len(self._pages):
            context = returning(self._browser)
            context.add_init_script(_FORGET)
            self._pages.append(_new_page(context))
        page = self._pages[at]
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.emulate_media(color_scheme="dark" if dark else "light")
        page.errors = []
        if not is_there:
            page.context.add_cookies([{"name": _NEWCOMER, "value": "yes", "url": nothing()}])
            page.goto(url)
            if waits:
                settled(page)
        if kept:
            self._kept[at] = asked
        return page

    def leave(self) -> None:
        """Leave all pages but those that are kept."""
        for at, page in enumerate(self._pages):
            for other in page.context.pages:
                if other is not page:
                    other.close()
            if at not in self._kept:
                page.goto(nothing())
                page.context.clear_cookies()
            page.mouse.move(0, 0)
            page.context.clear_permissions()

    def leave_kept(self) -> None:
        """Leave the pages that were kept."""
        self._kept.clear()
        self.leave()

    def close(self) -> None:
        """Close all tabs; the next ones are new."""
        for page in self._pages:
            page.context.close()
        self._pages.clear()
        self._kept.clear()


@functools.cache
def nothing() -> str:
    """Address of an empty page on the host of the servers: for one of another host Chromium takes another process."""

    class Nothing(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Nothing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}/"


def _note_error(page: Page, message: ConsoleMessage) -> None:
    """A file that can't be loaded is reported without its name; the place of the message has it."""
    if message.type == "error":
        page.errors.append(f"{message.text} {message.location.get('url', '')}".strip())


def settled(page: Page, timeout: float = PATIENCE_MS) -> None:
    """Wait until the script has run and nothing on the page is stale."""
    page.wait_for_function(SETTLED, timeout=timeout, polling=LOOK_MS)
