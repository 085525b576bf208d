"""Adds articles until it is killed, printing each one's id once `add` says that it is on disk. Run by test_crash.py.

With "notes" for a third argument it writes notes and answers instead, printing each one's number once it is kept.
"""

import sys

from rag import Archive, Settings, Span, article
from tests.fakes import HashingEncoder

folder, first = sys.argv[1], int(sys.argv[2])
print("started", flush=True)
while True:
    with Archive.open(folder, Settings(), HashingEncoder()) as archive:
        for n in range(first, first + 40) if sys.argv[3:] == ["notes"] else ():
            number = archive.write_note("a", Span(0, 3), f"note {n}").number
            print("note", number, flush=True)
            print("note", archive.answer_note(number, f"answer {n}", "Ada").number, flush=True)
        if sys.argv[3:]:
            continue
        texts = ((n, f"Report {n}. The bridge number {n} opened in {1900 + n % 100}. " * (1 + n % 9)) for n in range(first, first + 40))
        # every third article is an old one in a new text
        made = (article(f"a{n if n % 3 else n // 2}", "Title", text) for n, text in texts)
        archive.add(made, progress=lambda fate, id: print(f"{fate} {id}", flush=True))
    first += 40
