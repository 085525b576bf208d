"""How much the API takes at a time, from anybody and from one client."""

from dataclasses import dataclass

from rag.errors import InputError


@dataclass(frozen=True, slots=True)
class Limits:
    """`at_once` questions are worked on and `waiting` wait behind them; beyond that the answer is 503, at once.

    `rate` is requests a minute from one client, by its token or else its address
    (in IPv6 its network); 0 is no limit. A request's body has at most `body_bytes`.
    Raises InputError.
    """

    at_once: int = 1
    waiting: int = 64
    rate: int = 600
    body_bytes: int = 4_000_000

    def __post_init__(self) -> None:
        for name, least in (("at_once", 1), ("waiting", 0), ("rate", 0), ("body_bytes", 1)):
            if getattr(self, name) < least:
                raise InputError(f"{name.replace('_', ' ')} is {getattr(self, name)}; it is at least {least}")
