"""Gold questions in, measures out."""

from rag.evaluation.from_feedback import by_question, feedback_gold
from rag.evaluation.gold import Gold, read_gold
from rag.evaluation.measures import Measures, evaluate

__all__ = ["Gold", "Measures", "by_question", "evaluate", "feedback_gold", "read_gold"]
