"""The table of the tests of pages without a browser, and what a page would find in it, found before."""

import numpy as np
import pandas as pd
import pytest
import soundfile

import slicecore as sc
from slicecore.embedding import SUGGESTED
from slicecore.measurements import measure
from slicecore.pipeline import analyse
from slicecore.storage.verdicts import verdicts_of
from slicecore.table.dataset import read

RATE = 16_000


def write(folder):
    """Write thirty clips and their table into a new folder, as `calls.csv`."""
    folder.mkdir()
    rng = np.random.default_rng(0)
    time = np.arange(RATE) / RATE
    for i in range(30):
        noise = 0.03 * rng.normal(size=RATE)
        soundfile.write(
            folder / f"{i}.wav", noise if i < 22 else noise / 10 + 0.4 * np.sin(314.16 * time), RATE
        )
    (folder / "3.wav").write_text("<!doctype html>")
    pd.DataFrame(
        {
            "audio": [f"{i}.wav" for i in range(30)],
            "sentence": ["good morning to you"] * 30,
            "prediction": ["good morning to you"] * 22 + ["so long"] * 8,
            "prediction_large": ["good morning to you"] * 29 + ["so long"],
        }
    ).to_csv(folder / "calls.csv", index=False)


def search(folder):
    """Embed, measure and search the clips of a folder's `calls`, for the cache in its `home`; make its database."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SLICECORE_HOME", str(folder / "home"))
        data = read(folder / "calls" / "calls.csv")
        analyse(data, SUGGESTED[0].model)
        measure(data)
        sc.find_slices(data, model=SUGGESTED[0].model)  # what the page would test at the usual thresholds
        verdicts_of(data.path).newest()  # makes the database, which takes longer than to copy one
        verdicts_of(data.path).database.close()
