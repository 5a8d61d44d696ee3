"""Start of the server process."""

import importlib
import importlib.metadata
import sys
import threading

from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit import net_util
from streamlit.components.v2 import manifest_scanner
from streamlit.components.v2.component_manager import BidiComponentManager
from streamlit.runtime.scriptrunner.exec_code import modified_sys_path
from streamlit.web.server.server_util import is_url_from_allowed_origins

from slicecore_app.server import warm
from slicecore_app.server.routes import routes
from slicecore_app.start import NAVIGATION, keep_module_path, without_discovery, without_lookup


def test_the_start_does_not_read_the_description_of_every_package(monkeypatch):
    read = []
    monkeypatch.setattr(
        manifest_scanner, "scan_component_manifests", manifest_scanner.scan_component_manifests
    )
    monkeypatch.setattr(importlib.metadata, "distributions", lambda: read.append("all") or [])
    BidiComponentManager().discover_and_register_components(start_file_watching=False)
    assert read == ["all"]
    without_discovery()
    BidiComponentManager().discover_and_register_components(start_file_watching=False)
    assert read == ["all"]


def test_a_request_during_the_start_waits_until_the_modules_are_imported(monkeypatch):
    begun, free = threading.Event(), threading.Event()

    import_module = importlib.import_module

    def imported(name, package=None):
        if name != "a_slow_module":
            return import_module(name, package)
        begun.set()
        free.wait(10)
        return None

    monkeypatch.setattr(importlib, "import_module", imported)
    warm.start(["a_slow_module"], lambda: None, [])
    begun.wait(10)
    answers = []
    client = TestClient(Starlette(routes=routes()))
    asking = threading.Thread(target=lambda: answers.append(client.get("/api/newest/none").status_code))
    asking.start()
    asking.join(0.2)
    assert answers == []
    assert not warm.is_imported()
    free.set()
    asking.join(10)
    assert answers == [404]


def test_nobody_is_asked_for_the_address_of_this_machine(monkeypatch):
    asked = []
    monkeypatch.setattr(net_util, "_make_blocking_http_get", lambda *_, **__: asked.append("server"))
    monkeypatch.setattr(net_util, "get_external_ip", net_util.get_external_ip)
    assert not is_url_from_allowed_origins("http://elsewhere.org")
    assert asked
    asked.clear()
    without_lookup()
    assert not is_url_from_allowed_origins("http://elsewhere.org")
    assert asked == []


def test_runs_of_a_page_leave_the_path_of_modules_as_it_is(monkeypatch):
    monkeypatch.setattr(sys, "path", [path for path in sys.path if path != str(NAVIGATION.parent)])
    with modified_sys_path(str(NAVIGATION)):
        during = list(sys.path)
    assert (
        during != sys.path
    )  # Streamlit's own way: what looks through the path meanwhile passes over a folder
    keep_module_path()
    before = list(sys.path)
    with modified_sys_path(str(NAVIGATION)):
        assert sys.path == before
    assert sys.path == before
