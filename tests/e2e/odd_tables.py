"""Small tables with what real ones have now and then: files that are no audio, endless names, nothing said, babble."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import soundfile

RATE = 16_000
LONG = "recorded_on_the_third_floor_of_the_old_building_with_the_window_open_and_the_fan_running"


def write(
    folder: Path, *, groups: int = 1, size: int = 10, good: int = 30, name: str = LONG, **texts: str
) -> Path:
    """A table of clips of noise, and of `groups` times `size` clips with a tone that the model gets wrong.

    `name`: of clips and of a column. `texts`: `said` and `heard` of the bad clips, `good_heard` of the good ones.
    """
    folder.mkdir(parents=True)
    rng = np.random.default_rng(0)
    time = np.arange(RATE // 4) / RATE
    rows = []
    for i in range(good + groups * size):
        group = (i - good) // size if i >= good else -1
        sound = 0.03 * rng.normal(size=len(time))
        if group >= 0:
            sound = sound / 10 + 0.3 * np.sin(2 * np.pi * 120 * 2 ** (group / 7) * time)
        soundfile.write(folder / f"{name}-{i}.wav", sound, RATE)
        said = "good morning to you"
        heard = texts.get("good_heard", said)
        if group >= 0:
            said, heard = texts.get("said", said), texts.get("heard", "so long")
        rows.append(
            {
                "id": f"{name}-{i}",
                "audio": f"{name}-{i}.wav",
                "sentence": said,
                "prediction": heard,
                name: f"{name} {group}",
            }
        )
    pd.DataFrame(rows).to_csv(folder / "table.csv", index=False)
    return folder / "table.csv"


def spoil(table: Path, rows: tuple[int, ...]) -> None:
    """Put something into the files of some rows that is no audio."""
    for row in rows:
        (table.parent / f"{LONG}-{row}.wav").write_text("<!doctype html>")
