"""Tables that are not the usual one: the page says what is the matter, and nothing is cut off or covered."""

from __future__ import annotations

import json
import re

import harness
import layout
import odd_tables
import pytest
from playwright.sync_api import expect
from review_page import CARDS, MAIN, errors, explained, opened_review, ready

from slicecore_app.launch import TABLES_VARIABLE, VIEW_VARIABLE
from slicecore_app.server import sources

SIZES = ((1024, 768), (1240, 800), (1440, 900), (1920, 1080))
FORTY = 40
FRAME = ".st-key-clips-table iframe"


def serve(folder, tables, **environment):
    """A server with tables by name; gives the address of each."""
    names = json.dumps([str(table) for table in tables.values()])
    environment = {"SLICECORE_HOME": str(folder / "home"), TABLES_VARIABLE: names, **environment}
    with harness.serve(MAIN, folder / "server.log", environment) as address:
        with pytest.MonkeyPatch.context() as patch:
            for name, value in environment.items():
                patch.setenv(name, value)
            tokens = {source.path: token for token, source in sources.known().items()}
        yield {name: f"{address}/?data={tokens[str(table)]}" for name, table in tables.items()}


@pytest.fixture(scope="module")
def odd(tmp_path_factory):
    folder = tmp_path_factory.mktemp("odd")
    tables = {
        "unreadable": odd_tables.write(folder / "unreadable"),
        "lost": odd_tables.write(folder / "lost"),
        "mute": odd_tables.without_audio(odd_tables.write(folder / "mute")),
        "deaf": odd_tables.without_audio(odd_tables.write(folder / "deaf")),
        "babble": odd_tables.write(
            folder / "babble",
            reference=odd_tables.HEBREW[0],
            prediction=" ".join([odd_tables.HEBREW[1]] * 15),
        ),
        "unsaid": odd_tables.write(folder / "unsaid", reference=""),
        "never said": odd_tables.write(folder / "never", reference="", good_reference=""),
        "right": odd_tables.write(folder / "right", prediction=odd_tables.SENTENCE),
        "wrong": odd_tables.write(folder / "wrong", good_prediction=odd_tables.WRONG),
        "one": odd_tables.write(
            folder / "one", reference=odd_tables.ARABIC[0], prediction=odd_tables.ARABIC[1]
        ),
    }
    odd_tables.spoil(tables["unreadable"], (3, 35))
    odd_tables.lose(tables["lost"], (35,))
    yield from serve(folder, tables)


@pytest.fixture(scope="module")
def by_vectors(tmp_path_factory):
    """Tables that are grouped by vectors in a column: one with forty slices, and one without sound."""
    folder = tmp_path_factory.mktemp("vectors")
    tables = {
        "forty": odd_tables.write_many(folder / "forty", slices=FORTY),
        "silent": odd_tables.without_audio(odd_tables.write_many(folder / "silent", slices=3)),
        "joined": odd_tables.write_joined(folder / "joined"),
    }
    model = json.dumps({"model": f"column:{odd_tables.VECTOR}"})
    yield from serve(folder, tables, **{VIEW_VARIABLE: model})


def fits(page, state):
    """Nothing is cut off, covered or wider than its place, at any width."""
    for width, height in SIZES:
        layout.resize(page, width, height)
        ready(page)
        assert layout.faults(page) == [], (state, width)


def reads_from_the_right(page):
    """The alignment of the picked clip begins at the right, in player and table, and its arrows point to the left."""
    rights = "(nodes) => nodes.map((node) => Math.round(node.getBoundingClientRect().right))"
    lines = page.get_by_test_id("player").locator(".alignment > *")
    names_first = lines.evaluate_all(rights)
    assert len(names_first) > 4 and names_first == sorted(names_first, reverse=True), names_first
    clip = page.frame_locator(FRAME).locator('.ag-row[row-index="0"] .edits').first
    words = clip.locator("> *").evaluate_all(rights)
    assert len(words) > 2 and words == sorted(words, reverse=True), words
    both = clip.locator(".substitute").first
    assert "←" in both.inner_text() and "→" not in clip.inner_text()
    reference, prediction = both.locator("bdi").evaluate_all(rights)
    assert reference > prediction


def says_why_empty(opened, url, heading, sentence):
    """The list is empty and says why; every other part says that nothing is picked."""
    page = opened(url)
    problems = page.get_by_test_id("problems")
    expect(problems.get_by_role("heading", name=heading)).to_be_visible()
    expect(problems).to_contain_text(sentence)
    explained(page)
    expect(page.get_by_test_id("summary")).to_contain_text("Nothing is flagged")
    expect(page.get_by_test_id("player").get_by_role("button")).to_have_count(0)
    fits(page, heading)
    problems.get_by_role("button", name="List the").click()
    expect(page.get_by_test_id("summary")).to_contain_text("40 clips")
    ready(page)
    assert errors(page) == []
    return page


def test_forty_slices_scroll_in_their_list_and_keep_their_numbers_everywhere(by_vectors, opened):
    page = opened_review(opened, by_vectors["forty"])
    cards = page.locator(CARDS)
    expect(cards).to_have_count(FORTY)
    figures = page.get_by_test_id("figures")
    expect(figures).to_contain_text(f"0 of {FORTY}")
    expect(figures.locator(".bar")).to_be_visible()  # so many squares would say nothing
    expect(figures.locator(".squares")).to_have_count(0)
    fits(page, "forty slices")
    scrolls = (
        "(list) => list.scrollHeight > list.clientHeight + 100 && getComputedStyle(list).overflowY === 'auto'"
    )
    assert page.get_by_test_id("problems").locator(".sc-body").evaluate(scrolls)
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    # The last one is picked by key: it comes into sight, under its number in all views.
    page.get_by_role("listbox", name="Problems").focus()
    for _ in range(FORTY):
        page.keyboard.press("ArrowDown")
    ready(page)
    expect(cards.last).to_have_attribute("aria-selected", "true")
    expect(cards.last).to_be_in_viewport(ratio=0.9)
    for part in ("problems", "treemap", "scatter"):
        numbers = page.get_by_test_id(part).get_by_text(str(FORTY), exact=True)
        expect(numbers.first).to_be_visible()
    expect(page.get_by_test_id("summary").locator(".badge")).to_have_text(str(FORTY))
    page.keyboard.press("1")
    expect(figures).to_contain_text(f"1 of {FORTY}")
    explained(page)
    fits(page, "the last of forty slices")
    assert errors(page) == []


def test_a_single_slice_is_the_first_the_last_and_the_next(odd, opened):
    page = opened_review(opened, odd["one"])
    cards = page.locator(CARDS)
    expect(cards).to_have_count(1)
    for key in ("ArrowDown", "ArrowDown", "ArrowUp"):
        page.keyboard.press(key)
    ready(page)
    expect(cards).to_have_attribute("aria-selected", "true")
    expect(page.get_by_test_id("figures")).to_contain_text("0 of 1")
    reads_from_the_right(page)
    page.keyboard.press("1")
    expect(page.get_by_test_id("figures")).to_contain_text("1 of 1")
    expect(page.get_by_role("button", name="Next unreviewed")).to_be_disabled()
    explained(page)
    fits(page, "one slice")
    assert errors(page) == []


def test_where_all_clips_are_wrong_alike_none_is_worse(odd, opened):
    page = says_why_empty(opened, odd["wrong"], "Every clip has the same WER", "It is 100.0")
    expect(page.get_by_test_id("figures")).to_contain_text("100.0")


def test_where_all_clips_are_right_there_are_no_errors_to_explain(odd, opened):
    page = says_why_empty(opened, odd["right"], "No clip has an error", "The overall WER is 0.0")
    expect(page.get_by_role("button", name="Errors explained")).to_contain_text("–")


def test_without_any_reference_the_rate_is_not_known(odd, opened):
    page = says_why_empty(opened, odd["never said"], "No clip has a reference", "there is no WER")
    expect(page.get_by_test_id("figures").get_by_text("0.0")).to_have_count(0)


def test_clips_without_a_reference_belong_to_no_slice(odd, opened):
    says_why_empty(
        opened, odd["unsaid"], "No cluster meets both thresholds", "The worst cluster with at least 5 clips"
    )


def test_a_rate_above_all_words_is_shown_as_it_is(odd, opened):
    page = opened_review(opened, odd["babble"])
    expect(page.locator(CARDS)).to_have_count(1)
    expect(page.locator(CARDS)).to_contain_text(re.compile(r"WER 750\.0\s%"))
    explained(page)
    page.get_by_role("button", name="Worst problem").click()
    expect(page.locator(CARDS)).to_have_attribute("aria-selected", "true")
    ready(page)
    fits(page, "more errors than words")
    frame = page.frame_locator(FRAME)
    expect(frame.locator('.ag-row[row-index="0"]').first).to_contain_text(re.compile(r"750\s%"))
    reads_from_the_right(page)
    expect(page.get_by_test_id("player").get_by_role("button", name="+ 23 more")).to_be_visible()
    lists = page.get_by_role("navigation", name="Other lists")
    lists.get_by_role("button", name="Predictions over twice as long").click()
    expect(page.get_by_test_id("summary")).to_contain_text("10 clips")
    assert errors(page) == []


def test_clips_that_cannot_be_decoded_are_told_once_and_can_be_looked_at(odd, opened):
    page = opened(odd["unreadable"])
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("2 of 40 clips can't be decoded")
    dialog.get_by_role("button", name="Go on with 38 clips").click()
    expect(dialog).to_be_hidden()
    ready(page)
    # Nothing is picked yet: every part says what to do.
    expect(page.get_by_test_id("summary")).to_contain_text("Select a problem to see and hear its clips")
    expect(page.get_by_test_id("player")).to_contain_text("Select a problem to hear it")
    expect(page.get_by_test_id("player").get_by_role("button")).to_have_count(0)
    find(page, f"{odd_tables.LONG}-35")
    expect(page.get_by_test_id("player")).to_contain_text("This clip can’t be played")
    fits(page, "a clip that is no audio")
    assert [text for text in errors(page) if "415" not in text] == []


def test_a_clip_whose_file_is_gone_says_so_and_shows_its_words(odd, opened):
    page = opened(odd["lost"])
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("1 of 40 clips can't be decoded")
    expect(dialog.get_by_role("button", name="Go on with 39 clips")).to_be_visible()
    explained(page)  # a run of the page takes the focus from the dialog
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    ready(page)
    find(page, f"{odd_tables.LONG}-35")
    player = page.get_by_test_id("player")
    expect(player).to_contain_text("File not found")
    expect(player.get_by_role("group", name=re.compile("^Reference: "))).to_contain_text("good")
    expect(player.get_by_role("button", name="Play")).to_have_count(0)
    fits(page, "a clip whose file is gone")
    assert [text for text in errors(page) if "404" not in text] == []


def test_files_that_are_put_in_place_are_found_by_looking_again(tmp_path, opened):
    table = odd_tables.write(tmp_path / "calls")
    files = [table.parent / f"{odd_tables.LONG}-{row}.wav" for row in (3, 35)]
    for file in files:
        file.rename(file.with_suffix(".away"))
    env = {"SLICECORE_HOME": str(tmp_path / "home"), TABLES_VARIABLE: json.dumps([str(table)])}
    with harness.serve(MAIN, tmp_path / "server.log", env) as url:
        page = opened(url)
        dialog = page.get_by_role("dialog")
        again = dialog.get_by_role("button", name="Check the files again")
        expect(dialog).to_contain_text("2 of 40 clips can't be decoded")
        again.click()
        expect(page.get_by_test_id("stToast")).to_contain_text("Still 2 clips that can't be decoded")
        harness.settled(page)
        for file, sentence in zip(
            files, ("1 of 2 clips can be decoded now, 1 can't", "All clips can be"), strict=True
        ):
            file.with_suffix(".away").rename(file)
            again.click()
            expect(page.get_by_test_id("stToast").filter(has_text=sentence)).to_be_visible()
            harness.settled(page)
        expect(dialog).to_have_count(0)
        ready(page)
        find(page, f"{odd_tables.LONG}-35")
        expect(page.get_by_test_id("player").get_by_role("button", name="Play")).to_be_visible()
        assert errors(page) == []


def test_a_table_without_sound_is_reviewed_by_its_texts(by_vectors, opened):
    page = opened_review(opened, by_vectors["silent"])
    expect(page.locator(CARDS)).to_have_count(3)
    page.locator(CARDS).first.click()
    ready(page)
    player = page.get_by_test_id("player")
    expect(player).to_contain_text("The table names no audio file for it")
    expect(player.get_by_role("group", name=re.compile("^Reference: "))).to_contain_text("good")
    page.keyboard.press("ArrowRight")  # to the next one, and no sound is asked for
    expect(player).to_contain_text("2 of 5")
    page.keyboard.press("1")
    expect(page.locator(CARDS).first).to_contain_text("Real issue")
    ready(page)
    fits(page, "no sound")
    assert errors(page) == []


def test_a_joined_slice_has_a_tile_per_cluster_and_leads_to_the_worst_of_them(by_vectors, opened):
    page = opened_review(opened, by_vectors["joined"])
    cards, summary = page.locator(CARDS), page.get_by_test_id("summary")
    expect(cards).to_have_count(2)
    count = cards.first.locator(".clusters")
    clusters = int(re.fullmatch(r"(\d+) clusters", count.inner_text())[1])
    assert clusters > 1
    treemap = page.get_by_test_id("treemap")
    expect(treemap.get_by_text("1", exact=True)).to_have_count(clusters + 1)  # and the clips beside them
    treemap.get_by_text("1", exact=True).first.click(force=True)  # the tile lies over it
    expect(cards.first).to_have_attribute("aria-selected", "true")
    explained(page)
    page.mouse.move(0, 0)  # no tile tells about itself
    fits(page, "joined slices of many speakers")
    expect(summary).to_contain_text(f"in {clusters} clusters")
    expect(summary).to_contain_text("Speakers")
    page.get_by_role("button", name="Worst sub-cluster").click()
    expect(summary).to_contain_text("not flagged")
    page.get_by_role("button", name="Parent cluster").click()
    expect(cards.first).to_have_attribute("aria-selected", "true")
    ready(page)
    # Slices over metadata of every kind are lists of their clips.
    lists = page.get_by_role("navigation", name="Other lists")
    for name in ("accent is irish or scottish", "recorded on a Sunday", "age between", "recorded between"):
        entry = lists.get_by_role("button", name=name)
        clips = re.search(r": (\d+ clips)", entry.get_attribute("title"))[1]
        entry.click()
        expect(page.get_by_text(f"{clips}, worst first")).to_be_visible()
        expect(summary).to_contain_text(name, ignore_case=True)
    ready(page)
    fits(page, "a slice over metadata")
    assert errors(page) == []


def test_a_table_without_sound_or_vectors_has_slices_over_metadata(odd, opened):
    page = says_why_empty(opened, odd["mute"], "There are no clusters", "names no audio files")
    lists = page.get_by_role("navigation", name="Other lists")
    lists.get_by_role("button", name=f"{odd_tables.LONG} 0").click()
    expect(page.get_by_test_id("summary")).to_contain_text("10 clips")
    ready(page)
    fits(page, "a slice over metadata without sound")
    assert errors(page) == []


def test_an_embedding_of_sound_without_sound_leads_to_the_columns(odd, opened):
    page = opened(f"{odd['deaf']}&embedding=signal")
    text = page.locator(".st-key-preparing")
    expect(text).to_contain_text("This table names no audio files")
    harness.settled(page)
    for width, height in SIZES:
        layout.resize(page, width, height)
        assert layout.faults(page) == []
    text.get_by_role("link", name="Choose its audio column").click()
    expect(page.get_by_role("heading", name="Open a table")).to_be_visible()


def find(page, words):
    """Filter the clips by some words and play the first one."""
    page.keyboard.press("/")
    page.keyboard.type(words)
    page.keyboard.press("Enter")
    frame = page.frame_locator(FRAME)
    expect(frame.locator(".ag-center-cols-container .ag-row")).to_have_count(1)
    frame.locator('.ag-center-cols-container [row-index="0"]').click()
