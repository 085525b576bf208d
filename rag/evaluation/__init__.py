"""Gold questions in, a report out: does the archive find the right article, show the right words, and stay silent when it should?"""

from rag.evaluation.command import Request, Result, run
from rag.evaluation.evaluation import Evaluation, evaluate, read_report, sound
from rag.evaluation.from_feedback import by_question, feedback_gold
from rag.evaluation.gold import Evidence, Gold, read_gold
from rag.evaluation.uncertainty import Change, Estimate

__all__ = [
    "Change",
    "Estimate",
    "Evaluation",
    "Evidence",
    "Gold",
    "Request",
    "Result",
    "by_question",
    "evaluate",
    "feedback_gold",
    "read_gold",
    "read_report",
    "run",
    "sound",
]
