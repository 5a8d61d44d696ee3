"""From clips to vectors: `embed` picks the model family, decodes, computes and keeps what it computed."""

from slicecore.embedding.cluster import Cluster
from slicecore.embedding.engine import Embeddings, embed
from slicecore.embedding.names import SUGGESTED, Suggestion, details, label
from slicecore.embedding.outcome import Label
from slicecore.embedding.own import OwnEmbedding
from slicecore.embedding.per_clip import Cancelled

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
