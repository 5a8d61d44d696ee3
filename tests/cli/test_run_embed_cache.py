"""`slicecore run`, `embed` and `cache`."""

import json
import os

import numpy as np
import pytest
import soundfile
from command import run


def test_run_takes_the_safe_settings_along_wherever_it_is_started(table, tmp_path, monkeypatch):
    given = {}
    monkeypatch.setattr("streamlit.web.cli.main", lambda arguments, **_: given.update(arguments=arguments))
    monkeypatch.delenv("SLICECORE_TABLES", raising=False)
    monkeypatch.chdir(tmp_path)
    assert run(monkeypatch, "run", table.name, "--port", 8600) == 0
    arguments = given["arguments"]
    settings = dict(zip(arguments[2::2], arguments[3::2], strict=True))
    assert settings["--server.address"] == "127.0.0.1"
    assert settings["--browser.gatherUsageStats"] == "false"
    assert settings["--server.port"] == "8600"
    assert arguments.count("--server.allowedHosts") == 2
    assert json.loads(os.environ.pop("SLICECORE_TABLES")) == [str(table)]


def test_run_passes_the_first_view_on(table, monkeypatch, capsys):
    monkeypatch.setattr("streamlit.web.cli.main", lambda *_, **__: None)
    for name in ("SLICECORE_TABLES", "SLICECORE_VIEW"):
        monkeypatch.setenv(name, "")
    options = (
        "--id",
        "id",
        "--embedding",
        "speaker",
        "--metric",
        "cer",
        "--min-support",
        8,
        "--min-drop",
        0.2,
    )
    assert run(monkeypatch, "run", table, *options) == 0
    assert json.loads(os.environ["SLICECORE_TABLES"]) == [{"path": str(table), "id": "id"}]
    assert json.loads(os.environ["SLICECORE_VIEW"]) == {
        **{"model": "speaker", "metric": "cer", "normalisation": "basic", "min_support": 8, "min_drop": 0.2}
    }
    assert run(monkeypatch, "run", table, "--metric", "bleu") == 2
    assert "no metric “bleu”" in capsys.readouterr().err
    assert run(monkeypatch, "run", table, "--metric", "wer", "--mean-of", "prediction") == 2
    assert "Leave out --metric or --mean-of" in capsys.readouterr().err
    assert run(monkeypatch, "run", table, "--higher-is-better") == 2
    assert "name that with --mean-of" in capsys.readouterr().err


@pytest.mark.parametrize("option", [("--min-support", 0), ("--min-support", -3), ("--min-drop", -0.1)])
def test_run_takes_no_threshold_that_makes_no_sense(table, monkeypatch, capsys, option):
    monkeypatch.setattr("streamlit.web.cli.main", lambda *_, **__: None)
    assert run(monkeypatch, "run", table, *option) == 2
    assert f"Invalid value for '{option[0]}'" in capsys.readouterr().err


def test_cache_is_listed_limited_and_cleared(tmp_path, monkeypatch):
    from typer.testing import CliRunner

    from slicecore.cli.commands import cli
    from slicecore.storage.clip_store import Store
    from slicecore.storage.home import cache_folder
    from slicecore.storage.outcome import Outcome

    monkeypatch.setenv("SLICECORE_HOME", str(tmp_path))
    with Store(cache_folder()) as store:
        store.keep('["{\\"family\\": \\"signal\\"}", 2]', {b"0" * 16: Outcome(np.zeros(1000, np.float32))})
    listed = CliRunner().invoke(cli, ["cache"]).output
    assert listed.splitlines()[1].split() == ["signal", "1", "0.0"]
    assert (
        "removed 1 result of clips and 0 files" in CliRunner().invoke(cli, ["cache", "--limit", "1kB"]).output
    )
    assert "removed" not in CliRunner().invoke(cli, ["cache", "--clear", "all"]).output


def test_embed_stores_vectors_and_lists_clips_without(tmp_path, monkeypatch):
    from typer.testing import CliRunner

    from slicecore.cli.commands import cli
    from slicecore.embedding import embed
    from slicecore.table.dataset import read

    monkeypatch.setenv("SLICECORE_HOME", str(tmp_path / "home"))
    soundfile.write(tmp_path / "a.wav", np.random.default_rng(0).normal(0, 0.1, 32000), 16000)
    (tmp_path / "t.csv").write_text("audio,text,pred,from,to\na.wav,x,y,0,1\na.wav,x,y,1,2\na.wav,x,y,3,4\n")
    command = ["embed", str(tmp_path / "t.csv"), "--start", "from", "--end", "to"]
    output = CliRunner().invoke(cli, command).output
    assert "2 of 3 clips have a vector" in output
    assert "only 2.0 s" in output
    seen = []
    data = read(tmp_path / "t.csv", start="from", end="to")
    embed(data, progress=lambda *at: seen.append(at))
    assert seen == [(3, 3)]
