"""The header of a mail: who sent it, when, and what about."""

import re
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime

from rag.corpus.charsets import decode_as
from rag.errors import InputError
from rag.types import Fact, Facts, Provenance

_LONGEST_FIELD = 5_000
_LINE_END = re.compile(r"\r\n?|\n")
_MESSAGE_ID = re.compile(r"<\s*([^<>]+?)\s*>")


def header_facts(message: Message, warnings: list[str]) -> Facts:
    """What the header tells; what of it cannot be read is left out, and `warnings` says so."""
    subject = _field(message, "Subject", warnings)
    identity = _field(message, "Message-ID", warnings)
    inside = _MESSAGE_ID.search(identity)
    return Facts(
        id=_fact(inside[1] if inside else identity),
        title=_fact(decoded(subject, "Subject", warnings)),
        author=_fact(_author(message, warnings)),
        published=_fact(_date(message, warnings)),
        language=_fact(_field(message, "Content-Language", warnings).partition(",")[0]),
    )


def _fact(value: str) -> Fact | None:
    line = " ".join(value.split())
    return Fact(line, Provenance.MAIL) if line else None


def _field(message: Message, name: str, warnings: list[str]) -> str:
    """The field, unfolded, its encoded words as they are; empty where there is none."""
    values = [value for field, value in message.raw_items() if field.lower() == name.lower()]
    try:
        # eight bits in a header are UTF-8 today (RFC 6532)
        value = _LINE_END.sub("", values[0]).encode("ascii", "surrogateescape").decode() if values else ""
    except UnicodeDecodeError:
        warnings.append(f"its {name} is not readable as UTF-8; it was taken without that")
        return ""
    if len(value) > _LONGEST_FIELD:
        warnings.append(f"its {name} has {len(value):,} characters; it was taken without that")
        return ""
    return value


def decoded(value: str, name: str, warnings: list[str]) -> str:
    """The value with its encoded words (RFC 2047) as what they mean; empty where that cannot be told."""
    # the library escapes what is not ASCII
    if not value.isascii():
        return value
    try:
        return "".join(part if isinstance(part, str) else decode_as(part, charset or "ascii") for part, charset in decode_header(value))
    except (HeaderParseError, InputError, ValueError):
        warnings.append(f"its {name} is in an encoding that is not known, or not as it says; it was taken without that")
        return ""


def _author(message: Message, warnings: list[str]) -> str:
    """The names of the senders, without their addresses."""
    try:
        addresses = getaddresses([_field(message, "From", warnings)])
    except RecursionError:
        warnings.append("its From has comments nested too deeply; it was taken without that")
        return ""
    names = [decoded(name, "From", warnings).strip("'\" ") for name, _ in addresses]
    return ", ".join(name for name in names if name and "@" not in name)


def _date(message: Message, warnings: list[str]) -> str:
    """When it was sent, in ISO 8601, in the sender's zone."""
    value = _field(message, "Date", warnings)
    try:
        return parsedate_to_datetime(value).isoformat()
    except (IndexError, OverflowError, TypeError, ValueError):
        warnings.append(f"its date, {value[:60]!r}, cannot be read; it was taken without it" if value.strip() else "the mail has no date")
        return ""
