"""Runs a rival in an environment of its own; started by metadata_rivals.py: `PYTHON metadata_rivals_runner.py FOLDER`.

Nothing of this project is imported here.
"""

import contextlib
import io
import itertools
import json
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import pandas as pd

DIFFERENT = 12  # numbers with more different ones than this are cut into tenths
TENTHS = np.arange(0.1, 1, 0.1)


def cut(table: pd.DataFrame) -> pd.DataFrame:
    """The columns as text, numbers cut into tenths."""
    columns = {}
    for name in table.columns:
        column = table[name]
        if pd.api.types.is_numeric_dtype(column) and column.nunique() > DIFFERENT:
            edges = np.unique(np.quantile(column, TENTHS))
            columns[name] = np.char.add("q", np.searchsorted(edges, column, side="right").astype(str))
        else:
            columns[name] = column.astype(str).to_numpy()
    return pd.DataFrame(columns)


def sliceline(columns: pd.DataFrame, errors: np.ndarray, task: dict, alpha: float, k: int) -> list:
    """Conditions of the slices of SliceLine."""
    from sliceline.slicefinder import Slicefinder

    finder = Slicefinder(alpha=alpha, k=k, max_l=task["depth"], min_sup=task["min_support"], verbose=False)
    finder.fit(columns.to_numpy(), errors)
    return [
        {name: value for name, value in zip(columns.columns, values, strict=True) if value is not None}
        for values in finder.top_slices_
    ]


def divexplorer(
    columns: pd.DataFrame, errors: np.ndarray, task: dict, t: float, redundancy: float, top: int
) -> list:
    """Conditions of the itemsets of DivExplorer, the most divergent first."""
    from divexplorer import DivergenceExplorer, DivergencePatternProcessor

    outcome = "boolean_outcomes" if task["binary"] else "quantitative_outcomes"
    explorer = DivergenceExplorer(columns.assign(ERROR=errors))
    patterns = explorer.get_pattern_divergence(
        min_support=task["min_support"] / len(columns), **{outcome: ["ERROR"]}
    )
    patterns = patterns[patterns.length <= task["depth"]].reset_index(drop=True)
    pruned = DivergencePatternProcessor(patterns, "ERROR").redundancy_pruning(th_redundancy=redundancy)
    pruned = pruned[(pruned.ERROR_t >= t) & (pruned.ERROR_div >= task["min_drop"])]
    best = pruned.sort_values("ERROR_div", ascending=False).itemset.head(top)
    return [dict(item.split("=", 1) for item in itemset) for itemset in best]


def pysubgroup(columns: pd.DataFrame, errors: np.ndarray, task: dict, a: float, k: int, beam: int) -> list:
    """Conditions of the subgroups of pysubgroup."""
    import pysubgroup as ps

    data = columns.assign(ERROR=errors)
    space = ps.create_selectors(columns)
    found = ps.BeamSearch(beam_width=beam).execute(
        ps.SubgroupDiscoveryTask(
            data,
            ps.NumericTarget("ERROR"),
            space,
            result_set_size=k,
            depth=task["depth"],
            qf=ps.StandardQFNumeric(a),
            constraints=[ps.MinSupportConstraint(task["min_support"])],
        )
    )
    return [
        {selector.attribute_name: selector.attribute_value for selector in subgroup.selectors}
        for _, subgroup, *_ in found.results
    ]


def meeting(columns: pd.DataFrame, conditions: dict) -> np.ndarray:
    """Mask of the clips that meet all conditions."""
    mask = np.ones(len(columns), dtype=bool)
    for name, value in conditions.items():
        mask &= (columns[name] == value).to_numpy()
    return mask


def main() -> None:
    """Run every table of the folder; the first one twice, so that compilation is not in the seconds."""
    warnings.simplefilter("ignore")
    folder = Path(sys.argv[1])
    wanted = json.loads((folder / "tasks.json").read_text())
    rival = {"sliceline": sliceline, "divexplorer": divexplorer, "pysubgroup": pysubgroup}[wanted["rival"]]
    outcome = []
    for i, task in enumerate(wanted["tasks"]):
        table = pd.read_csv(folder / f"{i}.csv", dtype=None, keep_default_na=False)
        counts, words = table.pop("ERRORS").to_numpy(), table.pop("WORDS").to_numpy()
        overall = counts.sum() / words.sum()
        for _ in range(1 if i else 2):
            begin = time.process_time()
            with contextlib.redirect_stdout(io.StringIO()):
                described = rival(cut(table), counts / words, task, **wanted["settings"])
            seconds = time.process_time() - begin
        columns = cut(table)
        masks = [meeting(columns, conditions) for conditions in described]
        passes = [
            mask.sum() >= task["min_support"]
            and counts[mask].sum() / words[mask].sum() - overall >= task["min_drop"]
            for mask in masks
        ]
        outcome.append(
            {
                "slices": [np.flatnonzero(mask).tolist() for mask in itertools.compress(masks, passes)],
                "conditions": list(itertools.compress(described, passes)),
                "cpu_s": seconds,
            }
        )
    (folder / "outcome.json").write_text(json.dumps(outcome))


if __name__ == "__main__":
    main()
