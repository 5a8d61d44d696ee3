"""Defined slices over versions on the summary page: the runs in the folder beside the table."""

import numpy as np
from streamlit.testing.v1 import AppTest

from slicecore.gate.run import Run, SliceOfRun


def save_run(folder, number, value):
    slice_ = SliceOfRun("Hum *x*", 30, value, (value - 0.05, value + 0.05), "ids", 0.4)
    run = Run(
        *(
            f"v{number}",
            f"2026-01-0{number}T00:00:00+00:00",
            "calls",
            "prediction",
            "wer",
            "basic",
            "WER",
            True,
        ),
        *(False, 0.1, (0.1, 0.1), (slice_,), ("a",), np.array([1.0]), np.array([4.0])),
    )
    run.save(folder / f"{number}.json")


def drawn(table):
    def script(table):
        from pathlib import Path

        from slicecore_app.pages.summary_history import history_chart

        history_chart(Path(table))

    page = AppTest.from_function(script, args=(str(table),)).run()
    assert not page.exception
    return page


def test_runs_beside_the_table_are_a_chart_with_the_state_of_every_slice(tmp_path):
    assert not drawn(tmp_path / "calls.csv").subheader
    (tmp_path / "runs").mkdir()
    (tmp_path / "runs" / "of another program.json").write_text("{}")
    assert not drawn(tmp_path / "calls.csv").subheader
    save_run(tmp_path / "runs", 1, 0.5)
    save_run(tmp_path / "runs", 2, 0.2)
    page = drawn(tmp_path / "calls.csv")
    assert [text.value for text in page.text] == ["Hum *x*: mended"]
    assert "Over versions of the model" in page.subheader[0].value
    assert len(page.get("plotly_chart")) == 1
    save_run(tmp_path / "runs", 3, 0.5)
    assert [text.value for text in drawn(tmp_path / "calls.csv").text] == ["Hum *x*: back"]
    (tmp_path / "runs" / "4.json").write_text('{"slicecore_run": 1}')
    page = drawn(tmp_path / "calls.csv")
    assert "Save it anew with slicecore gate --save" in page.text[0].value
