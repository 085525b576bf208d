"""A store that many machines share: vectors and words in Milvus, text and all that is said of it in a SQL database."""

from rag.errors import MissingExtra
from rag.settings import Settings
from rag.store.base import Store
from rag.store.shared.address import Address


def shared_store(place: str, settings: Settings, *, read_only: bool = False) -> Store:
    """The store at an address. Raises InputError, and MissingExtra where the clients of the two are not installed."""
    address = Address.parse(place)
    try:
        from rag.store.shared.store import SharedStore  # noqa: PLC0415 - few need what it imports
    except ImportError as error:
        raise MissingExtra.of("scale", error) from None
    return SharedStore(address, settings, read_only=read_only)
