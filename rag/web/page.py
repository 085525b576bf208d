"""The page: Gradio's tabs, box, button and upload, around parts whose HTML is made in `views`.

Nothing that Gradio itself would render (Markdown, LaTeX, diagrams) is given
any text of an article or a question.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import takewhile
from pathlib import Path
from typing import Any, TypeVar

from rag.archive import Archive
from rag.desks import Turn
from rag.errors import PullquoteError
from rag.serving.telling import told
from rag.web import views
from rag.web.actions import Action, arrive, perform
from rag.web.desk import MOST_CHARS, Desk
from rag.web.markup import html, static
from rag.web.seat import Seat
from rag.web.uploads import Reading, added, kept

# read by Gradio and its client when they are imported: nothing phones home
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
# nor is a table of the last ten thousand steps made after each of them, for a page of Gradio's that is not served
os.environ["GRADIO_ANALYTICS_CACHE_FREQUENCY"] = str(10**9)
os.environ["GRADIO_ANALYTICS_MAX_EVENTS"] = "1"

import gradio

_ASKING = "(...given) => { window.pullquoteWait('Searching the articles…'); return given; }"
# hidden from the API's pages, never animated: the line under the question says what is going on
# all steps that may ask share one bound on how many run at once: more of them hold each other up (docs/performance.md)
_QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden", "concurrency_id": "step", "concurrency_limit": 2}
_ONE_AT_A_TIME: dict[str, Any] = {"concurrency_id": "add", "concurrency_limit": 1}
# a visitor's seat is given away a day after the page was opened
_SEATED_SECONDS = 86_400
_Box = TypeVar("_Box", bound=gradio.components.Component)
_AWAY = "The page was opened long ago: the conversation and its filters were put away. Ask again."


def page(archive: Archive, *, can_write: bool, reading: Reading = kept) -> gradio.Blocks:
    """The page for an open archive; files that are added are read within `reading`."""
    blocks = gradio.Blocks(title="Pullquote", analytics_enabled=False, fill_width=True)
    with blocks:
        parts = _Parts(archive, reading, can_write=can_write)
        parts.wire(blocks)
    return blocks


class _Parts:
    """The page's parts, in the order in which they are read, and what sets them in motion."""

    def __init__(self, archive: Archive, reading: Reading, *, can_write: bool) -> None:
        self._archive = archive
        self._reading = reading
        self._can_write = can_write
        self._seat = gradio.State(Seat(), time_to_live=_SEATED_SECONDS)
        gradio.HTML(html("heading", can_write=can_write), apply_default_css=False)
        with gradio.Row(elem_id="panes"):
            with gradio.Column(elem_id="left"), gradio.Tabs():
                with gradio.Tab("Ask"):
                    self._conversation = _part("conversation", "turns.js", "page.js", "conversation.js", html_template="")
                    with gradio.Column(elem_id="dock"):
                        self._said = gradio.HTML(views.said(""), apply_default_css=False, elem_id="said")
                        with gradio.Row(elem_id="asking"):
                            box = gradio.Textbox(
                                label="Question", placeholder="Ask the articles", max_length=MOST_CHARS, autofocus=True, scale=4, elem_id="question"
                            )
                            self._question = _only_uploaded(box)
                            self._button = gradio.Button("Ask", variant="primary", scale=1, min_width=80, elem_id="ask")
                        self._filters = _part("filters", "page.js")
                with gradio.Tab("Articles"):
                    self._shelf = _part("shelf", "page.js")
                if can_write:
                    with gradio.Tab("Add"):
                        gradio.HTML(html("adding"), apply_default_css=False)
                        self._files = _only_uploaded(gradio.File(label="Files to add", file_count="multiple", elem_id="files"))
                        self._added = gradio.HTML("", apply_default_css=False, elem_id="added")
            with gradio.Column(elem_id="right"):
                self._article = _part("article", "page.js", "article.js")
        self._download = gradio.HTML("", html_template="", js_on_load=static("download.js"), elem_id="download")

    def wire(self, blocks: gradio.Blocks) -> None:
        shown = [self._conversation, self._article, self._shelf, self._filters, self._said, self._download]
        blocks.load(self._arrive, [self._seat], [self._seat, *shown], **_QUIET)
        gradio.on(
            [self._question.submit, self._button.click],
            self._ask, [self._seat, self._question], [self._question, *shown], js=_ASKING, **_QUIET,
        )  # fmt: skip
        for part in (self._conversation, self._article, self._shelf, self._filters):
            # a click while another's answer is awaited is kept for later, not lost
            part.act(self._act, [self._seat], shown, trigger_mode="multiple", **_QUIET)
        if self._can_write:
            self._files.upload(self._add, [self._seat, self._files], [self._files, self._added, *shown], **{**_QUIET, **_ONE_AT_A_TIME})

    def _arrive(self, seat: Seat, request: gradio.Request) -> list[object]:
        """A visitor opens the page; an address with `?q=` asks, with the filters that it names."""
        desk = seat.take(arrive(request.query_params.multi_items(), self._archive))
        return [seat, *self._changed(desk, desk, whole=True)]

    def _ask(self, seat: Seat, question: str) -> list[object]:
        # a question that could not be asked now is left in its box
        return ["" if seat.taken else question, *self._step(seat, {"do": "ask", "more": question})]

    def _act(self, seat: Seat, event: gradio.EventData) -> list[object]:
        # Gradio gives a custom event's data only so
        return self._step(seat, event._data if isinstance(event._data, dict) else {})  # noqa: SLF001

    def _step(self, seat: Seat, action: Action) -> list[object]:
        if not seat.taken:
            desk = seat.take(Desk(said=_AWAY))
            return self._changed(desk, desk, whole=True)
        return self._changed(*seat.step(lambda desk: perform(action, desk, self._archive)))

    def _add(self, seat: Seat, files: Sequence[str]) -> Iterator[list[object]]:
        lines = ""
        for lines in added(self._archive, files, self._reading):
            yield [gradio.skip(), lines, *([gradio.skip()] * 6)]
        # what is listed, counted and offered as filters may have changed
        yield [None, lines, *self._changed(*seat.step(lambda desk: replace(desk, written=desk.written + 1, said="", file="")))]

    def _changed(self, before: Desk, now: Desk, *, whole: bool = False) -> list[object]:
        """For each part its new HTML, or nothing where it stays as it is."""
        archive, can_write = self._archive, self._can_write
        written = whole or before.written != now.written
        same = 0 if whole else _same(before.turns, now.turns)
        parts: list[tuple[bool, Callable[[], str]]] = [
            (whole or before.turns is not now.turns, lambda: views.conversation(now, archive, kept=same, can_write=can_write)),
            (written or before.opened != now.opened, lambda: views.article(now, archive, can_write=can_write)),
            (written or before.shelf != now.shelf, lambda: views.shelf(now.shelf, archive, can_write=can_write)),
            (written or (before.filters, before.until, before.as_of) != (now.filters, now.until, now.as_of), lambda: views.filters(now, archive)),
        ]
        shown, problems = [], []
        for changed, made in parts:
            try:
                shown.append(made() if changed else gradio.skip())
            except PullquoteError as error:
                # of a damaged archive some parts can be shown, and others not
                shown.append(gradio.skip())
                problems.append(f"{told(error)}.")
        # several parts may have the same problem
        said = " ".join(dict.fromkeys((*problems, now.said))).strip()
        return [*shown, views.said(said), now.file or gradio.skip()]


def _only_uploaded(box: _Box) -> _Box:
    """The box, which refuses what a visitor did not upload: by an address Gradio would fetch it, by a path read it from this machine.

    It makes a copy of either for any box, also where none of files is asked for.
    Done to the one box, since Gradio writes a file of types beside the source of every class of components.
    """
    moved, folder = box.async_move_resource_to_block_cache, Path(box.GRADIO_CACHE).resolve()

    async def refused(place: str | Path | None) -> str | None:
        if place is not None and folder not in Path(place).resolve().parents:
            raise gradio.Error("only files can be added here")
        return await moved(place)

    box.async_move_resource_to_block_cache = refused  # type: ignore[assignment, method-assign]
    return box


def _same(before: Sequence[Turn], now: Sequence[Turn]) -> int:
    """How many turns at the beginning are the same ones."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] is pair[1], zip(before, now, strict=False)))


def _part(name: str, *scripts: str, html_template: str = "${value}") -> gradio.HTML:
    """A part of the page whose buttons and forms all send one event, `act`; a script of its own may make its HTML in the template's place."""
    script = "".join(map(static, scripts))
    return gradio.HTML("", html_template=html_template, js_on_load=script, apply_default_css=False, elem_id=name)
