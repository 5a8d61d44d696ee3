"""Times of the review page in a real browser, medians and maxima of ten; its bytes, and the growth of its memory.

    python benchmarks/ui.py [CLIPS] [--times 10] [--moves 200] [--folder FOLDER]

On the sample data, or on so many invented calls (benchmarks/page/invented_calls.py). On the sample the start on a fresh
machine is measured too: nothing in the cache, no kernel compiled. The start that fills the cache for the others is not
counted, and it may take minutes: every clip is embedded and measured. The baseline is Streamlit itself, measured in the
same run: a page with one slider and one line of text.
"""

import argparse
import contextlib
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "e2e"))

import harness  # noqa: E402 - the harness of the browser tests, beside them
from page.explained import explained  # noqa: E402
from page.memory import growth  # noqa: E402
from page.watch import CLIPS, SAVED, SOUND, TABLE, TEXT, WATCH, click_row, milliseconds  # noqa: E402
from page.wire import wire  # noqa: E402
from page.workplace import workplace  # noqa: E402
from review_page import CARDS, ready  # noqa: E402

APP = ROOT / "app" / "main.py"
FRESH_TIMES = 3
TREEMAP = '[data-testid="treemap"] .sc-tiles rect'
BARE = """
import streamlit as st
from pathlib import Path
st.write(f"value {st.slider('Minimum drop', 0, 100, 10)}")
"""


def bare(browser, folder: Path, times: int) -> list[float]:
    """Slider to text on a page with nothing else."""
    script = folder / "bare.py"
    script.write_text(BARE)
    took = []
    with harness.serve(script, folder / "bare.log") as url, harness.open_page(browser, url) as page:
        slider = page.get_by_role("slider")
        slider.focus()
        for i in range(times):
            page.evaluate(TEXT, f"value {11 + i}")
            page.keyboard.press("ArrowRight")
            took.append(milliseconds(page, "redrawn"))
    return took


def fresh_starts(browser, folder: Path, environment: dict[str, str]) -> list[float]:
    """Milliseconds from the command that starts the server to the first problems, where nothing is there yet."""
    took = []
    for _ in range(FRESH_TIMES):
        with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as stack:
            empty = {"SLICECORE_HOME": f"{name}/home", "NUMBA_CACHE_DIR": f"{name}/kernels"}
            start = time.perf_counter()
            url = stack.enter_context(harness.serve(APP, folder / "fresh.log", environment | empty))
            context = browser.new_context(viewport={"width": 1440, "height": 900})
            stack.callback(context.close)
            page = context.new_page()
            page.goto(url, wait_until="commit")
            page.locator(CARDS).first.wait_for(timeout=300_000)
            took.append(1000 * (time.perf_counter() - start))
    return took


def starts(browser, folder: Path, environment: dict[str, str], times: int) -> dict[str, list[float]]:
    """Milliseconds from the command that starts the server to what a browser without any files shows."""
    took = defaultdict(list)
    for _ in range(times):
        start = time.perf_counter()
        with contextlib.ExitStack() as stack:
            url = stack.enter_context(harness.serve(APP, folder / "start.log", environment))
            context = harness.returning(browser, viewport={"width": 1440, "height": 900})
            stack.callback(context.close)
            page = context.new_page()
            page.goto(url, wait_until="commit")
            page.locator(CARDS).first.wait_for(timeout=300_000)
            took["cached start to the list"].append(1000 * (time.perf_counter() - start))
            page.frame_locator(TABLE).locator(".ag-root").wait_for()
            took["cached start to the table of clips"].append(1000 * (time.perf_counter() - start))
            page.locator(TREEMAP).first.wait_for(state="attached")
            took["cached start to everything drawn"].append(1000 * (time.perf_counter() - start))
    return took


def moves_of_slider(page, times: int) -> list[float]:
    """Milliseconds from key to everything redrawn, of some moves."""
    slider = page.get_by_role("slider", name="Minimum drop")
    slider.focus()
    took = []
    for i in range(times):
        page.evaluate(WATCH)
        page.keyboard.press("ArrowRight" if i % 2 == 0 else "ArrowLeft")
        took.append(milliseconds(page, "redrawn"))
    slider.blur()
    return took


def bytes_of_slider(browser, url: str, times: int) -> float:
    """Bytes that come to the browser per move of the slider, as they go over the wire."""
    with wire(url) as proxy, harness.open_page(browser, proxy.url) as page:
        explained(page)
        moves_of_slider(page, times)  # what is made at first sight of a threshold is not a move
        ready(page)
        before = proxy.received
        moves_of_slider(page, times)
        ready(page)
        return (proxy.received - before) / times


def review(page, times: int) -> dict[str, list[float]]:
    """Milliseconds of what a reader does again and again."""
    took = {"slider released to everything redrawn": moves_of_slider(page, times)}
    ready(page)
    listed = took["pick of a problem to its clips"] = []
    picks = took["pick of a problem to everything redrawn"] = []
    for i in range(times):
        page.evaluate(WATCH)
        page.evaluate(CLIPS)
        page.locator(CARDS).nth(1 + i % 3).click()
        listed.append(milliseconds(page, "listed"))
        picks.append(milliseconds(page, "redrawn"))
    clips = took["pick of a clip to sound"] = []
    for i in range(times):
        page.evaluate(SOUND)
        click_row(page, 1 + i % 6)
        clips.append(milliseconds(page, "sounding"))
        harness.settled(page)
    keys = took["next clip by key to sound"] = []
    for i in range(times):
        page.evaluate(SOUND)
        page.keyboard.press("ArrowRight" if i % 4 < 2 else "ArrowLeft")
        keys.append(milliseconds(page, "sounding"))
        harness.settled(page)
    verdicts = took["verdict by key to saved"] = []
    for i in range(times):
        page.evaluate(SAVED)
        page.keyboard.press("12"[i % 2])
        verdicts.append(milliseconds(page, "saved"))
        harness.settled(page)
    return took


def measure(browser, folder: Path, clips: int | None, times: int, moves: int):
    """Milliseconds, bytes of a slider move, and memory on the way."""
    environment = workplace(folder, clips)
    with (
        harness.serve(APP, folder / "first.log", environment) as url,
        harness.open_page(browser, url) as page,
    ):
        explained(page)  # fills the cache
    took = starts(browser, folder, environment, times)
    if clips is None:
        took["fresh machine: start to the list"] = fresh_starts(browser, folder, environment)
    with harness.serve(APP, folder / "second.log", environment) as url:
        with harness.open_page(browser, url) as page:
            explained(page)
            took |= review(page, times)
            memory = growth(page, moves)
        return took, bytes_of_slider(browser, url, times), memory


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "clips", type=int, nargs="?", help="so many invented calls instead of the sample data"
    )
    parser.add_argument("--times", type=int, default=10, help="that each start and move is measured")
    parser.add_argument(
        "--moves", type=int, default=200, help="of the slider and to the next clip, for the memory"
    )
    parser.add_argument("--folder", type=Path, help="where table and cache are kept for the next time")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, harness.launch() as browser:
        folder = options.folder or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        baseline = bare(browser, folder, options.times)
        unit = statistics.median(baseline)
        print(f"{'':45}{'median ms':>10}{'max ms':>10}{'x Streamlit':>13}")
        print(f"{'bare Streamlit: slider to text':45}{unit:10.0f}{max(baseline):10.0f}{1:13.1f}")
        times, per_move, memory = measure(browser, folder, options.clips, options.times, options.moves)
        for title, took in times.items():
            median = statistics.median(took)
            print(f"{title:45}{median:10.0f}{max(took):10.0f}{median / unit:13.1f}")
        per_clip = f", {per_move / options.clips:.2f} a clip" if options.clips else ""
        print(f"\nbytes over the wire per slider move: {per_move:,.0f}{per_clip}")
        print(f"\n{'MiB':45}{'before':>10}{'half way':>10}{'after':>10}")
        for title, levels in memory.items():
            print(f"{title:45}" + "".join(f"{level:10.1f}" for level in levels))


if __name__ == "__main__":
    main()
