"""The sample data with what real tables have now and then. Its clips stay where they are: nothing is embedded anew."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import odd_tables
import pandas as pd
import scripts

SAMPLE = Path(__file__).parents[2] / "sample_data"
SLICES = 40
VECTOR = "vector"
"""Column that groups the clips of the table with forty slices."""
BAD_FILES = {0: b"<!doctype html>", 17: None, 104: b"", 289: 3000}
"""Row and what its file is: missing, its content, or how many bytes of it are left."""
NO_AUDIO = "the phone"
"""Words of some clips, of which the worst one's file is no audio."""


def write_all(folder: Path) -> dict[str, Path]:
    """Write a table per state; gives their paths by state."""
    folder.mkdir()
    table = pd.read_csv(SAMPLE / "table.csv", keep_default_na=False)
    table["audio"] = [str(SAMPLE / audio) for audio in table["audio"]]
    problem = pd.read_csv(SAMPLE / "planted.csv")["problem"]
    made = {
        "unreadable": _unreadable(table, folder),
        "no-reference": table.assign(sentence=""),
        "above-100": _repeated(table, problem == "quiet"),
        "all-right": table.assign(prediction=table["sentence"]).drop(columns="prediction_base"),
        "one-slice": table.assign(prediction=table["prediction"].where(problem == "hum", table["sentence"])),
        "long-names": _long_names(table),
        "forty-slices": _forty(table),
    } | {script: scripts.table_of(script, table, problem == "hum") for script in scripts.SENTENCES}
    paths = {state: folder / f"{state}.csv" for state in made}
    paths["long-names"] = folder / f"{odd_tables.LONG}.csv"
    for state, made_table in made.items():
        made_table.to_csv(paths[state], index=False)
    return paths


def _unreadable(table: pd.DataFrame, folder: Path) -> pd.DataFrame:
    audio = table["audio"].copy()
    for row, content in BAD_FILES.items():
        whole = Path(audio[row])
        path = folder / whole.name
        if content is not None:
            path.write_bytes(whole.read_bytes()[:content] if isinstance(content, int) else content)
        audio[row] = path.name
    return table.assign(audio=audio)


def _repeated(table: pd.DataFrame, babbled: pd.Series) -> pd.DataFrame:
    """A model that says some things three times, and the longest of them ten times."""
    times = babbled.map({True: 3, False: 1})
    times[table["sentence"].str.len().where(babbled).idxmax()] = 10
    return table.assign(
        prediction=[" ".join([text] * n) for text, n in zip(table["prediction"], times, strict=True)]
    )


def _long_names(table: pd.DataFrame) -> pd.DataFrame:
    """Names as long as a person can bear, or longer."""
    long = odd_tables.LONG
    table = table.assign(
        id=[f"{name}-{long}" for name in table["id"]], room=[f"{name} {long}" for name in table["room"]]
    )
    return table.rename(columns={"room": f"room_{long}", "prediction": f"prediction_{long}"}).drop(
        columns="prediction_base"
    )


def _forty(table: pd.DataFrame) -> pd.DataFrame:
    """Forty groups by the vectors in a column, each beside one that is right, from bad to worse."""
    rng = np.random.default_rng(0)
    rows = []
    for group, place in enumerate(rng.normal(scale=100, size=(SLICES, 8))):
        wrong = 5 + group % 5
        for i in range(wrong + 14):
            row = dict(table.iloc[len(rows) % len(table)])
            words = row["sentence"].split()
            share = 0.75 + 0.25 * group / SLICES if i < wrong else 0
            count = round(share * len(words))
            vector = place + 5 * (i < wrong) + rng.normal(scale=0.1, size=8)
            prediction = " ".join(["so", *words[count:]] if count else words)
            rows.append(
                row
                | {"id": f"clip-{len(rows)}", "prediction": prediction, VECTOR: str(vector.round(2).tolist())}
            )
    return pd.DataFrame(rows).drop(columns="prediction_base")
