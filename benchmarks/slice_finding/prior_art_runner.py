"""Runs sliceguard in an environment of its own; started by prior_art.py: `PYTHON prior_art_runner.py IN.npz OUT.json`.

Nothing of this project is imported here: sliceguard 0.0.35 needs older versions of numpy, pandas and h-nne.
"""

import json
import resource
import sys
import time
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
    """Warm up, so that compilation is not in the seconds, then run each data set of the file."""
    source, target = (Path(name) for name in sys.argv[1:])
    rng = np.random.default_rng(0)
    for n in (300, 4200):  # UMAP goes another way above 4096
        run(rng.normal(size=(n, 16)), rng.random(n), np.ones(n), 5, 0.1)
    with np.load(source) as file:
        outcome = []
        for i in range(int(file["count"])):
            begin = time.process_time()
            slices = run(
                *(file[f"{name}_{i}"] for name in ("vectors", "errors", "words")),
                int(file[f"min_support_{i}"]),
                float(file[f"min_drop_{i}"]),
            )
            outcome.append({"slices": slices, "cpu_s": time.process_time() - begin})
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    target.write_text(json.dumps({"outcome": outcome, "peak_gib": peak}))


if __name__ == "__main__":
    main()
