"""The encoder that the settings name, and what it computes in."""

from rag.encoder.encoder import Encoder
from rag.encoder.exported_encoder import ExportedEncoder
from rag.encoder.exports import Exports
from rag.encoder.sentence_encoder import SentenceEncoder
from rag.encoder.shipped_encoder import ShippedEncoder
from rag.errors import InputError
from rag.settings import Settings


def sentence_encoder(settings: Settings, exports: Exports | None = None) -> Encoder:
    """A model that does not ship is exported, and the export kept, where there is a place for `exports` and no precision is named.

    Raises InputError where the settings want it in int8.
    """
    precision = precision_of(settings)
    if precision == "int8":
        return ShippedEncoder()
    if exports and settings.precision == "auto":
        return ExportedEncoder(settings.model, exports)
    return SentenceEncoder(settings.model, precision)


def precision_of(settings: Settings) -> str:
    """Where none is named, int8 for the model that ships so, and fp32 for others.

    Raises InputError as `sentence_encoder` does.
    """
    if settings.precision == "int8" and settings.model:
        raise InputError(f"precision int8 is that of the model that ships, not of {settings.model}; set PULLQUOTE_PRECISION to auto, fp32 or bf16")
    if settings.precision == "auto":
        return "fp32" if settings.model else "int8"
    return settings.precision
