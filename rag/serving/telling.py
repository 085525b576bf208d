"""What is said of an error to somebody who is not at this machine: of their own mistakes all, of the archive's faults no folder."""

import logging

from rag.errors import ArchiveDamaged, ArchiveLocked, InputError, ReadOnly

_log = logging.getLogger(__name__)


def told(error: Exception) -> str:
    """A sentence without its full stop; what it leaves out is in the log."""
    if not isinstance(error, InputError):
        _log.error("the archive cannot be used: %s", error)
    return said(error)


def said(error: Exception) -> str:
    """The same sentence, and nothing in the log."""
    if isinstance(error, InputError):
        return str(error)
    if isinstance(error, ReadOnly):
        return "the archive is read only here; whoever runs this server can open it otherwise"
    if isinstance(error, ArchiveLocked):
        return "the archive is being written to; try again later"
    if isinstance(error, ArchiveDamaged):
        return "the archive cannot be used for this, since something in it is damaged; whoever runs this server finds in its log what and the way out"
    return "the archive cannot be used just now; whoever runs this server finds the reason in its log"
