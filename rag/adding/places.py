"""Where articles come from: which of these places are below others, which are gone, and which folders have lost all that was in them."""

import os
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from rag.corpus.files import is_url
from rag.corpus.walk import why_not


def is_below(origin: str, places: frozenset[Path]) -> bool:
    """Whether it is one of the places or lies in one; there may be thousands of either."""
    path = Path(origin)
    return not places.isdisjoint((path, *path.parents))


def is_gone(origin: str) -> bool:
    """Whether an article's file is no longer there; nobody looks whether a page is."""
    return bool(origin) and not is_url(origin) and not Path(origin).exists()


def folder_of(origin: str) -> str:
    return os.path.dirname(origin)  # noqa: PTH120 - of a million rows, where a Path would take longer than all else


def emptied(gone: Iterable[tuple[str, str]], places: frozenset[Path], living: Iterable[str]) -> dict[Path, set[str]]:
    """The folders at or below `places` that are there and are looked into, but in which nothing could be read, with the ids of what was in each.

    `gone` are ids of articles that were not read, with where they were; `living` are the folders of all that was read. Of folders
    that lie in each other it is the highest.
    """
    alive = {above for folder in living for above in (Path(folder), *Path(folder).parents)}
    of_folder: defaultdict[str, set[str]] = defaultdict(set)
    for id, place in gone:
        of_folder[folder_of(place)].add(id)
    found: defaultdict[Path, set[str]] = defaultdict(set)
    for folder, ids in of_folder.items():
        path = Path(folder)
        below = [one for one in (path, *path.parents) if is_below(str(one), places)]
        highest = next((one for one in reversed(below) if one not in alive), None)
        if highest and _is_looked_into(highest, places):
            found[highest] |= ids
    return found


def _is_looked_into(folder: Path, places: frozenset[Path]) -> bool:
    # one that is named itself may be hidden
    return folder.is_dir() and why_not(folder) in ((None, "hidden") if folder in places else (None,))
