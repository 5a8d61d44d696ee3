"""The same slices from every format of one data set, some with predictions in a file of their own."""

import json

import numpy as np
import pandas as pd
import pyarrow as pa
import soundfile
from little_table import json_lines
from pyarrow import parquet

from slicecore.pipeline import find_slices
from slicecore.table.readers.registry import format_of

RATE = 16_000


def clips(folder):
    """Sixteen clips; the last six are tones and not recognised."""
    random = np.random.default_rng(0)
    rows = []
    for row in range(16):
        samples = random.normal(0, 0.05, RATE // 4)
        if row >= 10:
            samples = samples / 20 + 0.4 * np.sin(np.arange(RATE // 4) * (0.2 + row / 500))
        soundfile.write(folder / f"{row}.wav", samples, RATE, "PCM_16")
        text = f"good day number {row}"
        rows.append(
            {"id": f"c{row}", "audio": f"{row}.wav", "text": text, "pred": text if row < 10 else "no"}
        )
    return pd.DataFrame(rows)


def tables(folder, frame):
    """A table and perhaps a file of predictions per format; audio paths are absolute."""
    frame = frame.assign(audio=[str(folder / name) for name in frame.audio])
    reference = frame.drop(columns="pred")
    hypotheses = folder / "large.trn"
    hypotheses.write_text("".join(f"{row.pred} ({row.id})\n" for row in frame.itertuples()))
    frame.to_csv(folder / "t.csv", index=False)
    yield folder / "t.csv", None
    (folder / "t.json").write_text(json.dumps(frame.to_dict("records")))
    yield folder / "t.json", None
    names = {"audio": "audio_filepath", "pred": "pred_text"}
    (folder / "m.jsonl").write_text(json_lines(frame.rename(columns=names).to_dict("records")))
    yield folder / "m.jsonl", None
    sounds = [
        {"bytes": (folder / f"{row}.wav").read_bytes(), "path": name} for row, name in enumerate(frame.audio)
    ]
    table = pa.Table.from_pandas(frame.drop(columns="audio")).append_column("audio", pa.array(sounds))
    parquet.write_table(table, folder / "t.parquet")
    yield folder / "t.parquet", None
    yield table, None
    yield frame, None
    yield reference, [hypotheses]
    kaldi = folder / "kaldi"
    kaldi.mkdir()
    (kaldi / "text").write_text("".join(f"{row.id} {row.text}\n" for row in frame.itertuples()))
    (kaldi / "wav.scp").write_text("".join(f"{row.id} {row.audio}\n" for row in frame.itertuples()))
    yield kaldi, [hypotheses]
    cuts = [
        {
            "id": row.id,
            "type": "MonoCut",
            "start": 0,
            "duration": 0.25,
            "supervisions": [{"start": 0, "text": row.text}],
            "recording": {"sources": [{"type": "file", "source": row.audio}], "duration": 0.25},
        }
        for row in frame.itertuples()
    ]
    (folder / "cuts.jsonl").write_text(json_lines(cuts))
    yield folder / "cuts.jsonl", {"large": folder / "t.csv"}
    (folder / "audio").mkdir()
    reference.rename(columns={"audio": "file_name"}).to_parquet(folder / "audio" / "metadata.parquet")
    yield folder / "audio", [hypotheses]


def test_every_format_leads_to_the_same_slices(tmp_path, cache):
    slices = {}
    for table, predictions in tables(tmp_path, clips(tmp_path)):
        result = find_slices(
            table,
            predictions=predictions,
            cache=cache,
            explain=False,
            min_support=3,
            min_drop=0.2,
            shuffles=0,
        )
        kind = format_of(table).name if not hasattr(table, "columns") else type(table)
        slices[kind] = [(slice_.id, sorted(result.data.ids[slice_.members])) for slice_ in result.slices]
    assert {
        "csv",
        "json",
        "nemo",
        "parquet",
        "kaldi",
        "lhotse",
        "audiofolder",
        pa.Table,
        pd.DataFrame,
    } == set(slices)
    assert slices["csv"]
    assert all(found == slices["csv"] for found in slices.values())
