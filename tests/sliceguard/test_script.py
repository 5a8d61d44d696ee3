"""A script of sliceguard's users as a process of its own: its page opens, and Ctrl-C lets the script go on."""

import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def test_a_script_runs_to_its_end_when_the_page_is_stopped(sample, tmp_path):
    """The example as published, imports aside; the report waits as Spotlight does in a script."""
    sample.reset_index().to_json(tmp_path / "dataset.json", orient="records")
    script = tmp_path / "script.py"
    script.write_text(
        """
import pandas as pd
import numpy as np
from jiwer import wer
from slicecore.sliceguard import Audio, SliceGuard

df = pd.read_json("dataset.json")

def wer_metric(y_true, y_pred):
    return np.mean([wer(s_y, s_pred) for s_y, s_pred in zip(y_true, y_pred)])

sg = SliceGuard()
issue_df = sg.find_issues(
        df,
        ["audio"],
        "sentence",
        "prediction",
        wer_metric,
        metric_mode="min",
        embedding_models={"audio": "signal"},
        min_support=5,
        min_drop=0.2,
    )
sg.report(spotlight_dtype={"audio": Audio})
print("stopped", sg.page.running, len(issue_df))
"""
    )
    process = subprocess.Popen(
        [sys.executable, "-u", str(script)],
        cwd=tmp_path,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "app"))),
            "STREAMLIT_SERVER_HEADLESS": "true",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    lines = []
    try:
        for line in process.stdout:
            lines.append(line)
            if address := re.search(r"The page is at http://localhost:(\d+)", line):
                break
        health = f"http://127.0.0.1:{address[1]}/_stcore/health"
        with urllib.request.urlopen(health, timeout=60) as answer:
            assert answer.status == 200
        os.killpg(process.pid, signal.SIGINT)  # Ctrl-C in a terminal: to the script and to the page
        lines += process.communicate(timeout=60)[0].splitlines()
    finally:
        process.kill()
    assert process.returncode == 0, lines
    assert any(line.startswith("stopped False 7") for line in lines), lines
    assert not any("Traceback" in line for line in lines), "".join(lines)
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(health, timeout=2)
