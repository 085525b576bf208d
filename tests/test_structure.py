"""The shape of the package: floors, one home for each heavy library, a light import, the public names."""

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

import rag

PACKAGE = Path(rag.__file__).parent
FLOORS = {
    "types": 0, "errors": 0, "arrays": 0, "settings": 0.5, "models": 0.6,
    "given": 0.4, "whole_files": 0.5, "listing": 0.5, "notes": 0.5, "feedback": 0.5,
    "english": 1, "encoder": 1, "corpus": 1, "fetching": 1, "render": 1.5, "values": 1.5, "copies": 1.7,
    "passages": 2, "store": 2, "verification": 2, "question": 2.3, "differences": 2.6,
    "desks": 2.5, "retriever": 3, "reader": 3, "adding": 3, "workers": 3, "overview": 3.5, "repairing": 3.5,
    "copying": 3.5, "briefing": 3.6, "finding": 3.6, "topics": 3.7,
    "archive": 4, "serving": 5, "evaluation": 5, "training": 5,
    "exporting": 6, "adding_bar": 6, "web": 6, "adapters": 6, "cli": 7, "__main__": 8,
}  # fmt: skip
HOMES = {
    "faiss": {"store/vectors.py"},
    "tantivy": {"english/names.py", "store/lexical.py"},
    "sqlite3": {"store/database.py", "store/side_file.py", "store/versions.py"},
    # of a whole room
    "sqlalchemy": {"store/shared/"},
    "cattrs": {"desks/packing.py"},
    "sentence_transformers": {"encoder/exporting.py", "encoder/sentence_encoder.py"},
    "torch": {
        "encoder/exporting.py", "encoder/sentence_encoder.py", "models/torch_pool.py", "reader/folder_reader.py",
        "training/span_model.py", "training/span_training.py", "training/span_measures.py", "training/export.py",
    },
    "transformers": {"models/offline.py", "reader/folder_reader.py", "training/encoder_graph.py", "training/span_model.py"},
    "tokenizers": {
        "encoder/each_alone.py", "encoder/exporting.py", "encoder/graph_encoder.py", "encoder/shipped_encoder.py",
        "reader/joint_text.py", "reader/folder_reader.py",
    },
    "onnxruntime": {"models/onnx_runtime.py"},
    "onnx": {"training/bert_graph.py"},
    "onnx_ir": {"encoder/exporting.py"},
    "langchain_text_splitters": {"passages.py"},
    "sentencex": {"english/sentences.py"},
    "gradio": {"web/intake.py", "web/page.py", "web/serving.py"},
    "uvicorn": {"serving/clients.py", "serving/connections.py", "serving/doorway.py", "web/server.py", "adapters/mcp/serving.py"},
    "h11": {"serving/connections.py"},
    "argon2": {"serving/people.py"},
    "itsdangerous": {"serving/sessions.py"},
    "limits": {"adapters/http/rate.py"},
    "prometheus_client": {"adapters/http/metrics.py", "adapters/http/operation.py"},
    "markdown_it": {"corpus/markdown.py"},
    "trafilatura": {"corpus/formats/html.py", "corpus/formats/page_decoding.py", "corpus/formats/page_facts.py"},
    "htmldate": {"corpus/formats/page_facts.py"},
    "pypdfium2": {"corpus/formats/pdf.py", "corpus/formats/pdf_characters.py", "corpus/formats/pdf_pages.py", "corpus/formats/pdf_picture.py"},
    "PIL": {"corpus/formats/pdf_picture.py"},
    "striprtf": {"corpus/formats/rtf.py"},
    "feedparser": {"corpus/formats/feed.py"},
    "warcio": {"corpus/formats/warc.py"},
    "httpx": {"fetching/fetcher.py", "fetching/web_address.py"},
    "httpcore": {"fetching/network.py", "fetching/session.py"},
    "watchfiles": {"corpus/watching.py"},
    "py3langid": {"corpus/language.py"},
    "rensa": {"copies/signatures.py"},
    "ir_measures": {"evaluation/retrieval.py"},
    "matplotlib": {"evaluation/plots.py"},
    "mcp": {"adapters/mcp/__init__.py", "adapters/mcp/serving.py", "adapters/mcp/verifier.py", "adapters/mcp/tools.py"},
    "langchain_core": {"adapters/langchain.py"},
    "llama_index": {"adapters/llama_index.py"},
    "haystack": {"adapters/haystack.py"},
    "ray": {"workers/cluster.py"},
    "pymilvus": {"store/shared/milvus.py"},
    "grpc": {"store/shared/milvus.py"},
}  # fmt: skip
MODULES = sorted(PACKAGE.rglob("*.py"))


@cache
def imports(path):
    names = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names if node.module == "rag")]
    return names


def room(path):
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", [p for p in MODULES if p != PACKAGE / "__init__.py"], ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_module_imports_only_lower_floors(path):
    for name in imports(path):
        parts = name.split(".")
        if parts[0] == "rag" and len(parts) > 1 and parts[1] in FLOORS and parts[1] != room(path):
            assert FLOORS[parts[1]] < FLOORS[room(path)], f"{path.name} imports {name}"


def test_every_room_has_a_floor():
    assert {room(path) for path in MODULES} - {"__init__"} <= FLOORS.keys()


def test_few_modules_stand_outside_a_room():
    assert len(list(PACKAGE.glob("*.py"))) <= 21


@pytest.mark.parametrize("library", HOMES)
def test_a_heavy_library_has_one_home(library):
    importing = (path.relative_to(PACKAGE) for path in MODULES if any(name.split(".")[0] == library for name in imports(path)))
    assert {place if (place := f"{path.parent}/") in HOMES[library] else str(path) for path in importing} == HOMES[library]


def test_nothing_unpickles():
    for path in MODULES:
        assert not {name.split(".")[0] for name in imports(path)} & {"pickle", "joblib", "dill", "shelve", "marshal"}, path


HEAVY = {
    "torch",
    "onnxruntime",
    "gradio",
    "langchain_text_splitters",
    "langchain_core",
    "llama_index",
    "haystack",
    "numpy",
    "faiss",
    "fastapi",
    "mcp",
    "pydantic",
    "ray",
    "rensa",
    "pymilvus",
}


def test_import_is_light():
    code = f"import sys, rag; print([m for m in sys.modules if m.split('.')[0] in {HEAVY}])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_the_public_names_are_these_and_all_load():
    assert rag.__all__ == [
        "Answer", "Archive", "Article", "Feedback", "Filters", "Hit", "Listed", "Note", "Order", "Outcome", "Passage", "PullquoteError",
        "Quote", "Refusal", "Report", "Settings", "Shelf", "Span", "Verdict", "article", "read_articles",
    ]  # fmt: skip
    assert all(getattr(rag, name) is not None for name in rag.__all__)
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        _ = rag.Nothing
