"""Mailboxes (mbox): mails one after the other, each a document of its own."""

import re
from collections.abc import Iterator

from rag.corpus.draft import Member
from rag.errors import InputError

# Before each mail stands a line with a sender and a time, after a blank one, and the mail's header follows; a sentence that
# begins with "From" is none.
_BEGINNING = re.compile(rb"(?:\A|(?<=\n\n)|(?<=\r\n\r\n))From [^\r\n]{0,200}\d:\d\d[^\r\n]{0,200}\r?\n(?=[!-9;-~]+[ \t]*:)")
# What writes mailboxes puts a mark before lines that could be taken for one.
_MARKED = re.compile(rb"^>(?=>*From )", re.MULTILINE)


def read(data: bytes, name: str) -> Iterator[Member]:  # noqa: ARG001 - every reader is called alike
    """The mails in their order. Raises InputError where the file does not begin with one."""
    beginnings = _BEGINNING.finditer(data)
    begins = next(beginnings, None)
    if begins is None or data[: begins.start()].strip():
        raise InputError('it is no mailbox: no mail after a line "From …" begins it')
    number = 1
    while begins is not None:
        following = next(beginnings, None)
        mail = data[begins.end() : following.start() if following else len(data)]
        yield Member(f"message {number}.eml", _MARKED.sub(b"", mail))
        number, begins = number + 1, following
