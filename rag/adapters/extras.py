"""What an adapter says where its framework is not installed."""

from rag.errors import MissingExtra


def missing(extra: str, error: ImportError) -> MissingExtra:
    """The error for an adapter whose framework, which the extra of this name installs, could not be imported."""
    return MissingExtra(f"{error.name or extra} is not installed; run in Pullquote's folder: pip install '.[{extra}]'", name=error.name)
