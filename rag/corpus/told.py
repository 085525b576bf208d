"""What a document told of itself, and where it has the parts of its text, as JSON: for the store and between processes."""

from dataclasses import asdict
from typing import Any

from rag.types import Box, Fact, Facts, Kind, Original, Part, Provenance, Span


def facts_json(facts: Facts) -> dict[str, list[str]]:
    """Each fact that is told, as its value and who told it."""
    return {name: [fact["value"], fact["told_by"]] for name, fact in asdict(facts).items() if fact}


def facts_of_json(told: dict[str, list[str]]) -> Facts:
    """Raises KeyError, TypeError or ValueError for what `facts_json` cannot have given."""
    return Facts(**{name: Fact(str(value), Provenance(by)) for name, (value, by) in told.items()})


def parts_json(parts: tuple[Part, ...]) -> list[list[Any]]:
    """Each part as start, end, kind and place, and of a box the page and the four sides."""
    return [[part.span.start, part.span.end, part.kind.value, part.place, *_box(part.box)] for part in parts]


def parts_of_json(told: list[list[Any]]) -> tuple[Part, ...]:
    """Raises TypeError or ValueError for what `parts_json` cannot have given."""
    return tuple(
        Part(Span(int(start), int(end)), Kind(kind), str(place), Box(int(box[0]), *map(float, box[1:])) if box else None)
        for start, end, kind, place, *box in told
    )


def original_json(original: Original) -> list[Any]:
    """The document's SHA-256, format and version of the readers, without its bytes."""
    return [original.sha256, original.format, original.reader]


def original_of_json(told: list[Any]) -> Original:
    """Raises TypeError or ValueError for what `original_json` cannot have given."""
    sha256, format, reader = told
    return Original(str(sha256), str(format), int(reader))


def _box(box: Box | None) -> list[float]:
    return [box.page, *(round(float(side), 2) for side in (box.left, box.bottom, box.right, box.top))] if box else []
