"""A web page as its tree of elements, if it is no larger and no deeper than what can be read in time."""

import re
from collections import Counter

from lxml import etree, html

from rag.errors import InputError

# Extraction takes time with the square of the parts of a paragraph, and of an element's attributes; a page within these
# takes it some seconds. What lies deeper than libxml2 goes by default, it drops without a word.
_MOST_TAGS, _MOST_INLINE, _MOST_ATTRIBUTES, _MOST_CHARACTERS, _MOST_DEEP = 100_000, 5_000, 2_000, 5_000_000, 256
# so many do not take much to parse, and it can be told that they are within each other
_MOST_PARSED = 500_000
# what does not stand in a paragraph beside others, or costs no such time there
_BLOCKS = frozenset(
    "html head body article section main div p br hr h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table tbody tr td th img meta link script".split()
)
# A script, whose comparisons look like tags, or a tag.
_TAG = re.compile(r"""<script\b(?:.*?</script|.*)|<[a-z](?:[^>"']|"[^"]*"|'[^']*')*+""", re.IGNORECASE | re.DOTALL)
_QUOTED = re.compile(r""""[^"]*"|'[^']*'""")
_WAY_OUT = "save the part of it that you need"


def page_tree(text: str) -> html.HtmlElement:
    """The root element of a page, `html`, without comments.

    Raises InputError where the page has no element, over 100,000 tags, 5,000 parts of one paragraph, 2,000 attributes in one
    tag, or 5,000,000 characters between its tags, or is nested more than 256 elements deep.
    """
    tags = text.count("<")
    if tags > _MOST_PARSED:
        _within("tags", tags, _MOST_TAGS)
    # no tag with so many attributes is shorter; the parser's time goes with the square of their number
    for tag in _TAG.findall(text):
        if len(tag) > 2 * _MOST_ATTRIBUTES and tag[:7].lower() != "<script":
            _within("attributes in one tag", len(_QUOTED.sub("", tag).split()), _MOST_ATTRIBUTES)
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True, no_network=True, remove_comments=True, remove_pis=True, collect_ids=False)
    try:
        page = html.document_fromstring(text.encode(), parser=parser)
    except etree.ParserError:
        raise InputError("the page is empty") from None
    _check(page)
    _within("tags", tags, _MOST_TAGS)
    return page


def _check(page: html.HtmlElement) -> None:
    depth = characters = 0
    inline: Counter[int] = Counter()
    for event, element in etree.iterwalk(page, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > _MOST_DEEP:
            raise InputError(f"the page is nested too deeply, more than {_MOST_DEEP} elements within each other; save it anew from a browser")
        if event == "start":
            inline[depth] += element.tag not in _BLOCKS
            inline[depth + 1] = 0
            _within("parts of one paragraph", inline[depth], _MOST_INLINE)
        characters += len((element.text if event == "start" else element.tail) or "")
    _within("characters", characters, _MOST_CHARACTERS)


def _within(what: str, number: int, most: int) -> None:
    if number > most:
        raise InputError(f"the page is larger than what can be read in time, {number:,} {what} where the most is {most:,}; {_WAY_OUT}")
