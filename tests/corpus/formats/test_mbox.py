import mailbox

import pytest

from rag.corpus.formats.mbox import read
from rag.errors import InputError

MAILS = (
    b"From: Jane Roe <jane@example.org>\nSubject: One\n\nFrom here on it went.\n\nFrom 9:30 in 2001 it went on.\n>From the start\n",
    b"Subject: Two\n\n\nFrom A to B.\n",
    b"Subject: Three\n\nFrom jane@example.org Tue Jan  5 10:00:00 2021\nand no header.\n",
)


def test_mails_are_those_that_pythons_own_mailbox_holds(tmp_path):
    box = mailbox.mbox(tmp_path / "box")
    for mail in MAILS:
        box.add(mail)
    box.close()
    data = (tmp_path / "box").read_bytes()
    members = list(read(data, "box"))
    assert [member.name for member in members] == ["message 1.eml", "message 2.eml", "message 3.eml"]
    # of lines with a mark, only that is escaped which begins with "From "
    assert [member.data.rstrip(b"\n") for member in members] == [mail.replace(b">From", b"From").rstrip(b"\n") for mail in MAILS]


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"])
def test_only_a_line_with_a_time_above_a_header_begins_a_mail(line_end):
    data = b"From a@b.org Tue Jan  5 10:00:00 2021 remote from x\n" + b"\nFrom - Tue Jan  5 10:00 2021\n".join(MAILS)
    members = list(read(data.replace(b"\n", line_end), "box"))
    assert [member.data.rstrip().split(line_end)[-1] for member in members] == [b"From the start", b"From A to B.", b"and no header."]


def test_marks_of_quoting_are_taken_away_once():
    (member,) = read(b"From a Tue Jan  5 10:00:00 2021\nSubject: x\n\n>From A\n>>From B\n> From C\n", "box")
    assert member.data == b"Subject: x\n\nFrom A\n>From B\n> From C\n"


@pytest.mark.parametrize(
    "data", [b"", b"Subject: x\n\nA mail.\n", b"From a Tue Jan  5 10:00:00 2021\n\nNo header.\n", b"From 10:00 " + b"1:1" * 100_000]
)
def test_what_is_no_mailbox_is_refused(data):
    with pytest.raises(InputError, match="no mailbox"):
        list(read(data, "box"))
