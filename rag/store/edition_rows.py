"""An earlier text of an article between its value and its row."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from rag.store.article_rows import FACTS, article_of
from rag.store.seal import seal
from rag.types import Edition

# the columns that its seal is of: its number, the article's facts, what its document told, when it was replaced
SEALED = f"n, {FACTS}, document, replaced"
ID = 1
_REPLACED = 10


def is_whole(row: Sequence[Any]) -> bool:
    """Whether what is sealed, with its seal at the end, is what was stored."""
    return bool(row[-1] == seal(row[:-1]))


def edition_of(row: Sequence[Any]) -> Edition | None:
    """The edition of what is sealed, the seal, the text and its parts; None where they are not what was stored."""
    *sealed, found, text, parts = row
    article = article_of(sealed[1:-2], sealed[-2], str(text), str(parts)) if found == seal(sealed) else None
    return Edition(article, datetime.fromisoformat(sealed[-1]).astimezone(UTC)) if article else None


def told(row: Sequence[Any]) -> str:
    """Which text a row has that is not what was stored, for a person to read."""
    return f"the text of article {row[ID]} that was replaced on {str(row[_REPLACED])[:10]} is not what was stored"
