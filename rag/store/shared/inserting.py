"""Inserting rows of which some may be there."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_absent(connection: Connection, table: Table[Any], rows: Sequence[Mapping[str, object]]) -> None:
    """Inserts those whose key is not in the table, be it there since a transaction that ends meanwhile."""
    if rows:
        connection.execute(_insert(connection, table).on_conflict_do_nothing(), rows)


def insert_or_add(connection: Connection, table: Table[Any], rows: Sequence[Mapping[str, object]], column: str) -> None:
    """Inserts rows; where one's key is in the table, adds what it has in the column to what is there."""
    if rows:
        statement = _insert(connection, table)
        summed = {column: table.c[column] + statement.excluded[column]}
        connection.execute(statement.on_conflict_do_update(index_elements=list(table.primary_key), set_=summed), rows)


def _insert(connection: Connection, table: Table[Any]) -> sqlite.Insert | postgresql.Insert:
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)
