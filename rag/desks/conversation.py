"""A conversation in the list of those that a person keeps."""

from dataclasses import dataclass
from datetime import datetime

LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class Conversation:
    """`title` is its first question unless it was renamed, `questions` how many it has; `begun` and `last` are in UTC, to the second.

    `number` names it among all people's, and is never used twice.
    """

    number: int
    title: str
    begun: datetime
    last: datetime
    questions: int
