"""Articles beside each other: where their answers differ, and how each says its own."""

from rag.differences.differences import differences, differing
from rag.differences.standing import Standing, standing, wanted

__all__ = ["Standing", "differences", "differing", "standing", "wanted"]
