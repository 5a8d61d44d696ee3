"""Classes that embed, by the type of model of the transformers library."""

from __future__ import annotations

import importlib
from pathlib import Path

from slicecore.embedding.hub import find_checkpoint
from slicecore.embedding.transformer import TransformerEmbedder
from slicecore.errors import ModelError

_WAVEFORM = ("wav2vec2", "WaveformEmbedder")

TYPES: dict[str, tuple[str, str]] = {
    "audio-spectrogram-transformer": ("spectrogram_transformer", "SpectrogramEmbedder"),
    "wav2vec2": _WAVEFORM,
    "wav2vec2-conformer": _WAVEFORM,
    "hubert": _WAVEFORM,
    "wavlm": _WAVEFORM,
    "unispeech": _WAVEFORM,
    "unispeech-sat": _WAVEFORM,
    "data2vec-audio": _WAVEFORM,
    "sew": _WAVEFORM,
    "whisper": ("whisper", "WhisperEmbedder"),
    "clap": ("clap", "ClapEmbedder"),
    "clap_audio_model": ("clap", "ClapEmbedder"),
}
"""`model_type` of a checkpoint -> module of this package and class."""


def open_huggingface(model: str, cache: Path) -> TransformerEmbedder:
    """Find a model by folder or hub name. Weights are loaded when a clip needs them.

    Parameters
    ----------
    model
        Its folder or hub name.
    cache
        Folder of the cache, for converted weights and the precision that was chosen.

    Raises
    ------
    ModelError
        If the model can't be had or is of a kind that has no clip embedding.
    """
    checkpoint = find_checkpoint(model)
    kind = str(checkpoint.config.get("model_type"))
    if kind not in TYPES:
        raise ModelError(
            f"“{model}” is a model of type {kind}, which is not supported. "
            f"Use one of these types: {', '.join(TYPES)}."
        )
    module, name = TYPES[kind]
    family: type[TransformerEmbedder] = getattr(
        importlib.import_module(f"slicecore.embedding.{module}"), name
    )
    try:
        return family(checkpoint, cache)
    except (TypeError, ValueError, LookupError, ArithmeticError, AttributeError) as error:
        raise ModelError(f"The settings of “{model}” don't fit together: {error!r}.") from error
