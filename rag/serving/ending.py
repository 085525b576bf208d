"""How a program that serves is told to end."""

import signal
import sys


def end_when_told() -> None:
    """From now on SIGTERM ends the program with status 0 once what it has open is closed; for the main thread.

    A server that handles the signal itself sends it again when all is done. Ignoring
    it here would lose the one that comes before the server listens to it.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
