"""The pictures: taken when the page stands still, at every width, in light and dark, and kept small."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import harness
import numpy as np
from PIL import Image
from playwright.sync_api import Browser, Page
from playwright.sync_api import Error as PlaywrightError
from review_page import DEEP
from states import IN_REPOSITORY, SIZES, State

from slicecore_app.launch import TABLES_VARIABLE
from slicecore_app.web import theme

MIDDLE = SIZES[1]
NOTEBOOK_WIDTH = 1000
THEMES = (False, True)  # dark?
PATIENCE_MS = 240_000  # the first run embeds, measures and compiles
COLOURS = 80
EXACT_COLOURS = 12
MOST_LOOKS = 60
ATTEMPTS = 3
HAS_PANELS = """colour =>
    getComputedStyle(document.documentElement).getPropertyValue("--sc-panel").trim() === colour"""
NOTHING_UNDER_WAY = f"""() => {{
    const player = {DEEP}.find((one) => one.dataset?.testid === "player");
    if (!player) return true; // another page, which hears of no event
    const isDrawn = !player.dataset.row || player.dataset.drawn === player.dataset.row;
    return !document.documentElement.hasAttribute("data-slicecore-busy")
        && (isDrawn || player.querySelector(".unplayable:not([hidden])")); }}"""


@dataclass
class Pictures:
    """Pictures: the folder they go to, the states wanted, the browser, and the states that could not be taken.

    With `only_shown`, those alone that the repository holds.
    """

    docs: Path
    browser: Browser
    folder: Path
    wanted: frozenset[str]
    only_shown: bool = False
    missed: list[str] = field(default_factory=list)

    @contextlib.contextmanager
    def server(self, home: str = "home", tables: tuple[Path, ...] = (), **options) -> Iterator[str]:
        """A server with a home folder of its own, and a reviewer whose name is in the foot; yields its address."""
        place = self.folder / home
        place.mkdir(exist_ok=True)
        app = options.pop("app", harness.ROOT / "app" / "main.py")
        environment = {"SLICECORE_HOME": str(place), "USER": "kb", "LOGNAME": "kb", **options.pop("env", {})}
        if tables:
            environment[TABLES_VARIABLE] = json.dumps([str(table) for table in tables])
        with harness.serve(app, self.folder / "server.log", environment, **options) as url:
            yield url

    @contextlib.contextmanager
    def page(self, url: str, size: tuple[int, int] = MIDDLE, dark: bool = False) -> Iterator[Page]:
        """A page that waits long for what it is asked for."""
        context = harness.returning(
            self.browser, viewport={"width": size[0], "height": size[1]}, color_scheme=_theme(dark)
        )
        context.set_default_timeout(PATIENCE_MS)
        try:
            page = context.new_page()
            page.goto(url)
            harness.settled(page, PATIENCE_MS)
            yield page
        finally:
            context.close()

    def attempt(self, name: str, steps: Callable[[], None]) -> None:
        """Do what leads to a picture, again where it fails; what still fails is told at the end."""
        for _ in range(ATTEMPTS):
            try:
                return steps()
            except (PlaywrightError, TimeoutError) as error:
                print(f"{name}: {error}", flush=True)  # noqa: T201
        self.missed.append(name)

    def take(self, page: Page, state: State, themes: tuple[bool, ...] = THEMES) -> None:
        """Pictures of a state at every width, in light and dark."""
        for dark in themes:
            sizes = [size for size in state.sizes if self._is_wanted(state, size, dark)]
            if not sizes:
                continue
            page.emulate_media(color_scheme=_theme(dark))
            page.wait_for_function(HAS_PANELS, arg=theme.tokens(dark)["panel"])
            for size in sizes:
                page.set_viewport_size({"width": size[0], "height": size[1]})
                if state.again:
                    state.again(page)
                self.save(page, state, size, dark)

    def _is_wanted(self, state: State, size: tuple[int, int], dark: bool) -> bool:
        if not self.only_shown:
            return True
        is_middle = size == MIDDLE
        names = {f"{state.name}-{size[0]}-{_theme(dark)}"} | (
            {f"{state.name}-part"} if is_middle and not dark else set()
        )
        return bool(names & IN_REPOSITORY) or bool(state.copy and is_middle)

    def save(self, page: Page, state: State, size: tuple[int, int], dark: bool) -> None:
        """One picture, if it is wanted, and in the middle size what is kept besides."""
        if not self._is_wanted(state, size, dark):
            return
        image = _look(page) if state.is_moving else _still(page)
        _write(image, self._path(f"{state.name}-{size[0]}-{_theme(dark)}"))
        if size != MIDDLE:
            return
        if state.copy:
            _reduced(image).quantize(256).save(self.docs / f"{state.copy}-{_theme(dark)}.png", optimize=True)
        if state.part and not dark:
            box = page.locator(state.part).first.bounding_box()
            corners = (box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"])
            _write(image.crop(tuple(map(round, corners))), self._path(f"{state.name}-part"))

    def save_part(self, content: str, part: str, name: str) -> None:
        """A part of a document that needs no server, in light and dark."""
        file = self.folder / f"{name}.html"
        file.write_text(content, encoding="utf-8")
        for dark in THEMES:
            context = self.browser.new_context(
                viewport={"width": NOTEBOOK_WIDTH, "height": 900}, color_scheme=_theme(dark)
            )
            with contextlib.closing(context):
                page = context.new_page()
                page.goto(file.as_uri())
                image = Image.open(io.BytesIO(page.locator(part).first.screenshot())).convert("RGB")
            _write(image, self._path(f"{name}-{_theme(dark)}"))

    def _path(self, name: str) -> Path:
        folder = self.docs / "screens" if name in IN_REPOSITORY else self.docs / "screens" / "all"
        folder.mkdir(exist_ok=True)
        return folder / f"{name}.webp"


def _theme(dark: bool) -> str:
    return "dark" if dark else "light"


def _still(page: Page) -> Image.Image:
    """The page when two looks at it in a row are the same and nothing is on its way."""
    before = None
    for _ in range(MOST_LOOKS):
        harness.settled(page, PATIENCE_MS)
        page.wait_for_function(NOTHING_UNDER_WAY)
        now = _look(page)
        if before is not None and now.tobytes() == before.tobytes():
            return now
        before = now
    raise TimeoutError("The page does not stand still.")


def _look(page: Page) -> Image.Image:
    return Image.open(io.BytesIO(page.screenshot())).convert("RGB")


def _reduced(image: Image.Image) -> Image.Image:
    """With few enough colours to be small: those of the page's own surfaces exactly, the others nearly."""
    pixels = np.asarray(image)
    packed = pixels @ np.array([1 << 16, 1 << 8, 1])
    colours, counts = np.unique(packed, return_counts=True)
    is_exact = np.isin(packed, colours[np.argsort(counts)[-EXACT_COLOURS:]])
    nearly = image.quantize(
        COLOURS - EXACT_COLOURS, method=Image.Quantize.MAXCOVERAGE, kmeans=1, dither=Image.Dither.NONE
    ).convert("RGB")
    return Image.fromarray(np.where(is_exact[..., None], pixels, nearly))


def _write(image: Image.Image, path: Path) -> None:
    _reduced(image).save(path, "WEBP", lossless=True, quality=100, method=3)
