"""What an exported model saves: `python -m benchmarks.exported MODEL CORPUS.jsonl [--passages N] [--starts N]`.

MODEL is a folder that sentence-transformers can load, CORPUS a JSONL file of
articles. Prints how long its export takes, how near its vectors are to torch's,
passages a second of processor time, and cold starts of `pullquote ask` on an
archive of the corpus's first articles, by the export and by torch in turn.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import numpy as np

from rag import Archive, Settings, read_articles
from rag.encoder import Encoder, Exports, sentence_encoder
from rag.passages import passages
from rag.types import Article

_ARTICLES = 20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--passages", type=int, default=100)
    parser.add_argument("--starts", type=int, default=3)
    given = parser.parse_args()
    settings = Settings(model=str(given.model.resolve()))
    items = (item for item in read_articles(given.corpus) if isinstance(item, Article))
    articles = list(islice(items, _ARTICLES + given.passages))
    texts = [passage.indexed_text for article in articles for passage in passages(article, settings)][: given.passages]
    with tempfile.TemporaryDirectory() as work:
        _encoding(settings, texts, Path(work))
        _asking(settings, articles[:_ARTICLES], Path(work) / "index", given.starts)


def _encoding(settings: Settings, texts: Sequence[str], work: Path) -> None:
    of_torch = {precision: sentence_encoder(Settings(model=settings.model, precision=precision)) for precision in ("fp32", "bf16")}
    for encoder in of_torch.values():
        encoder.encode(texts[:2])
    begun = time.process_time()
    exported = sentence_encoder(settings, Exports(work))
    exported.encode(texts[:1])
    size = sum(path.stat().st_size for path in work.rglob("*") if path.is_file())
    print(f"exported in {time.process_time() - begun:.1f} s of processor time, the model loaded anew; {size / 1e6:.2f} MB are kept", flush=True)
    vectors: dict[str, np.ndarray] = {}
    for _ in range(2):
        for name, encoder in {"exported": exported, **{f"torch {precision}": one for precision, one in of_torch.items()}}.items():
            vectors[name], rate = _timed(encoder, texts)
            cosines = (vectors[name] * vectors["exported"]).sum(axis=1)
            print(f"{name}: {rate:.1f} passages a second of processor time; cosine to the export's {cosines.min():.6f} at least", flush=True)


def _timed(encoder: Encoder, texts: Sequence[str]) -> tuple[np.ndarray, float]:
    begun = time.process_time()
    vectors = encoder.encode(texts)
    return vectors, len(texts) / (time.process_time() - begun)


def _asking(settings: Settings, articles: Sequence[Article], index: Path, starts: int) -> None:
    with Archive.open(index, settings) as archive:
        archive.add(articles)
    for start in range(starts + 1):
        for precision in ("auto", "fp32"):
            environment = {**os.environ, "PULLQUOTE_MODEL": settings.model, "PULLQUOTE_PRECISION": precision}
            command = [sys.executable, "-m", "rag", "ask", articles[0].title, "--index", str(index), "--json"]
            begun = time.perf_counter()
            process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE)
            answer = json.load(process.stdout) if process.stdout else {}
            _, _, used = os.wait4(process.pid, 0)
            # the first start reads from disk what the others have in memory
            if start:
                took = f"{used.ru_utime + used.ru_stime:.2f} s of processor time, {time.perf_counter() - begun:.2f} s"
                print(f"ask, {precision}: {took}: {answer['outcome']}", flush=True)


if __name__ == "__main__":
    main()
