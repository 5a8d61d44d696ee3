"""One little table of clips, written in every format; the sound of a clip tells which it is."""

import json

import numpy as np
import pandas as pd
import soundfile

RATE = 16000
ROWS = [
    {
        "id": f"anna-{row}" if row % 2 else f"bob-{row}",
        "audio": f"{row}.wav",
        "text": f"Good day number {row}, “friend”",
        "pred_text": "good day" if row % 3 else f"good day number {row} friend",
        "speaker": "anna" if row % 2 else "bob",
        "snr": row + 0.5,
    }
    for row in range(6)
]
REFERENCES = [row["text"] for row in ROWS]
PREDICTIONS = [row["pred_text"] for row in ROWS]


def frame():
    return pd.DataFrame(ROWS)


def write_sounds(folder, ending="wav"):
    """Write the recordings: row r has r + 1 tenths of a second."""
    for row in range(len(ROWS)):
        soundfile.write(folder / f"{row}.{ending}", sound(row), RATE)


def sound(row):
    return np.random.default_rng(row).normal(0, 0.05, (row + 1) * RATE // 10)


def seconds(clip):
    from slicecore.audio.decoding import info

    return round(info(clip.path, start=clip.start, end=clip.end).duration, 6)


def json_lines(rows):
    return "".join(json.dumps(row) + "\n" for row in rows)
