"""Inserting rows of which some may be there."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import BigInteger, Connection, Table, Text, bindparam, cast, func, literal, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import JSON


def insert_absent(connection: Connection, table: Table[Any], rows: Sequence[Mapping[str, object]]) -> None:
    """Inserts those whose key is not in the table, be it there since a transaction that ends meanwhile."""
    if rows:
        connection.execute(_insert(connection, table).on_conflict_do_nothing(), rows)


def add_counts(connection: Connection, table: Table[Any], keys: str, counts: str, more: Mapping[str, int], where: Mapping[str, int]) -> None:
    """Adds to what the column `counts` has in the rows of these keys, with these other parts of the key, and makes those that are not there.

    All are one value of the statement: a row each, tens of thousands take the drivers seconds.
    """
    if not more:
        return
    given = bindparam(None, json.dumps(more), Text())
    is_file = connection.dialect.name == "sqlite"
    each = (func.json_each(given) if is_file else func.json_each_text(cast(given, JSON))).table_valued("key", "value")
    # SQLite would take ON CONFLICT for a join's without a WHERE
    rows = select(each.c.key, cast(each.c.value, BigInteger), *map(literal, where.values())).where(each.c.key.is_not(None))
    statement = _insert(connection, table).from_select([keys, counts, *where], rows)
    summed = {counts: table.c[counts] + statement.excluded[counts]}
    connection.execute(statement.on_conflict_do_update(index_elements=list(table.primary_key), set_=summed))


def _insert(connection: Connection, table: Table[Any]) -> sqlite.Insert | postgresql.Insert:
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)
