"""The calls of sliceguard on this engine. The scripts are those that its users have."""

import functools
import inspect
import warnings
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from jiwer import wer
from sklearn.metrics import accuracy_score

import slicecore as sc
from slicecore import metrics
from slicecore.errors import SlicecoreError, StorageError
from slicecore.sliceguard import SliceGuard

SAMPLE = Path(__file__).parents[2] / "sample_data"
FIELDS = {"id", "level", "indices", "rows", "metric", "drop", "support", "explanation"}


@functools.cache
def wer_of(references, predictions):
    return wer(references, predictions)


def wer_metric(y_true, y_pred):
    return np.mean([wer_of(s_y, s_pred) for s_y, s_pred in zip(y_true, y_pred, strict=True)])


@pytest.fixture(scope="module")
def planted():
    return pd.read_csv(SAMPLE / "planted.csv", keep_default_na=False)["problem"].to_numpy()


@pytest.fixture(scope="module")
def first(sample):
    guard = SliceGuard()
    issues = guard.find_issues(
        sample,
        ["audio"],
        "sentence",
        "prediction",
        wer_metric,
        metric_mode="min",
        embedding_models={"audio": "signal"},
        min_support=5,
        min_drop=0.2,
    )
    return guard, issues


def made_up(n=120):
    """Rows of two categories and a number; the model is wrong where the category is "b" and the number is high."""
    rng = np.random.default_rng(0)
    df = pd.DataFrame(
        {
            "kind": rng.choice(["a", "b"], n),
            "size": np.where(rng.random(n) < 0.5, rng.uniform(0, 1, n), rng.uniform(9, 10, n)),
            "y": rng.integers(0, 3, n),
        }
    )
    bad = ((df["kind"] == "b") & (df["size"] > 5)).to_numpy()
    df["predicted"] = np.where(bad, (df["y"] + 1) % 3, df["y"])
    return df, bad


def test_the_published_call_finds_what_is_planted(first, sample, planted):
    guard, issues = first
    assert all(set(issue) >= FIELDS for issue in issues)
    harmful = {"hum", "overdriven", "quiet", "high_frequency_noise", "sampling_rate", "babble", "accent"}
    names = {tuple(np.unique(planted[issue["rows"]])) for issue in issues}
    assert {(name,) for name in harmful - {"accent"}} <= names
    for issue in issues:
        rows = issue["rows"]
        references, predictions = sample["sentence"].iloc[rows], sample["prediction"].iloc[rows]
        assert issue["metric"] == pytest.approx(wer_metric(references, predictions))
        assert issue["drop"] == pytest.approx(
            issue["metric"] - wer_metric(sample["sentence"], sample["prediction"])
        )
        assert issue["support"] == len(rows) >= 5 and issue["drop"] >= 0.2
        assert list(issue["indices"]) == list(sample.index[rows])
        assert issue["explanation"][0] == {"column": "audio", "importance": 1.0}
    assert guard.embeddings["audio"].shape[0] == len(sample)


def test_the_second_published_call_takes_the_vectors_of_the_first(first, sample, monkeypatch):
    guard, _ = first
    monkeypatch.setattr("slicecore.embedding.embed", lambda *_: pytest.fail("embedded again"))
    issues = SliceGuard().find_issues(
        sample,
        ["audio"],
        "sentence",
        "prediction",
        wer_metric,
        metric_mode="min",
        min_support=1,
        min_drop=0.5,
        precomputed_embeddings=guard.embeddings,
    )
    assert issues
    assert all(issue["drop"] >= 0.5 for issue in issues)
    rows = np.concatenate([issue["rows"] for issue in issues])
    assert len(np.unique(rows)) == len(rows)


def test_slices_are_those_of_the_engine(first, sample):
    guard, issues = first
    costs = metrics.custom(wer_metric, sample["sentence"].tolist(), sample["prediction"].tolist())
    scan = sc.scan(sc.build_hierarchy(guard.embeddings["audio"]), costs, min_support=5, min_drop=0.2)
    assert [issue["rows"].tolist() for issue in issues] == [value.members.tolist() for value in scan.slices]
    assert [issue["tier"] for issue in issues] == [value.tier for value in scan.slices]


@pytest.mark.parametrize(
    ("metric", "mode"),
    [(accuracy_score, "max"), (lambda y, p: np.mean(y == p), None), (lambda y, p: np.mean(y != p), "min")],
)
def test_metadata_columns_are_features_and_metrics_get_arrays(home, metric, mode):
    df, bad = made_up()
    issues = SliceGuard().find_issues(
        df, ["kind", "size"], "y", "predicted", metric, metric_mode=mode, min_support=10
    )
    assert issues[0]["rows"].tolist() == np.flatnonzero(bad).tolist()
    parts = {part["column"]: part for part in issues[0]["explanation"]}
    assert parts["kind"]["mode"] == "b"
    assert parts["size"]["minimum"] >= 9
    assert sum(part["importance"] for part in parts.values()) == pytest.approx(1)


def test_a_single_category_is_a_slice_as_it_is(sample):
    issues = SliceGuard().find_issues(
        sample, ["speaker"], "sentence", "prediction", wer, metric_mode="min", min_support=15, min_drop=0.2
    )
    (issue,) = issues
    assert set(sample["speaker"].iloc[issue["rows"]]) == {"s14"}
    assert issue["support"] == (sample["speaker"] == "s14").sum()
    references, predictions = (
        sample[name].iloc[issue["rows"]].tolist() for name in ("sentence", "prediction")
    )
    assert issue["metric"] == pytest.approx(wer(references, predictions))  # over the group, not a mean


def test_ordinal_text_and_vector_columns(home):
    df, bad = made_up()
    df["age"] = np.where(bad, "fifties", np.where(df["size"] > 5, "teens", "twenties"))
    df["words"] = [
        f"the invoice number {i}" if value else f"a nice walk by the sea {i}" for i, value in enumerate(bad)
    ]
    df["vector"] = [[10.0, i % 3] if value else [0.0, i % 3] for i, value in enumerate(bad)]
    for features, options in (
        (
            ["age"],
            {
                "feature_types": {"age": "ordinal"},
                "feature_orders": {"age": ["teens", "twenties", "thirties", "fourties", "fifties"]},
            },
        ),
        (["words"], {}),
        (["vector"], {}),
        (["more"], {"precomputed_embeddings": {"more": np.array(df["vector"].tolist())}}),
    ):
        guard = SliceGuard()
        issues = guard.find_issues(
            df, features, "y", "predicted", accuracy_score, min_support=5, min_drop=0.3, **options
        )
        assert [issue["rows"].tolist() for issue in issues] == [np.flatnonzero(bad).tolist()], features
    ordered = df.assign(
        age=pd.Categorical(df["age"], ordered=True, categories=["teens", "twenties", "fifties"])
    )
    issues = SliceGuard().find_issues(ordered, ["age"], "y", "predicted", accuracy_score, min_drop=0.3)
    assert issues[0]["rows"].tolist() == np.flatnonzero(bad).tolist()


def test_a_weight_lets_one_column_decide(home):
    df, _ = made_up()
    issues = {
        weight: SliceGuard().find_issues(
            df,
            ["kind", "size"],
            "y",
            "predicted",
            accuracy_score,
            min_drop=0.2,
            precomputed_embeddings={"size": df[["size"]].to_numpy()},
            embedding_weights={"size": weight},
        )
        for weight in (0.0, 1.0)
    }
    assert set(df["size"].iloc[issues[1.0][0]["rows"]] > 5) == {True}
    assert issues[0.0][0]["support"] == (df["kind"] == "b").sum()


def test_n_slices_and_criterion_choose_and_order(home):
    shares = {"a": (60, 0.0), "b": (10, 0.9), "c": (40, 0.5), "d": (20, 0.7), "e": (70, 0.0)}
    df = pd.DataFrame(
        [
            {"kind": kind, "y": 1, "predicted": int(i >= wrong * rows)}
            for kind, (rows, wrong) in shares.items()
            for i in range(rows)
        ]
    )

    def scan(**options):
        issues = SliceGuard().find_issues(df, ["kind"], "y", "predicted", accuracy_score, **options)
        assert [issue["id"] for issue in issues] == list(range(len(issues)))
        return "".join(df["kind"].iloc[issue["rows"][0]] for issue in issues)

    assert scan(n_slices=2) == "bd"
    assert scan(criterion="support", min_drop=0.2) == "cdb"
    assert scan(criterion="drop*support", n_slices=3) == "cdb"
    assert scan() == "bdc"


def test_a_slice_of_few_bad_rows_among_good_ones_is_left_out_on_request(home):
    rng = np.random.default_rng(0)
    df = pd.DataFrame({"kind": ["a"] * 100 + ["b"] * 20, "error": rng.uniform(0, 0.2, 120), "predicted": 0})
    df.loc[112:, "error"] = 5.0
    options = {
        "features": ["kind"],
        "y": "error",
        "y_pred": "predicted",
        "metric": lambda y, _: np.mean(y),
        "metric_mode": "min",
        "min_drop": 1.0,
    }
    assert len(SliceGuard().find_issues(df, **options)) == 1
    assert SliceGuard().find_issues(df, remove_outliers=True, **options) == []


def test_every_argument_of_sliceguard_is_taken():
    # The signatures of sliceguard 0.0.35, after self.
    wanted = {
        "find_issues": """
            data features y y_pred metric min_support min_drop n_slices criterion metric_mode drop_reference
            remove_outliers feature_types feature_orders disable_scaling precomputed_embeddings embedding_models
            embedding_weights hf_auth_token hf_num_proc hf_batch_size automl_task automl_split_key automl_train_split
            automl_time_budget automl_use_full_embeddings automl_hf_model automl_hf_model_architecture
            automl_hf_model_output_dir automl_hf_model_epochs""",
        "report": "spotlight_dtype issue_portion non_issue_portion host port no_browser",
    }
    for name, arguments in wanted.items():
        ours = list(inspect.signature(getattr(SliceGuard, name)).parameters)[1:]
        assert ours[: len(arguments.split())] == arguments.split()


@pytest.mark.parametrize(
    ("argument", "reason"),
    [
        ({"hf_batch_size": 8}, "batches"),
        ({"automl_time_budget": 60.0}, "trains no model"),
        ({"drop_reference": "parent"}, "level that describes it best"),
        ({"embedding_models": {"kind": "some/model"}}, "columns of audio files"),
    ],
)
def test_arguments_without_meaning_warn_with_a_reason(home, argument, reason):
    df, _ = made_up()
    with pytest.warns(UserWarning, match=reason) as caught:
        SliceGuard().find_issues(df, ["kind"], "y", "predicted", accuracy_score, **argument)
    assert caught[0].filename == __file__
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        SliceGuard().find_issues(df, ["kind"], "y", "predicted", accuracy_score, hf_batch_size=1)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"features": ["kidn"]}, "no column “kidn”"),
        ({"features": []}, "at least one column"),
        ({"y": "why"}, "no column “why”"),
        ({"y_pred": None}, "needs y, y_pred and metric"),
        ({"metric": lambda y, p: 1 / 0}, "fails on row 2"),
        ({"metric_mode": "best"}, "“min” or “max”"),
        ({"criterion": "size"}, "one of drop, support"),
        ({"feature_types": {"kind": "image"}}, "“image” for kind"),
        ({"feature_types": {"kind": "numerical"}}, "column “kind”: “"),
        ({"feature_types": {"kind": "ordinal"}}, "in which order"),
        ({"feature_types": {"kind": "ordinal"}, "feature_orders": {"kind": ["a"]}}, "lacks “b”"),
        ({"precomputed_embeddings": {"kind": np.ones((3, 2))}}, r"the shape \(3, 2\)"),
    ],
)
def test_senseless_arguments_are_a_sentence(home, change, sentence):
    df, _ = made_up()
    arguments = {"features": ["kind"], "y": "y", "y_pred": "predicted", "metric": accuracy_score} | change
    with pytest.raises(SlicecoreError, match=sentence):
        SliceGuard().find_issues(df, **arguments)


def test_rows_without_a_vector_are_counted_and_the_rest_goes_on(home):
    df, bad = made_up()
    df.loc[bad.argmax(), "size"] = np.nan
    with pytest.warns(UserWarning, match="1 of 120 rows have no vector"):
        issues = SliceGuard().find_issues(
            df, ["kind", "size"], "y", "predicted", accuracy_score, min_support=10, min_drop=0.3
        )
    assert issues[0]["rows"].tolist() == np.flatnonzero(bad)[1:].tolist()


def test_a_report_without_a_browser_is_the_result(first, sample):
    guard, issues = first
    table, report_issues, _, _ = guard.report(no_browser=True)
    assert guard.page is None
    assert list(table.columns) == [*sample.columns, "sg_projection"]
    assert len(table["sg_projection"].iloc[0]) == 2
    assert [value.rows for value in report_issues] == [
        issue["rows"].tolist() for issue in sorted(issues, key=lambda issue: -issue["drop"])
    ]
    with pytest.raises(SlicecoreError, match="find_issues first"):
        SliceGuard().report()


def test_every_warning_points_at_the_line_of_the_script(home, monkeypatch):
    df, _ = made_up()
    monkeypatch.setattr("slicecore.sliceguard.calls.Page", lambda *_: SimpleNamespace(close=lambda: None))
    guard = SliceGuard()
    guard.find_issues(
        df, ["kind"], "y", "predicted", lambda y, p: float(np.max(np.abs(y - p))), metric_mode="min"
    )
    with pytest.warns(UserWarning) as caught:
        guard.report(host="0.0.0.0", issue_portion=0.5, wait=False)
    ours = [warning for warning in caught if warning.category is UserWarning]  # not those of packages
    assert [warning.filename for warning in ours] == [__file__] * 3
    assert "mean of <lambda> over rows" in str(caught[-1].message)


def test_a_home_that_takes_no_table_is_a_sentence(home, monkeypatch, tmp_path):
    df, _ = made_up()
    guard = SliceGuard()
    guard.find_issues(df, ["kind"], "y", "predicted", accuracy_score)
    monkeypatch.setenv("SLICECORE_HOME", str(tmp_path))
    (tmp_path / "sliceguard").touch()
    with pytest.raises(StorageError, match="can't be written"):
        guard.report(wait=False)


def test_a_recording_that_is_in_the_table_several_times_is_no_slice(home):
    rng = np.random.default_rng(0)
    df = pd.DataFrame({"y": [f"sentence {i}" for i in range(100)], "kind": rng.choice(["a", "b"], 100)})
    vectors = rng.normal(size=(100, 8))
    df["predicted"] = np.where(np.arange(100) < 1, "wrong", df["y"])
    rows = np.concatenate([np.arange(100), [0] * 9, [5] * 9])
    copied = df.iloc[rows].reset_index(drop=True)
    call = functools.partial(
        SliceGuard().find_issues, copied, y="y", y_pred="predicted", metric=accuracy_score, min_support=8
    )
    assert call(features=["sound"], min_drop=0.3, precomputed_embeddings={"sound": vectors[rows]}) == []
    # By columns that repeat, rows that are alike need not be one recording.
    copied["predicted"] = np.where(copied["kind"] == "b", "wrong", copied["y"])
    (issue,) = call(features=["kind"], min_drop=0.3)
    assert issue["support"] == (copied["kind"] == "b").sum()
