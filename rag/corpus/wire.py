"""What goes between the program and the processes that read documents for it: frames of bytes, and items as JSON."""

import base64
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass

from rag.corpus.canonical_text import canonical
from rag.corpus.draft import Draft, Member
from rag.corpus.told import facts_json, facts_of_json, parts_json, parts_of_json
from rag.errors import InputError
from rag.types import Refusal

PROCESSOR_SECONDS = 10
# the exit code of a process that had no memory for a document
NO_MEMORY = 3
_LENGTH_BYTES = 8

Item = Draft | Member | Refusal


@dataclass(frozen=True, slots=True)
class Request:
    """What is read: the module of the format's reader, and what the document is called."""

    format: str
    name: str

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
        case Draft(text, parts, facts, part, warnings):
            told = {"text": text, "parts": parts_json(parts), "facts": facts_json(facts), "part": part, "warnings": warnings}
            return json.dumps({"draft": told}).encode()
        case Member(name, data, facts):
            return json.dumps({"member": {"name": name, "data": base64.b64encode(data).decode(), "facts": facts_json(facts)}}).encode()
        case Refusal():
            return json.dumps({"refusal": asdict(item)}).encode()


def received(data: bytes) -> Item:
    """The item of what `sent` gave. Raises InputError where it is no such, or a draft's text is not canonical: who sent it is not trusted."""
    try:
        ((kind, told),) = json.loads(data).items()
        if kind == "refusal":
            return Refusal(str(told["origin"]), str(told["reason"]))
        facts = facts_of_json(told["facts"])
        if kind == "member":
            return Member(str(told["name"]), base64.b64decode(told["data"]), facts)
        text = str(told["text"])
        parts, warnings = parts_of_json(told["parts"]), tuple(map(str, told["warnings"]))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise InputError(f"its reader gave what is no document: {str(error)[:100]}") from None
    if canonical(text) != text:
        raise InputError("its reader gave a text that is not canonical")
    return Draft(text, parts, facts, str(told["part"]), warnings)
