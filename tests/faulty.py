"""Changes an archive again and again, each time with another of its writes failing. Run by test_faults.py, with faults.c preloaded.

python -m tests.faulty FOLDER [EVERY]: every EVERY-th write fails, once and from then on, for want of room and by an error of the
disk. Prints what is wrong, and how many faults there were.
"""

import ctypes
import errno
import logging
import shutil
import sys
from pathlib import Path

from rag import Archive, PullquoteError, Settings, Span, article
from rag.exporting import export
from rag.repairing import repair
from rag.store import backup, flaws
from rag.store.manifest import Manifest
from tests.fakes import HashingEncoder

SHIM = ctypes.CDLL(None)
LEFT = {"archive.sqlite", "archive.sqlite-wal", "archive.sqlite-shm", "cache", "cache.lock", "write.lock"}


def made(n, words="The bridge opened."):
    return article(f"a{n}", f"Title {n}", f"{words} It was number {n}. " * 30)


def opened(folder):
    return Archive.open(folder, Settings(), HashingEncoder())


class Changes:
    """What is done to an archive, and what of it was acknowledged."""

    def __init__(self, folder):
        self.folder = folder
        self.kept, self.notes, self.told = {}, [], 0
        self.steps = [self.add, self.note, self.remove, self.search, self.export, self.copy, self.repair]

    def run(self):
        for step in self.steps:
            try:
                step()
            except PullquoteError:
                self.told += 1

    def add(self):
        new = [made(1, "The tunnel closed."), made(4), made(5)]
        texts = {one.id: one.text for one in new}
        with opened(self.folder) as archive:
            archive.add(new, progress=lambda fate, id: self.kept.update({id: texts[id]}))

    def note(self):
        with opened(self.folder) as archive:
            self.notes.append(archive.write_note("a0", Span(0, 3), "mine", author="Ada").number)
            self.notes.append(archive.answer_note(self.notes[-1], "yours").number)

    def remove(self):
        with opened(self.folder) as archive:
            for id in archive.remove(["a2"]):
                self.kept[id] = None

    def search(self):
        with opened(self.folder) as archive:
            assert archive.search("bridge")

    def export(self):
        with opened(self.folder) as archive:
            export(archive, self.folder / "out")

    def copy(self):
        backup(self.folder, self.folder / "copy", int)

    def repair(self):
        repair(self.folder, Settings(), HashingEncoder(), int)


def unnamed(caches):
    """What is in the folder of the caches and is none of theirs."""
    manifest = Manifest.read(caches)
    return {path.name for path in caches.iterdir()} - {"manifest.json", manifest.lexical, *manifest.segments}


def wrong(changes):
    """What is wrong with the archive, now that the disk is well again."""
    folder = changes.folder
    # looked for before anything is searched, which would clear them away
    left = unnamed(folder / "cache")
    found = flaws(folder, int) + ([f"caches were left: {left}"] if left else [])
    with opened(folder) as archive:
        texts = {one.id: one.text for one in archive.articles()}
        found += [f"{id} is not what was acknowledged" for id, text in changes.kept.items() if texts.get(id) != text]
        numbers = [note.number for note in archive.notes()]
        found += [f"note {number} is lost" for number in changes.notes if number not in numbers]
        if not texts.keys() >= {"a0", "a1", "a3"} or {hit.passage.article.id for hit in archive.search("number", 40)} != texts.keys():
            found.append(f"only {sorted(texts)} are there, or not all of them are found")
    names = {path.name for path in folder.iterdir() if not path.name.startswith("damaged-")} - LEFT - {"out", "copy"}
    found += [f"{name} was left" for name in names]
    found += [f"{path} was left" for path in (folder / "out").glob(".*")]
    return found


def tried(whole, folder, at, error, on):
    """Makes the `at`-th write fail, with `on` all that follow too; gives what is wrong then, and how many writes there were."""
    shutil.copytree(whole, folder)
    changes = Changes(folder)
    SHIM.faults_arm(str(folder).encode(), ctypes.c_long(at), ctypes.c_long(error), ctypes.c_long(on))
    try:
        changes.run()
    finally:
        writes = SHIM.faults_disarm()
    found = wrong(changes)
    # a thread of tantivy's whose write failed may still be writing into what goes
    shutil.rmtree(folder, ignore_errors=True)
    return found, writes, changes.told


def main(folder, every=1):
    logging.disable(logging.ERROR)
    # the shim knows the folder's files by the beginning of their paths, and SQLite opens them by the whole path
    folder = Path(folder).resolve()
    whole = folder / "whole"
    with opened(whole) as archive:
        archive.add([made(n) for n in range(4)])
    _, writes, _ = tried(whole, folder / "trial", 0, 0, on=False)
    faults = told = failures = 0
    for at in range(1, writes + 1, every):
        for error, on in ((errno.ENOSPC, True), (errno.EIO, False)):
            found, _, errors = tried(whole, folder / f"{at}-{on}", at, error, on)
            faults += 1
            told += bool(errors)
            failures += bool(found)
            for what in found:
                print(f"write {at} of {writes}, {errno.errorcode[error]}{', and on' if on else ''}: {what}")
    print(f"{faults} faults at {writes} writes: {told} told, {failures} with something wrong")
    return int(bool(failures))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], *map(int, sys.argv[2:])))
