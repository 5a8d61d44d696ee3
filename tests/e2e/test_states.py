"""The states of the review page that are not the usual one."""

from __future__ import annotations

import json
import re

import harness
import layout
import odd_tables
import pandas as pd
import pytest
from playwright.sync_api import expect
from review_page import CARDS, MAIN, errors, explained, opened_review, ready

from app import sources
from slicecore.cli import TABLES_VARIABLE
from slicecore.home import workspace_folder

SAMPLE = harness.ROOT / "sample_data" / "table.csv"
NOTE_DIALOGS = """() => {
  window.dialogs = 0;
  const count = () => { window.dialogs += document.querySelectorAll(".stDialog").length; };
  new MutationObserver(count).observe(document.body, { childList: true, subtree: true });
}"""
expect.set_options(timeout=15_000)


@pytest.fixture(scope="module")
def url(home):
    with harness.serve(MAIN, home / "server.log", {"SLICECORE_HOME": str(home)}) as address:
        yield address


@pytest.fixture(scope="module")
def odd(tmp_path_factory):
    """A server with odd tables; gives the address of each."""
    folder = tmp_path_factory.mktemp("odd")
    tables = {
        "unreadable": odd_tables.write(folder / "unreadable"),
        "babble": odd_tables.write(folder / "babble", heard=" ".join(["so long"] * 15)),
        "unsaid": odd_tables.write(folder / "unsaid", said=""),
        "right": odd_tables.write(folder / "right", heard="good morning to you"),
    }
    tables["silent"] = odd_tables.write(folder / "silent")
    pd.read_csv(tables["silent"]).assign(sentence="").to_csv(tables["silent"], index=False)
    odd_tables.spoil(tables["unreadable"], (3, 35))
    names = json.dumps([str(table) for table in tables.values()])
    environment = {"SLICECORE_HOME": str(folder / "home"), TABLES_VARIABLE: names}
    with harness.serve(MAIN, folder / "server.log", environment) as address:
        with pytest.MonkeyPatch.context() as patch:
            for name, value in environment.items():
                patch.setenv(name, value)
            tokens = {source.path: token for token, source in sources.known().items()}
        yield {name: f"{address}/?data={tokens[str(table)]}" for name, table in tables.items()}


def test_clips_that_cannot_be_decoded_are_told_once_and_can_be_looked_at(odd, opened):
    page = opened(odd["unreadable"])
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("2 of 40 clips can't be decoded", timeout=60_000)
    dialog.get_by_role("button", name="Go on with 38 clips").click()
    expect(dialog).to_be_hidden()
    ready(page)
    # Nothing is picked yet: every part says what to do.
    expect(page.get_by_test_id("summary")).to_contain_text("Pick a problem to hear it")
    expect(page.get_by_test_id("player")).to_contain_text("Pick a problem to hear it")
    expect(page.get_by_test_id("player").get_by_role("button", name="Play")).to_be_hidden()
    page.keyboard.press("/")
    page.keyboard.type(f"{odd_tables.LONG}-35")
    page.keyboard.press("Enter")
    frame = page.frame_locator(".st-key-clips-table iframe")
    frame.locator('.ag-center-cols-container [row-index="0"]').click()
    expect(page.get_by_test_id("player")).to_contain_text("This clip can’t be played")
    assert [text for text in errors(page) if "415" not in text] == []


def test_a_rate_above_all_words_is_shown_as_it_is(odd, opened):
    page = opened_review(opened, odd["babble"])
    expect(page.locator(CARDS)).to_have_count(1)
    expect(page.locator(CARDS)).to_contain_text(re.compile(r"WER 750\.0\s%"))
    page.get_by_role("button", name="Worst problem").click()
    expect(page.locator(CARDS)).to_have_attribute("aria-selected", "true")
    ready(page)
    explained(page)
    lists = page.get_by_role("navigation", name="Other lists")
    lists.get_by_role("button", name="Predictions over twice as long").click()
    expect(page.get_by_test_id("summary")).to_contain_text("10 clips")
    assert errors(page) == []


def test_without_references_or_without_errors_the_list_says_why_it_is_empty(odd, opened):
    page = opened(odd["unsaid"])
    expect(page.get_by_test_id("problems")).to_contain_text(
        "No cluster meets both thresholds", timeout=60_000
    )
    ready(page)
    expect(page.get_by_test_id("summary")).to_contain_text("Nothing is flagged")
    assert errors(page) == []
    page = opened(odd["silent"])
    expect(page.get_by_test_id("problems")).to_contain_text("No clip has a reference", timeout=60_000)
    expect(page.get_by_test_id("figures")).to_contain_text(re.compile("Errors explained.*–"))
    assert errors(page) == []
    page = opened(odd["right"])
    expect(page.get_by_test_id("problems")).to_contain_text("No clip has an error", timeout=60_000)
    ready(page)
    assert errors(page) == []


def test_an_empty_result_offers_ways_out_with_their_counts(url, opened):
    page = opened_review(opened, url)
    slider = page.get_by_role("slider", name="Minimum drop")
    slider.focus()
    page.keyboard.press("End")
    expect(page.get_by_test_id("problems")).to_contain_text("No cluster meets both thresholds")
    ready(page)
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
    page = opened_review(opened, url)
    page.locator(CARDS).nth(3).click()
    ready(page)
    monkeypatch.setenv("SLICECORE_HOME", str(home))
    path = workspace_folder(SAMPLE) / "verdicts.sqlite"
    aside = path.with_suffix(".aside")
    path.rename(aside)
    path.mkdir()
    page.keyboard.press("1")
    judging = page.get_by_test_id("judging")
    expect(judging.get_by_role("alert")).to_contain_text("Not saved")
    expect(page.get_by_test_id("footer")).to_contain_text("Not saved")
    path.rmdir()
    aside.rename(path)
    judging.get_by_role("button", name="Try now").click()
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
        "The server doesn’t answer. The page stays", timeout=30_000
    )
    # Streamlit's own dialog, which comes after some attempts, is not seen and takes no key.
    page.wait_for_function("window.dialogs > 0", timeout=60_000)
    page.wait_for_function("!document.querySelector('.stDialog')")
    page.keyboard.press("2")
    expect(page.get_by_test_id("judging").get_by_role("alert")).to_contain_text("“False alarm” is kept here")
    expect(foot).to_contain_text("Not saved")
    assert layout.faults(page) == []
    port = int(address.rsplit(":", 1)[1])
    with harness.serve(MAIN, home / "back.log", environment, port=port):
        expect(page.locator(CARDS).nth(2)).to_contain_text("False alarm", timeout=60_000)
        expect(foot).to_contain_text("Saved", timeout=60_000)
        expect(foot.get_by_role("alert")).to_be_hidden()
        ready(page)


def test_the_page_follows_the_theme_of_the_system(url, opened):
    page = opened_review(opened, url)
    ground = "getComputedStyle(document.querySelector('.stApp')).backgroundColor"
    before = page.evaluate(ground)
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(f"before => {ground} !== before", arg=before)
    page.wait_for_function(
        "() => getComputedStyle(document.documentElement).getPropertyValue('--sc-panel').trim() === '#171A21'"
    )
    ready(page)
    assert errors(page) == []
