"""Data of a result, what follows from them alone, and the errors on their words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from slicecore.cached_properties import cached_property
from slicecore.errors import MetricError, SlicecoreError
from slicecore.metrics.class_errors import ClassErrors, ClassTable
from slicecore.metrics.detection import DetectionCosts
from slicecore.metrics.listed_words import WordRecall, word_recall
from slicecore.pipeline.diagnosis import explained
from slicecore.report.single_errors import error_rows, has_words
from slicecore.report.tables import slices_table
from slicecore.slices.result import Slice
from slicecore.wording import clips, counted, significant

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from slicecore.embedding import Embeddings
    from slicecore.explain.explainer import Explainer, Explanation
    from slicecore.explain.wrong_references import WrongReference
    from slicecore.measurements import Measurements
    from slicecore.metrics import Costs
    from slicecore.slices.metadata_slices import MetadataSlice
    from slicecore.slices.options import Options
    from slicecore.slices.result import Scan
    from slicecore.slices.scanner import Scanner
    from slicecore.table.dataset import Dataset


@dataclass(frozen=True, eq=False, repr=False)
class Found:
    """The data of a `Result`, which says what each of them is, and what follows from them alone."""

    data: Dataset
    embeddings: tuple[Embeddings, ...]
    scanner: Scanner
    scan: Scan
    metadata_slices: tuple[MetadataSlice, ...]
    measurements: Measurements | None
    explainer: Explainer | None
    explanations: Mapping[str, Explanation]
    wrong_references: tuple[WrongReference, ...] | None
    metric: str
    normalisation: str
    attributes: tuple[str, ...]
    group: str | None
    time: datetime

    @property
    def costs(self) -> Costs:
        """The metric of every clip."""
        return self.scan.costs

    @property
    def threshold(self) -> float | None:
        """Threshold of a detector's scores; None where the metric has none."""
        costs = self.costs.model_costs
        return costs.threshold if isinstance(costs, DetectionCosts) else None

    @property
    def options(self) -> Options:
        """Thresholds and choices of the scan."""
        return self.scan.options

    @property
    def compared_with(self) -> str | None:
        """Prediction column of the model that the first one is compared with; None for one model."""
        return self.costs.compared[1][0] if self.costs.compared else None

    def explain(self, slice_: Slice) -> Explanation:
        """Explain a slice of the scan, or one made by `scanner.group`.

        Raises
        ------
        SlicecoreError
            The clips were not measured.

        Examples
        --------
        >>> effect = result.explain(result.slices[0]).metadata[0]
        >>> effect.column, effect.value, effect.share_inside, effect.share_outside
        ('device', 'headset', 1.0, 0.0)
        """
        if slice_.id in self.explanations:
            return self.explanations[slice_.id]
        if self.explainer is None:
            raise SlicecoreError("Nothing was measured that could explain a slice. Search with explain=True.")
        return explained(slice_, self.explainer, self.metadata_slices)

    def to_frame(self) -> pd.DataFrame:
        """One row per slice, with the columns of slices.csv."""
        return slices_table(self.scan, explanations=self.explanations)

    def error_rows(self) -> pd.DataFrame:
        """One row per wrong word of the first model, with the columns of errors.csv; see `slicecore.error_rows`.

        Raises
        ------
        MetricError
            The metric does not compare transcripts.

        Examples
        --------
        >>> result.error_rows()[["kind", "reference_word", "predicted_word"]].value_counts()
        kind          reference_word  predicted_word
        substitution  turn            burn              20
                      the             delights          20
        deletion      lights                            20
        Name: count, dtype: int64
        """
        return error_rows(self.data, self.scan, normalisation=self.normalisation)

    def word_recall(self, words: Sequence[str] | str | Path) -> tuple[WordRecall, ...]:
        """Recall and precision of words that matter, the surely worst first; see `slicecore.word_recall`.

        Examples
        --------
        >>> [(word.word, word.recall) for word in result.word_recall(["left", "lights"])]
        [('lights', 0.9), ('left', 1.0)]
        """
        return word_recall(self.data, words, normalisation=self.normalisation)

    def word_classes(self, group: Slice | Sequence[int] | NDArray | None = None) -> tuple[ClassErrors, ...]:
        """Errors on numbers, names and rare words, in a slice and in the rest; see `slicecore.word_classes`.

        Raises
        ------
        MetricError
            The metric does not compare transcripts.

        Examples
        --------
        >>> [(each.label, round(each.rate, 2)) for each in result.word_classes() if each.words]
        [('Words that occur over 20 times', 0.06), ('Frequent words that are no numbers or names', 0.06)]
        """
        if not has_words(self.costs):
            raise MetricError(
                f"Classes are those of words, but {self.costs.name} does not compare transcripts. Choose wer or cer."
            )
        return self._class_table.of(group.members if isinstance(group, Slice) else group)

    @cached_property
    def _class_table(self) -> ClassTable:
        return ClassTable(self.data.reference, self.data.prediction, self.normalisation)

    def __repr__(self) -> str:
        if not self.scan.has_clusters:
            described = counted(len(self.metadata_slices), "slice")
            value = (
                f"{self.costs.name or 'value'} {significant(self.scan.overall)} over {clips(len(self.data))}"
            )
            return f"Result({self.data.name}, no clusters: {described} over metadata; {value})"
        models = " + ".join(embeddings.label for embeddings in self.embeddings)
        return f"Result({self.data.name}, {models}: {self.scan})"
