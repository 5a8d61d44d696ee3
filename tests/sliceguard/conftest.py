"""Fixtures of the tests of sliceguard's calls: a home of their own, and the sample data as scripts have it."""

from pathlib import Path

import pandas as pd
import pytest

SAMPLE = Path(__file__).parents[2] / "sample_data"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SLICECORE_HOME", str(tmp_path_factory.mktemp("home")))
        yield


@pytest.fixture(scope="module")
def sample(home):
    """The sample data as a script would have it: paths that hold in any folder, an index of its own."""
    df = pd.read_csv(SAMPLE / "table.csv", keep_default_na=False).set_index("id")
    df["audio"] = [str(SAMPLE / path) for path in df["audio"]]
    return df
