from base64 import encodebytes
from email.message import EmailMessage

import pytest

from rag.corpus.draft import Draft, Member
from rag.corpus.formats.mail import read
from rag.errors import InputError
from rag.types import Kind, Provenance, Refusal

from . import tables

HEAD = b"From: Jane Roe <jane@example.org>\nSubject: The bridge\nDate: Tue, 5 Jan 2021 10:00:00 +0100\n"


@pytest.mark.parametrize(("name", "expected"), tables.expectations("mail"))
def test_each_file_gives_what_was_written_down_of_it(name, expected):
    assert tables.told(read, tables.file("email", name), name) == expected


def of(body, content_type="text/plain; charset=utf-8", head=HEAD):
    data = body if isinstance(body, bytes) else body.encode()
    return list(read(head + b"Content-Type: " + content_type.encode() + b"\n\n" + data, "mail.eml"))


def kinds(draft):
    return [(part.kind, part.span.of(draft.text)) for part in draft.parts]


def test_facts_are_the_mails():
    (draft,) = of("It opened.", head=HEAD + b"Message-ID:\n <a.1@example.org>\nContent-Language: en-GB, fr\n")
    facts = {name: fact.value for name in draft.facts.__slots__ if (fact := getattr(draft.facts, name))}
    assert facts == {
        "id": "a.1@example.org",
        "title": "The bridge",
        "author": "Jane Roe",
        "published": "2021-01-05T10:00:00+01:00",
        "language": "en-GB",
    }
    assert draft.facts.published.told_by is Provenance.MAIL


@pytest.mark.parametrize(
    ("field", "fact", "value"),
    [
        ("Subject: =?koi8-r?B?8NLJ18XU?=", "title", "Привет"),
        # a character over two words
        ("Subject: =?utf-8?B?5pel5pys?=\n =?utf-8?B?6Kqe?= 2", "title", "日本語 2"),
        ("Subject: =?gb2312?B?1tC5+g==?=", "title", "中国"),
        ("Subject: Grüße", "title", "Grüße"),
        ("Subject: a\n\tlong one", "title", "a long one"),
        ("Subject: =?x-none?Q?=E9?=", "title", None),
        ('From: "=?iso-8859-1?Q?Roe,_Zo=EB?=" <a@b.org>', "author", "Roe, Zoë"),
        ("From: a@b.org (Jane Roe)", "author", "Jane Roe"),
        ("From: Jane Roe <a@b.org>, John Roe <c@d.org>", "author", "Jane Roe, John Roe"),
        ("From: a@b.org", "author", None),
        ('From: "a@b.org" <a@b.org>', "author", None),
        ("Date: Tue, 5 Jan 21 10:00 EST", "published", "2021-01-05T10:00:00-05:00"),
        ("Date: 5 Jan 2021 10:00:00 -0000", "published", "2021-01-05T10:00:00"),
        ("Date: on a Tuesday", "published", None),
        ("Date: Tue, 35 Jan 2021 10:00:00 +0100", "published", None),
    ],
)
def test_fields_are_decoded_or_left_out(field, fact, value):
    (draft,) = of("It opened.", head=field.encode() + b"\n")
    told = getattr(draft.facts, fact)
    assert (told and told.value) == value


@pytest.mark.parametrize(
    ("head", "warning"),
    [
        (b"Subject: x\n", "the mail has no date"),
        (b"Date: soon\n", "its date, 'soon', cannot be read; it was taken without it"),
        (b"Subject: caf\xe9\n", "its Subject is not readable as UTF-8"),
        (b"Subject: =?x-none?Q?=E9?=\n", "its Subject is in an encoding that is not known"),
        (b"From: " + b"(" * 4_000 + b"\n", "its From has comments nested too deeply"),
        (b"Subject: " + b"x" * 6_000 + b"\n", "its Subject has 6,000 characters"),
    ],
)
def test_a_field_that_cannot_be_read_costs_the_fact_with_a_warning(head, warning):
    (draft,) = of("It opened.", head=head)
    assert any(said.startswith(warning) for said in draft.warnings)


@pytest.mark.parametrize(
    ("charset", "text"),
    [
        ("koi8-r", "Мост открыли во вторник."),
        ("windows-1251", "Мост открыли во вторник."),
        ("Shift_JIS", "橋は①月に開通した。"),
        ("iso-2022-jp", "橋は火曜日に開通した。"),
        ("gb2312", "大桥于星期二通车。"),
        ("big5", "大橋於星期二通車。"),
        ("ks_c_5601-1987", "다리가 화요일에 열렸다. 똠"),
        ("iso-8859-1", "“The café” opened."),
        ("us-ascii", "The café opened."),
        ("x-unknown", "The café opened."),
    ],
)
@pytest.mark.parametrize("transfer", ["8bit", "quoted-printable", "base64"])
def test_text_is_read_in_the_encoding_that_the_mail_declares(charset, text, transfer):
    written = {"Shift_JIS": "cp932", "gb2312": "gbk", "ks_c_5601-1987": "cp949", "iso-8859-1": "cp1252", "us-ascii": "utf-8", "x-unknown": "utf-8"}
    data = text.encode(written.get(charset, charset))
    encoded = {"8bit": data, "quoted-printable": b"".join(b"=%02X" % byte for byte in data), "base64": encodebytes(data)}
    (draft,) = of(encoded[transfer], f"text/plain; charset={charset}\nContent-Transfer-Encoding: {transfer}")
    assert draft.text == text


@pytest.mark.parametrize(
    ("charset", "data", "reason"),
    [
        ("x-none", b"It opened.", "its encoding, 'x-none', is not known"),
        ("utf-7", b"caf+AOk-", "its encoding, 'utf-7', is not known"),
        ("rot13", b"Vg bcrarq.", "its encoding, 'rot13', is not known"),
        ("utf-8", "Мост".encode("koi8-r"), "not readable"),
        ("us-ascii", "Мост".encode("koi8-r"), "not readable"),
    ],
)
def test_a_part_whose_letters_are_not_certain_is_refused(charset, data, reason):
    (refused,) = of(data, f"text/plain; charset={charset}")
    assert refused.origin == "part 1"
    assert reason in refused.reason


def test_html_may_say_itself_what_it_is_in():
    (draft,) = of('<meta charset="koi8-r"><p>Мост открыт.'.encode("koi8-r"), "text/html")
    assert draft.text == "Мост открыт."


def test_quoted_replies_and_the_signature_are_marked():
    (draft,) = of("Dear all,\n\nA wrote:\n> It is closed.\n> > Is it?\nIt opened.\n\n-- \nJane Roe\nThe Bridge Office\n")
    assert kinds(draft) == [
        (Kind.BODY, "Dear all,"),
        (Kind.BODY, "A wrote:"),
        (Kind.COMMENT, "> It is closed.\n> > Is it?"),
        (Kind.BODY, "It opened."),
        (Kind.BYLINE, "-- \nJane Roe\nThe Bridge Office"),
    ]
    assert {part.place for part in draft.parts} == {"part 1"}


def test_two_dashes_far_above_the_end_begin_no_signature():
    (draft,) = of("One.\n--\n" + "A line.\n" * 20)
    assert {part.kind for part in draft.parts} == {Kind.BODY}


@pytest.mark.parametrize(
    ("parameters", "joined"), [("format=flowed", "It opened on Tuesday."), ('format="Flowed"; DelSp=Yes', "It openedon Tuesday.")]
)
def test_flowed_text_is_unwrapped(parameters, joined):
    (draft,) = of(
        "It opened \non Tuesday.\n> It is \n> closed.\n>> Is it?\n From here on. \n\n-- \nJane Roe \n", f"text/plain; charset=utf-8; {parameters}"
    )
    closed = "> It is closed." if "DelSp" not in parameters else "> It isclosed."
    assert kinds(draft) == [
        (Kind.BODY, joined),
        (Kind.COMMENT, f"{closed}\n>> Is it?"),
        (Kind.BODY, "From here on."),
        (Kind.BYLINE, "-- \nJane Roe"),
    ]


def test_html_is_read_block_by_block_with_its_quoted_reply_and_signature_marked():
    (draft,) = of(
        "<style>p {}</style><div>It <b>opened</b>.<br>Today.</div><table><tr><th>Town<th>Year<tr><td>Orrin<td>1540</table>"
        '<blockquote>A saying.</blockquote><div class="gmail_signature">Jane Roe</div>'
        '<div class="x gmail_quote">A wrote:<blockquote type="cite"><p>It is closed.</p></blockquote></div><p>Last.</p>',
        "text/html; charset=utf-8",
    )
    assert kinds(draft) == [
        (Kind.BODY, "It opened.\nToday."),
        (Kind.TABLE_ROW, "Town: Orrin, Year: 1540."),
        (Kind.BODY, "A saying."),
        (Kind.BYLINE, "Jane Roe"),
        (Kind.COMMENT, "A wrote:"),
        (Kind.COMMENT, "It is closed."),
        (Kind.BODY, "Last."),
    ]
    assert {part.place for part in draft.parts} == {"part 1"}


def both(plain, html):
    mail = EmailMessage()
    mail["Date"] = "Tue, 5 Jan 2021 10:00:00 +0100"
    mail.set_content(plain)
    mail.add_alternative(html, subtype="html")
    return mail


@pytest.mark.parametrize(
    ("plain", "html", "text", "place"),
    [
        (
            "The bridge opened on Tuesday.",
            "<p>The bridge opened on <b>Tuesday</b>.</p><p>Unsubscribe here</p>",
            "The bridge opened on Tuesday.",
            "part 1",
        ),
        (
            "See the HTML.",
            "<p>The bridge was opened by the mayor of the town on Tuesday.</p>",
            "The bridge was opened by the mayor of the town on Tuesday.",
            "part 2",
        ),
        (" ", "<p>It opened.</p>", "It opened.", "part 2"),
        ("It opened.", "", "It opened.", "part 1"),
    ],
)
def test_of_a_text_and_the_same_in_html_the_text_is_taken_if_it_has_the_content(plain, html, text, place):
    (draft,) = read(both(plain, html).as_bytes(), "mail.eml")
    assert (draft.text, draft.parts[0].place) == (text, place)


def test_attached_documents_are_members_with_facts_of_the_mail_and_pictures_are_passed_over():
    forwarded = EmailMessage()
    forwarded["Subject"] = "Older"
    forwarded.set_content("From the start.\n")
    mail = both("It opened.", "<p>It opened.</p>")
    mail["From"] = "Jane Roe <jane@example.org>"
    mail.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="übersicht.pdf")
    mail.add_attachment("Мост".encode("koi8-r"), maintype="text", subtype="plain", params={"charset": "koi8-r"}, filename="..\\notes.txt")
    mail.add_attachment(b"GIF89a", maintype="image", subtype="gif", filename="logo.gif")
    mail.add_attachment(b"PK", maintype="application", subtype="octet-stream", filename="bridge.docx")
    mail.add_attachment(forwarded)
    draft, *members = read(mail.as_bytes(), "mail.eml")
    assert isinstance(draft, Draft)
    assert [(member.name, member.data) for member in members[:3]] == [
        ("part 2/übersicht.pdf", b"%PDF-1.7"),
        ("part 3/notes.txt", "Мост".encode()),
        ("part 5/bridge.docx", b"PK"),
    ]
    assert [fact.value for fact in (members[0].facts.author, members[0].facts.published)] == ["Jane Roe", "2021-01-05T10:00:00+01:00"]
    assert members[0].facts.title is members[0].facts.id is None
    # who sent a mail on is not its author
    assert members[3].name == "part 6.eml"
    assert members[3].facts.author is members[3].facts.published is None
    (inner,) = read(members[3].data, members[3].name)
    assert (inner.text, inner.facts.title.value) == ("From the start.", "Older")


def test_parts_in_parts_are_numbered_as_in_imap():
    inner = both("Inner.", "<p>Inner.</p>")
    outer = EmailMessage()
    outer.make_mixed()
    outer.attach(inner)
    last = EmailMessage()
    last.set_content("Last.")
    outer.attach(last)
    (draft,) = read(outer.as_bytes(), "mail.eml")
    assert [(part.place, part.span.of(draft.text)) for part in draft.parts] == [("part 1.1", "Inner."), ("part 2", "Last.")]


def test_a_refused_part_does_not_cost_the_others():
    body = "--B\nContent-Type: text/plain; charset=x-none\n\nOne.\n--B\nContent-Type: text/plain\n\nTwo.\n--B--\n"
    draft, refused = of(body, "multipart/mixed; boundary=B")
    assert (draft.text, type(refused), refused.origin) == ("Two.", Refusal, "part 1")


def test_parts_nested_too_deeply_are_refused():
    depth = 2_000
    begin = "".join(f"Content-Type: multipart/mixed; boundary=B{number}\n\n--B{number}\n" for number in range(depth))
    with pytest.raises(InputError, match="nested too deeply"):
        list(read((begin + "\nText.\n").encode(), "mail.eml"))


def test_a_mail_of_nothing_is_refused():
    with pytest.raises(InputError, match="no text"):
        of("")


def test_a_mail_that_only_sends_another_on_gives_that():
    (member,) = of(b"Subject: Older\n\nWords.\n", "message/rfc822")
    assert isinstance(member, Member)
    assert member.data == b"Subject: Older\n\nWords.\n"


def test_a_mail_in_a_mail_whose_parts_cannot_be_told_apart_is_refused():
    inner = b"Content-Type: multipart/mixed; boundary=B\xe9\n\n--B\xe9\n\nWords.\n--B\xe9--\n"
    (refused,) = of(inner, "message/rfc822")
    assert (refused.origin, "no ASCII" in refused.reason) == ("part 1", True)
