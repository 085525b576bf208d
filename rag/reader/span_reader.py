"""The span reader that the settings name."""

from pathlib import Path

from rag.reader.folder_reader import FolderReader
from rag.reader.shipped_reader import ShippedReader
from rag.reader.span_scores import SpanReader
from rag.settings import Settings


def span_reader(settings: Settings) -> SpanReader:
    """It loads, and may raise ReaderError, when it is first used."""
    return FolderReader(Path(settings.reader)) if settings.reader else ShippedReader()
