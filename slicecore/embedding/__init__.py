"""From clips to vectors: `embed` picks the model family, decodes, computes and keeps what it computed."""

from slicecore.embedding.engine import Embeddings, embed
from slicecore.embedding.names import SUGGESTED, Suggestion, details, label
from slicecore.embedding.own import OwnEmbedding
from slicecore.errors import Cancelled
from slicecore.per_clip.ray_runner import Cluster
from slicecore.storage.outcome import Label

__all__ = [
    "SUGGESTED",
    "Cancelled",
    "Cluster",
    "Embeddings",
    "Label",
    "OwnEmbedding",
    "Suggestion",
    "details",
    "embed",
    "label",
]
