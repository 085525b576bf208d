"""Inserting rows of which some may be there."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_absent(connection: Connection, table: Table[Any], rows: Sequence[Mapping[str, object]]) -> None:
    """Inserts those whose key is not in the table, be it there since a transaction that ends meanwhile."""
    if rows:
        statement = sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)
        connection.execute(statement.on_conflict_do_nothing(), rows)
