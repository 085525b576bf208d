"""How each of the program's servers runs, the page's and the API's as well as the assistant's: with the same bounds."""

import uvicorn

from rag.serving.clients import App, Clients
from rag.serving.connections import HEAD_SECONDS, Bounded
from rag.serving.safe_headers import SafeHeaders

# a question may have 10,000 characters, which in an address are twelve bytes each; uvicorn by itself hangs up on such
_MOST_HEAD = 256 * 1024
# how long what runs may take to finish when the server is told to end; a page's own stream never finishes
_GRACE_SECONDS = 5
# connections that wait to be accepted; with those that are open, fewer than the 1,024 files that a program may usually have open
_MOST_UNACCEPTED = 512


def configured(app: App, proxies: tuple[str, ...] = ()) -> uvicorn.Config:
    """How the server runs an app. `proxies` are believed who their clients are."""
    return uvicorn.Config(
        SafeHeaders(Clients(app, proxies)),
        http=Bounded,
        # h11 refuses a request with two Host headers; nothing here speaks in web sockets
        ws="none",
        # what it logs goes through the program's own log, which a terminal can be given
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        # read by the connections
        forwarded_allow_ips=list(proxies),
        backlog=_MOST_UNACCEPTED,
        timeout_keep_alive=HEAD_SECONDS,
        timeout_graceful_shutdown=_GRACE_SECONDS,
        h11_max_incomplete_event_size=_MOST_HEAD,
    )
