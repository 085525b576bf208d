"""What a copy tells while it is made, and what it came to."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """How far it is: so many articles of a total are copied, or with `compares` are compared; `passages` are those copied so far."""

    done: int
    total: int
    passages: int = 0
    compares: bool = False


Progress = Callable[[Step], object]


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something that is not in both stores, or not the same in both: `kind` is what it is (an article, a note …), `name` which, and why."""

    kind: str
    name: str
    reason: str

    @property
    def sentence(self) -> str:
        """For a person to read; what the names have in them is as it is."""
        return " ".join(filter(None, (self.kind, self.name, self.reason)))


@dataclass(frozen=True, slots=True)
class Counts:
    """How many articles were copied, for the first time or in place of others, were there already, and were taken away there."""

    added: int = 0
    replaced: int = 0
    unchanged: int = 0
    removed: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """What `copy` did. `articles` are those of this run, the other counts what the destination holds now.

    `left_out` is what is not what was stored in the source, and so was not copied, `differing` what else differs after all was
    read back. `rounds` is how often the source was gone through: more than once where it was written to meanwhile.
    """

    articles: Counts
    passages: int
    editions: int
    notes: int
    feedback: int
    documents: int
    left_out: tuple[Flaw, ...] = ()
    differing: tuple[Flaw, ...] = ()
    rounds: int = 1

    @property
    def is_whole(self) -> bool:
        """Whether the destination holds what the source does."""
        return not (self.left_out or self.differing)
