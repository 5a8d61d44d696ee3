"""Memory of the page and of the server, before and after much use."""

import harness

from page import server
from page.watch import WATCH, milliseconds


def growth(page, moves: int) -> dict[str, tuple[float, ...]]:
    """MiB before, half way and after so many moves of the slider and so many clips, in the page and in the server."""
    session = page.context.new_cdp_session(page)

    def now() -> tuple[float, float]:
        session.send("HeapProfiler.collectGarbage")
        return session.send("Runtime.getHeapUsage")["usedSize"] / 2**20, server.memory().all

    slider = page.get_by_role("slider", name="Minimum drop")

    def move_slider(i: int) -> None:
        slider.focus()
        page.evaluate(WATCH)
        page.keyboard.press("ArrowRight" if i % 8 < 4 else "ArrowLeft")
        milliseconds(page, "redrawn")

    def next_clip(i: int) -> None:
        page.keyboard.press("ArrowRight" if i % 100 < 50 else "ArrowLeft")
        harness.settled(page)

    growths = {}
    for moved, act in (("slider moves", move_slider), ("clips", next_clip)):
        levels = [now()]
        for i in range(moves):
            act(i)
            if i + 1 in (moves // 2, moves):
                levels.append(now())
        slider.blur()
        of_page, of_server = zip(*levels, strict=True)
        growths |= {f"page over {moves} {moved}": of_page, f"server over {moves} {moved}": of_server}
    return growths
