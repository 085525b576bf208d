"""A question and its hits into quotes, or the reason why there are none."""

from rag.reader.reader import Reader, Reading
from rag.reader.span_scores import SpanReader

__all__ = ["Reader", "Reading", "SpanReader"]


def span_reader(settings):
    raise NotImplementedError
