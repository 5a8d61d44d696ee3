"""The states of the review page that are not the usual one."""

from __future__ import annotations

import contextlib
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote

import harness
import layout
from playwright.sync_api import expect
from review_page import CARDS, MAIN, errors, explained, opened_review, ready

from slicecore.storage.verdicts.place import default_file

SAMPLE = harness.ROOT / "sample_data" / "table.csv"
NOTE_DIALOGS = """() => {
  window.dialogs = 0;
  const count = () => { window.dialogs += document.querySelectorAll(".stDialog").length; };
  new MutationObserver(count).observe(document.body, { childList: true, subtree: true });
}"""


def test_an_empty_result_offers_ways_out_with_their_counts(url, opened):
    page = opened_review(opened, url, kept=True)
    slider = page.get_by_role("slider", name="Minimum drop")
    slider.focus()
    page.keyboard.press("End")
    expect(page.get_by_test_id("problems")).to_contain_text("No cluster meets both thresholds")
    explained(page)
    way = page.get_by_role("button", name=re.compile(r"Lower the drop to \d+"))
    count = int(re.search(r"(\d+) clusters?", way.inner_text())[1])
    way.click()
    expect(page.locator(CARDS)).to_have_count(count)
    # The least support as a share of all clips.
    page.get_by_role("button", name="Options").click()
    page.get_by_role("radiogroup", name="Support").get_by_text("Share of all clips").click()
    expect(page.get_by_test_id("thresholds")).to_contain_text(re.compile(r"[\d.]+\s% · \d+ clips"))
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Reset").click()
    expect(page.get_by_test_id("thresholds")).to_contain_text("10\u202fpts")
    ready(page)
    assert errors(page) == []


def test_a_verdict_that_cannot_be_saved_is_kept_until_it_can(url, home, opened, monkeypatch):
    page = opened_review(opened, url, kept=True)
    page.locator(CARDS).nth(3).click()
    ready(page)
    monkeypatch.setenv("SLICECORE_HOME", str(home))
    path = default_file()
    aside = path.with_suffix(".aside")
    path.rename(aside)
    path.mkdir()
    page.keyboard.press("1")
    judging = page.get_by_test_id("judging")
    expect(judging.get_by_role("alert")).to_contain_text("1 not saved")
    expect(page.get_by_test_id("footer")).to_contain_text("1 not saved")
    judging.get_by_role("button", name="Try again").click()
    expect(judging.get_by_role("alert")).to_contain_text("1 not saved")
    path.rmdir()
    aside.rename(path)  # and the page tries by itself
    expect(judging.get_by_role("alert")).to_be_hidden()
    expect(page.locator(CARDS).nth(3)).to_contain_text("Real issue")
    expect(page.get_by_test_id("footer")).to_contain_text("Saved")
    page.keyboard.press("1")
    expect(page.locator(CARDS).nth(3)).to_contain_text("not reviewed")
    ready(page)


def test_while_the_server_is_away_the_foot_says_so_and_verdicts_are_kept(home, opened):
    environment = {"SLICECORE_HOME": str(home)}
    with harness.serve(MAIN, home / "away.log", environment) as address:
        page = opened_review(opened, address)
        page.locator(CARDS).nth(2).click()
        ready(page)
        page.evaluate(NOTE_DIALOGS)
    foot = page.get_by_test_id("footer")
    expect(foot.get_by_role("alert")).to_contain_text(
        "The server doesn’t answer. Verdicts and notes are kept here"
    )
    # Streamlit's own dialog, which comes after some attempts, is not seen and takes no key.
    page.wait_for_function("() => window.dialogs > 0")
    page.wait_for_function("() => !document.querySelector('.stDialog')")
    page.keyboard.press("2")
    expect(page.get_by_test_id("judging").get_by_role("alert")).to_contain_text("“False alarm” is kept here")
    expect(foot).to_contain_text("1 not saved")
    assert layout.faults(page) == []
    port = int(address.rsplit(":", 1)[1])
    with harness.serve(MAIN, home / "back.log", environment, port=port):
        expect(page.locator(CARDS).nth(2)).to_contain_text("False alarm")
        expect(foot).to_contain_text("Saved")
        expect(foot.get_by_role("alert")).to_be_hidden()
        ready(page)


def test_the_page_follows_the_theme_of_the_system(url, opened):
    page = opened_review(opened, url, kept=True)
    ground = "getComputedStyle(document.querySelector('.stApp')).backgroundColor"
    before = page.evaluate(ground)
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(f"before => {ground} !== before", arg=before)
    page.wait_for_function(
        "() => getComputedStyle(document.documentElement).getPropertyValue('--sc-panel').trim() === '#171A21'"
    )
    ready(page)
    assert errors(page) == []


def test_pages_in_which_nothing_else_happens_follow_it_too(url, opened):
    page = opened_review(opened, url)
    panel = "getComputedStyle(document.documentElement).getPropertyValue('--sc-panel').trim()"
    for name, scheme, colour in (("summary", "dark", "#171A21"), ("data", "light", "#FFFFFF")):
        page.goto(f"{url}/{name}")
        expect(page.get_by_role("link", name="Back to the review")).to_be_visible()
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function(f"colour => {panel} === colour", arg=colour)


@contextlib.contextmanager
def foreign_server(framed):
    """A server of somebody else, whose page shows another in a frame: its address, and the paths it was asked for."""
    asked = []

    class Foreign(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(f'<iframe src="{framed}"></iframe>'.encode())

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Foreign)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()


def test_nothing_that_a_link_brings_is_markup_and_no_other_page_frames_this_one(url, opened):
    with foreign_server(url) as (foreign, asked):
        words = f"![p]({foreign}/p.png) $x^2$ :red[z] :material/bolt: :smile: <b>h</b> a\\b `c` {foreign} *s* -> d --"
        page = opened(f"{url}/?find={quote(words)}", waits=False)
        nothing = page.locator(".st-key-clips-nothing")
        expect(nothing.get_by_test_id("stMarkdown").first).to_contain_text(re.compile(".*meets the filter"))
        assert words in nothing.inner_text().replace("\u2060", "")
        assert nothing.locator("p").first.locator("*").count() == 0, "a part of the words became an element"
        ready(page)
        assert asked == [] and errors(page) == []
        page.goto(foreign)
        (frame,) = page.frames[1:]
        frame.wait_for_load_state()
        assert frame.url.startswith("chrome-error:")
