"""A question and its hits into quotes, or the reason why there are none."""

from rag.reader.reader import Reader, Reading

__all__ = ["Reader", "Reading"]
