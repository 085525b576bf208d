"""Texts into unit vectors: by the encoder that ships, or by any model that sentence-transformers can load."""

from rag.encoder.choice import precision_of, sentence_encoder
from rag.encoder.encoder import Encoder
from rag.encoder.exports import Exports
from rag.encoder.sentence_encoder import SentenceEncoder
from rag.encoder.shipped_encoder import ShippedEncoder

__all__ = ["Encoder", "Exports", "SentenceEncoder", "ShippedEncoder", "precision_of", "sentence_encoder"]
