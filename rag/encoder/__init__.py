"""Texts into unit vectors: by the encoder that ships, or by any model that sentence-transformers can load."""

from rag.encoder.choice import precision_here, sentence_encoder
from rag.encoder.encoder import Encoder
from rag.encoder.sentence_encoder import SentenceEncoder
from rag.encoder.shipped_encoder import ShippedEncoder

__all__ = ["Encoder", "SentenceEncoder", "ShippedEncoder", "precision_here", "sentence_encoder"]
