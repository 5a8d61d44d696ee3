"""The way in: the link of a page that `slicecore run` has started, in a real browser."""

from __future__ import annotations

import contextlib
import json
import socket
import urllib.error
import urllib.request

import harness
import pytest
from issuer import CLIENT, SECRET, running_issuer
from playwright.sync_api import expect
from review_page import CARDS, errors, ready
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

import slicecore as sc
from slicecore.pipeline.page_process import Page
from slicecore.storage.verdicts import verdicts_of

TABLE = harness.ROOT / "sample_data" / "table.csv"


@pytest.fixture
def log(tmp_path):
    return tmp_path / "page.log"


ROLES = """
proxies = ["127.0.0.1"]
[identity]
user = "X-User"
[roles]
look = ["guest"]
review = ["anna", "bob"]
"""


@pytest.fixture
def page(home, log, monkeypatch):
    """A page that `slicecore run` shows, as a process."""
    monkeypatch.setenv("SLICECORE_HOME", str(home))
    with Page([str(TABLE)], log=log) as page:
        yield page


def test_the_link_opens_the_page_and_nothing_else_does(page, log, browser):
    link, token = page.url, page.url.partition("token=")[2]
    address = link.partition("?")[0]
    with harness.open_page(browser, address, waits=False) as stranger:
        expect(stranger.get_by_role("heading")).to_have_text("This page asks for a token")
        with (
            pytest.raises(InvalidStatus, match="401"),
            connect(f"{address}_stcore/stream".replace("http", "ws")),
        ):
            pass
        stranger.get_by_label("Token").fill("not this one")
        stranger.get_by_role("button", name="Open").click()
        expect(stranger.get_by_role("main")).to_contain_text("This is not the token")
        stranger.get_by_label("Token").fill(token)
        stranger.get_by_role("button", name="Open").click()
        stranger.locator(CARDS).first.wait_for()
    with harness.open_page(browser, link) as visitor:
        visitor.locator(CARDS).first.wait_for()
        assert "token" not in visitor.url and visitor.url.startswith(address)
        visitor.locator(CARDS).first.click()
        visitor.get_by_test_id("player").locator("canvas, img").first.wait_for()
        visitor.keyboard.press("1")
        ready(visitor)
        expect(visitor.get_by_test_id("footer")).to_contain_text("Saved")
        (cookie,) = (each for each in visitor.context.cookies() if each["name"] == f"slicecore-{page.port}")
        assert cookie["httpOnly"] and cookie["sameSite"] == "Strict" and token not in cookie["value"]
        assert not errors(visitor)
    assert token not in log.read_text()


@pytest.fixture(scope="module")
def behind_proxy(home, tmp_path_factory):
    """The address of a page that believes a proxy on this machine, as which the browser speaks."""
    folder = tmp_path_factory.mktemp("proxy")
    config = folder / "access.toml"
    config.write_text(ROLES)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SLICECORE_HOME", str(home))
        page = Page([str(TABLE), "--config", str(config)], log=folder / "page.log")
    with page:
        yield page.url.partition("?")[0]


@pytest.fixture
def address(behind_proxy, home, monkeypatch):
    """That address, and its home for who looks at the verdicts."""
    monkeypatch.setenv("SLICECORE_HOME", str(home))
    return behind_proxy


@contextlib.contextmanager
def opened_by(name, browser, address, words=()):
    """The page, as a proxy leads somebody to it; `words` are those of the page before in its tab."""
    context = harness.returning(browser, extra_http_headers={"X-User": name} if name else {})
    if words:
        context.add_init_script(
            f"sessionStorage.setItem('slicecore unsent words', {json.dumps(json.dumps(words))})"
        )
    with contextlib.closing(context), harness.visit(context, address, waits=False) as page:
        yield page


def judge(page, key, verdicts):
    page.locator(CARDS).first.click()
    page.get_by_test_id("player").locator("canvas, img").first.wait_for()
    page.keyboard.press(key)
    ready(page)
    return {
        slice_id: (each.verdict, each.reviewer) for slice_id, each in verdicts.current("prediction").items()
    }


def test_who_may_look_hears_and_sees_all_and_changes_nothing_and_a_reviewer_has_the_name_of_the_login(
    address, home, browser
):
    with opened_by("", browser, address) as stranger:
        expect(stranger.get_by_role("heading")).to_have_text("This page asks for a login")
    verdicts = verdicts_of(TABLE)
    before = {
        slice_id: (each.verdict, each.reviewer) for slice_id, each in verdicts.current("prediction").items()
    }
    with opened_by("guest", browser, address) as guest:
        guest.locator(CARDS).first.wait_for()
        assert judge(guest, "2", verdicts) == before
        expect(guest.get_by_text("Your role here is to look").first).to_be_visible()
        name = guest.get_by_role("textbox", name="Reviewer: your name")
        expect(name).to_have_value("guest")
        expect(name).not_to_be_editable()
        assert not errors(guest)
        guest.goto(f"{address}data")
        expect(guest.get_by_text("for whoever administers this page")).to_be_visible()
    with opened_by("anna", browser, address) as anna:
        anna.locator(CARDS).first.wait_for()
        first = anna.locator(CARDS).first.get_attribute("data-slice")
        assert judge(anna, "4", verdicts)[first] == ("unsure", "anna")
        expect(anna.get_by_test_id("footer")).to_contain_text("Saved")


def test_what_somebody_said_before_somebody_else_logged_in_waits_in_the_tab_for_them(address, browser):
    verdicts = verdicts_of(TABLE)
    marked, corrected, named = (str(each) for each in sc.read(TABLE).ids[:3])
    signed = {"reviewer": "bob", "browser": "b1", "is_same": False, "tab": "t"}
    word = {"of": "name", "slice": "0" * 12, "title": "", "name": "Glasgow", "reason": None, "clips": ""}
    verdicts.keep("0" * 12, clip_ids=[named], name="By hand")
    words = [
        {"kind": "reference", "clip": marked, "wrong": True, "table": verdicts.name, "press": "t:1", "n": 1},
        {
            "kind": "correct",
            "clip": corrected,
            "text": "x",
            "seen": 0,
            "table": verdicts.name,
            "press": "t:2",
            "n": 2,
        },
        {"kind": "rename", "about": f"{verdicts.name} prediction", "word": word, "press": "t:3", "n": 3},
    ]
    words = [{**each, **signed} for each in words]

    def said():
        own = verdicts.own_slices()["0" * 12]
        return [own.name, *verdicts.marked_references(), *verdicts.corrections()]

    with opened_by("anna", browser, address, words) as anna:
        anna.locator(CARDS).first.wait_for()
        ready(anna)
        assert said() == ["By hand"]
        kept = json.loads(anna.evaluate("() => sessionStorage.getItem('slicecore unsent words')"))
        assert [each["kind"] for each in kept] == ["reference", "correct", "rename"]
        assert not errors(anna)
    with opened_by("bob", browser, address, words) as bob:
        bob.locator(CARDS, has_text="Glasgow").wait_for()
        ready(bob)
        assert said() == ["Glasgow", marked, corrected]
        assert {each.reviewer for each in verdicts.corrections().values()} == {"bob"}
        verdicts.correct(corrected, None, original="")
        verdicts.mark_reference(marked, False)
        verdicts.remove("0" * 12)


LOGIN = """
address = "{address}"
[login]
issuer = "{issuer}"
client_id = "{client}"
[roles]
review = ["anna@example.org"]
"""


@pytest.fixture
def logging_in(home, log, tmp_path, monkeypatch):
    """The address of a page where one logs in at an issuer, which runs on this machine under another name, and it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address, config = f"http://localhost:{port}", tmp_path / "access.toml"
    monkeypatch.setenv("SLICECORE_HOME", str(home))
    monkeypatch.setenv("SLICECORE_CLIENT_SECRET", SECRET)
    with running_issuer() as issuer:
        config.write_text(LOGIN.format(address=address, issuer=issuer.address, client=CLIENT))
        with Page([str(TABLE), "--config", str(config)], port=port, log=log):
            yield address, issuer


def status(address, cookie):
    """Status of the page for who has a cookie."""
    request = urllib.request.Request(address, headers={"Cookie": cookie})
    try:
        return urllib.request.urlopen(request, timeout=20).status
    except urllib.error.HTTPError as error:
        return error.code


def test_a_login_at_an_issuer_leads_to_the_page_and_logging_out_closes_it(logging_in, browser):
    address, issuer = logging_in
    verdicts = verdicts_of(TABLE)
    issuer.person = {"email": "anna@example.org", "email_verified": True}
    context = harness.returning(browser)
    with contextlib.closing(context), harness.visit(context, f"{address}/?drop=5", waits=False) as page:
        page.locator(CARDS).first.wait_for()
        assert page.url.startswith(f"{address}/") and "drop=5" in page.url and "code=" not in page.url
        first = page.locator(CARDS).first.get_attribute("data-slice")
        assert judge(page, "3", verdicts)[first] == ("reference_error", "anna@example.org")
        name = f"slicecore-{address.rpartition(':')[2]}"
        (cookie,) = (each for each in context.cookies() if each["name"] == name)
        copied = f"{cookie['name']}={cookie['value']}"
        assert cookie["httpOnly"] and cookie["sameSite"] == "Strict" and status(address, copied) == 200
        assert errors(page) == []
        page.get_by_role("button", name="Log out").click()
        expect(page.get_by_role("heading")).to_have_text("You are logged out")
        assert status(address, copied) == 401  # nor is a copy of the cookie good for anything
        issuer.person = {"email": "guest@example.org", "email_verified": True}
        page.goto(address)
        expect(page.get_by_role("main")).to_contain_text("guest@example.org")
        assert not page.locator(CARDS).count() and status(address, "") == 401
