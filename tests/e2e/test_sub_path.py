"""The app below a path of its own, as behind a proxy: page, components, sound, picture and fonts come."""

import harness
from review_page import CARDS, MAIN, errors, opened_review


def test_everything_comes_below_a_path(home, opened):
    with harness.serve(
        MAIN, home / "below.log", {"SLICECORE_HOME": str(home)}, below="/calls/slicecore", anew=True
    ) as url:
        page = opened(url, waits=False)
        answers = {}
        page.on("response", lambda answer: answers.setdefault(answer.url.split("?")[0], answer.status))
        page.reload()
        opened_review(lambda *_: page, url)
        with page.expect_response(lambda answer: answer.url.split("?")[0].endswith("/audio")) as sound:
            page.locator(CARDS).first.click()
            page.get_by_test_id("player").locator("canvas, img").first.wait_for()
            page.keyboard.press("Space")  # by then the browser may have begun to fetch the sound
        assert sound.value.status in (200, 206)
        frame = (
            page.frame_locator(".st-key-clips-table iframe").locator(":root").element_handle().owner_frame()
        )
        assert (
            frame.evaluate("document.fonts.load('13px \"Source Sans\"').then((fonts) => fonts.length)") == 1
        )
        own = {address: status for address, status in answers.items() if "/api/" in address}
        assert all(address.startswith(f"{url}/api/") for address in own)
        for end in (".js", "/picture.png", "/sound.json"):
            assert [address for address in own if address.endswith(end)], end
        assert {status for address, status in answers.items() if address.startswith(url)} <= {200, 206, 304}
        assert not errors(page)
