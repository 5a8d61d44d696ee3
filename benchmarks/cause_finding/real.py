"""Slices that the product finds in a table with planted problems, and groups drawn at random from it."""

import tempfile
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd

from cause_finding.pool import Labelled
from slicecore.explain.causes import Context, build_context, find_causes
from slicecore.explain.claims import Claims
from slicecore.measurements import measure
from slicecore.metrics import wer
from slicecore.pipeline import analyse
from slicecore.slices.scanner import scan
from slicecore.table.dataset import Dataset, read

MIN_SUPPORT, MIN_DROP = 5, 0.1

RIGHT = {
    "hum": "hum",
    "overdriven": "overdriven",
    "quiet": "quiet",
    "loud": "loud",
    "high_frequency_noise": "high_frequency_noise",
    "hf_noise": "high_frequency_noise",
    "sampling_rate": "sampling_rate",
    "slow_rate": "sampling_rate",
    "babble": "background_noise",
    "telephone_band": "narrow_band",
    "phone_band": "narrow_band",
    "accent": "voice",
    "voice_espeak": "voice",
    "voice_kal": "voice",
    "voice_french": "foreign_language",
}
"""The cause that is right for each planted problem."""


class Table:
    """A table with planted problems, analysed by the product with signal vectors."""

    def __init__(self, data: Labelled) -> None:
        self.planted = data.planted
        self.data: Dataset = read(data.path)
        with tempfile.TemporaryDirectory() as folder:
            self.analysis = analyse(self.data, layout=None, cache=Path(folder))
            self.measured = measure(self.data, cache=Path(folder))
        self.context: Context = build_context(
            self.measured,
            list(self.data.reference),
            list(self.data.prediction),
            self.analysis.embeddings.vectors,
        )

    def causes(self, rows: np.ndarray) -> list[str]:
        """Names of the causes of a group."""
        return [cause.name for cause in find_causes(self.context, rows)]

    def slices(self) -> pd.DataFrame:
        """Every flagged slice: what is planted on most of its clips, and the causes given."""
        costs = wer(self.data.reference, self.data.prediction)
        claims_of = Claims(costs, self.context)
        result = scan(
            self.analysis.hierarchy,
            costs,
            min_support=MIN_SUPPORT,
            min_drop=MIN_DROP,
        )
        rows = []
        for slice_ in result.slices:
            problem, count = Counter(self.planted[slice_.members]).most_common(1)[0]
            causes = find_causes(self.context, slice_.members)
            claims = [claims_of.of_cause(cause, slice_.members) for cause in causes]
            names = [cause.name for cause in causes]
            rows.append(
                {
                    "planted": f"{problem or 'nothing'}, {count} of {slice_.support}",
                    "WER": f"{100 * slice_.value:.0f} %",
                    "causes": "; ".join(names) or "none",
                    "evidence of the first": causes[0].evidence if causes else "",
                    "claim": claims[0].text or claims[0].kind if claims else "",
                    "right": (names[0] if names else "") == RIGHT.get(problem, ""),
                }
            )
        return pd.DataFrame(rows)

    def parts(self, draws: int, sizes: tuple[int, ...] = (8, 15, 25)) -> pd.DataFrame:
        """Random parts of every planted group: share whose first cause is right."""
        rows, random = [], np.random.default_rng(0)
        for problem in sorted(set(self.planted) - {""}):
            members = np.flatnonzero(self.planted == problem)
            row: dict[str, object] = {
                "planted": problem,
                "right cause": RIGHT[problem],
                "clips": len(members),
            }
            for size in sizes:
                some = [random.choice(members, min(size, len(members)), replace=False) for _ in range(draws)]
                row[str(size)] = np.mean([self.causes(group)[:1] == [RIGHT[problem]] for group in some])
            rows.append(row)
        return pd.DataFrame(rows)

    def random_groups(self, draws: int, clean: bool) -> Counter[str]:
        """First causes of groups of 8 to 40 clips: of clean ones, or of any."""
        pool = np.flatnonzero(self.planted == "") if clean else np.arange(len(self.planted))
        random = np.random.default_rng(7)
        sizes = random.integers(8, 41, draws)
        return Counter(
            "; ".join(self.causes(random.choice(pool, size, replace=False))) or "none" for size in sizes
        )
