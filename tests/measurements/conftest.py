from pathlib import Path

import numpy as np
import pytest
import soundfile


@pytest.fixture(scope="session")
def spoken():
    """A clean sentence of the sample data, without silence around it."""
    samples, _ = soundfile.read(Path(__file__).resolve().parents[2] / "sample_data" / "clips" / "0004.flac")
    loud = np.flatnonzero(np.abs(samples) > 0.02 * np.abs(samples).max())
    return samples[loud[0] : loud[-1] + 1]
