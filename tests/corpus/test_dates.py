from datetime import date

import pytest

from rag.corpus.dates import date_line, publication_date
from rag.errors import InputError


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("Oct. 19, 2022, 5:19 p.m.", date(2022, 10, 19)),
        ("23 Nov 2022", date(2022, 11, 23)),
        ("2022-10-19", date(2022, 10, 19)),
        ("2022-10-19T23:30:00Z", date(2022, 10, 19)),
        ("Published: October 19, 2022", date(2022, 10, 19)),
        ("Wednesday, 19 October 2022 at 10:05 GMT", date(2022, 10, 19)),
        ("October 19, 2022 5:19 PM EDT", date(2022, 10, 19)),
        ("29 Feb 2020", date(2020, 2, 29)),
        # not a whole day, more than one reading, or more than a date
        ("Oct 2022", None),
        ("2022", None),
        ("May", None),
        ("5:19 p.m.", None),
        ("10/11/2022", None),
        ("10. 11. 2022", None),
        ("10 11 2022", None),
        ("11 10, 2022", None),
        ("31 February 2022", None),
        ("The bridge opened on 19 March 1932", None),
        ("", None),
    ],
)
def test_a_date_line_is_a_whole_unambiguous_day_and_nothing_else(line, day):
    assert date_line(line) == day


def test_a_header_without_a_date_has_none_and_a_wrong_one_is_refused():
    assert publication_date(None) is publication_date(" ") is None
    with pytest.raises(InputError, match="'yesterday' is not a date; write it as YYYY-MM-DD"):
        publication_date("yesterday")
