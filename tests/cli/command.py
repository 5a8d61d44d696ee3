"""The command line as the tests call it."""

import sys

import pytest

from slicecore.cli.commands import main

RATE = 16_000


def run(monkeypatch, *arguments):
    monkeypatch.setattr(sys, "argv", ["slicecore", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code or 0
