"""Opens the page to visitors: on which address, to whom, and how much at a time."""

import asyncio
import os
import sys
from collections.abc import Callable, Mapping
from contextlib import redirect_stderr
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from starlette.requests import HTTPConnection
from starlette.routing import Mount, Route

from rag.archive import Archive
from rag.corpus.page_pictures import PagePictures
from rag.desks import Desks
from rag.errors import InputError
from rag.render import PrintableStream, printable
from rag.serving.clients import App
from rag.serving.ending import end_when_told
from rag.serving.health import Health
from rag.serving.hosts import THIS_MACHINE
from rag.serving.listening import listening, shown
from rag.serving.people import People
from rag.serving.readiness import Readiness
from rag.serving.secret_files import read_secret
from rag.serving.sessions import Sessions
from rag.serving.warming import warming
from rag.store import folder_beside, made_beside
from rag.web.addresses import Addresses, Answering
from rag.web.entrance import Entrance
from rag.web.fonts import FONT, font
from rag.web.gate import Gate
from rag.web.login import MOST, Login
from rag.web.markup import static
from rag.web.news import BRIEFING, News
from rag.web.originals import FILE, PAGE, PICTURE, Originals
from rag.web.own_steps import OwnSteps, person
from rag.web.policy import Policy
from rag.web.reading import ARTICLE, Reading

if TYPE_CHECKING:
    import fastapi
    import gradio

    from rag.web.intake import Intake
    from rag.web.server import Beside

# how many questions may wait before visitors are told that it is full
_WAITING = 100
_OPEN_TO = "everybody on it: there is no password (--auth user:password-file sets one, --users people's own)"
_SHARED = " All of them share one desk: each can read, and delete, what others asked (--users gives each a desk of their own)."
# of so many visitors the page remembers what they have before them
_MOST_VISITORS = 500
# in the archive's folder, or beside it: what its server is not to forget of who is logged in
_SESSIONS = "sessions.json"
_FONTS = ["system-ui", "sans-serif"]
_MONOSPACE = ["ui-monospace", "monospace"]


def serve(  # noqa: PLR0913 - each by name
    index: str,
    host: str,
    port: int,
    names: tuple[str, ...],
    *,
    read_only: bool = False,
    auth: str | People = "",
    proxies: tuple[str, ...] = (),
    api: "Callable[[Archive], Beside] | None" = None,
    state: str = "",
) -> None:
    """Shows the page on http://host:port, under `names` only, until it is interrupted or told to end.

    `auth` is `user:file`, the file holding the password of a desk that all share, or people with a desk each; `proxies` are believed who
    their clients are; `api` makes what answers programs on the same port; `state` is where a shared archive's conversations and
    sessions are kept on this machine. Raises InputError where the port is taken, the password cannot be read, or nothing can be kept.
    """
    people = auth if isinstance(auth, People) else None
    login = _login(auth) if isinstance(auth, str) and auth else None
    end_when_told()
    beside = folder_beside(index, state) if read_only else made_beside(index, state)
    # gradio loads while the model does
    with (
        Archive.open(index, read_only=read_only, state=state) as archive,
        Desks.open(beside, read_only=read_only) as desks,
        TemporaryDirectory(prefix="pullquote-uploads-") as uploads,
        PagePictures() as pictures,
        warming(archive),
    ):
        os.environ["GRADIO_TEMP_DIR"] = folder = str(Path(uploads).resolve())
        from rag.web.intake import Intake
        from rag.web.page import page
        from rag.web.server import run

        intake = Intake(Path(folder))
        sessions = Sessions(people, None if read_only else beside / _SESSIONS) if people else None
        if host not in THIS_MACHINE:
            open_to = _OPEN_TO if not auth else "anybody with the password" if login else "those who have a name and a password"
            whose = f"{printable(host)} is not only this machine's"
            shared = _SHARED if desks.keeps and not people else ""
            print(f"WARNING: {whose}. The page is open to other machines on the network, for {open_to}.{shared}", flush=True)

        async def desk() -> tuple[App, Callable[[HTTPConnection], bool]]:
            blocks = page(archive, can_write=not read_only, people=bool(people), desks=desks, reading=intake.reading)
            return as_app(blocks, intake, _beside(archive, pictures), login=login or (person if people else None))

        # where none runs Gradio makes an event loop for each of its locks, and drops it open, which Python complains of when it comes upon it
        app, known = asyncio.run(desk())
        steps = OwnSteps(Policy(app))
        inside = Entrance(steps, people, sessions) if people and sessions else Login(steps)
        gate = Gate(inside, hosts=names, uploads=not read_only, people=bool(people), known=known)
        outside = Health(gate, Readiness(archive).missing)
        # Gradio prints what goes wrong in a step by itself, and what was sent with it
        with listening(host, port) as opened, redirect_stderr(PrintableStream(sys.stderr)):
            print(f"Pullquote opens on http://{shown(host, port)} (Ctrl-C ends it)", flush=True)
            run(outside, opened, api(archive) if api else None, proxies=proxies)


def as_app(
    blocks: "gradio.Blocks",
    intake: "Intake",
    beside: Mapping[str, Answering],
    *,
    login: tuple[str, str] | Callable[[HTTPConnection], str | None] | None = None,
) -> tuple[App, Callable[[HTTPConnection], bool]]:
    """The page as an ASGI app, with fonts of the reader's own machine and no link to anywhere; and what says whether a visitor has logged in.

    `login` is the name and password that Gradio asks for, or what says who logged in before.
    """
    import fastapi
    import gradio

    from rag.web.intake import MOST_OF_A_FILE

    blocks.queue(max_size=_WAITING, api_open=False)
    blocks.state_session_capacity = _MOST_VISITORS
    app = fastapi.FastAPI(openapi_url=None)
    app.add_route("/gradio_api/upload", intake.take, methods=["POST"])
    addresses = Addresses(beside)
    app.router.routes += [*(Route(path, addresses) for path in beside), Route(FONT, font)]
    gradio.mount_gradio_app(
        app,
        blocks,
        path="/",
        auth=None if callable(login) else login,
        auth_dependency=login if callable(login) else None,
        auth_message=f"After {MOST} wrong passwords you have to wait a minute.",
        footer_links=[],
        run_history=False,
        show_error=False,
        theme=gradio.themes.Default(font=_FONTS, font_mono=_MONOSPACE, primary_hue="blue", neutral_hue="slate"),
        # a browser that says nothing of where a form was sent from does not say either that it was this page; the style sheet goes
        # in as it is: Gradio's way for one of our own makes two rules of each, and loses some
        head=f'<meta name="referrer" content="same-origin"><style>{static("page.css")}</style>',
        max_file_size=MOST_OF_A_FILE,
    )
    # which Gradio notes only where it starts the server itself, and without which it reads any file of this machine that a visitor names
    blocks.has_launched = True
    # Gradio's sign that a page is open: it kept one of a browser's six connections to a server for each of its tabs
    blocks.config["connect_heartbeat"] = False
    return app, _login_check(app) if isinstance(login, tuple) else lambda _: True


def _beside(archive: Archive, pictures: PagePictures) -> Mapping[str, Answering]:
    """What has an address of its own beside the desk."""
    originals, reading = Originals(archive, pictures), Reading(archive)
    return {ARTICLE: reading.article, BRIEFING: News(archive).briefing, PAGE: originals.page, PICTURE: originals.picture, FILE: originals.file}


def _login_check(app: "fastapi.FastAPI") -> Callable[[HTTPConnection], bool]:
    """Whether a visitor has one of the cookies that Gradio, which is mounted in the app, gives at login."""
    page: Any
    (page,) = (route.app for route in app.routes if isinstance(route, Mount))
    names = [f"access-token-{page.cookie_id}", f"access-token-unsecure-{page.cookie_id}"]
    return lambda visitor: any(visitor.cookies.get(name) in page.tokens for name in names)


def _login(auth: str) -> tuple[str, str]:
    user, _, file = auth.partition(":")
    if not user or not file:
        raise InputError(f"--auth {auth!r} is not of the form user:password-file")
    try:
        password = read_secret(file, "password").decode().strip()
    except UnicodeDecodeError:
        raise InputError(f"the password file {file} is not UTF-8 text") from None
    if not password:
        raise InputError(f"the password file {file} is empty; write the password into it")
    return user, password
