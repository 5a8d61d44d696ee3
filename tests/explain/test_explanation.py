import numpy as np
import pandas as pd
import pytest

import slicecore as sc
from slicecore.errors import SlicecoreError
from slicecore.explain.causes import Cause
from slicecore.explain.effects import Effects
from slicecore.explain.error_kinds import ErrorKinds
from slicecore.explain.sentences import sentence
from slicecore.measurements import CATALOGUE, Measurements
from slicecore.wording import percent

N = 300


@pytest.fixture(scope="module")
def explainer():
    """300 clips; 0-29 are quiet and lose their words, 30-59 are Scottish, 60-89 are nothing in particular."""
    rng = np.random.default_rng(0)
    references = [f"number {i} turn the lamp on" for i in range(N)]
    predictions = [f"number {i}" if i < 30 else text for i, text in enumerate(references)]
    predictions[60:120] = ["number turn the lamp of" for _ in range(60)]
    accent = ["american"] * N
    accent[30:56] = ["scottish"] * 26
    accent[200:202] = ["scottish"] * 2
    data = sc.from_table(
        pd.DataFrame({"sentence": references, "prediction": predictions, "accent": accent}), name="invented"
    )
    columns = {name: rng.normal(size=N) for name in ("pitch", "centroid", "duration")}
    columns["peak"] = rng.normal(-4, 1, N)
    columns["peak"][:30] -= 45
    table = pd.DataFrame(columns).reindex(columns=list(CATALOGUE)).astype(float)
    vectors = np.repeat(np.arange(10.0), 30)[:, None] * [1.0, 0.3] + rng.normal(0, 0.05, (N, 2))
    return sc.Explainer(
        data,
        Measurements(table, np.zeros((N, 60), np.float32), np.full(N, "", object)),
        sc.metrics.wer(data.reference, data.prediction),
        vectors=vectors,
        hierarchy=sc.build_hierarchy(vectors),
    )


def test_a_slice_is_explained_with_both_numbers(explainer):
    why = explainer.explain(np.arange(30))
    assert why.effects[0].name == "peak"
    assert (why.against, why.others) == ("rest", 270)
    assert "eak −" in why.sentence
    assert (
        "vs. −4.0 dBFS, lower than the rest in 100 % of comparisons (AUC 1.00)" in why.sentence or why.causes
    )
    assert "100 % of the errors are deletions (rest: 50 %)" in why.sentence


def test_the_effect_of_the_cause_is_drawn_first(explainer):
    explanation = explainer.explain(range(30))
    cause = explanation.cause.measurement
    assert cause in {effect.name for effect in explanation.effects}
    assert explanation.plotted[0].name == cause
    assert sorted(map(repr, explanation.plotted)) == sorted(map(repr, explanation.effects))


def test_metadata_that_a_slice_mostly_is(explainer):
    why = explainer.explain(np.arange(30, 60))
    assert why.metadata[0].value == "scottish"
    assert ("87 % of this slice has accent = scottish (rest: 1 %), 26 of the 28 such clips") in why.sentence


def test_without_a_cause_the_largest_difference_is_named(explainer):
    why = explainer.explain(np.arange(90, 120))
    assert why.causes == ()
    assert why.effects == ()
    assert why.sentence.startswith("No audible cause found; largest difference: ")
    assert f"in {percent(why.largest.pairs)} of comparisons" in why.sentence


def test_clips_that_are_not_worse_need_no_cause(explainer):
    measured = _measured(explainer)
    measured.table.loc[120:150, "peak"] = -50.0  # as quiet as the bad ones, and recognised
    why = sc.Explainer(explainer.data, measured, explainer.costs).explain(np.arange(120, 150))
    assert why.causes == ()
    assert why.title == ""
    assert why.effects[0].name == "peak"
    assert why.effects[0].claim is None
    assert why.sentence.startswith("Not worse than the whole; what differs most: peak")


def test_siblings_are_the_clusters_around(explainer):
    costs = explainer.costs
    data = explainer.data
    places = np.repeat(np.arange(10.0), 30)[:, None] + np.linspace(0, 0.1, N)[:, None]
    hierarchy = sc.build_hierarchy(places)
    result = sc.scan(hierarchy, costs, ids=data.ids, min_support=20, shuffles=0)
    of_places = sc.Explainer(data, _measured(explainer), costs, hierarchy=hierarchy)
    for flagged in result.slices:
        siblings = of_places.siblings(flagged)
        assert len(siblings) >= 10
        assert not np.isin(siblings, flagged.members).any()
        why = of_places.explain(flagged, against="siblings")
        assert why.others == len(siblings)
        assert "than the clusters around it" in why.sentence or why.causes


def _measured(explainer):
    table = pd.DataFrame({name: explainer.contrasts.value(name) for name in ("peak", "pitch")})
    return Measurements(
        table.reindex(columns=list(CATALOGUE)).astype(float),
        np.zeros((N, 60), np.float32),
        np.full(N, "", object),
    )


def test_a_group_of_clips_has_no_siblings(explainer):
    with pytest.raises(SlicecoreError, match="Only a slice of a scan has siblings"):
        explainer.explain([1, 2, 3], against="siblings")
    with pytest.raises(SlicecoreError, match="Unknown comparison"):
        explainer.explain([1, 2, 3], against="others")


def test_other_clips_are_an_error(explainer):
    with pytest.raises(SlicecoreError, match="The table has 300 clips, but the costs cover 2"):
        sc.Explainer(explainer.data, _measured(explainer), sc.metrics.wer(["a", "b"], ["a", "b"]))


def test_words_and_histogram_of_a_slice(explainer):
    assert explainer.words_of(np.arange(30)).deletions == 120
    histogram = explainer.histogram("peak", np.arange(30))
    assert histogram.inside.sum() == 30
    assert histogram.outside.sum() == 270


def test_labels_have_no_kinds_of_errors(explainer):
    data = explainer.data
    costs = sc.metrics.error_rate(data.reference, data.prediction)
    why = sc.Explainer(data, _measured(explainer), costs).explain(np.arange(30))
    assert "deletions" not in why.sentence


@pytest.mark.parametrize("name", ["WER", "Accuracy", "MAE"])
def test_the_name_of_a_metric_decides_nothing(explainer, name):
    data = explainer.data
    measured = _measured(explainer)
    measured.table["words"] = np.arange(N) < 30  # counted in the texts
    score = sc.metrics.mean_of([float(i < 30) for i in range(N)], name)
    why = sc.Explainer(data, measured, score).explain(np.arange(30))
    assert "deletions" not in why.sentence
    assert "words" in {effect.name for effect in why.effects}


def test_two_causes_are_two_sentences():
    causes = [
        Cause("quiet", "Very quiet", "Peak −49 dBFS vs. −4 dBFS in the rest", 1, 0, 0),
        Cause("hum", "Mains hum", "Hum 20 dB vs. 2 dB in the rest.", 0.5, 0, 1),
    ]
    errors = ErrorKinds(np.array([2.0, 8, 2]), np.array([8.0, 1, 1]))
    assert sentence(causes, Effects((), (), None), errors) == (
        "Very quiet: peak −49 dBFS vs. −4 dBFS in the rest; "
        "67 % of the errors are deletions (rest: 10 %). "
        "Also mains hum: hum 20 dB vs. 2 dB in the rest."
    )
