"""Near-copies: one agency's story in several articles, with small edits or cut short."""

from functools import cached_property

from rag.values import wording

# Broder, "On the resemblance and containment of documents" (1997): the share of the shorter text's runs of four words
# that the longer one has. A copy with every tenth word changed still shares about two thirds of them; two reports of
# one event, each in its own words, share few beyond names and titles.
SHARED = 0.6
_RUN = 4
# Below this many runs a shared phrase weighs too much: short texts are copies only when they have the same words.
_FEWEST = 20


def near_copies(a: str, b: str) -> bool:
    """Whether the shorter of two texts is, but for small edits, (a part of) the longer one; case and punctuation do not count, signs and units do."""
    return Wording(a).copies(Wording(b))


class Wording:
    """A text's words, to compare it with several others."""

    def __init__(self, text: str) -> None:
        self.words = [word for word, _ in wording(text)]

    def copies(self, other: "Wording") -> bool:
        """Whether the two texts are near-copies, as `near_copies` has it."""
        if self.words == other.words:
            return True
        fewest = min(len(self.runs), len(other.runs))
        return fewest >= _FEWEST and len(self.runs & other.runs) >= SHARED * fewest

    @cached_property
    def runs(self) -> set[tuple[str, ...]]:
        return set(zip(*(self.words[start:] for start in range(_RUN)), strict=False))
