"""The gate: what got worse fails, what can't be compared is skipped, and every output says so."""

import json
import unittest
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pandas as pd
import pytest
import xmlschema

import slicecore as sc
from slicecore.errors import DefinitionError
from slicecore.gate import outputs
from slicecore.metrics import Costs
from slicecore.metrics.paired import paired_change
from slicecore.transfer.defining import NamedSlice
from slicecore.transfer.definition import WHOLE

JUNIT = xmlschema.XMLSchema(Path(__file__).with_name("junit.xsd"))
N = 300
QUIET = np.arange(N) < 60
LOUD = np.arange(N) >= 290
EVIL = '<b>|x`*"&\x01\U0001f600'


def texts(wrong, rng):
    """Predictions of ten words, of which so large a share is wrong."""
    return [" ".join("x" if rng.random() < share else "a" for _ in range(10)) for share in wrong]


def table(share_quiet=0.3, share_rest=0.05, seed=0, ids="c"):
    rng = np.random.default_rng(seed)
    wrong = np.where(QUIET, share_quiet, share_rest)
    return pd.DataFrame(
        {
            "id": [f"{ids}{i}" for i in range(N)],
            "reference": ["a a a a a a a a a a"] * N,
            "prediction": texts(wrong, rng),
            "device": np.where(QUIET, "tablet", np.where(LOUD, "horn", "desk")),
            "speaker": [f"s{i % 20}" for i in range(N)],
        }
    )


def data_of(frame, name="calls"):
    return sc.from_table(frame, name=name)


@pytest.fixture(scope="module")
def defined():
    """Definitions of quiet clips, and of too few loud ones, made of the first version."""
    data = data_of(table())
    costs = sc.metrics.wer(data.reference, data.prediction)
    scanner = sc.Scanner(sc.build_hierarchy(np.zeros((N, 1))), costs, data.ids)
    slices = [
        NamedSlice("Quiet", scanner.group(QUIET)),
        NamedSlice(EVIL, scanner.group(LOUD)),
    ]
    definitions = sc.define(slices, data, costs)
    return replace(definitions, min_clips=20)


@pytest.fixture(scope="module")
def baseline(defined):
    return sc.gate.check(defined, data_of(table())).run


def test_the_same_predictions_pass_and_too_few_clips_are_skipped(defined, baseline):
    gate = sc.gate.check(defined, data_of(table()), baseline)
    assert [check.status for check in gate.checks] == ["ok", "ok", "skipped"]
    assert gate.exit_code == 0
    assert gate[EVIL].sentence == "Only 10 clips here; 20 are needed to compare."
    assert gate["Quiet"].change.worse == 0 and gate["Quiet"].change.units == 20


def test_what_differs_by_less_than_can_be_read_is_no_change(defined):
    """Values in a file of definitions are rounded."""
    quiet, other = defined.slices
    rounded = replace(defined, slices=(replace(quiet, value=quiet.value + 2e-4), other))
    check = sc.gate.check(rounded, data_of(table()))["Quiet"]
    assert 0 < abs(check.change.worse) < 5e-4 and ": no change, 95 %" in check.sentence.replace("\xa0", " ")


def test_a_slice_that_broke_fails_though_the_whole_did_not(defined, baseline):
    """Quiet clips are worse, the others better by as much in all."""
    gate = sc.gate.check(defined, data_of(table(0.45, 0.02, seed=0)), baseline)
    assert gate["Quiet"].status == "worse" and gate[WHOLE].status == "ok"
    assert gate.exit_code == 1
    assert "over 60 clips of 20 speakers" in gate["Quiet"].sentence
    assert "worse, 95 % interval of the change" in gate["Quiet"].sentence
    assert gate["Quiet"].sentence.endswith("tolerance 2\u202fpts.")


def test_within_its_tolerance_a_slice_may_get_worse(defined, baseline):
    quiet, other = defined.slices
    lenient = replace(defined, slices=(replace(quiet, tolerance=0.5), other))
    assert sc.gate.check(lenient, data_of(table(0.45, 0.02)), baseline).exit_code == 0


def test_a_slice_that_is_worse_by_just_its_tolerance_is_not_worse_than_it(defined):
    """.4 - .3 is 0.10000000000000003."""

    def exact(wrong):
        predictions = [
            " ".join(["x"] * (wrong if quiet else 1) + ["a"] * (10 - (wrong if quiet else 1)))
            for quiet in QUIET
        ]
        return data_of(table().assign(prediction=predictions))

    quiet, other = defined.slices
    before = sc.gate.check(defined, exact(3)).run
    for tolerance, status in ((0.1, "ok"), (0.099, "worse")):
        given = replace(defined, slices=(replace(quiet, tolerance=tolerance), other))
        assert sc.gate.check(given, exact(4), before)["Quiet"].status == status


def test_a_mended_slice_is_better(defined, baseline):
    gate = sc.gate.check(defined, data_of(table(0.05)), baseline)
    assert gate["Quiet"].status == "better" and gate.exit_code == 0


def test_other_clips_than_those_of_the_baseline_are_not_compared(defined, baseline):
    """They are recognised by the rule, but nothing is known of them before: nothing was tested, which is not green."""
    gate = sc.gate.check(defined, data_of(table(0.9, ids="new")), baseline)
    assert gate["Quiet"].means == "rule" and gate["Quiet"].support == 60
    assert gate["Quiet"].sentence == "Of its 60 clips none is in the baseline; 20 are needed."
    assert (gate.status, gate.exit_code) == ("skipped", 3)
    assert "nothing was tested" in outputs.text(gate)


def test_without_a_baseline_the_values_of_the_definitions_count(defined):
    gate = sc.gate.check(defined, data_of(table(0.9, ids="new")))
    assert gate["Quiet"].status == "worse"
    assert gate["Quiet"].change.before == pytest.approx(defined["Quiet"].value, rel=1e-5)
    assert "in the file of the definitions" in gate.baseline


def test_a_baseline_of_another_metric_is_refused(defined, baseline):
    with pytest.raises(DefinitionError, match="with the metric “wer”, but the baseline has “cer”"):
        sc.gate.check(defined, data_of(table()), replace(baseline, metric="cer"))
    with pytest.raises(DefinitionError, match="“mine”, which is none of slicecore's own"):
        sc.gate.check(replace(defined, metric="mine"), data_of(table()))


def test_a_run_reads_as_it_was_written(baseline, tmp_path):
    baseline.save(tmp_path / "run.json")
    again = sc.gate.read_run(tmp_path / "run.json")
    again.save(tmp_path / "again.json")
    assert (tmp_path / "run.json").read_bytes() == (tmp_path / "again.json").read_bytes()
    assert again.ids == baseline.ids and again.slices[0].support == 60
    assert again.costs().value() == pytest.approx(baseline.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "is no JSON"),
        ("[1]", "where an object belongs"),
        ('{"a": 1}', "is no run of slicecore"),
        ('{"slicecore_run": 9}', "is of version 9, but this slicecore reads 1"),
        ('{"slicecore_run": 1}', "lacks an object in “clips”"),
        ('{"slicecore_run": 1, "clips": {"a": [1, -2]}}', "lacks errors and words of the clip “a”"),
        ('{"slicecore_run": 1, "clips": {}, "slices": [3]}', "where an object belongs"),
        (
            f'{{"slicecore_run": 1, "clips": {{"a": [1{"0" * 400}, 2]}}}}',
            "lacks errors and words of the clip “a”",
        ),
        ('{"slicecore_run": 1, "clips": {"a": [NaN, 2]}}', "lacks errors and words of the clip “a”"),
    ],
)
def test_what_is_no_run_is_a_sentence(content, message, tmp_path):
    (tmp_path / "run.json").write_text(content)
    with pytest.raises(DefinitionError, match=message):
        sc.gate.read_run(tmp_path / "run.json")
    with pytest.raises(DefinitionError, match="can't be read"):
        sc.gate.read_run(tmp_path / "gone.json")


def test_junit_has_the_structure_that_build_systems_read(defined, baseline):
    gate = sc.gate.check(defined, data_of(table(0.45, 0.02)), baseline)
    suites = ET.fromstring(sc.gate.junit(gate))
    assert suites.tag == "testsuites" and suites.attrib["failures"] == "1" and suites.attrib["tests"] == "3"
    (suite,) = suites
    assert suite.tag == "testsuite"
    assert {name: suite.attrib[name] for name in ("tests", "failures", "errors", "skipped")} == {
        **{"tests": "3", "failures": "1", "errors": "0", "skipped": "1"}
    }
    assert set(suite.attrib) == {"name", "tests", "failures", "errors", "skipped", "time", "timestamp"}
    assert [case.tag for case in suite] == ["testcase"] * 3
    assert all(set(case.attrib) == {"classname", "name", "time"} for case in suite)
    assert [[child.tag for child in case] for case in suite] == [["system-out"], ["failure"], ["skipped"]]
    assert suite[1][0].attrib["type"] == "worse" and suite[1][0].attrib["message"] == gate["Quiet"].sentence
    assert suite[2].attrib["name"] == EVIL.replace("\x01", "")


@pytest.mark.parametrize(
    ("frame", "statuses"),
    [
        (table(), ["ok", "ok", "skipped"]),
        (table(0.45, 0.02), ["ok", "worse", "skipped"]),
        (table(0.9, ids="new"), ["skipped", "skipped", "skipped"]),
        (table(0.05), ["better", "better", "skipped"]),
    ],
    ids=["passes", "fails", "skipped", "mended"],
)
def test_junit_is_valid_by_its_schema(defined, baseline, frame, statuses):
    gate = sc.gate.check(defined, frame, baseline)
    assert [check.status for check in gate.checks] == statuses
    JUNIT.validate(sc.gate.junit(gate))


def test_the_schema_refuses_what_build_systems_do_not_read(defined, baseline):
    valid = sc.gate.junit(sc.gate.check(defined, table(0.45, 0.02), baseline))
    for right, wrong in (
        ('tests="3"', 'tests="three"'),
        (' classname="slicecore.table"', ""),
        ("<skipped", "<omitted"),
        ('name="Quiet"', f'name="{WHOLE}"'),
    ):
        assert right in valid
        assert not JUNIT.is_valid(valid.replace(right, wrong))


def test_paths_and_frames_stand_for_what_is_read_of_them(defined, baseline, tmp_path):
    definitions, run, new = (tmp_path / name for name in ("slices.yaml", "run.json", "new.csv"))
    defined.save(definitions)
    baseline.save(run)
    frame = table(0.45, 0.02)
    frame.insert(2, "pred", frame["reference"])
    frame.to_csv(new, index=False)
    gate = sc.gate.check(definitions, new, run)
    assert gate.run.prediction == "prediction", "the column of the baseline, not the first"
    same = sc.gate.check(defined, table(0.45, 0.02), baseline)
    assert [check.sentence for check in gate.checks] == [check.sentence for check in same.checks]
    applied = sc.apply(str(definitions), frame)
    assert applied["Quiet"].means == "ids" and len(applied["Quiet"].rows) == 60


def test_markdown_shows_hostile_names_as_they_are(defined, baseline):
    gate = sc.gate.check(defined, data_of(table(0.45, 0.02)), baseline)
    new = sc.gate.NewSlice("a | b\n# <script>", 12, 0.5, 0.4)
    assert not any(ord(character) < 32 for character in outputs.text(gate).replace("\n", ""))
    page = sc.gate.markdown(gate.with_new_slices([new], ["A note."]))
    assert "&lt;b&gt;\\|x\\`\\*" in page and "<b>" not in page and "<script>" not in page
    rows = [line for line in page.splitlines() if line.startswith("|")]
    assert len({line.replace("\\|", "").count("|") for line in rows[:5]}) == 1
    assert page.startswith("## Gate: 1 of 3 checks got worse")
    assert "### New confirmed slices" in page and "A note\\." in page


def test_json_has_all_figures(defined, baseline):
    record = json.loads(sc.gate.to_json(sc.gate.check(defined, data_of(table(0.45, 0.02)), baseline)))
    assert (record["status"], record["exit_code"], record["new_slices"]) == ("worse", 1, None)
    quiet = record["checks"][1]
    assert quiet["now"] - quiet["before"] == pytest.approx(quiet["worse_by"])
    assert quiet["interval"][0] < quiet["worse_by"] < quiet["interval"][1]
    assert record["checks"][2]["before"] is None


def test_a_notebook_shows_the_checks_as_a_table(defined, baseline):
    gate = sc.gate.check(defined, data_of(table(0.45, 0.02)), baseline)
    frame = gate.to_frame()
    assert frame["status"].tolist() == ["ok", "worse", "skipped"]
    assert frame["worse_by"][1] == gate["Quiet"].change.worse and np.isnan(frame["p"][2])
    for shown in (gate, gate.applied, defined):
        page = shown._repr_html_()
        assert "Quiet" in page and "<b>" not in page
    assert defined.to_frame()["rule"][0] == "device = tablet"


def test_new_slices_are_those_that_no_definition_has_half_of(defined):
    data = data_of(table())
    gate = sc.gate.check(defined, data)
    slices = [("half known", np.arange(30, 90)), ("new", np.arange(31, 93)), ("all new", np.arange(100, 110))]
    new = sc.gate.new_slices(slices, gate.applied, gate.run.costs())
    assert [each.name for each in new] == ["new", "all new"]
    assert new[0].drop == pytest.approx(new[0].value - gate.run.value)


def test_pytest_takes_the_slices_as_parameters(defined, baseline, tmp_path):
    defined.save(tmp_path / "slices.yaml")
    slices = sc.gate.load(tmp_path / "slices.yaml")
    assert [each.__name__ for each in slices] == [WHOLE, "Quiet", EVIL]
    table(0.45, 0.02).to_csv(tmp_path / "new.csv", index=False)
    baseline.save(tmp_path / "run.json")
    against = {"table": tmp_path / "new.csv", "baseline": tmp_path / "run.json"}
    assert slices[0].check(**against).status == "ok"
    with pytest.raises(AssertionError, match=r"Quiet: .* worse, 95 % interval"):
        slices[1].check(**against)
    with pytest.raises(unittest.SkipTest, match="Only 10 clips here"):
        slices[2].check(**against)


def test_the_paired_bootstrap_knows_groups_and_is_the_same_in_any_order():
    rng = np.random.default_rng(5)
    words = rng.integers(5, 20, 200).astype(float)
    speaker = rng.integers(0, 12, 200)
    errors = rng.binomial(words.astype(int), 0.1).astype(float)
    worse = np.minimum(words, errors + (speaker == 3) * 4.0)
    before, after = Costs(errors, words), Costs(worse, words)
    by_clip, by_speaker = paired_change(before, after), paired_change(before, after, speaker)
    assert by_clip.worse == by_speaker.worse == pytest.approx(after.value() - before.value())
    assert by_clip.interval[0] > 0 and by_speaker.interval[0] == 0, "all of it is one speaker's"
    assert by_speaker.p_worse > 0.2 and by_clip.p_worse < 0.001
    order = rng.permutation(200)
    shuffled = paired_change(
        Costs(errors[order], words[order]), Costs(worse[order], words[order]), speaker[order]
    )
    assert shuffled.interval == pytest.approx(by_speaker.interval)


def test_the_paired_bootstrap_turns_round_where_higher_is_better():
    before, after = (
        sc.metrics.accuracy(["a"] * 60, ["a"] * right + ["b"] * (60 - right)) for right in (50, 20)
    )
    change = paired_change(before, after)
    assert change.worse == pytest.approx(0.5) and change.p_worse < 0.01


def test_many_clips_are_drawn_together_and_give_the_same_interval():
    rng = np.random.default_rng(6)
    words = np.full(9000, 10.0)
    before = Costs(rng.binomial(10, 0.1, 9000).astype(float), words)
    after = Costs(rng.binomial(10, 0.11, 9000).astype(float), words)
    low, high = paired_change(before, after).interval
    deviation = np.std(after.numerator - before.numerator) / 10 / np.sqrt(9000)
    assert high - low == pytest.approx(2 * 1.96 * deviation, rel=0.1)
