"""Articles into a store: what is new is cut, encoded and committed in batches, what is unchanged costs nothing."""

from rag.adding.addition import add
from rag.adding.encoding import Elsewhere
from rag.adding.pace import Pace
from rag.adding.report import Choices, Copy, Fate, Files, Progress, Report, Stored

__all__ = ["Choices", "Copy", "Elsewhere", "Fate", "Files", "Pace", "Progress", "Report", "Stored", "add"]
