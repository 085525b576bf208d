"""A BibTeX file of the quoted articles, for biblatex and what imports it."""

import re
from collections.abc import Sequence

from rag.render.bibliography import Reference, entries
from rag.render.links import safe_url
from rag.render.names import Name
from rag.types import Answer

_SPECIAL = re.compile(r"[\\{}$&%#_^~<>]|-(?=-)|'(?=')|`(?=`)")
# Braces are named: BibTeX counts one that a backslash stands before. Quotation marks and the backtick stay themselves.
_NAMED = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    # two of these would be joined
    "-": "-{}",
    "'": "'{}",
    "`": "`{}",
}


def bibtex(answers: Sequence[Answer]) -> str:
    """An entry for each quoted article, with the quotes' offsets and the text's SHA-256 in its note; empty where none is quoted.

    Entries are `@article` with `date`, as biblatex has them. Titles and names
    that are left whole stand in a second pair of braces, so that no style
    changes their letters' case or divides them: biblatex asks for them round
    what must keep its case, and which of a headline's capitals must, no rule knows.
    """
    return "\n".join(_entry(entry) for entry in entries(answers))


def escaped(text: str) -> str:
    """Text as one line of a BibTeX field that TeX shows as the characters that it is; white space is folded."""
    return _SPECIAL.sub(lambda match: _NAMED.get(match[0], f"\\{match[0]}"), " ".join(text.split()))


def _entry(entry: Reference) -> str:
    article = entry.article
    fields = {
        "title": f"{{{escaped(article.title)}}}",
        "journal": f"{{{escaped(article.source)}}}" if article.source else None,
        "entrysubtype": "newspaper",
        "author": " and ".join(map(_name, entry.authors)),
        "date": article.published.isoformat() if article.published else None,
        # this field is read as it stands
        "url": safe_url(article.url),
        "note": escaped(entry.note),
    }
    lines = [f"  {name} = {{{value}}},\n" for name, value in fields.items() if value]
    return f"@article{{{entry.key},\n{''.join(lines)}}}\n"


def _name(name: Name) -> str:
    return f"{escaped(name.family)}, {escaped(name.given)}" if name.given else f"{{{escaped(name.family)}}}"
