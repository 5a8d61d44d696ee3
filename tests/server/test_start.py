"""Start of the server process."""

import importlib.metadata

from streamlit.components.v2 import manifest_scanner
from streamlit.components.v2.component_manager import BidiComponentManager

from slicecore_app.start import without_discovery


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
