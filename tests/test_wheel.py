"""Content of a wheel: everything that `slicecore run` and `slicecore scan` need away from the checkout."""

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Folder with the contents of a freshly built wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def elsewhere(site, tmp_path, code):
    environment = {**os.environ, "PYTHONPATH": str(site), "SLICECORE_HOME": str(tmp_path / "home")}
    run = [sys.executable, "-P", "-c", code]
    return subprocess.run(
        run, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    ).stdout


def test_every_file_of_both_packages_is_in_it(site):
    tracked = subprocess.run(
        ["git", "ls-files", "app", "slicecore"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split()
    assert len(tracked) > 50
    placed = [name.replace("app/main.py", "slicecore_app/main.py").removeprefix("app/") for name in tracked]
    assert [name for name in placed if not (site / name).exists()] == []
    assert {path.name for path in site.iterdir() if path.suffix != ".dist-info"} == {
        "slicecore",
        "slicecore_app",
    }
    assert (site / "slicecore_app" / ".streamlit" / "config.toml").read_text() == (
        ROOT / ".streamlit" / "config.toml"
    ).read_text()


def test_it_brings_the_command(site):
    (entry,) = site.glob("*.dist-info/entry_points.txt")
    assert re.search(r"^slicecore = slicecore\.cli\.program:main$", entry.read_text(), re.MULTILINE)


def test_the_app_is_found_and_guarded_by_its_settings_away_from_the_checkout(site, tmp_path):
    code = """
import slicecore_app, slicecore, runpy, sys
from pathlib import Path
assert "site" in slicecore_app.__file__ and "site" in slicecore.__file__, slicecore_app.__file__
import streamlit.config as config
config._main_script_path = str(Path(slicecore_app.__file__).with_name("main.py"))
config.get_config_options(force_reparse=True)
print(config.get_option("server.address"), config.get_option("browser.gatherUsageStats"))
from starlette.applications import Starlette
from starlette.testclient import TestClient
from slicecore_app.server.routes import middleware, routes
from slicecore_app.web.components import assets, assets_version
client = TestClient(Starlette(routes=routes(), middleware=middleware()), base_url="http://localhost")
for name in assets():
    assert client.get(f"/api/components/{assets_version()}/{name}").status_code == 200, name
vendor = Path(slicecore_app.__file__).parent / "web" / "vendor"
print(len(assets()) > 10, (vendor / "d3-hierarchy.LICENSE.txt").is_file())
print(client.get("/api/published/x", headers={"host": "evil.example"}).status_code)
"""
    assert elsewhere(site, tmp_path, code).split() == ["127.0.0.1", "False", "True", "True", "400"]
