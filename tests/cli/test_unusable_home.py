"""A home that can't be made ends every command with a sentence, before the long work."""

import sys

import pytest

from slicecore.cli.commands import main


@pytest.mark.parametrize("command", ["scan", "embed", "run", "cache"])
def test_a_home_that_can_not_be_made_is_a_sentence(make_data, tmp_path, monkeypatch, capsys, command):
    table = make_data(3).path
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("SLICECORE_HOME", str(tmp_path / "file" / "home"))
    monkeypatch.setattr("streamlit.web.cli.main", lambda *_, **__: pytest.fail("The server was started."))
    monkeypatch.setattr(sys, "argv", ["slicecore", command, *([] if command == "cache" else [str(table)])])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert "Set SLICECORE_HOME to a folder you can write to." in capsys.readouterr().err
