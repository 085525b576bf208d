"""Whether gold questions fit the archive that they are asked of."""

from collections.abc import Iterator, Sequence

from rag.archive import Archive
from rag.corpus import canonical
from rag.evaluation.gold import Gold


def unsound(gold: Sequence[Gold], archive: Archive) -> dict[str, str]:
    """Of the questions whose evidence the archive has not, by id: the first thing that is wrong.

    Every article of the evidence has to be there, with the quote, where one is
    given, in its text character for character (both in canonical form).
    """
    texts = _Texts(archive)
    found = ((row.id, next(_faults(row, texts), None)) for row in gold)
    return {id: fault for id, fault in found if fault}


class _Texts:
    """The article looked at last is kept: gold questions on one article mostly stand together."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._last: tuple[str, str | None] = ("", None)

    def of(self, id: str) -> str | None:
        if self._last[0] != id:
            article = self._archive.article(id)
            self._last = (id, article.text if article else None)
        return self._last[1]


def _faults(row: Gold, texts: _Texts) -> Iterator[str]:
    for evidence in row.evidence:
        text = texts.of(evidence.article)
        if text is None:
            yield f"no article has the id {evidence.article!r}"
        elif evidence.quote is not None and canonical(evidence.quote) not in text:
            yield f"the quote {evidence.quote[:60]!r} is not in the article {evidence.article!r}"
