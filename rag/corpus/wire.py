"""What goes between the program and the processes that read documents for it: frames of bytes, and items as JSON."""

import base64
import json
import math
from collections.abc import Callable
from dataclasses import asdict, dataclass, field

from rag.corpus.canonical_text import canonical
from rag.corpus.draft import Address, Draft, Member
from rag.corpus.formats.pdf_lines import Sides
from rag.corpus.picture import Picture
from rag.corpus.told import facts_json, facts_of_json, parts_json, parts_of_json
from rag.errors import InputError
from rag.types import Refusal

PROCESSOR_SECONDS = 10
# the exit code of a process that had no memory for a document
NO_MEMORY = 3
_LENGTH_BYTES = 8
_PNG = b"\x89PNG\r\n\x1a\n"

Item = Draft | Member | Address | Refusal | Picture


@dataclass(frozen=True, slots=True)
class Request:
    """What is read: by which format's module, what the document is called, and where a table has the facts ("title": "Headline").

    With a `page`, which counts from 1, that is drawn instead.
    """

    format: str
    name: str
    columns: dict[str, str] = field(default_factory=dict)
    page: int = 0

    def sent(self) -> bytes:
        return json.dumps(asdict(self)).encode()


def frame(payload: bytes) -> bytes:
    """The payload behind its length."""
    return len(payload).to_bytes(_LENGTH_BYTES, "big") + payload


def payload(read: Callable[[int], bytes]) -> bytes | None:
    """The next payload of a stream; None where it ends, be it within one."""
    length = read(_LENGTH_BYTES)
    if len(length) < _LENGTH_BYTES:
        return None
    size = int.from_bytes(length, "big")
    data = read(size)
    return data if len(data) == size else None


def sent(item: Item) -> bytes:
    """An item as JSON."""
    match item:
        case Draft(text, parts, facts, part, warnings, format):
            told = {"text": text, "parts": parts_json(parts), "facts": facts_json(facts), "part": part, "warnings": warnings, "format": format}
            return json.dumps({"draft": told}).encode()
        case Member(name, data, facts):
            return json.dumps({"member": {"name": name, "data": base64.b64encode(data).decode(), "facts": facts_json(facts)}}).encode()
        case Picture(png, pages, sides, quarters):
            return json.dumps({"picture": {"png": base64.b64encode(png).decode(), "pages": pages, "sides": sides, "quarters": quarters}}).encode()
        case Refusal():
            return json.dumps({"refusal": asdict(item)}).encode()
        case Address():
            return json.dumps({"address": asdict(item)}).encode()


def received(data: bytes) -> Item:
    """The item of what `sent` gave. Raises InputError where it is no such, or a draft's text is not canonical: who sent it is not trusted."""
    try:
        ((kind, told),) = json.loads(data).items()
        if kind == "refusal":
            return Refusal(str(told["origin"]), str(told["reason"]))
        if kind == "address":
            return Address(str(told["url"]))
        if kind == "picture":
            return _picture(base64.b64decode(told["png"]), int(told["pages"]), Sides(*map(float, told["sides"])), int(told["quarters"]))
        facts = facts_of_json(told["facts"])
        if kind == "member":
            return Member(str(told["name"]), base64.b64decode(told["data"]), facts)
        text, format = str(told["text"]), str(told["format"])
        parts, warnings = parts_of_json(told["parts"]), tuple(map(str, told["warnings"]))
    except (AttributeError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise InputError(f"its reader gave what is no document: {str(error)[:100]}") from None
    if canonical(text) != text:
        raise InputError("its reader gave a text that is not canonical")
    return Draft(text, parts, facts, str(told["part"]), warnings, format)


def _picture(png: bytes, pages: int, sides: Sides, quarters: int) -> Picture:
    """Raises ValueError where it is none: what nothing can be placed in, or what a browser might take for something else."""
    if not (png.startswith(_PNG) and all(map(math.isfinite, sides)) and sides.width > 0 and sides.height > 0):
        raise ValueError("it is no picture of a page")
    return Picture(png, pages, sides, quarters)
