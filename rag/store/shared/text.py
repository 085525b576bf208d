"""Text in a database that takes no NUL and no half of a character: PostgreSQL refuses both, and readers' notes may have the one."""

import re
from typing import Any

from sqlalchemy import Dialect, Text, TypeDecorator
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import TypeEngine

# what no database takes, and the mark that stands before its number: as U+0001 is escaped too, texts are in the order that they had
_ESCAPE = "\x01"
_REFUSED = re.compile("[\x00\x01\ud800-\udfff]")
_ESCAPED = re.compile("\x01([0-9a-f]{4})")


class AnyText(TypeDecorator[str]):
    """Any `str`, given back as it was, and sorted by code points whatever language the database sorts by."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(postgresql.TEXT(collation="C") if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - every database has the same
        return value and _REFUSED.sub(lambda found: f"{_ESCAPE}{ord(found[0]):04x}", value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), value) if value and _ESCAPE in value else value
