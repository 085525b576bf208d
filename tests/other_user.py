"""Does everything with archives as somebody who owns nothing of them, and prints what comes of it. Run by test_other_user.py.

python -m tests.other_user OWN FOLDER…: OWN is a folder that this user may write to, with a copy of an archive in it. For each
folder a line of JSON says for each act what it gave, or which error was told.
"""

import json
import logging
import os
import sys
import tempfile
from pathlib import Path

from rag import Archive, PullquoteError, Settings, Span, article
from rag.exporting import export
from rag.feedback import Verdict
from rag.repairing import repair
from rag.store import backup, flaws, restore
from tests.fakes import CommonWords, HashingEncoder

NOBODY = 65534


def acts(folder, own):
    def opened(act):
        with Archive.open(folder, Settings(), HashingEncoder(), CommonWords()) as archive:
            return act(archive)

    return {
        "search": lambda: opened(lambda archive: len(archive.search("bridge"))),
        "list": lambda: opened(lambda archive: archive.shelf().total),
        "status": lambda: opened(lambda archive: archive.status().articles),
        "export": lambda: opened(lambda archive: export(archive, own / f"export of {folder.name}").articles),
        "check": lambda: flaws(folder, int),
        "backup": lambda: backup(folder, own / f"copy of {folder.name}", int),
        "add": lambda: opened(lambda archive: archive.add([article("new", "New", "The tunnel closed.")]).added),
        "note": lambda: opened(lambda archive: archive.write_note("a1", Span(0, 3), "mine").text),
        "judge": lambda: opened(lambda archive: archive.give_feedback(archive.ask("bridge"), Verdict.MISSING)),
        "remove": lambda: opened(lambda archive: archive.remove(["a2"])),
        "repair": lambda: repair(folder, Settings(), HashingEncoder(), int).kept,
        "restore": lambda: restore(folder, own / "copy", int) and "done",
    }


def main(own, *folders):
    os.setgroups([])
    os.setgid(NOBODY)
    with tempfile.TemporaryDirectory() as own_folder, Archive.open(own_folder, Settings(), HashingEncoder(), CommonWords()) as archive:
        # Python's own files may be the first user's alone: what acts load when they need it is loaded before
        archive.add([article("a", "A", "The bridge opened.")])
        archive.ask("bridge")
    os.setuid(NOBODY)
    tempfile.tempdir = own
    logging.disable(logging.WARNING)
    for folder in folders:
        found = {}
        for name, act in acts(Path(folder), Path(own)).items():
            try:
                found[name] = act()
            except PullquoteError as error:
                found[name] = f"{type(error).__name__}: {error}"
        print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
