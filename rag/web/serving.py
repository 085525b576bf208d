"""Opens the page to visitors: on which address, to whom, and how much at a time."""

import os
import threading
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from rag.archive import Archive
from rag.errors import InputError, PullquoteError
from rag.web.gate import Gate
from rag.web.markup import static

if TYPE_CHECKING:
    import gradio

_THIS_MACHINE = ("127.0.0.1", "localhost", "::1")
# how many questions may wait before visitors are told that it is full
_WAITING = 100
# whose conversations are kept
_MOST_VISITORS = 500
_MOST_UPLOAD = "20mb"
_FONTS = ["system-ui", "sans-serif"]
_MONOSPACE = ["ui-monospace", "monospace"]


def serve(index: str, host: str, port: int, *, read_only: bool = False, auth: str = "") -> None:
    """Shows the page on http://host:port until it is interrupted.

    `auth` is `user:file`, the file holding the password. Raises InputError
    where the port is taken or the password cannot be read.
    """
    login = _login(auth) if auth else None
    with Archive.open(index, read_only=read_only) as archive, TemporaryDirectory(prefix="pullquote-uploads-") as uploads:
        os.environ["GRADIO_TEMP_DIR"] = uploads
        # gradio loads while the model does
        threading.Thread(target=_warm, args=(archive,), daemon=True).start()
        from rag.web.page import page

        blocks = page(archive, can_write=not read_only)
        if host not in _THIS_MACHINE:
            open_to = "anybody with the password" if login else "everybody on it: there is no password (--auth user:password-file sets one)"
            print(f"WARNING: {host} is not only this machine's. The page is open to other machines on the network, for {open_to}.", flush=True)
        shown = f"[{host}]" if ":" in host else host
        print(f"Pullquote opens on http://{shown}:{port} (Ctrl-C ends it)", flush=True)
        launch(blocks, host, port, login=login, uploads=not read_only, block=True)


def launch(blocks: "gradio.Blocks", host: str, port: int, *, login: tuple[str, str] | None = None, uploads: bool = True, block: bool) -> None:
    """Starts the server, with fonts of the reader's own machine and no link to anywhere. Raises InputError where the port is taken."""
    import gradio
    from starlette.middleware import Middleware

    # on this machine only its own names are answered to: a name of somebody else's that leads here is another site's
    gate = Middleware(Gate, hosts=_THIS_MACHINE if host in _THIS_MACHINE else (), uploads=uploads)
    theme = gradio.themes.Default(font=_FONTS, font_mono=_MONOSPACE, primary_hue="blue", neutral_hue="slate")
    blocks.queue(max_size=_WAITING, api_open=False)
    try:
        blocks.launch(
            server_name=host,
            server_port=port,
            share=False,
            quiet=True,
            auth=login,
            footer_links=[],
            run_history=False,
            theme=theme,
            css=static("page.css"),
            max_file_size=_MOST_UPLOAD,
            state_session_capacity=_MOST_VISITORS,
            app_kwargs={"middleware": [gate]},
            prevent_thread_lock=not block,
        )
    except OSError as error:
        raise InputError(f"port {port} on {host} cannot be used ({error}); choose another with --port, or PORT= for make") from error


def _login(auth: str) -> tuple[str, str]:
    user, _, file = auth.partition(":")
    if not user or not file:
        raise InputError(f"--auth {auth!r} is not of the form user:password-file")
    try:
        password = Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"the password file {file} cannot be read: {error}") from None
    if not password:
        raise InputError(f"the password file {file} is empty; write the password into it")
    return user, password


def _warm(archive: Archive) -> None:
    try:
        archive.warm()
    except PullquoteError as error:
        print(f"pullquote: {error}", flush=True)
