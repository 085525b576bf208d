"""Every form in which a briefing leaves Pullquote, by the name that people choose it by."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from rag.render.briefing_page import briefing_html
from rag.render.json_objects import briefing_json, to_json
from rag.render.markdown_text import briefing_markdown
from rag.render.plain_text import briefing_text
from rag.types import Briefing


@dataclass(frozen=True, slots=True)
class BriefingFormat:
    """`label`, `suffix` and `media_type` are those of `Format`; `written` makes the text, with `base` as for `story_parts`."""

    label: str
    suffix: str
    media_type: str
    written: Callable[[Briefing, str | None], str]


def _atom(briefing: Briefing, base: str | None) -> str:
    # who asks a question needs it not
    from rag.render.atom_feed import briefing_atom  # noqa: PLC0415

    return briefing_atom(briefing, base).decode()


BRIEFING_FORMATS: Mapping[str, BriefingFormat] = MappingProxyType(
    {
        "text": BriefingFormat("Text", "txt", "text/plain", lambda briefing, _: briefing_text(briefing)),
        "html": BriefingFormat("Web page", "html", "text/html", briefing_html),
        "markdown": BriefingFormat("Markdown", "md", "text/markdown", briefing_markdown),
        "atom": BriefingFormat("Atom feed", "atom", "application/atom+xml", _atom),
        "json": BriefingFormat("JSON", "json", "application/json", lambda briefing, _: to_json(briefing_json(briefing))),
    }
)
