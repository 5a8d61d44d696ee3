"""Basis of a page: all that decides which clips a pick has, as short names that the browser sends back with one."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

import slicecore
from slicecore_app.review.review_result import ReviewResult


class Basis(NamedTuple):
    """Names of the files of the table, the vectors, the metric and the scan: others are another name."""

    table: str
    embedding: str
    metric: str
    scan: str


def basis_of(result: ReviewResult) -> Basis:
    """The basis of the picks of a page."""
    scan, embeddings = result.scan, result.analysis.embeddings
    return Basis(
        _name(slicecore.__version__, result.table.token, result.table.stamp),
        _name(result.model, embeddings.revision),
        _name(result.prediction, result.compared, result.choice),
        _name(scan.options, [slice_.id for slice_ in scan.slices]),
    )


def _name(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:8]
