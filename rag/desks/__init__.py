"""What people keep at their desks beside the archive: conversations, saved questions and searches, and when they were last here."""

from rag.desks.conversation import Conversation
from rag.desks.desks import NO_DESKS, Desks, Filed, Limits
from rag.desks.saved import Saved, Sought
from rag.desks.turn import Turn, Understood, seen_again

__all__ = ["NO_DESKS", "Conversation", "Desks", "Filed", "Limits", "Saved", "Sought", "Turn", "Understood", "seen_again"]
