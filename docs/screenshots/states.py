"""The states that are pictured: the table of each, and the way to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import page_actions
import scripts
from playwright.sync_api import Page

PLAYER = ".st-key-panel-player"
PICKED = ".st-key-panel-pick"
DIALOG = '[role="dialog"]'
SAMPLE = "sample"
SIZES = ((1280, 800), (1440, 900), (1920, 1080))
ALL_SIZES = ((720, 450), (1024, 768), *SIZES, (2560, 1440))


@dataclass(frozen=True)
class State:
    """A state of the page.

    Parameters
    ----------
    name : str
        First part of the names of its pictures.
    reach : callable
        What leads there from a page that has been opened.
    table : str
        Table of `tables.write_all`, or the sample data.
    view : str
        The view in the address. There is always one: otherwise the page opens as it was left.
    path : str
        Which page.
    part : str or None
        Selector of the part that is pictured by itself as well.
    again : callable or None
        What has to be done anew after the window had another width.
    is_moving : bool
        Whether the page never comes to rest: it goes on, or waits for something.
    copy : str or None
        Name of PNG copies that the README shows.
    follows_theme : bool
        Whether the page changes its colours as soon as the system does, without a press on it.
    sizes : tuple of tuple of int
        Widths and heights of the window, in pixels.
    """

    name: str
    reach: Callable[[Page], None]
    table: str = SAMPLE
    view: str = "drop=10"
    path: str = ""
    part: str | None = None
    again: Callable[[Page], None] | None = None
    is_moving: bool = False
    copy: str | None = None
    follows_theme: bool = True
    sizes: tuple[tuple[int, int], ...] = SIZES


FIRST_RUN = State(
    "first-run", partial(page_actions.preparing, percent=20), part=".st-key-preparing", is_moving=True
)
RESUMING = State(
    "resuming", partial(page_actions.preparing, percent=1), part=".st-key-preparing", is_moving=True
)
USUAL = (
    State("nothing-picked", page_actions.look, part=PICKED),
    State("review", page_actions.review, copy="review", sizes=ALL_SIZES),
    State(
        "several",
        page_actions.several,
        part='[data-testid="problems"]',
        again=page_actions.notes_of_several,
        sizes=((1024, 768), *SIZES),
    ),
    State("hum", partial(page_actions.pick, number=1), part=PLAYER),
    State("overdriven", partial(page_actions.pick, number=5), part=PLAYER),
    State("noise", partial(page_actions.pick, number=4), part=PICKED),
    State("one-speaker", partial(page_actions.pick, number=6), part=PICKED),
    State("keys", page_actions.keys),
    State("lasso", page_actions.lasso),
    State("map", partial(page_actions.pick, number=2), again=page_actions.map_alone),
    State("empty", page_actions.empty, view="drop=90", part='[data-testid="problems"]'),
    State("loading", page_actions.picture_under_way, part=PLAYER, is_moving=True),
    State("two-models", page_actions.pick, view="drop=10&compare=prediction_base"),
    State("summary", page_actions.summary, follows_theme=False),
    State("data", page_actions.data, path="/data", follows_theme=False),
    State("unreadable", page_actions.unreadable, "unreadable", part=DIALOG),
    State("no-audio", page_actions.no_audio, "unreadable", part=PLAYER),
    State("above-100", page_actions.second_clip, "above-100"),
    State("long-alignment", page_actions.pick, "above-100"),
    State("no-reference", page_actions.look, "no-reference"),
    State("all-right", page_actions.look, "all-right"),
    State("one-slice", page_actions.pick, "one-slice"),
    State("long-names", page_actions.pick, "long-names"),
    *(State(script, page_actions.pick, script) for script in scripts.SENTENCES),
)
TASKS = (
    State("commands", page_actions.confusion, "commands", view="drop=10"),
    State("wake-words", page_actions.det_curve, "wake-words", view="drop=10"),
    State("quality", page_actions.pick, "quality", view="drop=0.3&layout=scores"),
    State("mos", page_actions.pick, "mos", view="drop=0.5"),
)
"""Tables of the worked cases, which docs/cases/make_tables.py makes."""
FORTY_SLICES = State("forty-slices", page_actions.pick)
SAVE_FAILED = State("save-failed", partial(page_actions.pick, number=3), part='[data-testid="judging"]')
SERVER_AWAY = State(
    "server-away", partial(page_actions.pick, number=3), part='[data-testid="judging"]', is_moving=True
)
NOTEBOOK = State("notebook", lambda page: None)
NAMES = tuple(
    state.name
    for state in (FIRST_RUN, RESUMING, *USUAL, *TASKS, FORTY_SLICES, SAVE_FAILED, SERVER_AWAY, NOTEBOOK)
)
IN_REPOSITORY = frozenset(
    f"{name}-1440-light"
    for name in (
        *(
            "first-run",
            "nothing-picked",
            "review",
            "several",
            "keys",
            "lasso",
            "map",
            "empty",
            "loading",
            "two-models",
            "summary",
        ),
        *(
            "data",
            "unreadable",
            "no-audio",
            "long-alignment",
            "forty-slices",
            "long-names",
            "save-failed",
            "server-away",
        ),
        *("commands", "wake-words", "quality", "mos"),
        *scripts.SENTENCES,
    )
) | {
    "review-720-light",
    "review-1024-light",
    "review-1280-light",
    "review-1440-dark",
    "review-1920-light",
    "review-2560-light",
    "hum-part",
    "overdriven-part",
    "noise-part",
    "one-speaker-part",
    "notebook-light",
}
"""Pictures that docs/screens.md shows. All others are written beside them, into a folder that Git ignores."""
