"""Record of a run: reasons of clips without a vector."""

import numpy as np
import pytest

from slicecore.embedding import Embeddings
from slicecore.pipeline.record import reasons_without_vector


def embeddings(label, reasons):
    vectors = np.ones((4, 2), dtype=np.float32)
    vectors[list(reasons)] = np.nan
    return Embeddings(
        vectors=vectors, valid=np.isfinite(vectors).all(axis=1), reasons=reasons, model=label, label=label
    )


@pytest.mark.parametrize(
    ("of_signal", "of_speaker", "reasons"),
    [
        ({1: "no such file"}, {1: "no such file"}, {1: "no such file"}),
        ({}, {2: "under 0.5 s of sound"}, {2: "speaker: under 0.5 s of sound"}),
        (
            {1: "breaks off"},
            {1: "under 0.5 s of sound", 0: "silent"},
            {0: "speaker: silent", 1: "signal: breaks off; speaker: under 0.5 s of sound"},
        ),
    ],
)
def test_a_reason_stands_alone_where_all_embeddings_have_it(of_signal, of_speaker, reasons):
    found = reasons_without_vector([embeddings("signal", of_signal), embeddings("speaker", of_speaker)])
    assert found == reasons
    assert list(found) == sorted(found)
