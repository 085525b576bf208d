"""Opens the page to visitors: on which address, to whom, and how much at a time."""

import os
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from rag.archive import Archive
from rag.ending import end_when_told
from rag.errors import InputError
from rag.hosts import THIS_MACHINE
from rag.listening import listening, shown
from rag.render import printable
from rag.warming import warming
from rag.web.gate import App, Gate
from rag.web.markup import static

if TYPE_CHECKING:
    import gradio

    from rag.web.server import Beside

# how many questions may wait before visitors are told that it is full
_WAITING = 100
# whose conversations are kept
_MOST_VISITORS = 500
_MOST_UPLOAD = "20mb"
_FONTS = ["system-ui", "sans-serif"]
_MONOSPACE = ["ui-monospace", "monospace"]


def serve(
    index: str,
    host: str,
    port: int,
    names: tuple[str, ...],
    *,
    read_only: bool = False,
    auth: str = "",
    api: "Callable[[Archive], Beside] | None" = None,
) -> None:
    """Shows the page on http://host:port, under `names` only, until it is interrupted or told to end.

    `auth` is `user:file`, the file holding the password; `api` makes what answers
    programs on the same port. Raises InputError where the port is taken or the
    password cannot be read.
    """
    login = _login(auth) if auth else None
    end_when_told()
    # gradio loads while the model does
    with Archive.open(index, read_only=read_only) as archive, TemporaryDirectory(prefix="pullquote-uploads-") as uploads, warming(archive):
        os.environ["GRADIO_TEMP_DIR"] = uploads
        from rag.web.page import page
        from rag.web.server import run

        blocks = page(archive, can_write=not read_only)
        if host not in THIS_MACHINE:
            open_to = "anybody with the password" if login else "everybody on it: there is no password (--auth user:password-file sets one)"
            whose = f"{printable(host)} is not only this machine's"
            print(f"WARNING: {whose}. The page is open to other machines on the network, for {open_to}.", flush=True)
        gate = Gate(as_app(blocks, login=login), hosts=names, uploads=not read_only)
        with listening(host, port) as opened:
            print(f"Pullquote opens on http://{shown(host, port)} (Ctrl-C ends it)", flush=True)
            run(gate, opened, api(archive) if api else None)


def as_app(blocks: "gradio.Blocks", *, login: tuple[str, str] | None = None) -> App:
    """The page as an ASGI app, with fonts of the reader's own machine and no link to anywhere."""
    import fastapi
    import gradio

    blocks.queue(max_size=_WAITING, api_open=False)
    blocks.state_session_capacity = _MOST_VISITORS
    app: App = gradio.mount_gradio_app(
        fastapi.FastAPI(openapi_url=None),
        blocks,
        path="/",
        auth=login,
        footer_links=[],
        run_history=False,
        show_error=False,
        theme=gradio.themes.Default(font=_FONTS, font_mono=_MONOSPACE, primary_hue="blue", neutral_hue="slate"),
        css=static("page.css"),
        max_file_size=_MOST_UPLOAD,
    )
    return app


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
