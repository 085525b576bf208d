"""A page of a PDF as a picture, and where in it something stands."""

from dataclasses import dataclass
from typing import NamedTuple

from rag.corpus.formats.pdf_lines import Sides
from rag.types import Box


class Place(NamedTuple):
    """A rectangle of a picture, in shares of its width and height, from its left and its top."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as a viewer shows it, of a document that has so many `pages`.

    `png` is the picture. `sides` are those of what is shown of the page, in points as the PDF counts them, before it is turned; it is
    turned so many `quarters` with the clock.
    """

    png: bytes
    pages: int
    sides: Sides
    quarters: int

    def place(self, box: Box) -> Place:
        """Where the picture shows a box of its page."""
        page, shown = self.sides.turned(self.quarters), Sides(box.left, box.bottom, box.right, box.top).turned(self.quarters)
        left, top = (shown.left - page.left) / page.width, (page.top - shown.top) / page.height
        return Place(left, top, shown.width / page.width, shown.height / page.height)
