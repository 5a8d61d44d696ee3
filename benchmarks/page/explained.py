"""The page once all that explains it is there."""

import harness
from review_page import CARDS, ready

from page import server
from page.watch import DEEP


def explained(page) -> None:
    """Wait, with a slice picked, until all that explains the page is there: that work takes the processor from it."""
    page.locator(CARDS).first.wait_for(timeout=600_000)
    page.locator(CARDS).first.click()
    harness.settled(page)
    page.wait_for_function(
        f"""() => {{ {DEEP}
            const plots = deep(document).find((one) => one.dataset?.testid === "evidence");
            return plots && !plots.textContent.includes("Measuring"); }}""",
        timeout=1_500_000,
        polling=1000,
    )
    server.wait_for_rest()
    ready(page)
