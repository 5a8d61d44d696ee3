from dataclasses import replace

import numpy as np
import pandas as pd

import slicecore as sc
from slicecore.explain.causes import Cause
from slicecore.explain.explainer import Explanation
from slicecore.explain.overlaps import sentence_with_overlap
from slicecore.slices.condition import Condition
from slicecore.slices.metadata_slices import MetadataSlice


def test_an_explanation_names_a_pair_but_not_what_its_cause_says_better():
    rng = np.random.default_rng(0)
    accents, devices = (
        rng.choice(["american", "scottish", "irish"], 600),
        rng.choice(["phone", "laptop"], 600),
    )
    bad = (accents == "scottish") & (devices == "phone")
    errors = rng.binomial(10, np.where(bad, 0.6, 0.1))
    texts = pd.DataFrame({"sentence": ["x"] * 600, "prediction": ["x"] * 600})
    data = sc.from_table(texts.assign(accent=accents, device=devices), name="invented")
    hierarchy = sc.build_hierarchy(rng.normal(size=(600, 2)))
    costs = sc.Costs(errors.astype(float), np.full(600, 10.0), name="WER")
    scanner = sc.Scanner(hierarchy, costs, data.ids)
    result = scanner.scan(sc.Options(min_support=10, min_drop=0.05, shuffles=199))
    cluster = scanner.group(np.flatnonzero(bad))
    over_metadata = sc.scan_metadata(result, data)
    none = Explanation((), (), (), None, "No audible cause found.", "rest", 1)
    quiet = replace(none, causes=(Cause("quiet", "Very quiet", "", 1, 0, 0),), sentence="Very quiet.")
    pair = f"100 % of this slice has accent = scottish and device = phone, {bad.sum()} of the {bad.sum()}"
    assert sentence_with_overlap(none, cluster, over_metadata).startswith(f"No audible cause found. {pair}")
    assert sentence_with_overlap(quiet, cluster, over_metadata).startswith(f"Very quiet. {pair}")
    peaks = [MetadataSlice((Condition("peak", "<", -30.0, "Peak", "dBFS"),), cluster)]
    assert "Peak" in sentence_with_overlap(none, cluster, peaks)
    assert sentence_with_overlap(quiet, cluster, peaks) == "Very quiet."
