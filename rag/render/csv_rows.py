"""CSV for a spreadsheet, which takes a cell that begins so for a formula to be worked out: such a cell gets an apostrophe before it."""

import csv
import io
from collections.abc import Iterable

from rag.types import Finding

# OWASP, "CSV Injection"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_COLUMNS = ("id", "title", "source", "author", "published", "url", "start", "end", "snippet", "by_meaning", "folded", "copies")


def found_csv(findings: Iterable[Finding]) -> str:
    """A line of names, then a line for each finding: `start` and `end` are those of its snippet, `copies` the ids of its article's copies."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(_COLUMNS)
    writer.writerows(_row(finding) for finding in findings)
    return file.getvalue()


def _row(finding: Finding) -> list[str | int | None]:
    article, span = finding.article, finding.snippet
    published = article.published.isoformat() if article.published else None
    texts = [_cell(text) for text in (article.id, article.title, article.source, article.author, published, article.url)]
    by_meaning = "true" if finding.by_meaning else "false"
    copies = " ".join(copy.id for copy in finding.copies)
    return [*texts, span.start, span.end, _cell(span.of(article.text)), by_meaning, finding.folded, _cell(copies)]


def _cell(text: str | None) -> str | None:
    return f"'{text}" if text and text.startswith(_FORMULA) else text
