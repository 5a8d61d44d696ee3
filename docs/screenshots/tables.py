"""The sample data with what real tables have now and then. Its clips stay where they are: nothing is embedded anew."""

from __future__ import annotations

from pathlib import Path

import odd_tables
import pandas as pd

SAMPLE = Path(__file__).parents[2] / "sample_data"
BAD_FILES = {17: None, 104: b"", 211: b"<!doctype html>", 289: 3000}
"""Row and what its file is: missing, its content, or how many bytes of it are left."""
NO_AUDIO = "utt-0212"
"""The clip whose file is no audio."""


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
    }
    paths = {state: folder / f"{state}.csv" for state in made}
    paths["long-names"] = folder / f"{odd_tables.LONG}.csv"
    for state, one in made.items():
        one.to_csv(paths[state], index=False)
    return paths | {"forty-slices": _forty(table, folder)}


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
    """Where names are as long as a person can bear, or longer."""
    long = odd_tables.LONG
    table = table.assign(
        id=[f"{one}-{long}" for one in table["id"]], room=[f"{one} {long}" for one in table["room"]]
    )
    return table.rename(columns={"room": f"room_{long}", "prediction": f"prediction_{long}"}).drop(
        columns="prediction_base"
    )


def _forty(table: pd.DataFrame, folder: Path) -> Path:
    """Forty groups of tones, which the model gets wrong more and more often."""
    size, good = 8, 500
    path = odd_tables.write(folder / "forty slices", groups=40, size=size, good=good, name="clip")
    made = pd.read_csv(path)
    said = [table["sentence"][i % len(table)] for i in range(len(made))]
    heard = list(said)
    for i in range(good, len(made)):
        words = said[i].split()
        wrong = 2 + ((i - good) // size) % max(1, len(words) - 2)
        heard[i] = " ".join(
            ["so", "long", "then", "and", "now"][k % 5] if k < wrong else word for k, word in enumerate(words)
        )
    made.assign(sentence=said, prediction=heard).to_csv(path, index=False)
    return path
