"""Where an archive is that many machines share: a Milvus collection, and the SQL database with its text."""

import os
import re
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import unquote, urlsplit

from rag.errors import InputError

_SCHEMES = {"milvus+http": "http", "milvus+https": "https"}
_TEXT = "text="
_PORT = 19530
_SLASH = " (in a name or a password / is written %2F)"
# whichever program writes it; the driver is ours to choose
_DRIVERS = {"postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg", "postgresql+psycopg": "postgresql+psycopg", "sqlite": "sqlite"}
# names of Milvus and, with what stands behind it, of PostgreSQL's tables, of which 63 bytes count
_COLLECTION = re.compile(r"[a-z_][a-z0-9_]{0,39}")
_FORM = "milvus+http://HOST:19530/COLLECTION?text=postgresql://USER@HOST/DATABASE"
# Milvus's, the database's (SQLAlchemy takes a / in it), and those among the options of the database, its key's too
_PASSWORD = re.compile(r"^[^:]+://[^@/]*:[^@/]*@|[?]text=[^:]+://[^@/:]*:[^@]*@|[?&](?:ssl)?password=")
_TOKEN = "PULLQUOTE_MILVUS_TOKEN"  # noqa: S105 - the name of a variable


@dataclass(frozen=True, slots=True)
class Address:
    """`milvus` is the engine's address, `token` its user and password, `text` the database's as SQLAlchemy takes it; `shown` has no secret."""

    milvus: str
    collection: str
    text: str = field(repr=False)
    token: str = field(repr=False, default="")

    @classmethod
    def parse(cls, place: str) -> Self:
        """Raises InputError, in which no password stands."""
        try:
            split = urlsplit(place)
            port = _PORT if split.port is None else split.port
        # of it nothing is said, as a password may be in what it names
        except ValueError:
            raise InputError(f"the host or the port of Milvus is none{_SLASH}; the address is {_FORM}") from None
        if split.scheme not in _SCHEMES or not split.hostname or not port:
            raise InputError(f"an address of a shared archive has the form {_FORM}")
        collection, text = split.path.strip("/"), split.query.removeprefix(_TEXT)
        if "@" in collection:
            raise InputError(f"the collection cannot be one{_SLASH}; the address is {_FORM}")
        if not _COLLECTION.fullmatch(collection):
            raise InputError(
                f"the collection {collection[:60]!a} cannot be one: small letters, digits and _, at most 40, no digit first; the address is {_FORM}"
            )
        if not split.query.startswith(_TEXT) or "://" not in text:
            raise InputError(f"the address does not say where the text is kept: add ?text=postgresql://USER@HOST/DATABASE, as in {_FORM}")
        scheme, rest = text.split("://", 1)
        if scheme not in _DRIVERS:
            raise InputError(f"text is kept by PostgreSQL (postgresql://…) or, to try things out, by SQLite (sqlite:///FILE), not by {scheme[:30]!a}")
        host = f"[{split.hostname}]" if ":" in split.hostname else split.hostname
        token = f"{unquote(split.username)}:{unquote(split.password or '')}" if split.username else os.environ.get(_TOKEN, "")
        fragment = f"#{split.fragment}" if split.fragment else ""
        return cls(f"{_SCHEMES[split.scheme]}://{host}:{port}", collection, f"{_DRIVERS[scheme]}://{rest}{fragment}", token)

    @property
    def shown(self) -> str:
        return f"milvus+{self.milvus}/{self.collection}"


def is_address(place: object) -> bool:
    """Whether a place is an address and no folder."""
    return isinstance(place, str) and place.lower().startswith(tuple(f"{scheme}:" for scheme in _SCHEMES))


def has_password(place: object) -> bool:
    """Whether an address holds a password itself, Milvus's or the database's."""
    return is_address(place) and bool(_PASSWORD.search(str(place)))


def check_folder(place: str) -> None:
    """Raises InputError for an address of another kind, which would be taken for a folder, and be shown with the password in it."""
    scheme, mark, _ = place.partition("://")
    if mark:
        raise InputError(f"an archive is a folder, or an address that begins with milvus+http:// or milvus+https://, not with {scheme[:30]!a}")


def shown(place: str) -> str:
    """A folder or an address as it may be shown: without the secrets of an address. Raises InputError for an address that is none."""
    if is_address(place):
        return Address.parse(place).shown
    check_folder(place)
    return place
