"""Slices that transfer: definitions, their file, and the clips that they name in other data."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from invented import speech

import slicecore as sc
from slicecore.embedding import Embeddings
from slicecore.errors import DefinitionError
from slicecore.transfer.defining import NamedSlice, define, with_different_names
from slicecore.transfer.file import from_yaml, to_yaml
from slicecore.transfer.region import best_threshold

N = 400


def clip_table(n=N, group=None, prefix="c"):
    """A table without sound: `device` is "headset" for the first bad group, `level` is low for the second."""
    rng = np.random.default_rng(3)
    group = np.full(n, -1) if group is None else group
    frame = pd.DataFrame(
        {
            "id": [f"{prefix}{i}" for i in range(n)],
            "reference": ["a b"] * n,
            "prediction": ["a b"] * n,
            "device": np.where(group == 0, "headset", rng.choice(["phone", "desk"], n)),
            "level": np.where(group == 1, -50.0, -20.0) + rng.normal(size=n),
            "kind": rng.choice(["x", "y"], n),
        }
    )
    return sc.from_table(frame, name="calls")


def vectors_of(vectors, model="vectors.npy", revision="r1"):
    valid = np.isfinite(vectors).all(axis=1)
    return Embeddings(vectors.astype(np.float32), valid, {}, model, model, revision, {})


@pytest.fixture(scope="module")
def planted():
    """Clips with two bad groups: vectors, costs, group, data, and definitions of both groups."""
    vectors, costs, group = speech(N, bad=[(40, 0.6), (40, 0.5)], seed=1)
    data = clip_table(group=group)
    scanner = sc.Scanner(sc.build_hierarchy(vectors), costs, data.ids)
    slices = [
        NamedSlice(name, scanner.group(group == i), "real_issue", "a: note")
        for i, name in enumerate(("Headset", "Quiet"))
    ]
    definitions = define(slices, data, costs, embeddings=vectors_of(vectors))
    return vectors, costs, group, data, definitions


def test_a_definition_has_clips_a_rule_and_a_region(planted):
    _, costs, group, _, definitions = planted
    headset, quiet = definitions
    assert str(headset.rule) == "device = headset"
    assert headset.rule.precision == headset.rule.recall == 1
    assert str(quiet.rule).startswith("level ≤ −4")
    assert headset.region.precision > 0.9 and headset.region.recall > 0.9
    assert len(headset.region.neighbours) == 5
    assert not {f"c{row}" for row in np.flatnonzero(group == 0)} & set(headset.region.neighbours)
    assert headset.value == pytest.approx(costs.value(group == 0))
    assert headset.interval[0] < headset.value < headset.interval[1]
    assert list(headset.clips) == [f"c{row}" for row in np.flatnonzero(group == 0)]


@pytest.mark.parametrize("by", [None, "ids", "rule", "region", ["ids", "region"]])
def test_the_same_data_have_the_same_members(planted, by):
    vectors, _, group, data, definitions = planted
    applied = sc.apply(definitions, data, by=by, embeddings=vectors_of(vectors))
    for i, members in enumerate(applied.slices):
        overlap = np.isin(members.rows, np.flatnonzero(group == i)).mean()
        assert overlap > 0.9 and len(members.rows) >= 0.9 * np.count_nonzero(group == i)
        assert members.means == ("+".join(by) if isinstance(by, list) else by or "ids")
        if by in (None, "ids"):
            assert members.rows.tolist() == np.flatnonzero(group == i).tolist()
            assert members.precision == members.recall == 1


def test_other_clips_are_recognised_by_rule_and_where_its_column_is_missing_by_region(planted):
    vectors, _, group, data, definitions = planted
    other = sc.from_table(data.table.assign(id=[f"d{i}" for i in range(N)]), name="later")
    applied = sc.apply(definitions, other, embeddings=vectors_of(vectors, "other.npy", "r2"))
    assert [members.means for members in applied.slices] == ["rule", "rule"]
    assert applied["Headset"].rows.tolist() == np.flatnonzero(group == 0).tolist()
    bare = sc.from_table(other.table.drop(columns="device"), name="bare")
    headset, quiet = sc.apply(definitions, bare, embeddings=vectors_of(vectors)).slices
    assert (headset.means, quiet.means) == ("region", "rule")
    assert headset.problems == ("“bare” has no column “device”.",)
    assert np.isin(headset.rows, np.flatnonzero(group == 0)).mean() > 0.9


def test_members_that_nothing_can_find_are_none_and_the_reasons_are_told(planted):
    *_, definitions = planted
    bare = sc.from_table(pd.DataFrame({"reference": ["a"], "prediction": ["a"]}), name="bare")
    applied = sc.apply(definitions, bare)
    for members in applied.slices:
        assert len(members.rows) == 0 and members.means == "" and np.isnan(members.precision)
        assert "Give those of these clips as embeddings" in members.problems[-1]
    assert applied.to_frame()["clips"].tolist() == [0, 0]
    assert applied.clips().columns.tolist() == ["slice", "id", "row", "means", "precision", "recall"]


def test_another_number_of_dimensions_is_told(planted):
    vectors, _, _, data, definitions = planted
    applied = sc.apply(definitions, data, by="region", embeddings=vectors_of(vectors[:, :7]))
    assert "with 40 dimensions, but here it has 7 dimensions" in applied.slices[0].problems[0]


def test_another_revision_or_other_settings_of_a_model_are_told():
    from slicecore.transfer.definition import Space
    from slicecore.transfer.other_data import check_space

    flat = np.ones(3, np.float32)
    space = Space("hub/model", "abc", {"pooling": "mean"}, flat, flat)
    check_space(space, Space("hub/model", "abc", {"pooling": "mean"}, 2 * flat, flat))
    with pytest.raises(DefinitionError, match="in revision abc of “hub/model”, but here it is revision def"):
        check_space(space, Space("hub/model", "def", {"pooling": "mean"}, flat, flat))
    with pytest.raises(
        DefinitionError, match=r"\(pooling mean\), but here it has 3 dimensions \(pooling max\)"
    ):
        check_space(space, Space("hub/model", "abc", {"pooling": "max"}, flat, flat))


def test_clips_are_the_same_by_their_sound_whatever_their_ids(make_data, cache):
    """A renamed clip is recognised, and a clip with other sound under an old id is not taken for it."""
    data = make_data(30)
    costs = sc.metrics.wer(data.reference, data.prediction)
    sc.embed(data, cache=cache)
    scanner = sc.Scanner(sc.build_hierarchy(np.random.default_rng(0).normal(size=(30, 4))), costs, data.ids)
    (definition,) = define([scanner.group(range(10))], data, costs, cache=cache)
    assert all(len(sound) == 16 for sound in definition.clips.values())
    ids = [f"new{i}" for i in range(30)]
    ids[20] = next(iter(definition.clips))  # the id of row 0, under which there is other sound now
    renamed = sc.from_table(data.table.assign(id=ids), name="new", folder=data.path.parent)
    (members,) = sc.apply(
        define([scanner.group(range(10))], data, costs, cache=cache), renamed, cache=cache
    ).slices
    assert members.rows.tolist() == list(range(10))


def test_a_region_of_the_recording_holds_in_another_table(make_data, cache):
    """The embedding “signal” is standardised over a table; regions compare vectors that are not."""
    data = make_data(48)
    costs = sc.metrics.wer(data.reference, data.prediction)
    run = sc.embed(data, cache=cache)
    scanner = sc.Scanner(sc.build_hierarchy(run.vectors), costs, data.ids)
    definitions = define([scanner.group(range(30, 48))], data, costs, embeddings=run, cache=cache)
    (of_all,) = sc.apply(definitions, data, by="region", cache=cache).slices
    part = sc.from_table(data.table.iloc[25:], name="part", folder=data.path.parent)
    (of_part,) = sc.apply(definitions, part, by="region", cache=cache).slices
    assert len(of_part.rows) > 5
    assert (of_part.rows + 25).tolist() == [row for row in of_all.rows if row >= 25]


def test_the_file_reads_as_it_was_written(planted, tmp_path):
    *_, definitions = planted
    path = tmp_path / "slices.yaml"
    definitions.save(path)
    again = sc.load_definitions(path)
    assert again.to_yaml() == definitions.to_yaml() == path.read_text(encoding="utf-8")
    assert again["Quiet"].rule == definitions["Quiet"].rule
    assert again["Quiet"].clips == definitions["Quiet"].clips
    assert again.spaces.keys() == definitions.spaces.keys()
    assert max(map(len, path.read_text(encoding="utf-8").splitlines())) < 300


WORDS = st.from_regex(r"[\w:#&*'\"%@|>~=!?\[\]{},-][^\W_]?", fullmatch=True)


@settings(max_examples=12)
@example(names=["a", "b"], note="\x85 \u2028", ids=["c\x85d", "\u2029"])
@given(
    names=st.lists(
        WORDS.map(lambda t: " ".join(t.split())).filter(bool), min_size=2, max_size=2, unique=True
    ),
    note=st.text(max_size=30),
    ids=st.lists(WORDS, min_size=1, max_size=4, unique=True),
)
def test_any_names_notes_and_ids_survive_the_file(planted, names, note, ids):
    from dataclasses import replace

    *_, definitions = planted
    changed = replace(
        definitions,
        slices=tuple(
            replace(definition, name=name, note=note, clips=dict.fromkeys(ids, "00ff"), region=None)
            for definition, name in zip(definitions, names, strict=True)
        ),
    )
    again = from_yaml(to_yaml(changed))
    assert [(d.name, d.note, d.clips) for d in again] == [(d.name, d.note, d.clips) for d in changed]


@settings(max_examples=10)
@given(rows=st.sets(st.integers(0, N - 1), min_size=1, max_size=60), order=st.randoms())
def test_any_clips_are_the_same_clips_in_any_order(planted, rows, order):
    _, costs, _, data, _ = planted
    scanner = sc.Scanner(sc.build_hierarchy(np.zeros((N, 1))), costs, data.ids)
    definitions = from_yaml(define([scanner.group(sorted(rows))], data, costs).to_yaml())
    places = list(range(N))
    order.shuffle(places)
    shuffled = sc.from_table(data.table.iloc[places], name="shuffled")
    (members,) = sc.apply(definitions, shuffled, by="ids").slices
    assert {shuffled.ids[row] for row in members.rows} == {data.ids[row] for row in rows}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("version: 1", "version: 7", "line 3: “version” is 7, but this slicecore reads version 1"),
        ("metric: wer\n", "", "lacks the field “metric”"),
        ("tolerance: 0.02", "tolerance: a lot", "“tolerance” is “a lot”, which is no number. Write it like 0.02"),
        ("tolerance: 0.02", "tolerance: -1", "must not be negative"),
        ("tolerance: 0.02", "tolerance: .inf", "which is no number"),
        ("min_clips: 10", "min_clips: 1.5", "must be a whole number"),
        ("name: Quiet", "name: Headset", "Two slices are called “Headset”"),
        ("name: Quiet", "name: ''", "“name” is empty"),
        ("name: Quiet", "names: Quiet", "“names” is no field here. There are: name, id"),
        ("verdict: real_issue", "verdict: [real, issue]", "“verdict” must be a text"),
        ("column: device", "measurement: devise", "“devise”, which is no measurement"),
        ("is: '='", "is: equals", "“equals”, which is no comparison. Use one of: =, ≠"),
        ("  - column: device\n", "  - kind: device\n", "“kind” is no field here"),
        ("precision: 1", "precision: 90", "must be between 0 and 1"),
        ("direction: ", "direction: Zm9v", "“direction” is"),
        ("embedding: vectors.npy", "embedding: gone", "which is not described under “embeddings”"),
        ("note: 'a: note'", "note: *x", "this is no YAML"),
        ("note: 'a: note'", "note: &x y\n  id: z", "is there twice"),
        ("tolerance_of_whole: 0.005", "tolerance_of_whole:\n- 1", "must be a text"),
    ],
)  # fmt: skip
def test_a_file_that_was_spoilt_says_where_and_what_to_do(planted, old, new, message):
    *_, definitions = planted
    text = to_yaml(definitions)
    assert old in text
    with pytest.raises(DefinitionError) as caught:
        from_yaml(text.replace(old, new, 1))
    assert str(caught.value).startswith("slices.yaml")
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("new", "message"),
    [
        ("column: device, is: is one of, value: []", "“value” is an empty list"),
        ("column: device, is: to, value: [3, 1]", "“value” must have the lower number first"),
        ("column: device, is: '=', part: weekday, value: 3", "“3”, which is no weekday"),
        ("column: device, is: ≥, part: hour, value: 3", "by “≥” with the hour of a time"),
        ("column: device, is: ≥, part: moment, value: 1e300", r"“1e\+300”, which is no moment"),
        ("measurement: peak, is: ≥, part: hour, value: 3", "“part” is of times, which measurements are not"),
        ("measurement: peak, is: ≥, value: headset", "“value” is “headset”, which is no number"),
    ],
)
def test_a_condition_that_nothing_can_meet_is_refused(planted, new, message):
    *_, definitions = planted
    old = "- column: device\n      is: '='\n      value: headset"
    text = to_yaml(definitions)
    assert old in text
    with pytest.raises(DefinitionError, match=message):
        from_yaml(text.replace(old, f"- {{{new}}}", 1))


@pytest.mark.parametrize(
    "text",
    ["", "- 1", "a", "version: 1", "x: [" * 3000, "a: &a [*a]", "\x00", "!!python/object:os.system {}"],
)  # fmt: skip
def test_what_is_no_such_file_is_a_sentence(text):
    with pytest.raises(DefinitionError, match=r"^slices\.yaml"):
        from_yaml(text)


@settings(max_examples=40)
@given(data=st.data())
def test_a_file_with_any_line_spoilt_is_read_or_refused_but_never_a_traceback(planted, data):
    *_, definitions = planted
    lines = to_yaml(definitions).splitlines()
    at = data.draw(st.integers(0, len(lines) - 1))
    lines[at] = data.draw(
        st.sampled_from(["", "  x", "[", "- - -", "a: b: c", lines[at][:-3], lines[at] + " {"])
    )
    try:
        from_yaml("\n".join(lines))
    except DefinitionError as error:
        assert str(error).startswith("slices.yaml")


def test_ids_and_values_are_taken_as_they_are_written(planted):
    *_, definitions = planted
    text = to_yaml(definitions).replace("value: headset", "value: no").replace("c0: ''", "0123: ''")
    headset = from_yaml(text)["Headset"]
    assert headset.rule.conditions[0].value == "no"
    assert "0123" in headset.clips


def test_conditions_hold_for_cells_of_any_type(planted):
    """A column of few numbers is described by values; with an empty cell the numbers are floats."""
    _, costs, group, data, _ = planted
    scanner = sc.Scanner(sc.build_hierarchy(np.zeros((N, 1))), costs, data.ids)
    frame = data.table.assign(device=np.where(group == 0, 3, 1))
    definitions = define([scanner.group(group == 0)], sc.from_table(frame, name="whole"), costs)
    assert str(definitions.slices[0].rule) == "device = 3"
    gaps = frame.assign(
        device=frame["device"].astype(float).where(np.arange(N) > 0), id=[f"n{i}" for i in range(N)]
    )
    (members,) = sc.apply(from_yaml(definitions.to_yaml()), sc.from_table(gaps, name="gaps")).slices
    assert members.rows.tolist() == [row for row in np.flatnonzero(group == 0) if row > 0]


def test_a_condition_on_times_says_that_a_column_holds_none(planted):
    *_, data, definitions = planted
    old = "is: '='\n      value: headset"
    for part, value in (("hour", "[3, 5]"), ("weekday", "Monday")):
        sign = "between" if part == "hour" else "'='"
        text = to_yaml(definitions).replace(old, f"is: {sign}\n      part: {part}\n      value: {value}", 1)
        members = sc.apply(from_yaml(text), data, by="rule")["Headset"]
        assert not members.means and "The column “device” of “calls” holds no dates" in members.problems[0]


@given(st.lists(st.tuples(st.integers(-5, 5), st.booleans()), min_size=2, max_size=30))
def test_the_threshold_is_the_one_with_the_largest_f1(pairs):
    places, inside = np.array([p for p, _ in pairs], float), np.array([i for _, i in pairs])
    if not inside.any():
        return
    threshold, precision, recall = best_threshold(places, inside, np.ones(len(places)))

    def f1(least):
        taken = places >= least
        return (
            2 * np.count_nonzero(taken & inside) / max(1, np.count_nonzero(taken) + np.count_nonzero(inside))
        )

    assert f1(threshold) == pytest.approx(max(f1(least) for least in [*places, 99.0]))
    taken = places >= threshold
    assert precision == pytest.approx(inside[taken].mean())
    assert recall == pytest.approx(np.count_nonzero(taken & inside) / inside.sum())


def test_an_unknown_name_or_means_lists_what_there_is(planted):
    *_, data, definitions = planted
    with pytest.raises(DefinitionError, match="There are: Headset, Quiet"):
        definitions["Loud"]
    with pytest.raises(DefinitionError, match="Use one or several of: ids, rule, region"):
        sc.apply(definitions, data, by="hash")


def test_no_slice_has_the_name_of_all_clips(planted):
    *_, definitions = planted
    with pytest.raises(DefinitionError, match="called “whole table”, as a gate calls all clips"):
        from_yaml(to_yaml(definitions).replace("name: Headset", "name: whole table"))
    slice_ = NamedSlice("whole table", None)
    assert [each.name for each in with_different_names([slice_])] == ["whole table 2"]


@pytest.mark.parametrize(
    ("path", "message"), [(" ", "No file of definitions is named"), ("missing.yaml", "can't be read")]
)
def test_a_file_of_definitions_that_is_not_there(path, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DefinitionError, match=message):
        sc.load_definitions(path)
