"""Conversations stay: over a reload, a restart and another browser, until somebody deletes them."""

import json
import re
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from rag import Archive, Settings, article
from tests.fakes import HashingEncoder
from tests.web.conftest import HASHING, ask, served, visit

BRIDGE = "When was the bridge opened?"
WORDS = "The bridge was opened in 1932, on a Monday."


@contextmanager
def writing(index):
    with Archive.open(index, Settings(), HashingEncoder()) as archive:
        yield archive


@pytest.fixture
def index(tmp_path):
    with writing(tmp_path / "index") as archive:
        archive.add([article("a", "A bridge", WORDS), article("b", "A lock", "The lock was paid for by the county.")])
    return tmp_path / "index"


@contextmanager
def served_and_visited(browser, index, *options, path="", **how):
    with served(index, index.parent / "log", *options, program=HASHING) as address, visit(browser, f"{address}/{path}", **how) as page:
        yield page, address


def questions(page):
    return page.locator(".turn .question").all_text_contents()


def conversations(page):
    """The tab, opened."""
    page.get_by_role("tab", name="Conversations").click()
    tab = page.locator("#conversations")
    tab.get_by_role("status").wait_for()
    return tab
