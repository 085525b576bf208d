"""The page: Gradio's box, button and upload, around parts whose HTML each tab makes.

Nothing that Gradio itself would render (Markdown, LaTeX, diagrams) is given
any text of an article or a question.
"""

import json
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from itertools import takewhile
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode

from rag.archive import Archive
from rag.desks import NO_DESKS, Desks, Turn
from rag.errors import ArchiveDamaged, PullquoteError
from rag.given import MOST_ASKED
from rag.serving.telling import told
from rag.web import filtering, heading, keeping, pane
from rag.web.action import Action
from rag.web.actions import arrive, perform
from rag.web.desk import Desk
from rag.web.intake import MOST_AT_A_TIME, MOST_OF_A_FILE
from rag.web.markup import html, static
from rag.web.seat import Seat
from rag.web.tabs import TABS, ask
from rag.web.uploads import Reading, added, kept
from rag.web.visit import Visit

# read by Gradio and its client when they are imported: nothing phones home
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
# nor is a table of the last ten thousand steps made after each of them, for a page of Gradio's that is not served
os.environ["GRADIO_ANALYTICS_CACHE_FREQUENCY"] = str(10**9)
os.environ["GRADIO_ANALYTICS_MAX_EVENTS"] = "1"

import gradio

# the question is drawn as a turn once it is on its way, not before
_ASKING = (
    "(...given) => { window.pullquoteLook('ask'); window.pullquoteWait('Searching the articles…'); "
    "setTimeout(() => window.pullquoteAsked(given[1])); return given; }"
)
# hidden from the API's pages, never animated: the line above the question says what is going on
# all steps that may ask share one bound on how many run at once: more of them hold each other up (docs/performance.md)
_QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden", "concurrency_id": "step", "concurrency_limit": 2}
_ONE_AT_A_TIME: dict[str, Any] = {"concurrency_id": "add", "concurrency_limit": 1}
# a visitor's seat is given away a day after the page was opened
_SEATED_SECONDS = 86_400
_NOTHING: Action = {}
_Box = TypeVar("_Box", bound=gradio.components.Component)
_AWAY = "The page was opened long ago, and was put away. Load it again to go on where you were, or ask."


def page(archive: Archive, *, can_write: bool, people: bool = False, desks: Desks = NO_DESKS, reading: Reading = kept) -> gradio.Blocks:
    """The page for an open archive; conversations are kept in `desks`, files that are added are read within `reading`.

    With `people` each visitor has logged in under a name.
    """
    blocks = gradio.Blocks(title="Pullquote", analytics_enabled=False, fill_width=True)
    with blocks:
        parts = _Parts(Visit(archive, can_write, desks=desks), reading, people=people)
        parts.wire(blocks)
    return blocks


class _Parts:
    """The page's parts, in the order in which they are read, and what sets them in motion."""

    def __init__(self, visit: Visit, reading: Reading, *, people: bool) -> None:
        self._anybody = visit
        self._people = people
        self._reading = reading
        self._seat = gradio.State(Seat(), time_to_live=_SEATED_SECONDS)
        self._heading = _part("heading", "page.js", "tabs.js", "keys.js")
        with gradio.Row(elem_id="panes"):
            with gradio.Column(elem_id="left"):
                with _panel("ask"):
                    self._conversation = _part("conversation", "turns.js", "page.js", "conversation.js", html_template="")
                self._tabs = []
                for tab in TABS:
                    with _panel(tab.name):
                        template = "${value}" if len(tab.scripts) == 1 else ""
                        self._tabs.append(_part(tab.name, *tab.scripts, html_template=template))
                if visit.can_write:
                    with _panel("add"):
                        adding = html("adding", a_file=MOST_OF_A_FILE, at_a_time=MOST_AT_A_TIME)
                        gradio.HTML(adding, apply_default_css=False, js_on_load=static("uploads.js"))
                        self._files = _only_uploaded(gradio.File(label="Files to add", file_count="multiple", elem_id="files"))
                        self._added = gradio.HTML("", apply_default_css=False, elem_id="added")
            with gradio.Column(elem_id="right"):
                self._article = _part("article", "page.js", "article.js")
            with gradio.Column(elem_id="dock"):
                self._said = gradio.HTML(_said(""), apply_default_css=False, elem_id="said")
                self._filters = _part("filters", "page.js")
                with gradio.Row(elem_id="asking"):
                    box = gradio.Textbox(label="Question", placeholder="Ask the articles", autofocus=True, scale=4, elem_id="question")
                    self._question = _only_uploaded(box)
                    self._button = gradio.Button("Ask", variant="primary", scale=1, min_width=80, elem_id="ask")
        self._download = gradio.HTML("", html_template="", js_on_load=static("download.js"), elem_id="download")
        self._place = gradio.HTML("", html_template="", js_on_load=static("place.js"), elem_id="place")

    def wire(self, blocks: gradio.Blocks) -> None:
        parts = [self._conversation, self._article, self._filters, self._heading, *self._tabs]
        shown = [*parts, self._said, self._download, self._place]
        self._shown = len(shown)
        blocks.load(self._arrive, [self._seat], [self._seat, *shown], **_QUIET)
        gradio.on(
            [self._question.submit, self._button.click],
            self._ask, [self._seat, self._question], [self._question, *shown], js=_ASKING, **_QUIET,
        )  # fmt: skip
        for part in parts:
            # a click while another's answer is awaited is kept for later, not lost
            part.act(self._act, [self._seat], shown, trigger_mode="multiple", **_QUIET)
        if self._anybody.can_write:
            self._files.upload(self._add, [self._seat, self._files], [self._files, self._added, *shown], **{**_QUIET, **_ONE_AT_A_TIME})

    def _arrive(self, seat: Seat, request: gradio.Request) -> list[object]:
        """A visitor opens the page; an address with `?q=` asks, with the filters that it names."""
        visit = self._visit(request)
        desk = seat.take(arrive(request.query_params.multi_items(), visit), visit.person)
        return [seat, *self._changed(seat, desk, desk, visit, whole=True)]

    def _ask(self, seat: Seat, question: str, request: gradio.Request) -> list[object]:
        visit = self._visit(request)
        # the page's script has emptied the box, in which the next question may stand by now; one that could not be asked is put back
        left = not seat.taken(visit.person) or len(question.strip()) > MOST_ASKED
        return [question if left else gradio.skip(), *self._step(seat, {"do": "typed", "more": question}, visit)]

    def _act(self, seat: Seat, event: gradio.EventData, request: gradio.Request) -> list[object]:
        # Gradio gives a custom event's data only so
        return self._step(seat, event._data if isinstance(event._data, dict) else {}, self._visit(request))  # noqa: SLF001

    def _visit(self, request: gradio.Request) -> Visit:
        # of a password that all share Gradio gives a name too, which is nobody's
        return replace(self._anybody, person=request.username) if self._people else self._anybody

    def _step(self, seat: Seat, action: Action, visit: Visit) -> list[object]:
        if not seat.taken(visit.person):
            desk = seat.take(Desk(said=_AWAY), visit.person)
            return self._changed(seat, desk, desk, visit, whole=True, after=action)
        before, now = seat.step(lambda desk: perform(action, desk, visit), visit.person)
        return self._still(now, seat, visit, self._changed(seat, before, now, visit, after=action))

    def _add(self, seat: Seat, files: Sequence[str], request: gradio.Request) -> Iterator[list[object]]:
        visit, lines = self._visit(request), ""
        for lines in added(visit.archive, files, self._reading):
            yield [gradio.skip(), lines, *([gradio.skip()] * self._shown)]
        # what is listed, counted and offered as filters may have changed
        changed = seat.step(lambda desk: replace(desk, written=desk.written + 1, said="", file=""), visit.person)
        yield [None, lines, *self._changed(seat, *changed, visit)]

    def _still(self, now: Desk, seat: Seat, visit: Visit, shown: list[object]) -> list[object]:
        """What a step shows, without what a later one has changed since: that may have been shown by then, as of a word that is still being typed."""
        latest = seat.now(visit.person)
        newer = [part.changed for part in self._parts(now, latest, visit, whole=False)]
        # the turns of a conversation find their order by themselves
        newer[0] = False
        newer += [False, False, bool(_place(now, latest, whole=False))]
        return [gradio.skip() if is_newer else part for part, is_newer in zip(shown, newer, strict=True)]

    def _changed(self, seat: Seat, before: Desk, now: Desk, visit: Visit, *, whole: bool = False, after: Action = _NOTHING) -> list[object]:
        """For each part its new HTML, or nothing where it stays as it is, `after` what a visitor did."""
        shown: list[object] = []
        problems = []
        owed, seat.owes = seat.owes, False
        for part in self._parts(before, now, visit, whole=whole or owed):
            try:
                shown.append(part.show() if part.changed else gradio.skip())
            except PullquoteError as error:
                # of a damaged archive some parts can be shown, and others not; one that cannot be used at all comes back
                seat.owes |= not isinstance(error, ArchiveDamaged)
                shown.append(gradio.skip())
                problems.append(f"{told(error)}.")
        # several parts may have the same problem
        said = " ".join(dict.fromkeys((*problems, now.said))).strip()
        return [*shown, _said(said, after), now.file or gradio.skip(), _place(before, now, whole=whole) or gradio.skip()]

    def _parts(self, before: Desk, now: Desk, visit: Visit, *, whole: bool) -> Iterator["_Part"]:
        written = whole or before.written != now.written
        same = 0 if whole else _same(before.turns, now.turns)
        filters = [(desk.filters, desk.until, desk.as_of) for desk in (before, now)]
        yield _Part(whole or before.turns is not now.turns, lambda: ask.show(now, visit, kept=same))
        # opened anew it is looked up anew: it may have changed since
        opened = before.opened is not now.opened
        yield _Part(written or opened or before.notes.removing != now.notes.removing, lambda: pane.show(now, visit))
        yield _Part(written or filters[0] != filters[1], lambda: filtering.show(now, visit))
        yield _Part(written, lambda: heading.show(now, visit))
        for tab in TABS:
            changed = tab.view(before) != tab.view(now) or tab.name not in before.looked
            yield _Part(tab.name in now.looked and (written or changed), partial(tab.show, now, visit))


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of the page: whether it has changed, and what makes it anew."""

    changed: bool
    show: Callable[[], str]


def _said(words: str, after: Action = _NOTHING) -> str:
    """The line above the question that says what happened; never twice the same, so that it is always shown anew."""
    return html("said", words=words, after=after.get("do", ""), moment=datetime.now(UTC).isoformat())


def _place(before: Desk, now: Desk, *, whole: bool) -> str:
    """Where the page is to be, as JSON: the tab, if a step led to it, and the address, if it has another; empty where both stay."""
    led, address, earlier = whole or before.led != now.led, _address(now), _address(before)
    if not led and address == earlier:
        return ""
    # what was shown at the earlier address is not any more
    return json.dumps({"tab": now.tab if led else "", "address": address or ("./" if earlier else "")})


def _address(desk: Desk) -> str:
    """Where the page is had again as it is; empty where it is as it opens."""
    own = next((tab.address(desk) for tab in TABS if tab.name == desk.tab), "")
    fields = keeping.fields(desk) + ([] if desk.tab == "ask" else [("tab", desk.tab)])
    return own or (f"?{urlencode(fields)}" if fields else "")


def _panel(name: str) -> gradio.Column:
    """What a tab shows; the page's script says which is seen."""
    return gradio.Column(elem_id=f"{name}-panel")


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
