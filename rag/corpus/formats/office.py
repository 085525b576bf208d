"""What Word and OpenDocument documents share on their way to HTML."""

import re
from collections.abc import Iterable
from typing import Any

_HEADING = re.compile(r"heading ?([1-9])")
_TAGS = {"title": "h1", "subtitle": "h2", "caption": "figcaption", **{f"toc{gap}{level}": "nav" for gap in ("", " ") for level in range(1, 10)}}
_HTML = frozenset("body section p h1 h2 h3 h4 h5 h6 figcaption nav table tr td th br".split())


def with_local_names(root: Any) -> Any:
    """The element with the tags' local names, which all versions of a vocabulary share."""
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    return root


def attribute(element: Any, name: str = "val") -> str | None:
    """What an element says in the attribute with this local name; None where there is neither."""
    return None if element is None else next((said for key, said in element.attrib.items() if key.rpartition("}")[2] == name), None)


def number(element: Any, name: str = "val") -> int:
    """A whole number in an attribute; 0 for what is none."""
    said = attribute(element, name) or ""
    return int(said) if said.isascii() and said.isdigit() and len(said) < 6 else 0


def tag_of_style(names: Iterable[str]) -> str:
    """What a paragraph is in HTML, by the names of its style and of those that it is based on, the nearest first."""
    for name in names:
        called = name.casefold()
        if (heading := _HEADING.fullmatch(called)) or called in _TAGS:
            return heading_tag(int(heading[1])) if heading else _TAGS[called]
    return "p"


def heading_tag(level: int) -> str:
    return f"h{min(max(level, 1), 6)}"


def lift(boxes: Iterable[Any], paragraphs: tuple[str, ...]) -> None:
    """Puts the blocks of text boxes below the paragraphs that the boxes are fixed to."""
    for box in reversed(list(boxes)):
        paragraph: Any = next(box.iterancestors(*paragraphs), None)
        for block in reversed(list(box) if paragraph is not None else []):
            paragraph.addnext(block)


def drop(element: Any) -> None:
    """Takes an element out of its document, and leaves the text behind it."""
    around, before = element.getparent(), element.getprevious()
    if around is None:
        return
    if element.tail and before is None:
        around.text = (around.text or "") + element.tail
    elif element.tail:
        before.tail = (before.tail or "") + element.tail
    element.tail = None
    around.remove(element)


def only_html(body: Any) -> None:
    """Makes what is no block of HTML a mere span, so that no name of another vocabulary is taken for one of HTML."""
    for element in body.iter():
        if element.tag not in _HTML:
            element.tag = "span"
