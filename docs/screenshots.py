"""Take the pictures of this folder: the review page in its states, three widths, light and dark. `make screenshots`."""

import json
import sys
import tempfile
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "e2e")]

import harness  # noqa: E402 - the harness of the browser tests, beside them
import odd_tables  # noqa: E402
from review_page import CARDS, DEEP, explained, ready  # noqa: E402

from slicecore.cli import TABLES_VARIABLE  # noqa: E402

SCREENS = ROOT / "docs" / "screens"
SIZES = ((1280, 800), (1440, 900), (1920, 1080))
MAIN_PICTURES = {(1440, False): "review-light.png", (1440, True): "review-dark.png"}
PATIENCE_MS = 240_000  # the first run embeds, measures and compiles
COLOURS = 256
PICTURES_DRAWN = f"""() => {{ const player = {DEEP}.find((one) => one.dataset?.testid === "player");
                          return player?.dataset.drawn && player.dataset.drawn === player.dataset.row; }}"""


def main() -> None:
    """Write docs/screens/<state>-<width>-<theme>.png, and the two pictures that the README and others show."""
    SCREENS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name, harness.launch() as browser:
        home = Path(name)
        odd = odd_tables.write(home / "odd")
        odd_tables.spoil(odd, (3, 17, 35))
        with serve(home / "other", [odd]) as url, harness.open_page(browser, url, size=SIZES[1]) as page:
            page.set_default_timeout(PATIENCE_MS)
            page.locator('[role="dialog"] canvas').first.wait_for()
            explained(page)
            save(page, "unreadable", SIZES[1], False)
        with serve(home, []) as url:
            with harness.open_page(browser, url, size=SIZES[1]) as page:
                page.get_by_text("Preparing").wait_for()
                save(page, "first-run", SIZES[1], False)
            for dark in (False, True):
                for size in SIZES:
                    with harness.open_page(browser, url, dark=dark, size=size) as page:
                        states(page, size, dark)
            with harness.open_page(browser, f"{url}/data", size=SIZES[1]) as page:
                page.get_by_label("Table on this machine").fill("sample_data/table.csv")
                page.keyboard.press("Enter")
                page.get_by_role("button", name="Start").wait_for()
                harness.settled(page)
                picture(page, ROOT / "docs" / "data-light.png")
            left = harness.open_page(browser, url, size=SIZES[1])
            page = left.__enter__()
            pick(page, 3)
        # The server is gone now.
        page.wait_for_selector('[data-testid="stApp"]:not([data-test-connection-state="CONNECTED"])')
        page.keyboard.press("1")
        page.get_by_text("The server doesn’t answer").wait_for()
        save(page, "server-away", SIZES[1], False)
        left.__exit__(None, None, None)


def serve(home: Path, tables: list[Path]):
    """A server with a home folder of its own, and a reviewer whose name is in the foot."""
    environment = {"SLICECORE_HOME": str(home), "USER": "kb", "LOGNAME": "kb"}
    if tables:
        environment[TABLES_VARIABLE] = json.dumps([str(table) for table in tables])
    home.mkdir(exist_ok=True)
    return harness.serve(ROOT / "app" / "main.py", home / "server.log", environment)


def pick(page, number: int) -> None:
    """Look at a problem, counted from 0, and wait for the last part to draw itself: the spectrogram."""
    page.set_default_timeout(PATIENCE_MS)
    page.locator(CARDS).first.wait_for()
    explained(page)
    page.get_by_text("Described by metadata").wait_for()
    page.locator(CARDS).nth(number).click()
    ready(page)
    page.wait_for_function(PICTURES_DRAWN)


def states(page, size: tuple[int, int], dark: bool) -> None:
    """One page through its states."""
    page.set_default_timeout(PATIENCE_MS)
    page.locator(CARDS).first.wait_for()
    explained(page)
    page.get_by_text("Described by metadata").wait_for()
    ready(page)
    save(page, "nothing-picked", size, dark)
    pick(page, 1)
    if page.locator(CARDS, has_text="Real issue").count() == 0:
        page.keyboard.press("1")
        page.locator(CARDS, has_text="Real issue").wait_for()
    pick(page, 2)
    save(page, "review", size, dark)
    if (size[0], dark) in MAIN_PICTURES:
        picture(page, ROOT / "docs" / MAIN_PICTURES[size[0], dark])
    page.keyboard.press("?")
    page.get_by_test_id("keyboard").wait_for()
    save(page, "keys", size, dark)
    page.keyboard.press("Escape")
    slider = page.get_by_role("slider", name="Minimum drop")
    slider.focus()
    page.keyboard.press("End")
    page.get_by_text("No cluster meets both thresholds").wait_for()
    slider.blur()
    ready(page)
    save(page, "empty", size, dark)
    page.get_by_role("button", name="Reset").click()
    page.locator(CARDS).first.wait_for()
    ready(page)
    page.get_by_test_id("figures").get_by_text("Errors explained").click()
    page.get_by_text("Without them").wait_for()
    harness.settled(page)
    save(page, "summary", size, dark)


def save(page, state: str, size: tuple[int, int], dark: bool) -> None:
    """A picture of a state."""
    picture(page, SCREENS / f"{state}-{size[0]}-{'dark' if dark else 'light'}.png")


def picture(page, target: Path) -> None:
    """A picture with few enough colours to be small."""
    page.screenshot(path=target)
    with Image.open(target) as image:
        reduced = image.convert("RGB").quantize(
            COLOURS, method=Image.Quantize.MAXCOVERAGE, kmeans=1, dither=Image.Dither.NONE
        )
    reduced.save(target, optimize=True)


if __name__ == "__main__":
    main()
