"""A file packed by gzip: the one file that is in it."""

from collections.abc import Iterator

from rag.corpus.draft import Member
from rag.corpus.formats.packed import gunzipped


def read(data: bytes, name: str) -> Iterator[Member]:
    """The file, by its name without ".gz". Raises InputError where it is damaged or unpacks to too much."""
    yield Member(name.removesuffix(".gz") or name, gunzipped(data))
