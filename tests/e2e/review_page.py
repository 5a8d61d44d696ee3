"""Helpers of the tests of the review page: places of its parts, and waiting until all have drawn the newest run."""

from __future__ import annotations

import json
import re

import harness
from playwright.sync_api import expect

TABLE = harness.ROOT / "sample_data" / "table.csv"
MAIN = harness.ROOT / "app" / "main.py"
CARDS = '[data-testid="problems"] .card'
CHOSEN = f'{CARDS}[aria-selected="true"]'
"""Problems that are chosen together, or the one that is picked."""
DEEP = """(root => { const deep = (at) => [...at.querySelectorAll("*")].flatMap(
             (element) => [element, ...(element.shadowRoot ? deep(element.shadowRoot) : [])]);
             return deep(root); })(document)"""
SHOWN_SLICES = f"{DEEP}.filter((element) => element.matches('.card')).map((card) => card.dataset.slice)"
"""Ids of the slices in the list, from the top."""
_SERVER_HAS_GONE = "ERR_|WebSocket|Client Error|not responding|404"
"""Errors of a browser that looks for it."""
LEAST_PARTS = 12
"""Components of the page while nothing is picked."""
DRAWN = f"""() => {{ const seqs = {DEEP}.filter((element) => element.matches("[data-testid^=stBidiComponent]"))
               .map((part) => (part.shadowRoot ?? part).querySelector("[data-seq]")?.dataset.seq);
             return seqs.length >= {LEAST_PARTS} && !seqs.includes(undefined) && new Set(seqs).size === 1
               && !document.documentElement.hasAttribute("data-slicecore-busy"); }}"""
READY = f"() => ({harness.SETTLED})() && ({DRAWN})()"
"""Both at the same moment: a run can begin between one and the other."""
# The player's elements are not part of the page: note which one is played.
NOTE_SOUND = """() => { const { play } = HTMLMediaElement.prototype;
                 delete window.sounding;
                 HTMLMediaElement.prototype.play = function () { window.sounding = this; return play.call(this); }; }"""


def ready(page):
    """Wait until every part of the page has drawn the newest run and nothing is on its way to the server."""
    page.wait_for_function(READY, timeout=harness.PATIENCE_MS, polling=harness.LOOK_MS)


def errors(page):
    """Errors in the browser."""
    return page.errors


def other_errors(page):
    """Errors in the browser but those of a server that has gone."""
    return [text for text in errors(page) if not re.search(_SERVER_HAS_GONE, text)]


def opened_review(opened, url, **options):
    """The review page with its list, settled."""
    page = opened(url, **options)
    page.locator(CARDS).first.wait_for()
    ready(page)
    return page


def picked(page):
    """Id of the slice that the list shows as picked."""
    return page.locator(CHOSEN).get_attribute("data-slice")


def explained(page):
    """Wait until the causes are known and no list beside the problems is to come: nothing runs the page by itself."""
    problems = page.get_by_test_id("problems")
    problems.wait_for()
    problems.locator(".coming").wait_for(state="detached", timeout=120_000)  # the clips are measured first
    ready(page)


def expect_cards(page, scan):
    """Wait until the list shows exactly these slices in this order, and every other part agrees with it."""
    page.wait_for_function(
        f"ids => JSON.stringify({SHOWN_SLICES}) === ids",
        arg=json.dumps([slice_.id for slice_ in scan.slices], separators=(",", ":")),
        polling=harness.LOOK_MS,
    )
    ready(page)


def expect_rows(page, members):
    """Wait until the table shows clips of this group and none else. It draws the rows in sight only."""
    frame = page.frame_locator(".st-key-clips-table iframe").locator(":root").element_handle().owner_frame()
    frame.wait_for_function(
        """members => {
          const rows = [...document.querySelectorAll(".ag-center-cols-container [role=row]")];
          return rows.length && rows.every((row) => members.includes(Number(row.getAttribute("row-id"))));
        }""",
        arg=[int(row) for row in members],
        polling=harness.LOOK_MS,
    )


def expect_clips(page, members):
    """The same where all of the group are shown, and the table says so."""
    expect_rows(page, members)
    expect(page.get_by_text(f"{len(members)} clips, worst first")).to_be_visible()


def tag_and_note(page, tag, note):
    """Give what is framed a tag and a note with the keyboard, and wait until both are shown and saved."""
    page.keyboard.press("t")
    page.keyboard.type(tag)
    page.keyboard.press("Enter")
    page.get_by_role("textbox", name="Note").fill(note)
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name=f"{tag} · {note}")).to_be_visible()
    ready(page)


def draw_lasso(page, corners):
    """Draw around a part of the map with the mouse; corners are shares of its width and height."""
    box = page.get_by_test_id("scatter").locator(".sc-stage").bounding_box()
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in corners]
    page.keyboard.down("Shift")
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=4)
    page.mouse.up()
    page.keyboard.up("Shift")
