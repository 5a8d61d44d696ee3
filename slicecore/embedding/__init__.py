"""Embedding models, and vectors of clips: `embed` picks the model family, decodes, computes and stores."""

from slicecore.embedding.embeddings import Embeddings
from slicecore.embedding.engine import cluster_of, embed, embed_all, embed_and_measure, embed_raw
from slicecore.embedding.model_spec import NONE, default_model
from slicecore.embedding.names import SUGGESTED, Suggestion, details, label
from slicecore.embedding.user_function import OwnEmbedding
from slicecore.errors import Cancelled
from slicecore.per_clip.ray_cluster import Cluster
from slicecore.storage.outcome import Label

__all__ = [
    "NONE",
    "SUGGESTED",
    "Cancelled",
    "Cluster",
    "Embeddings",
    "Label",
    "OwnEmbedding",
    "Suggestion",
    "cluster_of",
    "default_model",
    "details",
    "embed",
    "embed_all",
    "embed_and_measure",
    "embed_raw",
    "label",
]
