"""The encoder that the settings name, and what it computes in on this machine."""

from rag.encoder.encoder import Encoder
from rag.encoder.sentence_encoder import SentenceEncoder
from rag.encoder.shipped_encoder import ShippedEncoder
from rag.errors import InputError
from rag.models.machine import multiplies_bf16
from rag.settings import Settings


def sentence_encoder(settings: Settings) -> Encoder:
    """Raises InputError where the settings want a model in int8 that does not ship so."""
    precision = precision_here(settings)
    return ShippedEncoder() if precision == "int8" else SentenceEncoder(settings.model, precision)


def precision_here(settings: Settings) -> str:
    """int8 for the model that ships so; for others bf16, where the processor multiplies it, else fp32.

    Raises InputError as `sentence_encoder` does.
    """
    if settings.precision == "auto" and settings.model:
        return "bf16" if multiplies_bf16() else "fp32"
    if settings.precision == "int8" and settings.model:
        raise InputError(f"precision int8 is that of the model that ships, not of {settings.model}; set PULLQUOTE_PRECISION to auto, fp32 or bf16")
    return "int8" if settings.precision == "auto" else settings.precision
