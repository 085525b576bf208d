r"""What a terminal may be given: names and texts with all that would tell it something shown escaped, as \x1b, \n or \u202e.

The names of files and articles come from strangers, and so do the texts. A
control character can move the cursor or retitle the window, a line break can
forge a line of the program's own, a bidi control can show words in another
order than they have, and a lone surrogate cannot be written at all.
"""

import io
import logging
import re
from typing import TextIO

# the control characters (C0, DEL, C1), the separators of lines and paragraphs, Unicode's Bidi_Control, the surrogates
_TELLING = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
# a text of several lines keeps these
_LINES = "\n\t"


def printable(text: str, *, lines: bool = False) -> str:
    """`text` as one line that tells a terminal nothing; with `lines`, its line feeds and tabs stay."""
    return _TELLING.sub(lambda found: found[0] if lines and found[0] in _LINES else ascii(found[0])[1:-1], text)


def printable_json(text: str) -> str:
    """The same JSON, with such characters in its strings in JSON's own escapes: whoever parses it gets what was there."""
    return _TELLING.sub(lambda found: found[0] if found[0] in _LINES else f"\\u{ord(found[0]):04x}", text)


class PrintableLog(logging.Formatter):
    """A message as one line, and below it what else belongs to it, such as where an error was raised."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's own name
        return printable(super().formatMessage(record))

    def format(self, record: logging.LogRecord) -> str:
        return printable(super().format(record), lines=True)


class PrintableStream(io.TextIOBase):
    """A stream that tells a terminal nothing, whoever writes to it: a library that prints an error by itself prints what is in it."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__()
        self._stream = stream

    def write(self, text: str) -> int:
        self._stream.write(printable(text, lines=True))
        return len(text)

    def flush(self) -> None:
        self._stream.flush()

    def fileno(self) -> int:
        return self._stream.fileno()
