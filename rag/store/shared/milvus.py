"""The connection to Milvus: how long is waited for it, and what its errors mean."""

import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from rag.errors import ArchiveDamaged, ArchiveError, MissingExtra
from rag.store.shared.address import Address

WAY_OUT = "take Milvus back from its last backup, together with the database (docs/scale.md)"
_CONNECT_SECONDS, _SECONDS, _ALIVE_SECONDS = 10.0, 60.0, 300
# Milvus's own codes
_NO_COLLECTION, _NOT_LOADED = 100, 101
_NO_ENV = "PYTHON_DOTENV_DISABLED"
# what is set while one thread imports is not to be taken by another for what was set before
_importing = threading.Lock()


class Milvus:
    """Safe to share between threads; it connects when it is first asked, and again where Milvus was restarted."""

    def __init__(self, address: Address) -> None:
        self.shown = address.shown
        self.collection = address.collection
        self._address = address
        self._lock = threading.Lock()
        self._client: Any = None

    def ask(self, operation: str, **given: Any) -> Any:
        """What an operation of Milvus's client says of the collection, within a minute.

        Raises ArchiveError where Milvus cannot be used, and ArchiveDamaged where it has no such collection.
        """
        with self._told():
            client = self._connected()
            try:
                return getattr(client, operation)(self.collection, timeout=_SECONDS, **given)
            except pymilvus().MilvusException as error:
                if _code(error) != _NOT_LOADED:
                    raise
            # Milvus Lite loads nothing of itself when it starts
            client.load_collection(self.collection, timeout=_SECONDS)
            return getattr(client, operation)(self.collection, timeout=_SECONDS, **given)

    def is_there(self) -> bool:
        """Whether Milvus has the collection."""
        return bool(self.ask("has_collection"))

    def is_lite(self) -> bool:
        """Whether it is Milvus Lite."""
        with self._told():
            return "lite" in self._connected().get_server_version(timeout=_SECONDS)

    def close(self) -> None:
        with self._lock:
            client, self._client = self._client, None
        if client is not None:
            client.close()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Milvus's errors as ours."""
        library = pymilvus()
        # what gRPC raises of itself passes through the client
        import grpc  # noqa: PLC0415 - comes with pymilvus

        try:
            yield
        except (library.MilvusException, grpc.RpcError, grpc.FutureTimeoutError) as error:
            if _code(error) == _NO_COLLECTION:
                raise ArchiveDamaged(f"{self.shown} is damaged: its collection is missing in Milvus; {WAY_OUT}") from error
            raise ArchiveError(f"Milvus cannot be used for {self.shown}: {_said(error)}; see that it runs and lets you in, and try again") from error

    def _connected(self) -> Any:
        with self._lock:
            if self._client is None:
                address = self._address
                # without a pool of its own a new connection would wait as long as the one before that failed; and servers of gRPC other
                # than Milvus's end a connection over which it is asked every ten seconds, as the client has it, whether it is there
                options = {"grpc.use_local_subchannel_pool": 1, "grpc.keepalive_time_ms": _ALIVE_SECONDS * 1000}
                self._client = pymilvus().MilvusClient(
                    address.milvus, token=address.token, timeout=_CONNECT_SECONDS, dedicated=True, grpc_options=options
                )
            return self._client


@cache
def pymilvus() -> Any:
    """Milvus's client. Raises MissingExtra."""
    with _importing:
        # as it is imported it would take over what a file `.env` of the working folder or of one above it sets
        before = os.environ.get(_NO_ENV)
        os.environ[_NO_ENV] = "1"
        try:
            import pymilvus as library  # noqa: PLC0415 - a second or two, and most never need it
        except ImportError as error:
            raise MissingExtra.of("scale", error) from None
        finally:
            os.environ.pop(_NO_ENV)
            if before is not None:
                os.environ[_NO_ENV] = before
        # it would print a trace of every error that it raises
        logging.getLogger("pymilvus").setLevel(logging.CRITICAL)
        return library


def _code(error: Exception) -> int:
    code = getattr(error, "code", None)
    return code if isinstance(code, int) else 0


def _said(error: Any) -> str:
    """Its own words in one line."""
    said = getattr(error, "message", None) or (error.details() if hasattr(error, "details") else None) or type(error).__name__
    return str(said).strip().splitlines()[0][:300]
