"""What a browser sends. None of it is trusted: it is read here, and refused with a reason."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from rag.errors import InputError
from rag.given import valid

Action = Mapping[str, Any]


def text(action: Action, name: str) -> str:
    """A field, empty where it was not sent. Raises InputError where it is no valid text."""
    value = action.get(name, "")
    return valid(name, value if isinstance(value, str) else str(value))


def number(action: Action, name: str) -> int:
    """Raises InputError where the field is none."""
    try:
        return int(text(action, name))
    except ValueError:
        raise InputError("the page sent something that is no number; load it again") from None


def day(action: Action, name: str) -> date | None:
    """None where the field is blank. Raises InputError where it is no day."""
    written = text(action, name)
    try:
        return date.fromisoformat(written) if written.strip() else None
    except ValueError:
        raise InputError(f"{written[:20]!r} is not a day; write it as YYYY-MM-DD") from None


def whether(action: Action, name: str) -> bool:
    """Whether a box is ticked. Raises InputError where the field is neither true nor false."""
    written = text(action, name)
    # a box that is not ticked is not sent
    if written not in ("", "true", "false"):
        raise InputError(f"{written[:20]!r} is neither true nor false")
    return written == "true"
