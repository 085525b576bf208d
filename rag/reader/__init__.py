"""A question and its hits into quotes, or the reason why there are none."""

from rag.reader.reader import Reader, Reading
from rag.reader.span_reader import span_reader
from rag.reader.span_scores import SpanReader
from rag.reader.widening import widened

__all__ = ["Reader", "Reading", "SpanReader", "span_reader", "widened"]
