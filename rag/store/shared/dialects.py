"""What PostgreSQL and SQLite have each under a name of its own."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Dialect, Text, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator

from rag.arrays import Numbers
from rag.store.shared.database import batched
from rag.store.shared.text import AnyText


def among(column: ColumnElement[int], numbers: Numbers) -> ColumnElement[bool]:
    """Whether a column has one of the numbers, of which there may be a million: they are one value of the statement."""
    found: ColumnElement[bool] = column.op("IN", is_comparison=True)(_Each(bindparam(None, np.asarray(numbers, dtype=np.int64), _Numbers())))
    return found


def in_parts(numbers: Numbers) -> Iterator[Numbers]:
    """Each of the numbers once, as many at a time as one answer of the database should be long."""
    for some in batched(np.unique(numbers).tolist()):
        yield np.array(some, dtype=np.int64)


def has(text: ColumnElement[str], words: str) -> ColumnElement[bool]:
    """Whether a text has these characters, each of them taken as it is."""
    return _Position(text, bindparam(None, words, AnyText())) > 0


class _Numbers(TypeDecorator[Any]):
    """An int64 array, written as the databases read lists: their drivers take seconds for a long one."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str:
        listed = ",".join(map(str, value.tolist()))
        return f"[{listed}]" if dialect.name == "sqlite" else f"{{{listed}}}"


class _Each(FunctionElement[int]):
    """The numbers of an array, a row each."""

    inherit_cache = True


class _Position(FunctionElement[int]):
    """Where in a text another begins, from 1; 0 where it does not stand there."""

    inherit_cache = True


@compiles(_Each)
def _each(element: _Each, compiler: SQLCompiler, **options: Any) -> str:
    return f"(SELECT unnest(CAST({compiler.process(element.clauses, **options)} AS bigint[])))"


@compiles(_Each, "sqlite")
def _each_of_json(element: _Each, compiler: SQLCompiler, **options: Any) -> str:
    return f"(SELECT value FROM json_each({compiler.process(element.clauses, **options)}))"  # noqa: S608 - of a placeholder


@compiles(_Position)
def _strpos(element: _Position, compiler: SQLCompiler, **options: Any) -> str:
    return f"strpos({compiler.process(element.clauses, **options)})"


@compiles(_Position, "sqlite")
def _instr(element: _Position, compiler: SQLCompiler, **options: Any) -> str:
    return f"instr({compiler.process(element.clauses, **options)})"
