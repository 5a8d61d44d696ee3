"""Tasks for Label Studio, and what comes back from it."""

import json
import sys
from xml.etree import ElementTree

import pandas as pd
import pytest

import slicecore as sc
from slicecore.cli.commands import main
from slicecore.errors import StorageError, TableError
from slicecore.storage.verdicts import verdicts_of


@pytest.fixture
def table(tmp_path):
    """Four clips; the second has no recording, the third no prediction."""
    pd.DataFrame(
        {
            "id": ["007", "b", "c", "d"],
            "audio": ["a 1.wav", "", "c.wav", "https://host/d.wav"],
            "sentence": ["good moaning", "hello", "=see you", "so long"],
            "prediction": ["good morning", "hello", "", "so long"],
            "level": ["1.10", "2.00", "3", "4"],
        }
    ).to_csv(tmp_path / "calls.csv", index=False)
    return tmp_path / "calls.csv"


def annotated(tasks, *texts):
    """Tasks as Label Studio exports them, with the texts of one annotation each; None: nobody labelled it."""
    exported = json.loads(json.dumps(tasks))
    for number, (task, text) in enumerate(zip(exported, texts, strict=True), start=1):
        result = [{"from_name": "transcription", "type": "textarea", "value": {"text": [text]}}]
        annotation = {"id": number, "was_cancelled": False, "result": result}
        task |= {"id": number, "annotations": [] if text is None else [annotation]}
    return exported


def saved(tmp_path, tasks):
    path = tmp_path / "export.json"
    path.write_text(json.dumps(tasks), encoding="utf-8")
    return path


def test_a_task_has_the_prediction_where_label_studio_shows_it(table, tmp_path):
    made = sc.label_studio_tasks(sc.read(table), [3, 0, 1, 2])
    assert [task["data"]["clip_id"] for task in made.tasks] == ["d", "007", "c"] and made.silent == ("b",)
    assert [task["data"]["audio"] for task in made.tasks[:2]] == [
        "https://host/d.wav",
        "/data/local-files/?d=a%201.wav",
    ]
    (prediction,) = made.tasks[1]["predictions"]
    (result,) = prediction["result"]
    assert prediction["model_version"] == "prediction" and result["value"] == {"text": ["good morning"]}
    assert len({task["predictions"][0]["result"][0]["id"] for task in made.tasks[:2]}) == 2
    assert made.tasks[2]["predictions"] == []  # nothing was predicted
    config = made.save(tmp_path / "tasks.json")
    assert json.loads((tmp_path / "tasks.json").read_text()) == list(made.tasks)
    view = ElementTree.parse(config).getroot()
    field = view.find("TextArea")
    assert (result["from_name"], result["to_name"]) == (field.get("name"), field.get("toName"))
    variables = {each.get("value")[1:] for each in view if each.get("value", "").startswith("$")}
    assert variables <= made.tasks[0]["data"].keys()


def test_a_task_starts_from_the_corrected_reference_where_there_is_one(table):
    made = sc.label_studio_tasks(sc.read(table), [0, 3], corrected={"007": "good evening"})
    (corrected,), (predicted,) = (task["predictions"] for task in made.tasks)
    assert corrected["result"][0]["value"] == {"text": ["good evening"]}
    assert corrected["model_version"] != predicted["model_version"] == "prediction"
    assert made.tasks[0]["data"]["reference"] == "good moaning"


@pytest.fixture
def reviewed(table, tmp_path, monkeypatch):
    """The table, with corrections on its page: of the first clip, and of one that it has no longer."""
    monkeypatch.setenv("SLICECORE_HOME", str(tmp_path / "home"))
    verdicts = verdicts_of(table)
    for clip, text in (("007", "good morning"), ("d", "bye"), ("d", None), ("gone", "bye")):
        verdicts.correct(clip, text, original="as it was", reviewer="ann")
    return table


def test_corrections_of_the_page_are_read(reviewed):
    corrections = sc.reviewed_corrections(sc.read(reviewed))
    (changed,) = corrections.changed
    assert (changed.id, changed.before, changed.after, changed.reviewer) == (
        "007",
        "good moaning",
        "good morning",
        "ann",
    )
    assert corrections.unmatched == ("gone",)
    assert corrections.to_frame()["time"].tolist() == [changed.time]
    with pytest.raises(TableError, match="in memory"):
        sc.reviewed_corrections(sc.from_table(pd.read_csv(reviewed), name="calls"))


def relabel(monkeypatch, *arguments):
    """Run `slicecore relabel`; returns its exit code."""
    monkeypatch.setattr(sys, "argv", ["slicecore", "relabel", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code or 0


def test_a_table_alone_is_corrected_as_on_its_page_and_once_only(reviewed, tmp_path, monkeypatch, capsys):
    out, changes = tmp_path / "corrected.csv", tmp_path / "changes.csv"
    assert relabel(monkeypatch, reviewed, "-o", out, "--changes", changes) == 0
    frame = pd.read_csv(out, dtype=str)
    assert frame["sentence"].tolist()[0] == "good morning"
    assert frame["level"].tolist() == ["1.10", "2.00", "3", "4"]
    assert pd.read_csv(changes)["reviewer"].tolist() == ["ann"]
    assert "1 clip corrected" in capsys.readouterr().err
    out.replace(reviewed)
    corrections = sc.reviewed_corrections(sc.read(reviewed))
    assert (corrections.changed, corrections.same) == ((), 1)


def test_more_than_an_export_and_a_table_are_refused(table, monkeypatch, capsys):
    assert relabel(monkeypatch, table, table, table) == 2
    assert "more than two files" in capsys.readouterr().err


def test_tasks_are_written_as_json_only(table):
    made = sc.label_studio_tasks(sc.read(table), [0])
    for name in ("calls.csv", "tasks.xml"):
        with pytest.raises(StorageError, match=r"end in \.json"):
            made.save(table.with_name(name))


def test_parts_of_a_file_say_where_they_are(table):
    frame = pd.read_csv(table).assign(start=[0, 1, 2.5, 3], end=[1, 2, None, 4])
    made = sc.label_studio_tasks(sc.from_table(frame, name="calls"), [2])
    assert made.tasks[0]["data"]["part"] == "Only from 2.5 s to the end" and "$part" in made.config


def test_recordings_elsewhere_are_refused(table):
    table.write_text(table.read_text().replace("c.wav", "../c.wav"))
    with pytest.raises(TableError, match=r"Row 4: .* is not below"):
        sc.label_studio_tasks(sc.read(table), [2])


def test_recordings_in_a_folder_that_was_named_for_them_are_below_that(table, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    moved = table.rename(tmp_path / "elsewhere" / "calls.csv")
    made = sc.label_studio_tasks(sc.read(moved, folder=table.parent), [2])
    assert made.tasks[0]["data"]["audio"].endswith("?d=c.wav")
    inside = sc.label_studio_tasks(sc.read(moved, folder=moved.parent / "sound"), [2])
    assert inside.tasks[0]["data"]["audio"].endswith("?d=sound/c.wav")


def test_corrected_references_come_back(table, tmp_path, monkeypatch, capsys):
    data = sc.read(table)
    before = table.read_bytes()
    tasks = annotated(sc.label_studio_tasks(data, [3, 0, 2]).tasks, "so long", " good morning ", None)
    tasks += [{"data": {"clip_id": "gone"}, "annotations": []}]
    out, changes = tmp_path / "new" / "corrected.csv", tmp_path / "changes.csv"
    command = ["slicecore", "relabel", saved(tmp_path, tasks), table, "-o", out, "--changes", changes]
    monkeypatch.setattr(sys, "argv", list(map(str, command)))
    with pytest.raises(SystemExit) as ended:
        main()
    assert not ended.value.code
    printed = capsys.readouterr()
    assert printed.out == "007: “good moaning” → “good morning”\n"
    assert (
        "1 clip corrected; 1 right as they were; 1 not labelled; 1 not in the table: “gone”." in printed.err
    )
    frame = pd.read_csv(changes, dtype=str, keep_default_na=False)
    assert frame.columns.tolist() == ["id", "before", "after", "reviewer", "time"]
    assert frame.values.tolist() == [["007", "good moaning", "good morning", "", ""]]
    assert table.read_bytes() == before
    old, new = (pd.read_csv(path, dtype=str, keep_default_na=False) for path in (table, out))
    old.loc[0, "sentence"] = "good morning"
    assert old.drop(columns="audio").equals(new.drop(columns="audio"))
    assert new.audio.tolist() == [
        str(tmp_path / "a 1.wav"), "", str(tmp_path / "c.wav"), "https://host/d.wav"
    ]  # fmt: skip
    assert sc.read(out).reference.tolist() == ["good morning", *data.reference[1:]]


def test_labellers_who_disagree_change_nothing(table, tmp_path):
    tasks = annotated(sc.label_studio_tasks(sc.read(table), [0]).tasks, "good morning")
    other = annotated(tasks, "good moaning")[0]["annotations"][0]
    tasks[0]["annotations"] += [other, {**other, "was_cancelled": True}]
    corrections = sc.read_corrections(saved(tmp_path, tasks), sc.read(table))
    assert corrections.disputed == ("007",) and not corrections.changed
    tasks[0]["annotations"][1]["was_cancelled"] = True
    assert len(sc.read_corrections(saved(tmp_path, tasks), sc.read(table)).changed) == 1


def test_the_short_export_is_read_too(table, tmp_path):
    tasks = [{"clip_id": "007", "audio": "x", "transcription": "good morning", "id": 1}]
    (change,) = sc.read_corrections(saved(tmp_path, tasks), sc.read(table)).changed
    assert (change.before, change.after) == ("good moaning", "good morning")


def test_a_table_without_ids_keeps_those_of_its_clips(table, tmp_path):
    table.write_text("\n".join(line.split(",", 1)[1] for line in table.read_text().splitlines()))
    data = sc.read(table)
    tasks = annotated(sc.label_studio_tasks(data, [0]).tasks, "good morning")
    corrections = sc.read_corrections(saved(tmp_path, tasks), data)
    sc.save_corrected(data, corrections, table.with_name("corrected.csv"))
    again = sc.read(table.with_name("corrected.csv"))
    assert again.ids.tolist() == data.ids.tolist() and again.reference[0] == "good morning"
    assert again.table.audio.tolist() == data.table.audio.tolist()
    with pytest.raises(StorageError, match="stays as it is"):
        sc.save_corrected(data, corrections, table)


def test_a_table_that_was_changed_meanwhile_gets_no_corrections(table, tmp_path):
    data = sc.read(table)
    tasks = annotated(sc.label_studio_tasks(data, [0]).tasks, "good morning")
    corrections = sc.read_corrections(saved(tmp_path, tasks), data)
    head, first, *others = table.read_text().splitlines(keepends=True)
    table.write_text(head + "".join([*others, first]))
    with pytest.raises(TableError, match="not as it was when it was read"):
        sc.save_corrected(data, corrections, tmp_path / "corrected.csv")
    assert not (tmp_path / "corrected.csv").exists()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("{", "is no JSON"),
        ("[" * 100_000, "is no JSON"),
        ("{}", "is no list of tasks"),
        ("[3]", "Task 1 of “export.json” has no “clip_id”"),
        ('[{"data": {"audio": "x"}}]', "Task 1 of “export.json” has no “clip_id”"),
        ("\xff", "is no JSON"),
    ],
)
def test_a_file_that_is_no_export_is_a_sentence(table, tmp_path, content, sentence):
    path = tmp_path / "export.json"
    path.write_bytes(content.encode("latin-1"))
    with pytest.raises(TableError, match=sentence):
        sc.read_corrections(path, sc.read(table))


def test_odd_annotations_are_nobodys_text(table, tmp_path):
    for annotations in (None, {}, [3, {"result": 3}, {"result": [3, {"from_name": "transcription"}]}]):
        tasks = [{"data": {"clip_id": "007"}, "annotations": annotations}]
        assert sc.read_corrections(saved(tmp_path, tasks), sc.read(table)).open == 1
