"""How long the review page takes in a real browser: medians and maxima of ten, bytes, and whether memory grows.

    python benchmarks/ui.py [CLIPS] [--moves 200]

On the sample data, or on so many invented calls (benchmarks/page/invented_calls.py). The first start fills the cache
and is not counted, but it may take minutes: every clip is embedded and measured. The baseline is Streamlit itself,
measured in the same run: a page with one slider and one line of text.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "e2e"))

import harness  # noqa: E402 - the harness of the browser tests, beside them
from page.invented_calls import write_calls  # noqa: E402

from slicecore.cli import TABLES_VARIABLE  # noqa: E402
from slicecore.home import workspace_folder  # noqa: E402

TIMES = 10
CARD = '[data-testid="problems"] .card'
DEEP = """const deep = (at) => [...at.querySelectorAll("*")].flatMap(
            (one) => [one, ...(one.shadowRoot ? deep(one.shadowRoot) : [])]);"""
# From a key or click to the frame after which every part carries the number of the newest run. The parts are looked up
# once: searching the whole page in every frame would slow down what is measured.
WATCH = f"""() => {{
  {DEEP}
  const find = () => deep(document).filter((one) => one.dataset?.seq);
  let parts = find();
  const before = Math.max(...parts.map((one) => Number(one.dataset.seq)));
  window.redrawn = new Promise((done) => {{
    let start = 0;
    for (const kind of ["keydown", "pointerdown"])
      document.addEventListener(kind, () => {{ start ||= performance.now(); }}, {{ capture: true, once: true }});
    const look = () => {{
      if (start && !parts.every((one) => one.isConnected)) parts = find();
      const drawn = start && parts.length >= 6 && parts.every((one) => Number(one.dataset.seq) > before);
      if (drawn) requestAnimationFrame(() => done(performance.now() - start));
      else requestAnimationFrame(look);
    }};
    look();
  }});
}}"""
SOUND = """() => {
  window.sounding = new Promise((done) => {
    let start = 0;
    for (const kind of ["keydown", "pointerdown"])
      document.addEventListener(kind, () => { start ||= performance.now(); }, { capture: true, once: true });
    const { play } = HTMLMediaElement.prototype;
    HTMLMediaElement.prototype.play = function () {
      this.addEventListener("playing", () => done(performance.now() - start), { once: true });
      HTMLMediaElement.prototype.play = play;
      return play.call(this);
    };
  });
}"""
# From a key to Python having heard of it: a verdict is on disk then.
SAVED = """() => {
  window.saved = new Promise((done) => {
    let start = 0;
    document.addEventListener("keydown", () => { start ||= performance.now(); }, { capture: true, once: true });
    const html = document.documentElement;
    const watcher = new MutationObserver(() => {
      if (!start || html.hasAttribute("data-slicecore-busy")) return;
      watcher.disconnect();
      done(performance.now() - start);
    });
    watcher.observe(html, { attributeFilter: ["data-slicecore-busy"] });
  });
}"""
TEXT = """(value) => {
  window.redrawn = new Promise((done) => {
    let start = 0;
    document.addEventListener("keydown", () => { start ||= performance.now(); }, { capture: true, once: true });
    const look = () => document.body.innerText.includes(value)
      ? requestAnimationFrame(() => done(performance.now() - start)) : requestAnimationFrame(look);
    look();
  });
}"""
BARE = """
import streamlit as st
from pathlib import Path
st.write(f"value {st.slider('Minimum drop', 0, 100, 10)}")
"""


def milliseconds(page, what: str) -> float:
    """What a promise on the page comes to; fails after half a minute."""
    page.evaluate(f"void window.{what}.then((took) => {{ window.{what}Took = took; }})")
    took = page.wait_for_function(f"() => window.{what}Took").json_value()
    page.evaluate(f"() => {{ window.{what}Took = 0; }}")
    return took


def bare(browser, folder: Path) -> list[float]:
    """Slider to text on a page with nothing else."""
    script = folder / "bare.py"
    script.write_text(BARE)
    took = []
    with harness.serve(script, folder / "bare.log") as url, harness.open_page(browser, url) as page:
        slider = page.get_by_role("slider")
        slider.focus()
        for i in range(TIMES):
            page.evaluate(TEXT, f"value {11 + i}")
            page.keyboard.press("ArrowRight")
            took.append(milliseconds(page, "redrawn"))
    return took


def workplace(folder: Path, clips: int | None) -> dict[str, str]:
    """The environment of a server on the sample data, or on a table of so many invented calls with their vectors."""
    environment = {"SLICECORE_HOME": str(folder / "home")}
    if clips is None:
        return environment
    (folder / "calls").mkdir()
    table, vectors = write_calls(folder / "calls", clips)
    os.environ.update(environment)
    view = {"last": {"embedding": str(vectors)}, "named": {}}  # as if it had been left so
    (workspace_folder(table) / "views.json").write_text(json.dumps(view))
    return environment | {TABLES_VARIABLE: json.dumps([str(table)])}


def server_memory() -> float:
    """Resident MiB of the servers that this process started."""
    total = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            lines = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
            command = (status.parent / "cmdline").read_text()
        except OSError:  # gone meanwhile
            continue
        if int(lines["PPid"]) == os.getpid() and "streamlit" in command:
            total += int(lines["VmRSS"].split()[0])
    return total / 1024


def growth(page, moves: int) -> dict[str, tuple[float, float]]:
    """MiB before and after so many moves of the slider and so many clips, in the page and in the server."""
    session = page.context.new_cdp_session(page)

    def now() -> tuple[float, float]:
        session.send("HeapProfiler.collectGarbage")
        return session.send("Runtime.getHeapUsage")["usedSize"] / 2**20, server_memory()

    slider = page.get_by_role("slider", name="Minimum drop")
    before = now()
    for i in range(moves):
        slider.focus()
        page.evaluate(WATCH)
        page.keyboard.press("ArrowRight" if i % 8 < 4 else "ArrowLeft")
        milliseconds(page, "redrawn")
    after_slider = now()
    slider.blur()
    for i in range(moves):
        page.keyboard.press("ArrowRight" if i % 100 < 50 else "ArrowLeft")
        harness.settled(page)
    after_clips = now()
    return {
        f"page after {moves} slider moves": (before[0], after_slider[0]),
        f"server after {moves} slider moves": (before[1], after_slider[1]),
        f"page after {moves} clips": (after_slider[0], after_clips[0]),
        f"server after {moves} clips": (after_slider[1], after_clips[1]),
    }


def received(page, sizes: list[int]) -> None:
    """Note the size of everything that comes over the page's websocket from now on."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")

    def note(event) -> None:
        content = event["response"]["payloadData"]  # base64 where it is binary
        sizes.append(len(content) * 3 // 4 if event["response"]["opcode"] == 2 else len(content))

    session.on("Network.webSocketFrameReceived", note)


def measured(page) -> None:
    """Wait, with a slice picked, until the clips are measured: that work takes the processor from the page."""
    page.locator(CARD).first.click()
    harness.settled(page)
    page.wait_for_function(
        f"""() => {{ {DEEP}
            const plots = deep(document).find((one) => one.dataset?.testid === "evidence");
            return plots && !plots.textContent.includes("Measuring"); }}""",
        timeout=1_500_000,
        polling=1000,
    )
    harness.settled(page)


def review(browser, folder: Path, clips: int | None, moves: int):
    """Everything on the review page: milliseconds, bytes of slider moves, memory before and after."""
    took: dict[str, list[float]] = {}
    environment = workplace(folder, clips)
    app = ROOT / "app" / "main.py"
    with (
        harness.serve(app, folder / "first.log", environment) as url,
        harness.open_page(browser, url) as page,
    ):
        page.locator(CARD).first.wait_for(timeout=600_000)  # fills the cache
        measured(page)
    start = time.perf_counter()
    with (
        harness.serve(app, folder / "second.log", environment) as url,
        harness.open_page(browser, url) as page,
    ):
        page.locator(CARD).first.wait_for(timeout=300_000)
        took["cached start of the server to the list"] = [1000 * (time.perf_counter() - start)]
        measured(page)
        page.frame_locator(".st-key-clips-table iframe").locator(
            '.ag-center-cols-container [row-index="2"]'
        ).wait_for()
        harness.settled(page)
        page.get_by_role("slider", name="Minimum drop").focus()
        took["slider released to everything redrawn"] = []
        sizes: list[int] = []
        received(page, sizes)
        for i in range(TIMES):
            page.evaluate(WATCH)
            page.keyboard.press("ArrowRight" if i % 2 == 0 else "ArrowLeft")
            took["slider released to everything redrawn"].append(milliseconds(page, "redrawn"))
        harness.settled(page)
        per_move = sum(sizes) / TIMES
        page.get_by_role("slider", name="Minimum drop").blur()
        took["pick of a problem to everything redrawn"] = []
        for i in range(TIMES):
            page.evaluate(WATCH)
            page.locator(CARD).nth(1 + i % 3).click()
            took["pick of a problem to everything redrawn"].append(milliseconds(page, "redrawn"))
        took["pick of a clip to sound"] = []
        table = page.frame_locator(".st-key-clips-table iframe")
        for i in range(TIMES):
            page.evaluate(SOUND)
            page.evaluate("""() => { const frame = document.querySelector(".st-key-clips-table iframe").contentDocument;
                frame.addEventListener("pointerdown", () => document.dispatchEvent(new Event("pointerdown")),
                                       { capture: true, once: true }); }""")
            table.locator(f'.ag-center-cols-container [row-index="{1 + i % 6}"]').click()
            took["pick of a clip to sound"].append(milliseconds(page, "sounding"))
            harness.settled(page)
        took["next clip by key to sound"] = []
        for i in range(TIMES):
            page.evaluate(SOUND)
            page.keyboard.press("ArrowRight" if i % 4 < 2 else "ArrowLeft")
            took["next clip by key to sound"].append(milliseconds(page, "sounding"))
            harness.settled(page)
        took["verdict by key to saved"] = []
        for i in range(TIMES):
            page.evaluate(SAVED)
            page.keyboard.press("12"[i % 2])
            took["verdict by key to saved"].append(milliseconds(page, "saved"))
            harness.settled(page)
        return took, per_move, growth(page, moves)


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "clips", type=int, nargs="?", help="so many invented calls instead of the sample data"
    )
    parser.add_argument(
        "--moves", type=int, default=200, help="of the slider and to the next clip, for the memory"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, harness.launch() as browser:
        folder = Path(name)
        baseline = bare(browser, folder)
        unit = statistics.median(baseline)
        print(f"{'':45}{'median ms':>10}{'max ms':>10}{'x Streamlit':>13}")
        print(f"{'bare Streamlit: slider to text':45}{unit:10.0f}{max(baseline):10.0f}{1:13.1f}")
        times, per_move, memory = review(browser, folder, options.clips, options.moves)
        for what, took in times.items():
            median = statistics.median(took)
            print(f"{what:45}{median:10.0f}{max(took):10.0f}{median / unit:13.1f}")
        each = f", {per_move / options.clips:.2f} a clip" if options.clips else ""
        print(f"\nbytes received per slider move: {per_move:,.0f}{each}")
        print(f"\n{'MiB':45}{'before':>10}{'after':>10}")
        for what, (before, after) in memory.items():
            print(f"{what:45}{before:10.1f}{after:10.1f}")


if __name__ == "__main__":
    main()
