"""Judgements of this and other tables and models on the slices of a scan."""

from dataclasses import replace

import numpy as np
import pytest

from slicecore.carry_over.carrying import JudgedTable, carry_over, judged_clips, other_table
from slicecore.carry_over.clips_then import ClipsThen, PresentClips
from slicecore.carry_over.not_found import not_found, sentence
from slicecore.metrics import Costs
from slicecore.slices.options import Options
from slicecore.slices.result import Scan, Slice
from slicecore.storage.verdicts import Judgement, Origin, OwnSlice, Refusal, name_of_comparison
from slicecore.storage.verdicts.clip_log import LoggedClips
from slicecore.storage.verdicts.elsewhere import JudgedElsewhere

N = 60
IDS = [f"c{i}" for i in range(N)]
PRESENT = PresentClips(IDS, [clip_id.encode() for clip_id in IDS])


def slice_of(name, rows):
    rows = np.array(sorted(rows))
    return Slice(name, rows, len(rows), 0.5, 0.3, 1.0, 0.1, 0, 0, 1.0, (0.4, 0.6))


def judgement(slice_id, rows, verdict="real_issue", model="tiny", number=1, **more):
    clip_ids = tuple(f"c{row}" for row in rows)
    return Judgement(
        slice_id, model, verdict, (), "", "Anna", "2026-03-12T10:00:00+00:00", clip_ids, number, **more
    )


def log(rows=range(N), since=0):
    return LoggedClips.of((f"c{row}", f"c{row}".encode(), since) for row in rows)


def own_table(judgements):
    return JudgedTable("here", "", tuple(judgements), {}, ClipsThen(PRESENT, log(), is_same_table=True))


def carried(slices, own=(), elsewhere=(), model="tiny", refusals=()):
    tables = [own_table(own)]
    tables += [table for other in elsewhere if (table := other_table(PRESENT, other))]
    judged = judged_clips(tables)
    return carry_over(
        judged, slices, N, workspace="here", model=model, row_of_id=PRESENT.row_of_id, refusals=refusals
    )


def elsewhere(*judgements, workspace="eval_v1-0", rows=range(N), names=()):
    own = {name.slice_id: name for name in names}
    return JudgedElsewhere(workspace, "eval_v1", tuple(judgements), own, lambda ids: log(rows))


def test_a_judgement_of_nearly_the_same_clips_holds():
    found = carried([slice_of("s", range(35))], [judgement("old", range(33))]).by_slice["s"]
    assert (found.shared, found.support, found.holds, found.judgement.verdict) == (33, 35, True, "real_issue")
    assert found.overlap == pytest.approx(33 / 35)


def test_clips_that_are_gone_do_not_count():
    found = carried([slice_of("s", range(20))], [judgement("old", [*range(20), *range(100, 130)])]).by_slice[
        "s"
    ]
    assert found.overlap == 1


def test_a_judgement_of_exactly_this_slice_goes_before_all_others():
    own = [judgement("s", range(30), "unsure"), judgement("old", range(31), number=2)]
    found = carried([slice_of("s", range(30))], own, [elsewhere(judgement("x", range(30)))])
    assert not found.by_slice
    assert not found.unmatched


def test_it_is_own_for_its_model_alone():
    found = carried([slice_of("s", range(30))], [judgement("s", range(30))], model="base").by_slice["s"]
    assert (found.overlap, found.judgement.model) == (1.0, "tiny")


def test_a_judgement_of_a_difference_is_one_of_neither_model():
    slices, difference = [slice_of("s", range(30))], name_of_comparison("tiny", "base")
    assert not carried(slices, [judgement("s", range(30), model=difference)], model="tiny").by_slice
    assert not carried(slices, [judgement("s", range(30), model="tiny")], model=difference).by_slice
    of_another = judgement("s", range(30), model=name_of_comparison("tiny", "large"))
    assert carried(slices, [of_another], model=difference).by_slice["s"].holds


def test_of_several_on_a_slice_the_nearest_is_shown_and_the_others_are_named():
    own = [judgement("a", range(29), model="tiny"), judgement("b", range(30), "unsure", model="base")]
    other = elsewhere(judgement("c", range(30), "false_positive"))
    found = carried([slice_of("s", range(30))], own, [other]).by_slice["s"]
    assert found.judgement.slice_id == "a"
    assert [each.judgement.slice_id for each in found.others] == ["b", "c"]


def test_a_judgement_of_a_part_is_a_hint_for_the_slice_that_it_is_a_part_of():
    whole = replace(slice_of("w", range(40)), parts=(slice_of("p", range(30)), slice_of("q", range(30, 40))))
    parts = [judgement("p", range(30)), judgement("q", range(31, 40), "unsure")]
    found = carried([whole], parts)
    assert (found.by_slice["w"].judgement.slice_id, found.by_slice["w"].holds) == ("p", False)
    assert [each.judgement.slice_id for each in found.by_slice["w"].others] == ["q"]
    assert not found.unmatched
    assert carried([whole], [judgement("all", range(39))]).by_slice["w"].holds


def test_one_that_holds_goes_before_a_nearer_hint():
    other = elsewhere(judgement("c", range(30), "false_positive"))
    found = carried([slice_of("s", range(30))], [judgement("a", range(20))], [other]).by_slice["s"]
    assert (found.judgement.slice_id, found.judged.table, found.holds) == ("c", "eval_v1", True)


def test_another_table_without_a_common_judged_clip_is_left_out():
    assert other_table(PRESENT, elsewhere(judgement("c", range(100, 120)))) is None


def test_clips_that_the_other_table_did_not_have_do_not_count():
    other = elsewhere(judgement("c", range(20)), rows=range(20))
    found = carried([slice_of("s", range(24))], elsewhere=[other]).by_slice["s"]
    assert (found.overlap, found.shared, found.support) == (1.0, 20, 24)


def test_what_was_confirmed_is_not_carried_again():
    origin = Origin("here", "", "tiny", "old", 1, 0.94)
    own = [judgement("old", range(30)), judgement("s", range(32), number=2, origin=origin)]
    found = carried([slice_of("other", range(31))], own).by_slice
    assert found["other"].judgement.slice_id == "s"
    assert not found["other"].others


def test_a_refused_judgement_comes_back_neither_to_its_slice_nor_to_nearly_the_same_nor_to_the_lists():
    refusal = Refusal("s", tuple(f"c{i}" for i in range(30)), "tiny", ("eval_v1-0", "tiny", "c"))
    for slices in ([slice_of("s", range(30))], [slice_of("later", range(2, 32))], []):
        other = elsewhere(judgement("c", range(30)))
        found = carried(slices, elsewhere=[other], refusals=[refusal])
        assert (found.by_slice, found.unmatched) == ({}, ())


def test_a_name_goes_along_where_a_person_gave_it():
    given = OwnSlice("c", "Hall", "your selection: room = hall 3", "", "", ())
    made = OwnSlice("d", "Room = hall", "your selection: room = hall", "", "", ())
    other = elsewhere(judgement("c", range(30)), judgement("d", range(30, 60)), names=(given, made))
    found = carried([slice_of("s", range(30)), slice_of("t", range(30, 60))], elsewhere=[other]).by_slice
    assert [found[name].judged.named for name in "st"] == [given, None]


def test_what_fits_no_slice_is_listed_once_for_the_same_clips_the_nearest_first():
    own = [judgement("a", range(30)), judgement("b", range(30), model="base")]
    others = [
        elsewhere(judgement("c", range(30))),
        elsewhere(judgement("d", [50, *range(100, 120)]), workspace="x-1"),
    ]
    found = carried([], own, others)
    assert [each.judgement.slice_id for each in found.unmatched] == ["a"]


def scan(slices, worse=range(0)):
    numerator = np.where(np.isin(np.arange(N), list(worse)), 8.0, 1.0)
    costs = Costs(numerator, np.full(N, 10.0), name="WER")
    return Scan(tuple(slices), costs.value(), costs, 5, 0.1, 0.0, None, Options())


def test_against_the_rest_judged_clips_are_compared_with_the_rest():
    (judged,) = judged_clips([own_table([judgement("j", range(20))])])
    whole = replace(scan([], range(20)), min_drop=0.6)  # 80 % here, 10 % in the rest, 33 % in the whole
    assert not_found(judged, whole).reason == "drop"
    rest = not_found(judged, replace(whole, options=Options(against="rest")))
    assert (rest.reason, rest.drop) == ("none", pytest.approx(0.7))


def test_judged_clips_at_the_minimum_drop_are_not_within_thresholds():
    (judged,) = judged_clips([own_table([judgement("j", range(20))])])
    costs = Costs(np.where(np.arange(N) < 20, 6.0, 3.0), np.full(N, 20.0), name="WER")
    tied = Scan((), 0.2, costs, 5, 0.1, 0.0, None, Options())  # .3 - .2 is below .1
    assert not_found(judged, tied).reason == "none"
    assert not_found(judged, replace(tied, min_drop=0.101)).reason == "drop"


@pytest.mark.parametrize(
    ("rows", "slices", "worse", "reason", "text"),
    [
        ([0, *range(100, 110)], [], [], "gone", "10 of its 11 clips are gone"),
        (range(10), [range(40)], range(60), "part", "Now part of slice 0"),
        (range(20), [range(9), range(9, 18)], range(60), "split", "Now split into slice 0 and slice 1"),
        (
            range(20),
            [range(9), range(9, 18), range(18, 20)],  # a tenth of the clips is no part
            range(60),
            "split",
            "Now split into slice 0 and slice 1",
        ),
        (range(4), [], range(4), "support", "Now within thresholds: 4 clips, fewer than 5"),
        (
            range(20),
            [],
            [],
            "drop",
            "Now within thresholds: WER 10.0\u202f%, 0.0\u202fpts; the minimum drop is 10\u202fpts",
        ),
        (range(20), [], range(20), "none", "No cluster of this embedding holds its clips together"),
    ],
)
def test_reasons_why_judged_clips_are_no_slice(rows, slices, worse, reason, text):
    (judged,) = judged_clips([own_table([judgement("j", rows)])])
    result = scan([slice_of(f"s{i}", members) for i, members in enumerate(slices)], worse)
    missing = not_found(judged, result)
    assert missing.reason == reason
    assert sentence(missing, result, lambda i: f"slice {i}") == text
