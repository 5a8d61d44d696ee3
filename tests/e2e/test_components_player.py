"""Clips table and player in a real browser: sound, keys, the way a click takes, and texts that try to be HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from harness import serve, settled
from player_clips import HOSTILE, write_clips
from playwright.sync_api import FrameLocator, Locator, Page, expect

pytestmark = pytest.mark.e2e

APP = Path(__file__).parent / "component_pages" / "player_app.py"
FIRST = "clip_0005"
NO_AUDIO = "415"  # the browser reports the refusal of the clip that is no audio


@pytest.fixture(scope="module")
def url(tmp_path_factory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("clips")
    table = write_clips(folder)
    with serve(APP, folder / "server.log", {"SLICECORE_TEST_CLIPS": str(table)}) as address:
        yield address


@pytest.fixture
def page(url, opened) -> Iterator[Page]:
    """One page for all tests, put back to its start: the first clip from the beginning, as it plays at first."""
    page = opened(url, kept=True)
    put_back(page)
    wait_until_drawn(page)
    expect(player(page)).to_contain_text("/ 3.25 s")  # before its length is known nothing can be dragged
    yield page
    assert [error for error in page.errors if NO_AUDIO not in error] == []


def player(page: Page) -> Locator:
    return page.get_by_test_id("player")


def table(page: Page) -> FrameLocator:
    return page.frame_locator("iframe")


def row(page: Page, clip: str) -> Locator:
    return table(page).locator(".ag-row").filter(has_text=clip)


def first_row(page: Page) -> Locator:
    return table(page).locator('.ag-row[row-index="0"]')


def wait_until_drawn(page: Page) -> None:
    expect(player(page)).to_have_attribute("data-drawn", re.compile(r"\d+"))
    expect(table(page).locator(".ag-row-selected")).to_have_count(1)


def put_back(page: Page) -> None:
    """Make of the page what it was when it was opened; nothing happens where it is that."""
    expect(player(page)).to_have_attribute("data-drawn", re.compile(r"\d+"))
    page.evaluate("() => { for (const each of document.querySelectorAll('audio')) each.pause(); }")
    words = page.get_by_label("Filter")
    if words.input_value():
        words.fill("")
        words.press("Enter")
        settled(page)
    expect(table(page).locator(".ag-row")).to_have_count(12)
    if not player(page).get_by_role("heading", name=FIRST).is_visible():
        row(page, FIRST).locator(".edits").click()
        expect_clip(page, FIRST)
        expect(player(page)).to_have_attribute("data-state", "playing")
        settled(page)
    page.evaluate("() => document.activeElement.blur()")
    for name, key in (("Loop", "l"), ("Same loudness", "v")):
        if player(page).get_by_role("button", name=name, pressed=True).is_visible():
            page.keyboard.press(key)
    player(page).get_by_role("button", name="Speed 1", exact=True).click()
    if player(page).get_attribute("data-state") == "playing":
        page.keyboard.press("Space")
    expect(player(page)).to_have_attribute("data-state", "paused")
    while now(page) > 0:
        page.keyboard.press(",")


def now(page: Page) -> float:
    return float(page.get_by_test_id("time").inner_text().split("/")[0])


TIME = """() => {
  const roots = [...document.querySelectorAll("*")].map((node) => node.shadowRoot).filter(Boolean);
  return parseFloat(roots.map((root) => root.querySelector("[data-testid=time]")).find(Boolean).textContent);
}"""


def wait_for_time(page: Page, after: float) -> None:
    page.wait_for_function(f"after => ({TIME})() > after", arg=after)


def goes_on(page: Page) -> None:
    """Wait until the playhead is somewhere else; in a loop it may have gone back."""
    page.wait_for_function(f"before => ({TIME})() !== before", arg=now(page))


def wait_for_rounds(page: Page, count: int) -> None:
    """Wait until the playhead has jumped back `count` times."""
    page.evaluate("window.rounds = 0; window.before = 0")
    page.wait_for_function(
        f"""count => {{
          const now = ({TIME})();
          if (now < window.before) window.rounds += 1;
          window.before = now;
          return window.rounds >= count;
        }}""",
        arg=count,
    )


def expect_clip(page: Page, clip: str) -> None:
    expect(player(page).get_by_role("heading")).to_have_text(clip)


def is_told(page: Page, playing: int) -> None:
    expect(page.get_by_text(re.compile(rf"^playing={playing} "))).to_be_visible()


def test_the_path_of_a_clip_is_copied(page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy the path of the file").click()
    expect(player(page).locator(".sc-caption")).to_contain_text("copied: ")
    path = page.evaluate("navigator.clipboard.readText()")
    assert Path(path).is_absolute() and Path(path).suffix == ".wav"
    page.context.clear_permissions()


def test_space_plays_and_pauses(page):
    page.keyboard.press("Space")
    wait_for_time(page, 0.2)
    expect(player(page)).to_have_attribute("data-state", "playing")
    page.keyboard.press("Space")
    expect(player(page)).to_have_attribute("data-state", "paused")


def test_a_click_on_the_row_of_the_clip_in_the_player_plays_it(page):
    expect(player(page)).to_have_attribute("data-state", "paused")
    first_row(page).click()
    expect(player(page)).to_have_attribute("data-state", "playing")


def test_a_click_on_the_picture_seeks_and_a_key_goes_back_a_second(page):
    picture = page.get_by_test_id("picture")
    box = picture.bounding_box()
    picture.click(position={"x": box["width"] / 2, "y": 80})
    total = float(page.get_by_test_id("time").inner_text().split("/")[1].removesuffix(" s"))
    assert now(page) == pytest.approx(total / 2, abs=0.05)
    page.keyboard.press(",")
    assert now(page) == pytest.approx(total / 2 - 1, abs=0.05)


def test_the_arrow_key_goes_to_the_next_clip_which_plays_on(page):
    page.keyboard.press("Space")
    expect(player(page)).to_have_attribute("data-state", "playing")
    page.keyboard.press("ArrowRight")
    expect_clip(page, "clip_0008")
    expect(player(page)).to_have_attribute("data-state", "playing")
    wait_for_time(page, 0.1)
    expect(table(page).locator(".ag-row-selected")).to_contain_text("clip_0008")
    is_told(page, 8)
    settled(page)
    expect_clip(page, "clip_0008")


def test_a_run_of_the_script_does_not_restart_the_sound(page):
    page.keyboard.press("Space")
    wait_for_time(page, 0.3)
    before = now(page)
    page.get_by_label("Filter").fill("menu")
    page.get_by_label("Filter").press("Enter")
    expect(table(page).locator(".ag-row")).to_have_count(2)
    settled(page)
    assert now(page) > before


def test_keys_rest_while_somebody_types(page):
    page.get_by_label("Filter").fill("")
    page.get_by_label("Filter").press_sequentially(" l[],.")
    expect(player(page)).to_have_attribute("data-state", "paused")
    expect_clip(page, "clip_0005")
    assert now(page) == 0
    assert page.get_by_label("Filter").input_value() == " l[],."


def test_a_picked_row_plays_and_the_keys_work_from_the_table(page):
    row(page, "clip_0008").locator(".edits").click()
    expect_clip(page, "clip_0008")
    expect(player(page)).to_have_attribute("data-state", "playing")
    is_told(page, 8)
    page.keyboard.press("Space")
    expect(player(page)).to_have_attribute("data-state", "paused")
    page.keyboard.press("ArrowRight")
    expect_clip(page, "clip_0003")


def test_the_next_clip_is_the_next_in_the_order_of_the_table(page):
    header = table(page).locator('.ag-header-cell[col-id="duration"]')
    header.click()
    expect(first_row(page)).to_contain_text("clip_0000")
    first_row(page).locator(".edits").click()
    expect_clip(page, "clip_0000")
    page.keyboard.press("ArrowRight")
    expect_clip(page, "clip_0009")
    expect(player(page)).to_contain_text("2 of 12")
    for direction in ("descending", "none"):
        header.click()
        expect(header).to_have_attribute("aria-sort", direction)


def test_a_clip_that_cannot_be_played_says_why_and_shows_its_words(page):
    row(page, "clip_0003").locator(".edits").click()
    expect(player(page)).to_contain_text("This clip can’t be played")
    expect(player(page)).to_contain_text("Not audio: starts with “no audio”")
    expect(player(page)).to_contain_text("+ 2 inserted")
    row(page, "clip_0004").locator(".edits").click()
    expect(player(page)).to_contain_text("File not found")


def test_a_dragged_part_is_looped(page):
    picture = page.get_by_test_id("picture")
    box = picture.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.2, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.25, box["y"] + 60)
    page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + 60)
    page.mouse.up()
    start, end = 0.2 * 3.25, 0.3 * 3.25
    loop = player(page).get_by_role("button", name=re.compile("–"))
    expect(loop).to_have_attribute("aria-pressed", "true")
    assert [float(each) for each in loop.inner_text().removesuffix(" s").split("–")] == pytest.approx(
        [start, end], abs=0.03
    )
    page.keyboard.press("Space")
    wait_for_time(page, start + 0.1)
    wait_for_rounds(page, 2)
    page.wait_for_function(
        f"([start, end]) => start <= ({TIME})() && ({TIME})() <= end", arg=[start - 0.05, end + 0.15]
    )
    expect(player(page)).to_have_attribute("data-state", "playing")
    page.keyboard.press("l")
    wait_for_time(page, end + 0.3)
    page.keyboard.press("ArrowRight")
    expect(player(page).get_by_role("button", name="Loop")).to_have_attribute("aria-pressed", "false")
    expect(page.get_by_test_id("picture").locator(".loop")).to_be_hidden()


def test_speed_is_changed_by_key(page):
    page.keyboard.press("]")
    expect(player(page).get_by_role("button", name="Speed 1.5")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("[")
    page.keyboard.press("[")
    expect(player(page).get_by_role("button", name="Speed 0.75")).to_have_attribute("aria-pressed", "true")


def test_same_loudness_plays_on(page):
    page.keyboard.press("l")  # no machine is too slow to find it playing
    page.keyboard.press("Space")
    wait_for_time(page, 0.1)
    page.keyboard.press("v")
    expect(player(page).get_by_role("button", name="Same loudness")).to_have_attribute("aria-pressed", "true")
    goes_on(page)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("l")
    wait_for_time(page, 0.1)
    page.keyboard.press("v")
    goes_on(page)


def test_only_one_thing_on_the_page_sounds(page):
    other = page.locator("audio")
    other.evaluate("audio => audio.play()")
    page.keyboard.press("Space")
    expect(player(page)).to_have_attribute("data-state", "playing")
    page.wait_for_function("() => document.querySelector('audio').paused")
    other.evaluate("audio => audio.play()")
    expect(player(page)).to_have_attribute("data-state", "paused")


def test_texts_stay_texts(page):
    row(page, "clip_0008").locator(".edits").click()
    expect(player(page)).to_contain_text(HOSTILE)
    expect(player(page)).to_contain_text("<b>bold</b>")
    expect(row(page, "clip_0008")).to_contain_text(HOSTILE)
    expect(row(page, "clip_0005")).to_contain_text(HOSTILE)  # as metadata
    expect(table(page).locator(".ag-header")).to_contain_text("<b>Speaker</b>")
    assert table(page).locator("img, b").count() == 0
    assert player(page).locator("img").count() == 0
    assert [frame.evaluate("window.hacked") for frame in page.frames] == [None] * len(page.frames)


def test_another_set_of_clips_replaces_the_rows(page):
    page.get_by_label("Part").click()
    page.get_by_role("option", name="second half").click()
    expect(first_row(page)).to_contain_text("clip_0014")
    expect(first_row(page).locator('[col-id="m0"]')).to_have_text(re.compile(r"^\d+\.\d$"))
    expect_clip(page, "clip_0014")
    settled(page)
    page.get_by_label("Part").click()
    page.get_by_role("option", name="nothing").click()
    expect(player(page)).to_contain_text("Select a problem to hear it")
    expect(table(page).locator("body")).to_contain_text("No clips")
    page.get_by_label("Part").click()
    page.get_by_role("option", name="first half").click()
    expect_clip(page, FIRST)
    settled(page)


def test_without_a_player_a_picked_row_is_returned_once(url, opened):
    page = opened(f"{url}/?only=table")
    row(page, "clip_0008").locator(".edits").click()
    expect(page.get_by_text("playing=8 events=0 picked=8")).to_be_visible()
    page.get_by_label("Filter").fill("x")
    page.get_by_label("Filter").press("Enter")
    expect(page.get_by_text("playing=8 events=0 picked=None")).to_be_visible()
    assert page.errors == []


def test_without_a_table_the_neighbours_come_from_python(url, opened):
    page = opened(f"{url}/?only=player")
    expect_clip(page, "clip_0005")
    for _ in range(3):  # faster than Python tells what comes after
        page.keyboard.press("ArrowRight")
    player(page).get_by_role("button", name="Next clip (→)").click()
    position = player(page).locator(".position")
    while (at := position.inner_text()) != "12 of 12":
        page.keyboard.press("ArrowRight")
        expect(position).not_to_have_text(at)  # waits until Python has told what follows
    expect_clip(page, "clip_0007")
    expect(player(page)).to_contain_text("12 of 12")
    is_told(page, 7)


def test_dark_and_light_spectrograms(url, opened):
    for dark in (False, True):
        page = opened(url, dark=dark, kept=not dark)
        wait_until_drawn(page)
        brightness = (
            player(page)
            .locator("canvas")
            .evaluate(
                """canvas => {
                  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, 1);
                  return data.reduce((sum, part) => sum + part, 0) / data.length;
                }"""
            )
        )
        assert (brightness < 150) == dark
