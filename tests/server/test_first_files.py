"""Files of the first page: Streamlit's own are answered at once, and the page names the module of all components."""

import importlib.util
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
import streamlit as st
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from streamlit import file_util
from streamlit.web.server.starlette.starlette_routes import create_component_routes
from streamlit.web.server.starlette.starlette_static_routes import create_streamlit_static_assets_routes

from slicecore_app.server.routes import middleware, routes
from slicecore_app.web.components import PARTS, assets

STATIC = Path(file_util.get_static_dir())
AGGRID = Path(importlib.util.find_spec("st_aggrid").origin).parent / "frontend" / "build"


@pytest.fixture(params=["", "calls/slicecore"])
def base(request, monkeypatch):
    """Path below which the app is served."""
    known = st.get_option
    monkeypatch.setattr(
        st, "get_option", lambda name: request.param if name == "server.baseUrlPath" else known(name)
    )
    return f"/{request.param}" if request.param else ""


@pytest.fixture
def client(base):
    app = Starlette(
        routes=[
            *routes(),
            Route(f"{base}/_stcore/health", lambda request: JSONResponse({"ok": True})),
            *create_component_routes(SimpleNamespace(get_component_path={"grid": str(AGGRID)}.get), base),
            *create_streamlit_static_assets_routes(base),
        ],
        middleware=middleware(),
    )
    return TestClient(app, base_url="http://localhost")


def test_streamlits_files_are_as_they_are_on_the_disk(client, base):
    page = client.get(f"{base}/").text
    names = re.findall(r'(?:src|href)="\./(static/[^"]+)"', page)
    assert len(names) > 20  # what the start waits for
    for name in names:
        answer = client.get(f"{base}/{name}")
        assert answer.status_code == 200 and answer.content == (STATIC / name).read_bytes(), name
        assert "immutable" in answer.headers["cache-control"]
        assert "last-modified" not in answer.headers, f"{name} was left to Streamlit"


@pytest.mark.parametrize(
    "path", ["static/js/../../index.html", "static/js/..%2f..%2findex.html", "static/js/no.js", "static/js"]
)
def test_no_other_file_is_answered(client, base, path):
    answer = client.get(f"{base}/{path}", follow_redirects=False)
    assert answer.status_code >= 300 or answer.headers["content-type"].startswith("text/html")


def test_a_page_names_the_module_of_all_components_and_what_streamlit_draws_with(client, base):
    for path in ("/", "/summary"):
        page = client.get(f"{base}{path}", headers={"if-none-match": "*"})
        links = re.findall(r'<link rel="modulepreload" fetchpriority="low" href="./[^>]+>', page.text)
        urls = [link.split('"')[5].removeprefix(".") for link in links]
        assert client.get(f"{base}{urls[0]}").content == assets()[PARTS][0]
        for url in urls[1:]:
            assert client.get(f"{base}{url}").headers["content-type"].startswith("text/javascript"), url
        assert any("/BidiComponent." in url for url in urls), "Streamlit's files have other names"
        assert page.status_code == 200
        assert "etag" not in page.headers
        assert page.text.replace("".join(links), "") == (STATIC / "index.html").read_text()


def test_what_is_no_page_is_handed_on_as_it_is(client, base):
    assert client.get(f"{base}/_stcore/health").json() == {"ok": True}


def test_a_browser_keeps_the_files_of_the_table_and_asks_for_its_page_again(client, base):
    page = client.get(f"{base}/component/grid/index.html")
    assert page.headers["cache-control"] == "no-cache"
    names = re.findall(r'(?:src|href)="(?:\./)?([^"]+)"', page.text)
    hashed = [name for name in names if re.search(r"\.[0-9a-f]{8}\.", name)]
    assert {Path(name).suffix for name in hashed} == {".js", ".css"} and len(names) > len(hashed)
    for name in names:
        answer = client.get(f"{base}/component/grid/{name}")
        assert answer.status_code == 200 and answer.content == (AGGRID / name).read_bytes()
        caching = answer.headers["cache-control"]
        assert caching.startswith("public, max-age=") and ("immutable" in caching) == (name in hashed), name
    for gone in ("grid/static/js/main.0123abcd.js", "nothing/main.0123abcd.js"):
        assert "cache-control" not in client.get(f"{base}/component/{gone}").headers, "an error is kept"
