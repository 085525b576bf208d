"""What filters leave, and what they leave out only because a day is not told."""

from collections.abc import Callable
from dataclasses import replace

from rag.arrays import Numbers
from rag.types import Filters, Searched


def counted(searched: Callable[[Filters, Numbers | None], Searched], filters: Filters, having: Numbers | None) -> Searched:
    """What the filters leave, and what else they would leave if they did not leave out what is undated or only guessed.

    `searched` counts what filters leave of the articles with these numbers, of all with None.
    """
    found = searched(filters, having)
    if filters.undated or not filters.by_day:
        return found
    undated, guessed = (searched(wider, having).articles for wider in (replace(filters, undated=True), replace(filters, guessed=True)))
    return replace(found, undated_left_out=undated - found.articles, guessed_left_out=guessed - found.articles)
