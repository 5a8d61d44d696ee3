"""Findings that a report is about, as the search and the reviewers give them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from slicecore.cached_properties import cached_property
from slicecore.carry_over.carrying import NOTHING, CarriedOver
from slicecore.text.alignment import align_table

if TYPE_CHECKING:
    from slicecore.explain.explainer import Explainer, Explanation
    from slicecore.explain.wrong_references import WrongReference
    from slicecore.measurements import Measurements
    from slicecore.report.html.past import Past
    from slicecore.slices.clip_groups import ClipGroups
    from slicecore.slices.metadata_slices import MetadataSlice
    from slicecore.slices.result import Scan, Slice
    from slicecore.storage.verdicts import Judgement, OwnSlice, ReferenceCorrection, ReferenceMark
    from slicecore.table.dataset import Dataset
    from slicecore.text.alignment import Alignment


@dataclass(frozen=True, eq=False)
class Reviews:
    """Judgements of reviewers.

    Attributes
    ----------
    judgements : of flagged and user-defined slices, by slice id.
    carried : judgements carried over from other clips, models and tables.
    own : user-defined slices, as far as their clips are in the table.
    names : user-defined slices and flagged ones that were given a name, by slice id.
    marks, corrections : references that a reviewer called wrong, and such as one corrected, by clip id.
    """

    judgements: Mapping[str, Judgement] = field(default_factory=dict)
    carried: CarriedOver = NOTHING
    own: Sequence[tuple[OwnSlice, Slice]] = ()
    names: Mapping[str, OwnSlice] = field(default_factory=dict)
    marks: Mapping[str, ReferenceMark] = field(default_factory=dict)
    corrections: Mapping[str, ReferenceCorrection] = field(default_factory=dict)


NO_REVIEWS = Reviews()


@dataclass(frozen=True, eq=False)
class Findings:
    """Everything that is known of a table and its slices.

    Attributes
    ----------
    data : the clips; the first prediction counts.
    scan : the slices.
    vectors : (n, d) of the first embedding, NaN rows where a clip has none.
    groups : groups that the clips come in; None where they are not known.
    metadata_slices : slices that metadata and measurements describe.
    measurements, explainer : None where nothing was measured or explained.
    explanations : of the slices of the scan, by slice id.
    wrong_references : None where they were not looked for.
    normalisation : of texts, for the metric.
    record : the record of the run, see `slicecore.pipeline.record`.
    time : when the search ended.
    reviews : what reviewers said.
    past : defined slices over saved runs; None without any.
    """

    data: Dataset
    scan: Scan
    vectors: NDArray[np.float32]
    groups: ClipGroups | None
    metadata_slices: Sequence[MetadataSlice]
    measurements: Measurements | None
    explainer: Explainer | None
    explanations: Mapping[str, Explanation]
    wrong_references: Sequence[WrongReference] | None
    normalisation: str
    record: Mapping[str, Any]
    time: datetime
    reviews: Reviews = NO_REVIEWS
    past: Past | None = None

    @cached_property
    def clip_values(self) -> NDArray[np.float64]:
        """Value of every clip alone, (n,); NaN where there is none."""
        return self.scan.costs.per_clip()

    def duration(self, row: int) -> float | None:
        """Length of a clip in seconds; None where it was not measured."""
        if self.measurements is None or DURATION not in self.measurements.table:
            return None
        seconds = float(self.measurements.table[DURATION].iloc[row])
        return seconds if np.isfinite(seconds) else None

    def alignment(self, model: str) -> Alignment:
        """Alignment of the words of all clips with the predictions of a model."""
        if model not in self._alignments:
            self._alignments[model] = align_table(
                self.data.reference, self.data.predictions[model], self.normalisation
            )
        return self._alignments[model]

    @cached_property
    def _alignments(self) -> dict[str, Alignment]:
        # The cache of `align_table` hashes whole columns each time, which is too long for every example.
        return {}

    @property
    def seconds(self) -> float | None:
        """Length of all clips that can be decoded together; None where it was not measured."""
        if self.measurements is None or DURATION not in self.measurements.table:
            return None
        return float(np.nansum(self.measurements.table[DURATION].to_numpy(dtype=np.float64)))

    def explanation(self, slice_: Slice) -> Explanation | None:
        """The explanation of a slice of the scan, or of any other one; None where nothing is explained."""
        known = self.explanations.get(slice_.id)
        if known is None and self.explainer is not None:
            return self.explainer.explain(slice_)
        return known


DURATION = "duration"
"""Column of the measurements."""
