"""An archive copied from one store into another, whatever keeps them, and the two compared."""

from rag.copying.comparing import compare
from rag.copying.copying import copy
from rag.copying.report import Counts, Flaw, Report, Step

__all__ = ["Counts", "Flaw", "Report", "Step", "compare", "copy"]
