import csv

import pytest


@pytest.fixture(autouse=True)
def _the_size_of_a_cell():
    """A reader that runs in a process of its own sets the module's limit; here that is every test's."""
    before = csv.field_size_limit()
    yield
    csv.field_size_limit(before)
