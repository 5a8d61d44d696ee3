"""The image of the container recipe, built and run in CI where there is a builder that has the base image.

Nothing is fetched but packages. It takes minutes, so that elsewhere test_deployment_files.py has to do: it reads the
recipe. On demand: `CI=true pytest tests/deployment/test_container_image.py`.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import subprocess
import time
import urllib.error
import urllib.request
import uuid
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RECIPE = ROOT / "docs" / "deployment" / "Containerfile"
TOKEN = "a token of the tests"
PATIENCE_S = 120


def builder():
    """Command of a builder that has the base image, or None."""
    (base,) = re.findall(r"^ARG BASE=(\S+)$", RECIPE.read_text(), re.MULTILINE)
    for command in filter(shutil.which, ("docker", "podman")):
        asked = [command, "image", "inspect", base]
        if not subprocess.run(asked, check=False, capture_output=True).returncode:
            return command
    return None


BUILDER = builder() if os.environ.get("CI") else None
pytestmark = pytest.mark.skipif(
    BUILDER is None, reason="outside of CI, or neither Docker nor Podman is there with the base image"
)


def done(*arguments):
    """Output of the builder's command, which has to succeed."""
    run = subprocess.run([BUILDER, *arguments], check=False, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr[-4000:]
    return run.stdout.strip()


@pytest.fixture(scope="module")
def image():
    name = f"slicecore-test-{uuid.uuid4().hex[:8]}"
    done("build", "--file", str(RECIPE), "--tag", name, str(ROOT))
    yield name
    done("rmi", "--force", name)


@pytest.fixture(scope="module")
def container(image):
    """A container with nothing to write but its volume and /tmp, on a port of this machine."""
    name = f"{image}-page"
    closed = ["--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"]
    done(
        "run",
        "--detach",
        "--name",
        name,
        "--publish",
        "127.0.0.1::8501",
        *closed,
        "--env",
        f"SLICECORE_TOKEN={TOKEN}",
        image,
    )
    yield name
    done("rm", "--force", "--volumes", name)


def answer(address, token=""):
    """Status and text of an answer."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        with urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=10) as reply:
            return reply.status, reply.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, ""


def test_the_page_is_ready_and_opens_with_its_token_alone(container):
    address = f"http://{done('port', container, '8501').splitlines()[0]}"
    end = time.monotonic() + PATIENCE_S
    status = None
    while status != "ready" and time.monotonic() < end:
        time.sleep(0.2)  # between two tries
        with contextlib.suppress(OSError):
            status = json.loads(answer(f"{address}/healthz")[1] or "{}").get("status")
    assert status == "ready", done("logs", container)
    assert answer(f"{address}/")[0] == 401
    assert answer(f"{address}/", TOKEN)[0] == 200


def test_it_runs_without_rights_and_has_what_it_needs(container):
    assert done("exec", container, "id", "--user") == "10001"
    told = done("exec", container, "slicecore", "doctor")
    for found in ("extra app", "extra oidc", "extra postgres", "home", "ffmpeg", "trial"):
        assert re.search(rf"^ok +{found}:", told, re.MULTILINE), told


def test_umap_can_be_imported_though_only_the_volume_can_be_written(container):
    done("exec", container, "python", "-c", "import umap")
