"""Other people's files are untrusted data: what is wrong in one is an InputError that says where and how to go on."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from rag.corpus import canonical
from rag.errors import InputError

Row = TypeVar("Row")


@contextmanager
def at(place: object) -> Iterator[None]:
    """Puts the place before what is wrong there."""
    try:
        yield
    except InputError as error:
        raise InputError(f"{place}: {error}") from None


@contextmanager
def opened(path: Path) -> Iterator[None]:
    """Names the file that the system does not give."""
    try:
        yield
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}") from None


def json_file(path: Path) -> Any:
    """What a file of JSON in UTF-8 holds."""
    with opened(path):
        data = path.read_bytes()
    with at(path):
        return _parsed(data)


def json_lines(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The rows of a file of JSON Lines in UTF-8, each after its place, `path:line`."""
    with opened(path), path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if line.strip():
                place = f"{path}:{number}"
                with at(place):
                    row = record(_parsed(line))
                yield place, row


def record(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InputError("this is no JSON object; is it a file of another form?")
    return value


def items(row: dict[str, Any], name: str) -> list[Any]:
    value = row.get(name)
    if not isinstance(value, list):
        raise InputError(f'"{name}" is missing or no list; is it a file of another form?')
    return value


def text(row: dict[str, Any], name: str) -> str:
    """The canonical text under a name, which has to be there."""
    return optional_text(row, name) or _missing(name)


def optional_text(row: dict[str, Any], name: str) -> str:
    """The canonical text under a name; empty where there is none."""
    value = row.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise InputError(f'"{name}" is no string; put its value in quotation marks')
    with at(f'"{name}"'):
        return canonical(value)


def identifier(row: dict[str, Any], name: str) -> str:
    """The id under a name, which may be a whole number, as articles have theirs: on one line."""
    value = row.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return " ".join(text(row, name).split())


def keep(rows: dict[str, Row], id: str, row: Row) -> None:
    """Puts the row under its id. Raises InputError for one that was used before."""
    if id in rows:
        raise InputError(f"the id {id!r} was used before; give each row its own, or take one of the two out")
    rows[id] = row


def _missing(name: str) -> str:
    raise InputError(f'"{name}" is missing or blank; fill it in, or take the row out')


def _parsed(data: bytes) -> Any:
    try:
        return json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise InputError(f"byte {error.start:,} is not UTF-8; save the file as UTF-8") from None
    except RecursionError:
        raise InputError("this is nested too deeply to be a question set; is it a file of another form?") from None
    except ValueError as error:
        raise InputError(f"this is not JSON ({str(error)[:100]}); is the file whole, and of this form?") from None
