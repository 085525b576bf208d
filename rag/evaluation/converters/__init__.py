"""Other people's question sets into articles and gold questions: a module a form, each with a `read`."""

from collections.abc import Callable, Mapping
from pathlib import Path

from rag.evaluation.converters import beir, clapnq, selqa, squad, table
from rag.evaluation.converters.collection import Collection
from rag.evaluation.converters.writing import Converted, write

FORMS: Mapping[str, Callable[[Path], Collection]] = {
    "beir": beir.read,
    "clapnq": clapnq.read,
    "csv": table.read,
    "selqa": selqa.read,
    "squad": squad.read,
}

__all__ = ["FORMS", "Collection", "Converted", "write"]
