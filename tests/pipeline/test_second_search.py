"""The second search of a large table reads neither the table nor its words anew."""

import numpy as np
import pandas as pd

import slicecore as sc
from slicecore.table import cached_table
from slicecore.text import alignment
from slicecore.text.few_recent import FewRecent


def test_the_second_search_finds_the_same_without_reading_or_aligning(tmp_path, monkeypatch):
    rng = np.random.default_rng(0)
    noisy = rng.random(300) < 0.15
    clips = pd.DataFrame(
        {
            "id": [f"clip {i}" for i in range(300)],
            "reference": ["turn left at the lights"] * 300,
            "prediction": np.where(noisy, "burn left at delights", "turn left at the lights"),
            "device": np.where(noisy, "headset", "phone"),
        }
    )
    clips.to_csv(tmp_path / "clips.csv", index=False)
    np.save(tmp_path / "vectors.npy", (rng.normal(size=(300, 8)) + 6 * noisy[:, None]).astype(np.float32))
    monkeypatch.setattr(cached_table, "LEAST_BYTES", 0)
    monkeypatch.setattr(alignment, "LEAST_CLIPS", 0)

    def answers(folder):
        monkeypatch.setattr(alignment, "_recent", FewRecent(4))
        result = sc.find_slices(
            tmp_path / "clips.csv", model=str(tmp_path / "vectors.npy"), shuffles=99, cache=tmp_path / "cache"
        )
        result.save(tmp_path / folder)
        return {path.name: path.read_bytes() for path in (tmp_path / folder).glob("*.csv")}

    aligned, sizes = alignment._aligned, []
    monkeypatch.setattr(
        alignment,
        "_aligned",
        lambda reference, *rest: sizes.append(len(reference)) or aligned(reference, *rest),
    )
    first = answers("first")
    assert sizes.count(300) == 1
    monkeypatch.setattr(cached_table, "read", None)
    assert answers("second") == first
    assert sizes.count(300) == 1  # phrases of a few clips are aligned by themselves
    assert b"confirmed" in first["slices.csv"]
