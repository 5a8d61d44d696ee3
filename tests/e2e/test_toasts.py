"""Notices of the page in a real browser: they stay over the runs that follow, and come once."""

from __future__ import annotations

from playwright.sync_api import expect
from review_page import errors, ready


def pick_next(page):
    page.keyboard.press("ArrowDown")
    ready(page)


def test_what_is_left_out_of_an_address_stays_until_it_is_closed_and_does_not_come_again(url, opened):
    page = opened(f"{url}?order=gone+desc", waits=False)
    toast = page.get_by_test_id("stToast")
    expect(toast).to_contain_text("order")
    toast.hover()  # its ten seconds stop as long as the pointer is there
    ready(page)
    pick_next(page)
    expect(toast).to_have_count(1)  # whole runs of the page, which do not draw it
    toast.get_by_role("button").click()
    expect(toast).to_have_count(0)
    for _ in range(2):  # what the first run draws is there when the second has come to its end
        pick_next(page)
    assert toast.count() == 0  # at once: one that came again would go by itself
    assert errors(page) == []
