"""Faults in the layout of a page: texts cut off, texts over each other, sideways scrolling."""

from __future__ import annotations

import harness
from playwright.sync_api import Page
from playwright.sync_api import TimeoutError as PlaywrightTimeout
from review_page import ready

SIZES = (
    (720, 450),
    (1024, 768),
    (1240, 800),
    (1280, 800),
    (1360, 800),
    (1440, 900),
    (1600, 900),
    (1700, 1000),
    (1920, 1080),
    (2560, 1440),
)
"""Windows; the first is one of 1440 pixels, enlarged to 200 %."""

# A text may end in an ellipsis, fade out or be scrolled into view.
_FIND_FAULTS = """() => {
  const SLACK = 1.5; // px; fonts stand out of their line by parts of a pixel
  const texts = [], faults = [];
  const parentOf = (element) =>
    element.parentElement ?? element.getRootNode().host ?? element.ownerDocument.defaultView.frameElement;
  const seen = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const name = (text) => text.trim().replace(/\\s+/g, " ").slice(0, 50);

  function visit(root, dx, dy) {
    for (const element of root.querySelectorAll("*")) {
      if (element.shadowRoot) visit(element.shadowRoot, dx, dy);
      if (element.tagName === "IFRAME" && element.contentDocument && seen(element)) {
        const box = element.getBoundingClientRect();
        visit(element.contentDocument, dx + box.left, dy + box.top);
      }
      if (["STYLE", "SCRIPT", "OPTION", "TITLE"].includes(element.tagName) || !seen(element)) continue;
      const isCut = element.matches("input:not([type=range])") && element.scrollWidth > element.clientWidth + 1;
      if (isCut && getComputedStyle(element).textOverflow !== "ellipsis") {
        faults.push(`cut off in its field: "${name(element.value)}"`);
      }
      for (const node of element.childNodes) {
        if (node.nodeType === 3 && node.textContent.trim()) look(node, element, dx, dy);
      }
    }
  }

  // What an element does to the texts in it; many are in the same one, and styles take most of the time.
  const known = new Map();
  function about(element, dx, dy) {
    let what = known.get(element);
    if (what) return what;
    what = { element, outer: parentOf(element) };
    known.set(element, what);
    const style = getComputedStyle(element);
    const isClosed = element.matches("[popover]:not(:popover-open)");
    // For screen readers only, below a dialog, or in a sheet that is closed.
    what.hides = style.clipPath !== "none" || element.inert || isClosed;
    what.excuses = style.textOverflow === "ellipsis" || style.webkitLineClamp !== "none" || style.maskImage !== "none";
    if (style.display === "inline" || style.display === "contents") return what;
    const { overflowX, overflowY } = style;
    what.clipsX = overflowX !== "visible";
    what.clipsY = overflowY !== "visible";
    if (!what.clipsX && !what.clipsY) return what;
    const scrolls = (overflow) => ["auto", "scroll"].includes(overflow);
    what.scrollsX = scrolls(overflowX);
    what.scrollsY = scrolls(overflowY);
    const box = element.getBoundingClientRect();
    if (box.width <= 1 || box.height <= 1) what.hides = true;
    const inFrame = element.ownerDocument !== document;
    const left = box.left + element.clientLeft + (inFrame ? dx : 0);
    const top = box.top + element.clientTop + (inFrame ? dy : 0);
    what.inside = { left, top, right: left + element.clientWidth, bottom: top + element.clientHeight };
    return what;
  }

  function look(node, element, dx, dy) {
    const range = element.ownerDocument.createRange();
    range.selectNodeContents(node);
    const boxes = [...range.getClientRects()].filter((box) => box.width > 1 && box.height > 1)
      .map((box) => ({ left: box.left + dx, right: box.right + dx, top: box.top + dy, bottom: box.bottom + dy }));
    if (!boxes.length) return;
    const full = { ...boxes[0] };
    for (const box of boxes) {
      full.left = Math.min(full.left, box.left); full.top = Math.min(full.top, box.top);
      full.right = Math.max(full.right, box.right); full.bottom = Math.max(full.bottom, box.bottom);
    }
    const visibleParts = boxes.map((box) => ({ ...box }));
    let excused = false, cutBy = null;
    for (let at = about(element, dx, dy); at; at = at.outer && about(at.outer, dx, dy)) {
      if (at.hides) return;
      if (at.excuses) excused = true;
      const { inside, clipsX, clipsY, scrollsX, scrollsY } = at;
      if (!inside) continue;
      if (clipsX && !scrollsX && (full.left < inside.left - SLACK || full.right > inside.right + SLACK)) cutBy ??= at;
      if (clipsY && !scrollsY && (full.top < inside.top - 4 || full.bottom > inside.bottom + 4)) cutBy ??= at;
      for (const part of visibleParts) {
        if (clipsX) { part.left = Math.max(part.left, inside.left); part.right = Math.min(part.right, inside.right); }
        if (clipsY) { part.top = Math.max(part.top, inside.top); part.bottom = Math.min(part.bottom, inside.bottom); }
      }
      // Texts that scroll away in an inner box are not cut off by the boxes around it.
      if (scrollsX) { full.left = Math.max(full.left, inside.left); full.right = Math.min(full.right, inside.right); }
      if (scrollsY) { full.top = Math.max(full.top, inside.top); full.bottom = Math.min(full.bottom, inside.bottom); }
    }
    const visible = visibleParts.filter((box) => box.right - box.left > 1 && box.bottom - box.top > 1);
    const cut = cutBy && !excused ? String(cutBy.element.className) : null;
    texts.push({ text: name(node.textContent), element, boxes: visible, cut,
                 out: visible.some((box) => box.right > innerWidth + SLACK || box.left < -SLACK) });
  }
  visit(document, 0, 0);

  for (const text of texts) {
    if (text.cut !== null) faults.push(`cut off: "${text.text}" by .${text.cut}`);
    if (text.out) faults.push(`beyond the window: "${text.text}"`);
  }
  const parts = texts.flatMap((of) => of.boxes.map((box) => ({ ...box, of }))).sort((a, b) => a.left - b.left);
  for (let i = 0; i < parts.length; i++) {
    for (let j = i + 1; j < parts.length && parts[j].left < parts[i].right - 2; j++) {
      const [a, b] = [parts[i], parts[j]];
      if (a.of.element === b.of.element) continue;
      const width = Math.min(a.right, b.right) - b.left;
      const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      // Lines are set closer than their boxes are high.
      if (width > 2 && height > 0.3 * Math.min(a.bottom - a.top, b.bottom - b.top)) {
        const [from, to] = [a, b].map((box) => `${Math.round(box.left)}–${Math.round(box.right)}`);
        faults.push(`over each other: "${a.of.text}" at ${from} and "${b.of.text}" at ${to}`);
      }
    }
  }
  const panels = document.querySelectorAll(".stMain, [class*=st-key-panel], .st-key-head, .st-key-list");
  for (const panel of [document.documentElement, ...panels]) {
    const over = panel.scrollWidth - panel.clientWidth;
    if (over > 1) faults.push(`wider than its place: ${panel.className || panel.tagName} by ${over}`);
  }
  return [...new Set(faults)];
}"""


def resize(page: Page, width: int, height: int) -> None:
    """Give the window another size and wait until the page has it."""
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_function("width => document.querySelector('.st-key-head').clientWidth === width", arg=width)


def faults(page: Page, patience: float = harness.PATIENCE_MS) -> list[str]:
    """Sentences on what is wrong, none where all is well; parts get `patience` ms to draw themselves anew."""
    try:
        page.wait_for_function(f"() => !({_FIND_FAULTS})().length", timeout=patience, polling=harness.LOOK_MS)
    except PlaywrightTimeout:
        return page.evaluate(_FIND_FAULTS)
    return []


def check(page: Page, state: str) -> None:
    """Look at the page at every size."""
    for width, height in SIZES:
        resize(page, width, height)
        ready(page)
        assert faults(page) == [], (state, width)
