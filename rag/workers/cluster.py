"""A Ray cluster, which is reached at an address or started on this machine: work is handed to it, and what comes of it is waited for."""

import logging
import os
import re
import secrets
import socket
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, Generic, TypeVar

from rag.errors import InputError, MissingExtra, WorkersError
from rag.workers.work import greet, perform, version

Result = TypeVar("Result")

_ADDRESS = re.compile(r"ray://(?P<host>[^/\s]+):(?P<port>\d{1,5})|local:(?P<count>[1-9]\d{0,3})")
_CONNECT_SECONDS = 5.0
# how often it is looked whether anybody is left who could do what is waited for, and how long nobody may be
_LOOK_SECONDS, _PATIENCE_SECONDS = 5.0, 30.0
# work is begun so many times again where the worker that had it is lost
_AGAIN = 3
# of what goes between the processes of this machine; Ray would take a third of its memory
_STORE_BYTES = 512 * 1024 * 1024
# Unix sockets, whose paths may have some 100 characters, lie deep below it
_LONGEST_FOLDER = 30


class Cluster:
    """Connects when it is made, for use as a context. `processors` is how many it has then.

    Raises InputError for an address that is none, MissingExtra without Ray, and
    WorkersError where nobody answers or the versions differ.
    """

    def __init__(self, address: str) -> None:
        found = _ADDRESS.fullmatch(address)
        if found is None:
            raise InputError(f"{address!r} names no workers; write ray://HOST:PORT for a Ray cluster, or local:8 for eight processes on this machine")
        self.address = address
        self._ray = _loaded(is_local=bool(found["count"]))
        if self._ray.is_initialized():
            raise WorkersError("this program uses a Ray cluster already; leave that first (ray.shutdown())")
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        try:
            if found["count"]:
                self._start(int(found["count"]))
            else:
                _reach(address, found["host"], int(found["port"]))
                self._connect()
            self._perform = self._ray.remote(num_cpus=1, max_retries=_AGAIN)(perform)
            self.submit("greeting", greet).result()
            self.processors = self._processors()
        except BaseException:
            self.close()
            raise

    def submit(self, what: str, work: Callable[..., Result], *arguments: object) -> "Promise[Result]":
        """Has a worker do it, and again another one where that is lost. Raises WorkersError where the cluster is; `what` is for its message."""
        if not self._ray.is_initialized():
            raise self._lost(ConnectionError("the connection was closed"))
        try:
            return Promise(self, what, self._perform.remote(version(), work, arguments))
        except (self._ray.exceptions.RayError, ConnectionError) as error:
            raise self._lost(error) from None

    def close(self) -> None:
        self._ray.shutdown()
        if self._folder:
            self._folder.cleanup()

    def waited(self, what: str, get: Callable[..., Any]) -> Any:
        """What `get(timeout=seconds)` gives. Raises WorkersError where nothing will come."""
        since = time.monotonic()
        while True:
            try:
                return get(timeout=_LOOK_SECONDS)
            except self._ray.exceptions.RayTaskError as error:
                reason = str(error).strip().splitlines()[-1]
                raise WorkersError(f"a worker of {self.address} failed: {reason}; is the same Pullquote installed on all machines?") from None
            except (self._ray.exceptions.WorkerCrashedError, self._ray.exceptions.OutOfMemoryError) as error:
                reason = f"each of {_AGAIN + 1} workers ended over it ({_told(error)}); have they memory enough?"
                raise WorkersError(f"{what} cannot be done by {self.address}: {reason}") from None
            except TimeoutError:
                since = self._since_anybody(since)
            except (self._ray.exceptions.RayError, ConnectionError) as error:
                raise self._lost(error) from None

    def got(self, reference: Any) -> Callable[..., Any]:
        def get(timeout: float) -> Any:
            return self._ray.get(reference, timeout=timeout)

        return get

    def _since_anybody(self, since: float) -> float:
        if self._processors():
            return time.monotonic()
        if time.monotonic() - since > _PATIENCE_SECONDS:
            raise WorkersError(f"all workers of {self.address} are lost; what was reported as done is kept, and the same command goes on from there")
        return since

    def _processors(self) -> int:
        try:
            return int(self._ray.cluster_resources().get("CPU", 0))
        except (self._ray.exceptions.RayError, ConnectionError) as error:
            raise self._lost(error) from None

    def _lost(self, error: Exception) -> WorkersError:
        return WorkersError(f"{self.address} is lost: {_told(error)}; what was reported as done is kept, and the same command goes on from there")

    def _start(self, count: int) -> None:
        folder = tempfile.gettempdir()
        # Ray lets everybody into the folder that it is given, so that lies in one that only this user may enter
        self._folder = tempfile.TemporaryDirectory(prefix="pq-", dir=folder if len(folder) <= _LONGEST_FOLDER else "/tmp")  # noqa: S108 - its own folder
        inner = Path(self._folder.name, "r")
        try:
            self._ray.init(
                "local", num_cpus=count, include_dashboard=False, log_to_driver=False, configure_logging=False,
                object_store_memory=_STORE_BYTES, _node_ip_address="127.0.0.1", _temp_dir=str(inner),
            )  # fmt: skip
        except Exception as error:  # Ray has errors of many kinds
            raise WorkersError(f"{self.address}: Ray does not start here: {_told(error)}") from error

    def _connect(self) -> None:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self._ray.init(self.address, log_to_driver=False, configure_logging=False)
        except ConnectionError as error:
            way_out = "is it the port of Ray's clients (10001), and has this machine the cluster's token (RAY_AUTH_MODE=token and RAY_AUTH_TOKEN)?"
            raise WorkersError(f"{self.address}: no Ray cluster lets us in ({_told(error)}); {way_out}") from None
        except (RuntimeError, ValueError, self._ray.exceptions.RayError) as error:
            # it compares its own version and Python's
            raise WorkersError(f"{self.address}: {_told(error)}; the same Python and Ray have to be on all machines") from None


class Promise(Generic[Result]):
    """What a worker will have done."""

    def __init__(self, cluster: Cluster, what: str, reference: Any) -> None:
        self._cluster = cluster
        self._what = what
        self._reference = reference
        self._coming: Any = None

    def done(self) -> bool:
        """Whether it can be had at once: who asks has it brought here as soon as it is there."""
        self._coming = self._coming or self._reference.future()
        return bool(self._coming.done())

    def result(self) -> Result:
        """Raises WorkersError where the worker could not do it, or all are lost."""
        failure, result = self._cluster.waited(self._what, self._coming.result if self._coming else self._cluster.got(self._reference))
        if failure:
            raise WorkersError(failure)
        made: Result = result
        return made


def _loaded(*, is_local: bool) -> Any:
    """Ray, told to tell nobody of its use, and what is started here to keep to this machine and to whoever started it."""
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    # else Ray starts a cluster of its own, unasked, where the connection to this one is lost
    os.environ["RAY_ENABLE_AUTO_CONNECT"] = "0"
    # else what `uv run` started is copied to the cluster, with its folder
    os.environ["RAY_ENABLE_UV_RUN_RUNTIME_ENV"] = "0"
    if is_local:
        # Ray's own switch for a cluster of one machine: it keeps to loopback
        os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"
        os.environ["RAY_AUTH_MODE"] = "token"
        os.environ.setdefault("RAY_AUTH_TOKEN", secrets.token_hex())
    try:
        import ray
    except ImportError as error:
        raise MissingExtra.of("ray", error) from None
    logging.getLogger("ray").setLevel(logging.WARNING)
    return ray


def _reach(address: str, host: str, port: int) -> None:
    """Raises WorkersError where nobody answers, which Ray would try for half a minute."""
    try:
        socket.create_connection((host.strip("[]"), port), _CONNECT_SECONDS).close()
    except (OSError, OverflowError) as error:
        raise WorkersError(
            f"{address}: nobody answers there ({_told(error)}); start the cluster with `ray start --head`, or mend the address"
        ) from None


def _told(error: Exception) -> str:
    """What an error says, in a line: of a traceback its first and its last."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()] or [type(error).__name__]
    return " … ".join(dict.fromkeys((lines[0], lines[-1])))
