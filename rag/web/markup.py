"""Templates into HTML. Whatever a template is given is escaped here, by Jinja2, and nowhere else."""

from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup


def html(template: str, **values: object) -> Markup:
    """The template's HTML; each of `values`, article text among them, is shown as the characters that it is."""
    return Markup(_environment().get_template(f"{template}.html").render(values))  # noqa: S704 - it is what Jinja2 escaped


def static(name: str) -> str:
    """A style sheet or script of the page."""
    return files("rag.web").joinpath("static", name).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    return Environment(loader=PackageLoader("rag.web"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
