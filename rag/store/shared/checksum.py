"""The checksum of rows that are under no seal, which SQL can make as well as Python."""

from typing import Any

# a prime, so that a bit that changes in either of two numbers changes what is left of it
_PRIME = 2**31 - 1


def checksum(one: Any, other: Any) -> Any:
    """Of two numbers, or of two columns."""
    return one % _PRIME * _PRIME + other % _PRIME
