"""Reads a store that may only be read, as somebody who owns nothing of it, and prints what it finds. Run by test_read_only.py."""

import json
import logging
import os
import sys
from pathlib import Path

from rag import Settings
from rag.errors import PullquoteError
from rag.store import LocalStore
from rag.types import Filters
from tests.store.contract import matching, nearest

NOBODY = 65534


if os.getuid() == 0:
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)
logging.basicConfig(format="%(message)s")
for line in sys.stdin:
    try:
        with Path(sys.argv[1], "test of writing").open("w"):
            print("the folder can be written to", flush=True)
            break
    except PermissionError:
        pass
    if line == "open\n":
        store = None
    try:
        store = store or LocalStore(Path(sys.argv[1]), Settings(), read_only=True)
        found = {"nearest": nearest(store, "ferry 21"), "matching": matching(store, "ferry 21"), "articles": store.counted(Filters()).articles}
        found["notes"] = [kept.text for kept in store.notes(None)]
        found["caches"] = store.status().caches
        print(json.dumps(found), flush=True)
    except PullquoteError as error:
        print(json.dumps({"error": str(error)}), flush=True)
