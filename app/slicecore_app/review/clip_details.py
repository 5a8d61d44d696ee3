"""Clips as the player takes them: alignment, value, addresses of the sound."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from slicecore.metrics import Costs
from slicecore.table.dataset import Dataset
from slicecore_app import wording
from slicecore_app.review.player.component import Clip, Compared
from slicecore_app.review.review_result import ReviewResult
from slicecore_app.server.media import clip_urls
from slicecore_app.server.open_table import OpenTable
from slicecore_app.session.settings import MetricChoice


def clips_token(result: ReviewResult) -> str:
    """Let the browser ask for any clip as the player takes it; returns the token of `/api/clip/<token>/<row>`."""
    choices = f"{result.judged} {result.choice} {result.model}"
    describe = ClipDetails.of(result).by_itself
    return result.table.open_clips(choices, lambda: describe)


@dataclass(frozen=True)
class ClipDetails:
    """The details of every clip of a page; the page's own run is not kept in memory by them.

    `other` is the model that is compared, "" where there is one model; `reasons` say why a clip can't be played,
    `signs` that its reference is wrong. `references` are texts by row in the place of those of the table.
    """

    table: OpenTable
    data: Dataset
    costs: Costs
    choice: MetricChoice
    prediction: str
    other: str
    reasons: Mapping[int, str]
    signs: Mapping[int, Sequence[tuple[str, str]]]
    counts_words: bool
    references: Mapping[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, result: ReviewResult) -> ClipDetails:
        """Those of the clips on the page."""
        return cls(
            table=result.table,
            data=result.data,
            costs=result.costs,
            choice=result.choice,
            prediction=result.prediction,
            other=result.compared,
            reasons=result.analysis.embeddings.reasons,
            signs=result.signs,
            counts_words=result.counts_words,
        )

    def by_itself(self, row: int, reference: str | None = None) -> Clip:
        """A clip that the browser asks for; with a `reference` as it would be with that in the place of its own.

        Raises
        ------
        MetricError
            The metric takes no such reference, such as a word where it wants a number.
        """
        if reference is None:
            return self.clip(row)
        costs = self.table.scoring.costs_with(self.prediction, self.choice, self.other, {row: reference})
        return replace(self, costs=costs, references={row: reference}).clip(row)

    def clip(self, row: int, position: str = "not in the table") -> Clip:
        """A clip as the player takes it. Where the clips table holds it, `bridge.js` makes the same of its row."""
        return Clip(
            row=row,
            id=str(self.data.ids[row]),
            name=self.data.clip_name(row),
            path=path_of(self.data, row),
            metric=self.costs.model_costs.name,
            value=wording.value(self.costs.value([row]), self.costs, decimals=0),
            words=int(self.costs.denominator[row]) if self.counts_words else None,
            duration=None,
            edits=self._edits(self.prediction, row),
            compared=self._compared(row),
            signs=self.signs.get(row, []),
            position=position,
            reason=why_silent(self.data, self.reasons, row),
            reference=self._reference(row),
            **clip_urls(self.table.token, row),
        )

    def _compared(self, row: int) -> Compared | None:
        """Both models of a comparison, with the alignment of the second; None where there is one model."""
        if not self.costs.compared:
            return None
        models = tuple(name for name, _ in self.costs.compared)
        values = [costs.value_text(costs.value([row]), decimals=0) for _, costs in self.costs.compared]
        return Compared(models=models, values=values, edits=self._edits(self.other, row))

    def _reference(self, row: int) -> str:
        column = self.data.roles.reference
        return self.references.get(row, "" if column is None else self.data.table[column].iloc[row])

    def _edits(self, prediction: str, row: int) -> list[list[str]]:
        if row in self.references:
            return self.table.scoring.edits_with(prediction, self.choice, row, self.references[row])
        return self.table.scoring.edits(prediction, self.choice, [row])[0]


def path_of(data: Dataset, row: int) -> str:
    """Path or URL of a clip's audio file, "" where the table names none."""
    clip = data.clips[row]
    return "" if clip is None else str(clip.path)


def why_silent(data: Dataset, reasons: Mapping[int, str], row: int) -> str:
    """The reason why a clip can't be played, as far as it is known; "" where nothing speaks against it."""
    return reasons.get(row, "") if data.clips[row] else "The table names no audio file for it"
