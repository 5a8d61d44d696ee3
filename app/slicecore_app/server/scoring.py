"""Scoring of an open table: what predictions cost under each metric, and how texts are aligned, remembered."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from slicecore.errors import ClipError
from slicecore.metrics import (
    Costs,
    DetectionTable,
    LabelTable,
    ScoreTable,
    WordErrors,
    difference,
)
from slicecore.metrics.cached_counts import cached_word_errors
from slicecore.metrics.detection import CORRECT
from slicecore.storage.home import cache_folder
from slicecore.table.dataset import Dataset
from slicecore_app.server.clip_texts import aligned_texts, costs_of_texts
from slicecore_app.server.memo import Memo
from slicecore_app.server.metrics_offered import MetricChoice, offered
from slicecore_app.server.recent_texts import RecentTexts

MOST_CHOICES = 16
"""Combinations of models and metrics that are remembered."""
MOST_CORRECTED = 4
MOST_ALIGNED_BYTES = 1 << 25
"""Bytes of the alignments that are remembered: those of 75,000 clips of six words, 150 pages of 500 clips."""


class Scoring:
    """References and predictions of a table under the metrics that are chosen.

    Parameters
    ----------
    data
        The table.
    """

    def __init__(self, data: Dataset) -> None:
        self.data = data
        self._word_errors: Memo[WordErrors] = Memo(MOST_CHOICES)
        self._costs: Memo[Costs] = Memo(MOST_CHOICES)
        self._corrected: Memo[Costs] = Memo(MOST_CORRECTED)
        self._labels: Memo[LabelTable] = Memo(MOST_CHOICES)
        self._scores: Memo[ScoreTable] = Memo(MOST_CHOICES)
        self._detections: Memo[DetectionTable] = Memo(MOST_CHOICES)
        self._edits = RecentTexts(MOST_ALIGNED_BYTES)

    def word_errors(self, prediction: str, normalisation: str) -> WordErrors:
        """Word errors of every clip by kind."""

        def compute() -> WordErrors:
            texts = self.data.predictions[prediction]
            with self.data.counting_rows():
                return cached_word_errors(self.data.reference, texts, normalisation, cache=cache_folder())

        return self._word_errors.get((prediction, normalisation), compute)

    def costs(self, prediction: str, choice: MetricChoice, compared: str = "") -> Costs:
        """The metric of every clip, or how much it is more than that of the model `compared`. Raises MetricError."""
        return self._costs.get(
            (prediction, choice, compared), lambda: self._new_costs(prediction, choice, compared)
        )

    def _new_costs(self, prediction: str, choice: MetricChoice, compared: str) -> Costs:
        if compared:
            model, other = self.costs(prediction, choice), self.costs(compared, choice)
            return difference(model, other, (prediction, compared))
        has_references = self.data.roles.reference is not None
        if choice.has_threshold and has_references:
            return self.detection(prediction).costs(choice.threshold)
        # The counts by kind are shown as well: work them out once.
        if choice.metric == "wer" and has_references:
            return self.word_errors(prediction, choice.normalisation).costs
        return offered()[choice.metric].compute(self.data, prediction, choice)

    def costs_with(
        self, prediction: str, choice: MetricChoice, compared: str, references: Mapping[int, str]
    ) -> Costs:
        """The metric of every clip with other references for some, by row. Raises MetricError."""
        if compared:
            model, other = (self.costs_with(each, choice, "", references) for each in (prediction, compared))
            return difference(model, other, (prediction, compared))
        if choice.has_threshold:
            return self._detection_with(prediction, choice, references)
        costs, rows = self.costs(prediction, choice), list(references)
        texts = self.data.predictions[prediction].iloc[rows].tolist()
        try:
            part = costs_of_texts(choice, list(references.values()), texts)
        except ClipError as error:
            raise error.numbered([self.data.numbers[row] for row in rows]) from error.__cause__
        if part is None:
            return costs
        numerator, denominator = costs.numerator.copy(), costs.denominator.copy()
        numerator[rows], denominator[rows] = part.numerator, part.denominator
        return replace(costs, numerator=numerator, denominator=denominator)

    def _detection_with(self, prediction: str, choice: MetricChoice, references: Mapping[int, str]) -> Costs:
        """Detection with other references; the threshold stays, which may follow from those of the table."""
        texts = self.data.reference.tolist()
        for row, text in references.items():
            texts[row] = text
        threshold = choice.threshold
        if threshold is None:
            threshold = self.detection(prediction).equal_error_threshold
        with self.data.counting_rows():
            return DetectionTable(texts, self.data.predictions[prediction]).costs(threshold)

    def corrected_costs(
        self, prediction: str, choice: MetricChoice, compared: str, references: Mapping[int, str]
    ) -> Costs:
        """The same, remembered: with the references that reviewers have corrected."""
        key = (prediction, choice, compared, tuple(references.items()))
        return self._corrected.get(key, lambda: self.costs_with(prediction, choice, compared, references))

    def labels(self, prediction: str) -> LabelTable:
        """The labels of references and predictions."""
        texts = self.data.predictions[prediction]
        return self._labels.get(prediction, lambda: LabelTable(self.data.reference, texts))

    def scores(self, prediction: str) -> ScoreTable:
        """References and predictions as numbers. Raises MetricError."""
        with self.data.counting_rows():
            texts = self.data.predictions[prediction]
            return self._scores.get(prediction, lambda: ScoreTable(self.data.reference, texts))

    def detection(self, prediction: str) -> DetectionTable:
        """References of two kinds, and the scores of a detector. Raises MetricError."""
        with self.data.counting_rows():
            texts = self.data.predictions[prediction]
            return self._detections.get(prediction, lambda: DetectionTable(self.data.reference, texts))

    def edits(self, prediction: str, choice: MetricChoice, rows: Iterable[int]) -> list[list[list[str]]]:
        """Alignment of clips as `clip_texts.aligned_texts` gives it, made when asked for.

        Scores of a detector stand with what became of the clip; a number per clip that has no reference has none.
        """
        return [json.loads(text) for text in self.edits_as_json(prediction, choice, rows)]

    def edits_as_json(self, prediction: str, choice: MetricChoice, rows: Iterable[int]) -> list[str]:
        """The same as JSON, in which they are remembered: lists take twice the memory."""
        wanted = [int(row) for row in rows]
        if self.data.roles.reference is None:
            return [json.dumps([]) for _ in wanted]
        if choice.has_threshold:
            costs = self.costs(prediction, choice)
            return [json.dumps(self._decision(prediction, costs, row)) for row in wanted]

        def align(missing: Sequence[int]) -> list[str]:
            new = [wanted[position] for position in missing]
            references = self.data.reference.iloc[new].tolist()
            predictions = self.data.predictions[prediction].iloc[new].tolist()
            return [json.dumps(steps) for steps in aligned_texts(choice, references, predictions)]

        by = (prediction, choice.normalisation, offered()[choice.metric].aligns)
        return self._edits.get([(by, row) for row in wanted], align)

    def edits_with(self, prediction: str, choice: MetricChoice, row: int, reference: str) -> list[list[str]]:
        """Alignment of a clip with another reference."""
        if choice.has_threshold:
            costs = self.costs_with(prediction, choice, "", {row: reference})
            return self._decision(prediction, costs, row, reference)
        (edits,) = aligned_texts(choice, [reference], [self.data.predictions[prediction].iloc[row]])
        return edits

    def _decision(
        self, prediction: str, costs: Costs, row: int, reference: str | None = None
    ) -> list[list[str]]:
        """The reference of a clip, its own by default, and its score with the outcome."""
        assert costs.outcomes is not None
        outcome = costs.outcomes[row]
        text = self.data.reference.iloc[row] if reference is None else reference
        kind = "equal" if outcome == CORRECT else "substitute"
        return [[kind, text, f"{self.data.predictions[prediction].iloc[row]}, {outcome}"]]
