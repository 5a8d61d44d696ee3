"""The address of the page says what it shows, so that a link or a reload opens the same view."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from slicecore_app.web.components import component


def copy_link(*, key: str, seq: int) -> None:
    """Draw a button that copies the address of the page. Not in a shadow: Tab goes through the menu (`popovers.js`)."""
    component("review/saved_views/copy_link", isolate_styles=False)(key=key, data={"seq": seq}, height=42)


def address(
    wanted: Mapping[str, str],
    *,
    waits: bool = False,
    names: Sequence[str],
    opened: tuple[int, Mapping[str, str]],
    key: str,
    on_event: Callable[[], None],
    seq: int,
) -> None:
    """Put values into the address of the page, and take those of `names` away that have none.

    Not by `st.query_params`: that adds a step to the browser's history at every move of a slider.

    The layout of the page (see `web/layout.js`) changes in the browser, which writes it into the address itself and
    tells it when it has come to rest: ``{kind: "layout", turn, panels, level, map, order}``. A server that was started
    anew is told the view that the page has: ``{kind: "view", view}``.

    Parameters
    ----------
    wanted
        Values by their names in the address.
    waits
        Whether they are those of a view that opens later: the layout of the page is not part of it.
    names
        All names that a view may have.
    opened
        Number of the view that was opened last, and the layout that it has by the names above, "" where it is as it
        would be anyway. The browser takes it over once.
    key, on_event, seq
        Streamlit's key of the element; called before the next run, with the event in `st.session_state[key]["event"]`;
        number of this drawing.
    """
    data = {
        "wanted": dict(wanted),
        "waits": waits,
        "names": list(names),
        "opened": {"turn": opened[0], **opened[1]},
        "seq": seq,
    }
    component("review/saved_views/saved_views")(key=key, data=data, on_event_change=on_event, height=1)
