"""Recipes of the deployment: what they name exists, and the program takes what they give it."""

from __future__ import annotations

import importlib.util
import json
import re
import shlex
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from slicecore_app.access.configuration import TOKEN_VARIABLE
from slicecore_app.launch import run

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "deployment"
CONTAINERFILE = (FOLDER / "Containerfile").read_text().replace("\\\n", " ").splitlines()


def instructions(name):
    return [line.removeprefix(f"{name} ") for line in CONTAINERFILE if line.startswith(f"{name} ")]


def options_of_run():
    import typer

    command = typer.main.get_command(_app(run))
    return {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}


def _app(function):
    import typer

    app = typer.Typer()
    app.command()(function)
    return app


def test_the_container_takes_files_that_there_are_and_runs_without_rights():
    known = {
        "ARG",
        "FROM",
        "WORKDIR",
        "COPY",
        "RUN",
        "USER",
        "ENV",
        "VOLUME",
        "EXPOSE",
        "HEALTHCHECK",
        "ENTRYPOINT",
    }
    assert {line.split()[0] for line in CONTAINERFILE if line and not line.startswith("#")} == known
    copied = [shlex.split(line)[:-1] for line in instructions("COPY") if not line.startswith("--from")]
    assert copied and all((ROOT / path).exists() for line in copied for path in line)
    assert instructions("USER") == ["10001"]
    extras = set(re.search(r"\[([\w,]+)\]", " ".join(instructions("RUN")))[1].split(","))
    assert extras <= set(re.findall(r"^(\w+) = \[", (ROOT / "pyproject.toml").read_text(), re.MULTILINE))
    assert {
        name for name in json.loads(instructions("ENTRYPOINT")[0]) if name.startswith("--")
    } <= options_of_run()


def test_what_the_container_writes_is_in_its_volume():
    places = dict(line.split("=", 1) for line in instructions("ENV"))
    (volume,) = instructions("VOLUME")
    assert set(places) == {"SLICECORE_HOME", "NUMBA_CACHE_DIR"}
    assert all(Path(place).is_relative_to(volume) for place in places.values())


def test_what_the_service_writes_is_in_its_folder():
    unit = (FOLDER / "slicecore.service").read_text()
    places = dict(re.findall(r"^Environment=(\w+)=(.*)$", unit, re.MULTILINE))
    (folder,) = re.findall(r"^StateDirectory=(.*)$", unit, re.MULTILINE)
    assert places.pop("SLICECORE_LOG") == "text"  # the journal is read by others than reviewers
    assert set(places) == {"HOME", "SLICECORE_HOME", "NUMBA_CACHE_DIR"}
    assert all(Path(place).is_relative_to(f"/var/lib/{folder}") for place in places.values())


def test_the_service_is_tried_again_for_as_long_as_its_database_is_away():
    """Five starts within ten seconds are the last that systemd makes by itself."""
    (seconds,) = re.findall(r"^RestartSec=(\d+)$", (FOLDER / "slicecore.service").read_text(), re.MULTILINE)
    assert 5 * int(seconds) > 10


def test_health_is_asked_in_compose_as_in_the_image():
    services = yaml.safe_load((FOLDER / "compose.yaml").read_text())["services"]
    (check,) = instructions("HEALTHCHECK")
    asked = shlex.split(services["slicecore"]["healthcheck"]["test"])
    assert asked == json.loads(check.removeprefix("CMD "))
    # A socket answers before the database is made.
    assert "--host 127.0.0.1" in services["database"]["healthcheck"]["test"]


@pytest.mark.parametrize(("answer", "code"), [(b"HTTP/1.0 503 Failing\r\n\r\n", 0), (b"", 1)])
def test_the_check_that_restarts_takes_any_answer(answer, code):
    text = (ROOT / "docs" / "deployment.md").read_text()
    (check,) = re.findall(r'^check="(.*?)"$', text, re.MULTILINE | re.DOTALL)
    with socket.create_server(
        ("127.0.0.1", 0)
    ) as server:  # it takes connections, and answers nothing by itself
        here = check.replace("8501", str(server.getsockname()[1])).replace("timeout=20", "timeout=1")
        asked = subprocess.Popen(["sh", "-c", f'"{sys.executable}" -c "{here}"'], stderr=subprocess.DEVNULL)
        connection, _ = server.accept()
        with connection:
            connection.sendall(answer)
            assert asked.wait(60) == code


def test_images_have_their_whole_names():
    services = yaml.safe_load((FOLDER / "compose.yaml").read_text())["services"]
    (base,) = (line.removeprefix("BASE=") for line in instructions("ARG"))
    for name in (base, services["database"]["image"]):  # short ones mean nothing to Podman
        assert re.fullmatch(r"[\w.]+\.[a-z]+/[\w/]+:[\w.-]+", name)


def test_compose_builds_the_container_and_asks_for_a_token_and_a_password():
    services = yaml.safe_load((FOLDER / "compose.yaml").read_text())["services"]
    page = services["slicecore"]
    assert (FOLDER / page["build"]["context"]).resolve() == ROOT
    assert (ROOT / page["build"]["dockerfile"]).exists()
    assert page["environment"][TOKEN_VARIABLE].startswith(f"${{{TOKEN_VARIABLE}:?")
    assert page["environment"]["SLICECORE_DATABASE"].startswith("postgresql+pg8000://")
    assert (
        all(port.startswith("127.0.0.1:") for port in page["ports"]) and "ports" not in services["database"]
    )
    assert {name for name in page["command"] if name.startswith("--")} <= options_of_run()


@pytest.mark.parametrize("name", ["nginx.conf", "Caddyfile", "slicecore.service"])
def test_options_in_the_other_recipes_are_those_of_the_command(name):
    named = re.findall(r"(?<=\s)--[a-z][a-z-]*", (FOLDER / name).read_text())
    assert named and set(named) <= options_of_run()


def test_the_proxies_take_away_by_what_a_visitor_could_claim_to_be_somebody():
    section = (ROOT / "docs" / "sharing.md").read_text().partition("[identity]\n")[2].partition("```")[0]
    names = re.findall(r'= "(X-[\w-]+)"', section)
    assert len(names) == 2
    for name in names:
        assert f'proxy_set_header {name} "";\n' in (FOLDER / "nginx.conf").read_text()
        assert f"request_header -{name}\n" in (FOLDER / "Caddyfile").read_text()


def test_caddy_leads_from_the_address_without_its_last_slash_to_the_page():
    """Else it answers with an empty page; nginx leads there by itself."""
    text = (FOLDER / "Caddyfile").read_text()
    (path,) = re.findall(r"handle (/\S+)/\*", text)
    assert f"redir {path} {path}/\n" in text


@pytest.fixture
def unit(tmp_path):
    """The unit with a program that there is."""
    if not shutil.which("systemd-analyze"):
        pytest.skip("there is no systemd here")
    unit = tmp_path / "slicecore.service"
    unit.write_text(
        (FOLDER / "slicecore.service").read_text().replace("/opt/slicecore/bin/slicecore", "/bin/true")
    )
    return unit


def test_systemd_takes_the_unit(unit):
    done = subprocess.run(["systemd-analyze", "verify", unit], check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_systemd_calls_the_service_closed(unit):
    rated = ["systemd-analyze", "security", "--offline=true", "--threshold=15", "--no-pager", unit]
    done = subprocess.run(rated, check=False, capture_output=True, text=True)
    if "unrecognized option" in done.stderr:
        pytest.skip("this systemd rates running services alone")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr


def _audit():
    spec = importlib.util.spec_from_file_location("audit", ROOT / ".ci" / "audit.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def report(*packages):
    return json.dumps({"dependencies": [{"name": "slicecore", "skip_reason": "not there"}, *packages]})


@pytest.mark.parametrize(
    ("report", "status"),
    [
        ("", 2),
        (report(), 2),
        (report({"name": "a", "version": "1", "vulns": []}), 0),
        (report({"name": "a", "skip_reason": "not found"}), 2),
        (report({"name": "a", "version": "1", "vulns": [{"id": "X-1", "fix_versions": ["2"]}]}), 1),
        (report({"name": "a", "version": "1", "vulns": [{"id": "X-1", "fix_versions": []}]}), 1),
    ],
)
def test_an_audit_that_nobody_answered_is_not_clean(report, status):
    assert _audit().judge(report)[0] == status


@pytest.mark.parametrize(
    ("report", "status", "words"),
    [
        (report({"name": "a", "skip_reason": "not found"}), 0, "1 of 1 packages could not be looked up"),
        ("", 0, "NOT AUDITED"),
        (
            report({"name": "a", "version": "1", "vulns": [{"id": "X-1", "fix_versions": ["2"]}]}),
            1,
            "a 1: X-1",
        ),
    ],
)
def test_a_ci_without_advisories_goes_on_with_a_sentence_and_one_with_a_finding_does_not(
    tmp_path, capsys, report, status, words
):
    (tmp_path / "report").write_text(report)
    program = tmp_path / "pip-audit"  # which calls everything fine
    program.write_text(
        f'#!/bin/sh\necho "No known vulnerabilities found" >&2\ntest -s {tmp_path}/report && '
        f'while [ "$1" != --output ]; do shift; done && cp {tmp_path}/report "$2"\n'
    )
    program.chmod(0o755)
    assert _audit().main(str(program), sys.executable, True) == status
    printed = capsys.readouterr().out
    assert words in printed and (status or "NOT AUDITED" in printed)
    assert _audit().main(str(program), sys.executable, False) == (status or 2)


@pytest.mark.parametrize(("fixes", "status"), [([], 0), (["9"], 1)], ids=["no release", "a release"])
def test_an_accepted_advisory_is_a_finding_once_a_release_mends_it(fixes, status):
    audit = _audit()
    known = next(iter(audit.ACCEPTED))
    flaw = {"id": "CVE-1", "aliases": [known], "fix_versions": fixes}
    got, lines = audit.judge(report({"name": "a", "version": "1", "vulns": [flaw]}))
    assert got == status
    assert ("accepted" in lines[0]) == (not status) and "a 1: CVE-1" in lines[0]


def test_builds_of_another_index_are_looked_up_as_the_release_that_they_are():
    assert _audit().pins("torch 2.15.0+cpu\nslicecore 0.1.0\npip 26.2\n") == "torch==2.15.0\npip==26.2\n"


def test_every_model_of_the_samples_maker_has_a_checksum():
    lines = (ROOT / "sample_data" / "weights.txt").read_text().splitlines()
    named = [line for line in lines if line and not line.startswith("#")]
    assert named and all(re.fullmatch(r"[\w-]+==[\d.]+ --hash=sha256:[0-9a-f]{64}", line) for line in named)
