"""Fits the reader's confidence on SelQA: `python -m benchmarks.calibration SELQA.json [--questions N]`.

Every question is asked of an archive of all sections, and again with the
sections of its own article taken away. A best quote is right if a gold
sentence has it or is in it. One feature, its MaxSim; two numbers, by logistic
regression. Prints them, and what the working threshold does.
"""

import argparse
import json
import math
import random
import tempfile
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from rag import Archive, Settings, article
from rag.encoder import SentenceEncoder
from rag.reader import _INTERCEPT, _SLOPE, ANSWERED, Reader


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("selqa", type=Path)
    parser.add_argument("--questions", type=int, help="ask only so many, drawn with a fixed seed")
    given = parser.parse_args()
    rows = json.loads(given.selqa.read_text())
    sections = list(dict.fromkeys((row["article"], tuple(row["candidates"])) for row in rows))
    settings = Settings()
    encoder = SentenceEncoder(settings)
    reader = Reader(encoder, settings)
    best, right, present = [], [], []
    with tempfile.TemporaryDirectory() as folder, Archive.open(folder, settings, encoder) as archive:
        archive.add(article(f"{n}", title, " ".join(texts), source=title) for n, (title, texts) in enumerate(sections))
        asked = random.Random(1).sample(rows, given.questions or len(rows))
        for row in asked:
            hits = archive.search(row["question"], 60)
            without = [hit for hit in hits if hit.passage.article.source != row["article"]]
            gold = [row["candidates"][n] for n in row["answers"]]
            for chosen, there in ((hits[:20], True), (without[:20], False)):
                quote = reader.rank(row["question"], chosen)[0]
                best.append(_likeness(quote.confidence))
                right.append(there and any(quote.text in sentence or sentence in quote.text for sentence in gold))
                present.append(there)
    x, y, here = np.array(best), np.array(right), np.array(present)
    fitted = LogisticRegression(C=1e6).fit(x[:, None], y)
    shown = 1 / (1 + np.exp(-(_SLOPE * x + _INTERCEPT))) >= ANSWERED
    print(f"questions {len(asked)}, sections {len(sections)}")
    print(f"slope {fitted.coef_[0][0]:.2f} intercept {fitted.intercept_[0]:.2f}   (in the reader: {_SLOPE}, {_INTERCEPT})")
    print(f"best quote right, article present: {y[here].mean():.3f}")
    print(f"AUROC right or not {roc_auc_score(y, x):.3f}, article present or not {roc_auc_score(here, x):.3f}")
    print(f"at confidence {ANSWERED}: answered {shown[here].mean():.3f} of those present, {shown[~here].mean():.3f} of those absent;")
    print(f"right among the answered: {y[shown & here].mean():.3f} with the article present, {y[shown].mean():.3f} over both")


def _likeness(confidence: float) -> float:
    """The MaxSim that a confidence came from."""
    return (math.log(confidence / (1 - confidence)) - _INTERCEPT) / _SLOPE


if __name__ == "__main__":
    main()
