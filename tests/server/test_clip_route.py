"""The route by which the browser asks for a clip, and for a clip as it would be with another reference."""

import pandas as pd
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from slicecore.errors import MetricError
from slicecore_app.server import registry
from slicecore_app.server.routes import MOST_BYTES, routes
from slicecore_app.server.sources import Source


@pytest.fixture
def address(tmp_path):
    frame = pd.DataFrame({"audio": ["a.wav"], "reference": ["good day"], "prediction": ["good day"]})
    frame.to_csv(tmp_path / "calls.csv", index=False)
    table = registry.open_table(Source(str(tmp_path / "calls.csv")))

    def describe(row, reference):
        if reference == "three":
            raise MetricError("Row 2: “three” is no number.")
        return {"row": row, "reference": reference}

    return f"/api/clip/{table.open_clips('of a test', lambda: describe)}"


def test_a_clip_is_told_as_it_is_and_as_it_would_be(address):
    client = TestClient(Starlette(routes=routes()))
    assert client.get(f"{address}/0").json() == {"row": 0, "reference": None}
    for text in ("good night", "", "صباح", "50 %\n50 €"):
        assert client.post(f"{address}/0", content=text.encode()).json() == {"row": 0, "reference": text}
    assert client.post(f"{address}/0", content="three").json() == {"problem": "Row 2: “three” is no number."}
    assert client.post(f"{address}/7", content="more").status_code == 404
    assert client.post(f"{address}/0", content=b"a" * (MOST_BYTES + 1)).status_code == 413
