"""Near-copies: one agency's story in several articles. Likely ones are found among many by signatures; their texts decide."""

from rag.copies.copy_memory import CopyMemory
from rag.copies.own_words import likeness, own_wording
from rag.copies.signatures import SIGNATURE_BYTES, Signatures, signature

__all__ = ["SIGNATURE_BYTES", "CopyMemory", "Signatures", "likeness", "own_wording", "signature"]
