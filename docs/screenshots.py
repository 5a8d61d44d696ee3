"""Take the pictures of this folder: the review page on the sample data, light and dark. Run by `make screenshots`."""

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "e2e"))

import harness  # noqa: E402 - the harness of the browser tests, beside them

SIZES = {"": (1440, 900), "-wide": (1920, 1080)}
PATIENCE_MS = 180_000  # the first run embeds and compiles
CARD = '[data-testid="problems"] .card'


def main() -> None:
    """Write review-light.png, review-dark.png, review-wide-light.png, … and data-light.png."""
    with tempfile.TemporaryDirectory() as home:
        environment = {"SLICECORE_HOME": home, "USER": "kb", "LOGNAME": "kb"}
        with (
            harness.serve(ROOT / "app" / "main.py", Path(home) / "server.log", environment) as url,
            harness.launch() as browser,
        ):
            for dark in (False, True):
                for suffix, size in SIZES.items():
                    name = f"review{suffix}-{'dark' if dark else 'light'}.png"
                    with harness.open_page(browser, url, dark=dark, size=size) as page:
                        review(page, ROOT / "docs" / name)
            with harness.open_page(browser, f"{url}/data") as page:
                data(page, ROOT / "docs" / "data-light.png")


def review(page, target: Path) -> None:
    """Judge a slice, pick another one, and wait for the last part to draw itself: the spectrogram."""
    page.set_default_timeout(PATIENCE_MS)
    page.locator(CARD).first.wait_for()
    page.locator(CARD).nth(1).click()
    page.locator(f'{CARD}[aria-selected="true"]').nth(0).wait_for()
    if page.locator(CARD, has_text="Real issue").count() == 0:
        page.locator(".st-key-verdict button:not([disabled])").first.wait_for()
        page.keyboard.press("1")
        page.locator(CARD, has_text="Real issue").wait_for()
    before = page.get_by_test_id("player").get_attribute("data-row")
    page.locator(CARD).nth(2).click()
    page.wait_for_function(
        """before => {
          const deep = (at) => [...at.querySelectorAll("*")].flatMap(
            (one) => [one, ...(one.shadowRoot ? deep(one.shadowRoot) : [])]);
          const player = deep(document).find((one) => one.dataset?.testid === "player");
          return player?.dataset.drawn && player.dataset.row !== before && player.dataset.drawn === player.dataset.row;
        }""",
        arg=before,
    )
    page.frame_locator(".st-key-clips-table iframe").locator(
        '.ag-center-cols-container [row-index="3"]'
    ).wait_for()
    harness.settled(page)
    page.screenshot(path=target)


def data(page, target: Path) -> None:
    """Show the sample table with its columns mapped."""
    page.get_by_label("Table on this machine").fill("sample_data/table.csv")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Start").wait_for()
    harness.settled(page)
    page.screenshot(path=target)


if __name__ == "__main__":
    main()
