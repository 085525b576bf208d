"""Articles beside each other: where their answers differ, how each says its own, and which of them are copies."""

from rag.differences.copies import Wording, near_copies
from rag.differences.differences import differences, differing
from rag.differences.standing import Standing, standing, wanted

__all__ = ["Standing", "Wording", "differences", "differing", "near_copies", "standing", "wanted"]
