"""Table of the tests of the command line."""

import numpy as np
import pandas as pd
import pytest
import soundfile
from command import RATE


@pytest.fixture
def table(tmp_path, monkeypatch):
    """Forty clips of noise; the last ten are hum and badly recognised. One file is missing."""
    monkeypatch.setenv("SLICECORE_HOME", str(tmp_path / "home"))
    rng = np.random.default_rng(1)
    seconds = np.arange(RATE) / RATE
    for i in range(40):
        samples = 0.05 * rng.normal(size=RATE) * (1 + 0.3 * np.sin(2 * np.pi * (2 + i % 5) * seconds))
        if i >= 30:
            samples = 0.01 * samples + 0.5 * np.sin(2 * np.pi * 50 * seconds)
        soundfile.write(tmp_path / f"{i}.wav", samples, RATE)
    (tmp_path / "7.wav").unlink()
    frame = pd.DataFrame(
        {
            "id": [f"c{i}" for i in range(40)],
            "audio": [f"{i}.wav" for i in range(40)],
            "sentence": ["one two three four"] * 40,
            "prediction": ["one two three four"] * 30 + ["won too"] * 10,
            "room": ["a", "b"] * 20,
        }
    )
    frame.to_csv(tmp_path / "clips.csv", index=False)
    return tmp_path / "clips.csv"
