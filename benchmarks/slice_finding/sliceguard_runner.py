r"""sliceguard 0.0.35 on a data folder, in an environment of its own.

    sliceguard-env/bin/python sliceguard_runner.py DATA OUT.csv [SET ...]

    python3.11 -m venv sliceguard-env
    sliceguard-env/bin/pip install sliceguard==0.0.35 "hnne<2" "numpy<2" "pandas<2.3" "umap-learn<0.5.7" \
        "scikit-learn<1.6" "datasets<3" "pyarrow<19" "setuptools<81"

Its requirements have no upper bounds, and the newest versions of them do not work together. Nothing of this project is
imported here, so it is also an example of a method of one's own. SET are patterns such as `blobs-hard-1000-WER-*`, the
names of the sets to try.
"""

import csv
import sys
import time
from fnmatch import fnmatch
from pathlib import Path

import numpy as np
import pandas as pd
from sliceguard import SliceGuard


def rate(errors: pd.Series, words: pd.Series) -> float:
    """Pooled: sums before the ratio."""
    return float(np.sum(errors) / np.sum(words))


def run(
    vectors: np.ndarray, errors: np.ndarray, words: np.ndarray, min_support: int, min_drop: float
) -> list:
    """Rows of every issue, as sliceguard finds them with its own defaults."""
    table = pd.DataFrame(
        {"clip": [str(row) for row in range(len(vectors))], "errors": errors, "words": words}
    )
    issues = SliceGuard().find_issues(
        table,
        ["clip"],
        "errors",
        "words",
        rate,
        min_support=min_support,
        min_drop=min_drop,
        metric_mode="min",
        feature_types={"clip": "raw"},
        precomputed_embeddings={"clip": vectors},
    )
    return [sorted(int(row) for row in issue["rows"]) for issue in issues]


def main() -> None:
    """Warm up, so that compilation is not in the seconds, then run each data set."""
    folder, target, *patterns = sys.argv[1:]
    data = Path(folder)
    rng = np.random.default_rng(0)
    for n in (300, 4200):  # UMAP goes another way above 4096
        run(rng.normal(size=(n, 16)), rng.random(n), np.ones(n), 5, 0.1)
    seconds_file = Path(target).with_suffix(".seconds.txt")
    with (
        (data / "manifest.csv").open() as manifest,
        open(target, "w") as out,
        seconds_file.open("w") as times,
    ):
        out.write("set,slice,row\n")
        times.write("set,seconds\n")
        for entry in csv.DictReader(manifest):
            if patterns and not any(fnmatch(entry["set"], pattern) for pattern in patterns):
                continue
            clips = pd.read_csv(data / entry["clips"])
            vectors = np.load(data / entry["vectors"])
            begin = time.process_time()
            slices = run(
                vectors,
                clips["errors"].to_numpy(),
                clips["words"].to_numpy(),
                int(entry["min_support"]),
                float(entry["min_drop"]),
            )
            times.write(f"{entry['set']},{time.process_time() - begin:.3f}\n")
            lines = [f"{entry['set']},{i},{row}\n" for i, rows in enumerate(slices) for row in rows]
            out.writelines(lines or [f"{entry['set']},,\n"])
            out.flush()


if __name__ == "__main__":
    main()
