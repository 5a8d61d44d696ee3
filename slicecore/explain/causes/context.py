"""Context of the causes: what they need of the whole set, computed once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from slicecore.cached_properties import cached_property
from slicecore.explain.causes.rules import CAUSES, shown_by
from slicecore.explain.causes.speed import likeliest_shift, shift_likeness, small_tract, tempo_alone
from slicecore.explain.causes.voice import NOT_OF_VOICES, Directions
from slicecore.explain.ranks import Ranks
from slicecore.mapped_memory import let_go
from slicecore.measurements import CATALOGUE
from slicecore.measurements.recurring import recurring_phrases
from slicecore.measurements.sound_catalogue import SOUND
from slicecore.text.language import commonest, languages, usual_language

if TYPE_CHECKING:
    import pandas as pd

    from slicecore.measurements import Measurements


@dataclass(frozen=True, eq=False)
class Context:
    """The whole set as the causes look at it. Made by `build_context`.

    Attributes
    ----------
    clips : DataFrame
        The measurements, and of every clip: `language` of its reference ("" where not sure), `foreign` (another
        language than most predictions), `phrase` (that recurs in its prediction, "" without one), `usual_rate`
        (commonest sampling rate of the files), `spectral_shift`, `relative_rate` and `relative_pitch` (natural
        logarithm of the factor against the whole set).
    language
        That of most predictions.
    shown : (n, causes) bool
        Which clips show which cause of `CAUSES` by themselves.
    ranks : Ranks
        Of the measurements that the causes compare.
    likeness : (n, shifts) float32
        See `slicecore.explain.causes.speed.shift_likeness`.
    vectors : Directions or None
        Embeddings around their mean.
    sounding : (n,) bool
        Which clips have a sound that could be measured.
    """

    clips: pd.DataFrame
    language: str
    shown: NDArray[np.bool_]
    ranks: Ranks
    likeness: NDArray[np.float32]
    vectors: Directions | None
    sounding: NDArray[np.bool_]

    @cached_property
    def shown_in_all(self) -> NDArray[np.int64]:
        """Clips of the whole set that show each cause, (causes,)."""
        counts: NDArray[np.int64] = self.shown.sum(axis=0)
        return counts


def build_context(
    measured: Measurements,
    reference: Sequence[str],
    prediction: Sequence[str],
    vectors: NDArray | None = None,
    cache: Path | None = None,
    ranks: Ranks | None = None,
) -> Context:
    """Prepare a set of clips for `find_causes`.

    Parameters
    ----------
    measured
        From `slicecore.measurements.measure`.
    reference, prediction
        (n,) texts as written.
    vectors
        (n, d) embeddings, NaN rows where there is none; they tell whether clips share a voice.
    cache
        Folder of the cache; nothing is stored if None.
    ranks
        Ranks of the measurements of the clips, where they are known.
    """
    import pandas as pd

    spoken = languages(reference, cache)
    usual = usual_language(prediction, cache) or commonest(spoken)
    # Values that are not measured, such as those of texts that are no transcripts, are unknown of every clip.
    table = measured.table.reindex(columns=measured.table.columns.union(list(CATALOGUE), sort=False))
    likeness = shift_likeness(measured.timbre)
    let_go(measured.timbre)  # it is asked for once
    rates = table["file_rate"].mode()
    shift, rate, pitch = (
        likeliest_shift(likeness),
        *(_relative(table[name]).to_numpy() for name in ("character_rate", "pitch")),
    )
    clips = table.assign(
        language=spoken,
        phrase=recurring_phrases(reference, prediction, table["recurring_words"].to_numpy()),
        foreign=(spoken != "") & (spoken != usual),
        usual_rate=float(rates.iloc[0]) if len(rates) else np.nan,
        spectral_shift=shift,
        relative_rate=rate,
        relative_pitch=pitch,
        tempo=tempo_alone(rate, _relative(table["predicted_rate"]).to_numpy(), shift),
        small_tract=small_tract(shift, pitch, rate),
    )
    compared = NOT_OF_VOICES.union(
        *({*rule.evidence, *(gradual.measurement for gradual in rule.gradual)} for rule in CAUSES.values())
    )
    return Context(
        clips,
        usual,
        shown_by(clips),
        Ranks(pd.DataFrame({name: clips[name] for name in sorted(compared)}, copy=False), ranks),
        likeness,
        None if vectors is None else Directions(vectors),
        clips[[measurement.name for measurement in SOUND]].notna().any(axis=1).to_numpy(),
    )


def _relative(values: pd.Series) -> pd.Series:
    positive = values.where(values > 0)
    return np.log(positive) - np.log(positive.median())
