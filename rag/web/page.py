"""A Gradio chat over an archive. Everything that it shows is plain text: no Markdown, HTML, LaTeX or diagram is rendered."""

import os
import threading
from typing import TYPE_CHECKING

from rag import render
from rag.archive import Archive
from rag.errors import InputError, PullquoteError

if TYPE_CHECKING:
    import gradio

_PLACEHOLDER = "Ask something. The answer is quotes from the articles, or silence and the reason."
_EXAMPLE = "How many overseas police stations does China operate?"
_EMPTY = "The archive is empty. Add articles: pullquote add FILE-OR-FOLDER"
_MOST_CHARS = 10_000
_FONTS = ["system-ui", "sans-serif"]
_MONOSPACE = ["ui-monospace", "monospace"]
# the chatbot would run spaces together: an article's words keep theirs, and stay set in from the margin
_CSS = ".gradio-container .message-markdown-disabled { white-space: pre-wrap; }"


def serve(index: str, host: str, port: int) -> None:
    """Shows the chat on http://host:port until it is interrupted. Raises InputError where the port is taken."""
    with Archive.open(index) as archive:
        page = chat(archive)
        # the model loads while the page opens
        threading.Thread(target=_warm, args=(archive,), daemon=True).start()
        if host not in ("127.0.0.1", "localhost", "::1"):
            print(f"WARNING: {host} can be reached by other machines, and there is no password.", flush=True)
        print(f"Pullquote answers on http://{host}:{port} (Ctrl-C ends it)", flush=True)
        launch(page, host, port, block=True)


def launch(page: "gradio.Blocks", host: str, port: int, *, block: bool) -> None:
    """Starts the server, with fonts of the reader's own machine and no link to anywhere. Raises InputError."""
    import gradio

    theme = gradio.themes.Default(font=_FONTS, font_mono=_MONOSPACE)
    try:
        page.launch(
            server_name=host, server_port=port, share=False, quiet=True, footer_links=[], theme=theme, css=_CSS, prevent_thread_lock=not block
        )
    except OSError as error:
        raise InputError(f"port {port} on {host} cannot be used ({error}); choose another with --port, or PORT= for make") from error


def chat(archive: Archive) -> "gradio.Blocks":
    """The page for an open archive."""
    # read by Gradio and its client when they are imported: nothing phones home
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    import gradio

    def answer(question: str, history: list[gradio.MessageDict]) -> tuple[str, list[gradio.MessageDict]]:
        if not question.strip():
            return "", history
        said: list[gradio.MessageDict] = [
            {"role": "user", "content": render.escaped(question)},
            {"role": "assistant", "content": render.escaped(_answered(archive, question[:_MOST_CHARS]))},
        ]
        return "", [*history, *said]

    status = archive.status()
    greeting = f"{status.articles:,} articles. {_PLACEHOLDER}" if status.articles else _EMPTY
    page: gradio.Blocks = gradio.Blocks(title="Pullquote", analytics_enabled=False, fill_height=True)
    with page:
        gradio.HTML("<h1>Pullquote</h1>")
        gradio.Textbox(greeting, show_label=False, interactive=False, container=False)
        # Without Markdown the chatbot still reads its messages as HTML, so they are escaped; its copy button would
        # copy the escapes, so there is none: selected text is copied as it is shown.
        shown = gradio.Chatbot(label="Answers", render_markdown=False, latex_delimiters=[], allow_tags=False, buttons=[], height="70vh")
        question = gradio.Textbox(label="Question", placeholder=_EXAMPLE, max_length=_MOST_CHARS, autofocus=True)
        ask = gradio.Button("Ask", variant="primary")
        gradio.on([question.submit, ask.click], answer, [question, shown], [question, shown], api_name="ask", show_progress="minimal")
    return page


def _answered(archive: Archive, question: str) -> str:
    try:
        return render.answer_text(archive.ask(question))
    except PullquoteError as error:
        return f"This could not be answered: {error}"


def _warm(archive: Archive) -> None:
    try:
        archive.warm()
    except PullquoteError as error:
        print(f"pullquote: {error}", flush=True)
