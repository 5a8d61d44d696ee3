"""Columns as the menus of map and filter offer them."""

from itertools import groupby

import numpy as np

from slicecore.filtering.columns import Column, measured_columns
from slicecore.measurements import CATALOGUE
from slicecore.measurements.subjects import by_subject
from slicecore_app.review.column_kinds import LABELS, describe_columns


def test_measurements_stand_under_their_subjects_and_the_table_keeps_its_order():
    values = np.zeros(3)
    measured = [
        Column(name, values, unit, "measured", name) for name, (_, unit) in measured_columns().items()
    ]
    own = [Column(name, values, source=name) for name in ("speaker", "device", "age")]
    taken = Column("Peak (measured)", values, "dBFS", "measured", "Peak")  # the table has a “Peak” of its own
    described = describe_columns(
        [
            *measured[:9],
            *own,
            Column("gender", values, "", "measured", "gender"),
            Column("WER", values, "%", "metric"),
            *measured[9:],
            taken,
        ]
    )
    headings = [heading for heading, _ in groupby(described, lambda column: column["heading"])]
    assert headings == ["Metric", "Table", *by_subject(CATALOGUE), LABELS]
    under = {
        heading: [column["name"] for column in described if column["heading"] == heading]
        for heading in headings
    }
    assert under["Table"] == ["speaker", "device", "age"]
    assert under["Level"][:2] == ["Loudness", "Level"]
    assert "Peak (measured)" in under["Level"]
    hum = under["Noise"].index("Hum")
    assert under["Noise"][hum : hum + 3] == ["Hum", "Hum level", "Mains frequency"]
    assert under[LABELS] == ["gender"]
