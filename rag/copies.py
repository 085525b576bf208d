"""Near-copies: one agency's story in several articles, with small edits or cut short."""

import re

# Broder, "On the resemblance and containment of documents" (1997): the share of the shorter text's runs of four words
# that the longer one has. A copy with every tenth word changed still shares about two thirds of them; two reports of
# one event, each in its own words, share few beyond names and titles.
SHARED = 0.6
_RUN = 4
# Below this many runs a shared phrase weighs too much: short texts are copies only when they have the same words.
_FEWEST = 20
_WORD = re.compile(r"\w+")


def near_copies(a: str, b: str) -> bool:
    """Whether the shorter of two texts is, but for small edits, (a part of) the longer one; case and punctuation do not count."""
    first, second = _WORD.findall(a.casefold()), _WORD.findall(b.casefold())
    if first == second:
        return True
    runs, others = _runs(first), _runs(second)
    fewest = min(len(runs), len(others))
    return fewest >= _FEWEST and len(runs & others) >= SHARED * fewest


def _runs(words: list[str]) -> set[tuple[str, ...]]:
    return set(zip(*(words[start:] for start in range(_RUN)), strict=False))
