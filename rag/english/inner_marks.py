"""Words with marks inside: each is found however its marks are written, and without them."""

import re

# what has no width, so that a word with it looks like the same word (a soft hyphen ends a line, too); other forms of a hyphen and an apostrophe
_UNSEEN = ("\u00ad\n", "\u00ad", "\u200b", "\u2060", "\ufeff")
_HYPHENS, _APOSTROPHES = "\u2010\u2011", "’ʼʻ"
_PLAIN = (*((mark, "") for mark in _UNSEEN), *((mark, "-") for mark in _HYPHENS), *((mark, "'") for mark in _APOSTROPHES))
# the rest of a code; few have more parts
_REST = r"(?:(?:[-_]\n?)?(?:\d++|[A-Z]++)){0,8}+[a-z]?(?![^\W_])"
_WITH_MARKS = re.compile(
    r"\b(?:[^\W\d_]++(?:"
    # a name, but no possessive and no verb's short form
    r"(?:'(?!(?i:s|t|d|m|re|ve|ll)\b)[^\W\d_]++)+"
    # a word over two lines
    r"|-[ \t]*\n[ \t]*[^\W\d_A-Z]+"
    # letters and digits of one code; a word that only begins with a number, as "19-year-old" and "2nd" do, is none
    rf"|(?:[-_]\n?)?\d++{_REST})|\d++[-_]?[A-Z]++{_REST})"
)
_MARKS = re.compile(r"[\W_]+")
# a code that may be written in two parts; a single letter or digit would be a part of too much
_LETTERS_AND_DIGITS = re.compile(r"([^\W\d_]{2,})(\d+)")


def alike(text: str) -> str:
    """The text without what cannot be seen, with plain hyphens and apostrophes; its offsets may be others."""
    for mark, plain in _PLAIN:
        text = text.replace(mark, plain)
    return text


def searched(text: str) -> str:
    """The text as its words are searched: alike, and at its end the other forms of those with marks inside, and of codes that could have one."""
    text = alike(text)
    return " ".join([text, *(other for match in _WITH_MARKS.finditer(text) for other in _others(match[0]))])


def _others(word: str) -> list[str]:
    joined = _MARKS.sub("", word)
    if joined != word:
        return [joined]
    parts = _LETTERS_AND_DIGITS.fullmatch(word)
    return list(parts.groups()) if parts else []
