"""Text to unit vectors, with any sentence-transformers model in a folder, offline.

The first use of a model exports it to ONNX in the user's cache; from then on it runs without
torch. A model that cannot be exported, or a cache that cannot be written, means
sentence-transformers.
"""

from __future__ import annotations

from rag.encoding.exported import OnnxEncoder
from rag.encoding.folders import DEFAULT_MODEL
from rag.encoding.loading import load_encoder
from rag.encoding.protocol import Encoder, Vectors
from rag.encoding.reference import SentenceTransformerEncoder

__all__ = [
    "DEFAULT_MODEL",
    "Encoder",
    "OnnxEncoder",
    "SentenceTransformerEncoder",
    "Vectors",
    "load_encoder",
]
