"""Every form in which answers leave Pullquote, by the name that people choose it by."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from rag.render.bibtex_entries import bibtex
from rag.render.csl_items import csl_json
from rag.render.html_page import html_document
from rag.render.json_objects import conversation_json, to_json
from rag.render.markdown_text import markdown
from rag.render.plain_text import answer_text
from rag.types import Answer


@dataclass(frozen=True, slots=True)
class Format:
    """`label` is for people, `suffix` for a file's name, `media_type` for a browser; `written` makes the text of a conversation."""

    label: str
    suffix: str
    media_type: str
    written: Callable[[Sequence[Answer]], str]


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "text": Format("Text", "txt", "text/plain", lambda answers: "\n\n".join(map(answer_text, answers))),
        "json": Format("JSON", "json", "application/json", lambda answers: to_json(conversation_json(answers))),
        "markdown": Format("Markdown", "md", "text/markdown", markdown),
        "html": Format("Web page", "html", "text/html", html_document),
        "bibtex": Format("BibTeX", "bib", "application/x-bibtex", bibtex),
        "csl": Format("CSL-JSON", "csl.json", "application/vnd.citationstyles.csl+json", lambda answers: to_json(csl_json(answers))),
    }
)
