"""Gold questions in, measures out."""

from rag.evaluation.gold import Gold, read_gold
from rag.evaluation.measures import Measures, evaluate

__all__ = ["Gold", "Measures", "evaluate", "read_gold"]
