"""Times of the page, measured in the browser: from a key or click to the frame that shows the outcome."""

TABLE = ".st-key-clips-table iframe"
ROW = '.ag-center-cols-container [row-index="{}"]'
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
# From a click to the frame in which the table has another first clip.
CLIPS = """() => {
  const first = () => document.querySelector(".st-key-clips-table iframe")?.contentDocument
    ?.querySelector('.ag-center-cols-container [row-index="0"]')?.getAttribute("row-id");
  window.listed = new Promise((done) => {
    let start = 0;
    document.addEventListener("pointerdown", () => { start ||= performance.now(); }, { capture: true, once: true });
    const before = first();
    const look = () => start && (first() ?? before) !== before
      ? requestAnimationFrame(() => done(performance.now() - start)) : requestAnimationFrame(look);
    look();
  });
}"""
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
# From a key to the acknowledgement by Python: a verdict is on disk then.
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


def milliseconds(page, name: str) -> float:
    """Result of the promise of this name on the page; fails after half a minute."""
    page.evaluate(f"void window.{name}.then((took) => {{ window.{name}Took = took; }})")
    took = page.wait_for_function(f"() => window.{name}Took").json_value()
    page.evaluate(f"() => {{ window.{name}Took = 0; }}")
    return took


def click_row(page, at: int) -> None:
    """Click on a clip of the table, which stands in a frame: what is measured begins at the click there."""
    page.evaluate(f"""() => {{ const frame = document.querySelector("{TABLE}").contentDocument;
        frame.addEventListener("pointerdown", () => document.dispatchEvent(new Event("pointerdown")),
                               {{ capture: true, once: true }}); }}""")
    page.frame_locator(TABLE).locator(ROW.format(at)).click()


def clip_of_row(page, at: int) -> str:
    """Number of the clip in a row of the table of clips."""
    return page.frame_locator(TABLE).locator(ROW.format(at)).get_attribute("row-id")


def clip_in_player(page) -> str:
    """Number of the clip in the player."""
    return page.get_by_test_id("player").get_attribute("data-row")
