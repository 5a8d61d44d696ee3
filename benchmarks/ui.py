"""How long the review page takes, on the sample data, in a real browser: medians and maxima of ten.

The baseline is Streamlit itself, measured in the same run: a page with one slider and one line of text.
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "e2e"))

import harness  # noqa: E402 - the harness of the browser tests, beside them

TIMES = 10
CARD = '[data-testid="problems"] .card'
DEEP = """const deep = (at) => [...at.querySelectorAll("*")].flatMap(
            (one) => [one, ...(one.shadowRoot ? deep(one.shadowRoot) : [])]);"""
# From a key or click to the frame after which every part carries the number of the newest run.
WATCH = f"""() => {{
  {DEEP}
  const seqs = () => deep(document).filter((one) => one.dataset?.seq).map((one) => Number(one.dataset.seq));
  const before = Math.max(...seqs());
  window.redrawn = new Promise((done) => {{
    let start = 0;
    for (const kind of ["keydown", "pointerdown"])
      document.addEventListener(kind, () => {{ start ||= performance.now(); }}, {{ capture: true, once: true }});
    const look = () => {{
      const now = seqs();
      const drawn = start && now.length >= 6 && Math.min(...now) > before;
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


def review(browser, folder: Path) -> dict[str, list[float]]:
    """Everything on the review page."""
    took: dict[str, list[float]] = {}
    environment = {"SLICECORE_HOME": str(folder / "home")}
    app = ROOT / "app" / "main.py"
    with (
        harness.serve(app, folder / "first.log", environment) as url,
        harness.open_page(browser, url) as page,
    ):
        page.locator(CARD).first.wait_for(timeout=180_000)  # fills the cache
    start = time.perf_counter()
    with (
        harness.serve(app, folder / "second.log", environment) as url,
        harness.open_page(browser, url) as page,
    ):
        page.locator(CARD).first.wait_for()
        took["cached start of the server to the list"] = [1000 * (time.perf_counter() - start)]
        page.locator(CARD).first.click()
        page.frame_locator(".st-key-clips-table iframe").locator(
            '.ag-center-cols-container [row-index="2"]'
        ).wait_for()
        page.get_by_role("slider", name="Minimum drop").focus()
        took["slider released to everything redrawn"] = []
        for i in range(TIMES):
            page.evaluate(WATCH)
            page.keyboard.press("ArrowRight" if i % 2 == 0 else "ArrowLeft")
            took["slider released to everything redrawn"].append(milliseconds(page, "redrawn"))
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
        took["verdict to everything redrawn"] = []
        for i in range(TIMES):
            page.evaluate(WATCH)
            page.keyboard.press("12"[i % 2])
            took["verdict to everything redrawn"].append(milliseconds(page, "redrawn"))
    return took


def main() -> None:
    """Print a table."""
    with tempfile.TemporaryDirectory() as name, harness.launch() as browser:
        folder = Path(name)
        baseline = bare(browser, folder)
        unit = statistics.median(baseline)
        print(f"{'':45}{'median ms':>10}{'max ms':>10}{'x Streamlit':>13}")
        print(f"{'bare Streamlit: slider to text':45}{unit:10.0f}{max(baseline):10.0f}{1:13.1f}")
        for what, took in review(browser, folder).items():
            median = statistics.median(took)
            print(f"{what:45}{median:10.0f}{max(took):10.0f}{median / unit:13.1f}")


if __name__ == "__main__":
    main()
