"""People who log in at the page, each with a desk of their own: by a running server, in a browser and past it."""

import base64
import http.client
import json
import random
import re
import secrets
from contextlib import closing, contextmanager, suppress
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import expect

from benchmarks.visitors import config, events
from rag.serving.people import add_person, remove_person
from rag.serving.secret_files import write_secret
from rag.web.login import MOST
from tests.web.conftest import HASHING, PHONE, WIDE, bridge, patient, served
from tests.web.test_access import findings
from tests.web.test_doors import CLOSED, MB, call

WORDS = {"maria": "four words of maria", "otto": "four words of otto"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def lines(tmp_path_factory):
    """The bytes of the people's file."""
    file = tmp_path_factory.mktemp("lines") / "users"
    for name, password in WORDS.items():
        add_person(file, name, password)
    return file.read_bytes()


@contextmanager
def desk(folder, lines, *options):
    """A server of two people over an archive of one article; its address."""
    write_secret(folder / "users", "users", lines)
    with served(
        folder / "index" if (folder / "index").exists() else bridge(folder), folder / "log", "--users", folder / "users", *options, program=HASHING
    ) as address:
        yield address


@pytest.fixture(scope="module")
def address(tmp_path_factory, lines):
    with desk(tmp_path_factory.mktemp("people"), lines) as found:
        yield found


def login(address, name, password="", *, place="/", client="127.0.0.1", **headers):
    fields = urlencode({"name": name, "password": password or WORDS.get(name, "x"), "next": place})
    return call(address, "POST", "/login", fields, {**FORM, **headers}, client=client)


def cookie(address, name, **options):
    status, headers, _ = login(address, name, **options)
    assert status == 303
    return {"Cookie": headers["set-cookie"].partition(";")[0]}


@pytest.fixture(scope="module")
def maria(address):
    """What makes a request hers."""
    return cookie(address, "maria")


def is_in(address, headers):
    """Whether a cookie opens the page; without one it leads to the login."""
    status, _, body = call(address, "GET", "/", headers={**headers, "Accept": "text/html"})
    assert (status == 200) == (b"gradio_config" in body)
    return status == 200


def type_in(page, name, password):
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()


# logging in and out


def test_a_person_logs_in_comes_where_they_wanted_to_go_and_logs_out(browser, address):
    with closing(patient(browser.new_context(viewport=WIDE))) as context:
        page = context.new_page()
        alarms = []
        page.on("console", lambda line: alarms.append(line.text) if line.type == "error" else None)
        page.goto(f"{address}/?q=When+was+the+bridge+opened")
        type_in(page, "maria", WORDS["maria"])
        page.locator(".turn").wait_for()
        expect(page.locator(".question")).to_have_text("When was the bridge opened")
        expect(page.locator(".heading")).to_contain_text("maria")
        # the quote's article opens by a step of its own, which leaving the page would cut off
        page.locator("#article .here").first.wait_for()
        page.wait_for_load_state("networkidle")
        (kept,) = context.cookies()
        assert (kept["httpOnly"], kept["sameSite"], kept["secure"]) == (True, "Lax", False)
        page.get_by_role("button", name="Log out").click()
        page.get_by_label("Password").wait_for()
        assert context.cookies() == []
        page.go_back()
        page.get_by_label("Password").wait_for()
        assert alarms == []


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_the_login_keeps_nobody_out_who_may_come_in(browser, address, size):
    with closing(patient(browser.new_context(viewport=size, bypass_csp=True))) as context:
        page = context.new_page()
        page.goto(address)
        found = findings(page)
        type_in(page, "maria", "not the words")
        expect(page.get_by_role("alert")).to_have_text("The name or the password is not right.")
        expect(page.get_by_label("Name")).to_have_value("maria")
        found += findings(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        type_in(page, "maria", WORDS["maria"])
        page.locator(".heading .person").wait_for()
        found += [one for one in findings(page) if one[0] in ("serious", "critical")]
    assert found == []


def test_nothing_tells_a_name_that_is_there_from_one_that_is_not(address):
    there, not_there = (login(address, name, "not the words", client="127.0.0.21") for name in ("maria", "nobody"))
    assert there[0] == not_there[0] == 400
    assert there[2].replace(b"maria", b"nobody") == not_there[2]
    assert "set-cookie" not in there[1]


def test_guesses_are_few_of_one_client_at_whatever_name_and_another_client_gets_in(address):
    statuses = [login(address, f"name {n}", "not the words", client="127.0.0.22")[0] for n in range(MOST - 1)]
    statuses += [login(address, "maria", "not the words", client="127.0.0.22")[0]]
    assert statuses == [400] * MOST
    status, headers, body = login(address, "maria", client="127.0.0.22")
    assert (status, b"too many wrong passwords" in body) == (429, True)
    assert 0 < int(headers["retry-after"]) <= 60
    assert login(address, "maria", client="127.0.0.23")[0] == 303


def test_who_has_a_password_cannot_wipe_out_guesses_at_another_s(address):
    for n in range(MOST - 1):
        assert login(address, "otto", f"not the words {n}", client="127.0.0.24")[0] == 400
        assert login(address, "maria", client="127.0.0.24")[0] == 303
    assert login(address, "otto", "not the words either", client="127.0.0.24")[0] == 400
    assert login(address, "otto", client="127.0.0.24")[0] == 429


@pytest.mark.parametrize(
    "place",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/a b",
        "/\r\nX: y",
        "evil.example",
        "",
    ],
)
def test_after_login_nobody_is_led_elsewhere(address, place):
    status, headers, _ = login(address, "maria", place=place)
    assert (status, headers["location"]) == (303, "/")
    _, _, form = call(address, "GET", f"/login?{urlencode({'next': place})}")
    assert re.search(rb'name="next" value="([^"]*)"', form)[1] == b"/"


def test_an_address_with_anything_in_it_is_come_back_to(address):
    status, headers, _ = call(address, "GET", "/page?id=a%26b&at=1-2&x=%22%3E%3Cscript%3E", headers={"Accept": "text/html,*/*"})
    assert status == 303
    _, _, form = call(address, "GET", headers["location"])
    assert b'value="/page?id=a%26b&amp;at=1-2&amp;x=%22%3E%3Cscript%3E"' in form


@pytest.mark.parametrize("path", ["/login", "/login?next=/x"])
def test_the_login_tells_a_browser_what_it_may_not(address, path):
    _, headers, _ = call(address, "GET", path)
    policy = headers["content-security-policy"]
    assert ("default-src 'none'" in policy, "frame-ancestors 'none'" in policy, "form-action 'self'" in policy, "script" in policy) == (True,) * 3 + (
        False,
    )
    assert (headers["cache-control"], headers["x-content-type-options"]) == ("no-store", "nosniff")


@pytest.mark.parametrize("path", ["/login", "/logout"])
@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1"])
def test_no_other_site_logs_anybody_in_or_out(address, maria, path, origin):
    fields = urlencode({"name": "otto", "password": WORDS["otto"]})
    assert call(address, "POST", path, fields, {**FORM, **maria, "Origin": origin})[0] == 403
    assert call(address, "GET", "/logout", headers=maria)[0] == 404
    assert is_in(address, maria)


def test_a_form_of_more_than_anybody_fills_in_is_not_read(address):
    assert login(address, "x" * 40_000, client="127.0.0.25")[0] == 413
    assert login(address, "x" * MB, client="127.0.0.25")[0] == 413
    assert call(address, "POST", "/login", "name=maria&" * 20, FORM, client="127.0.0.25")[0] == 413


# the cookie


def test_a_cookie_is_for_this_server_alone_and_over_https_for_nothing_else(tmp_path, lines):
    with desk(tmp_path, lines, "--proxy", "127.0.0.9") as address:
        plain = login(address, "maria")[1]["set-cookie"]
        secure = login(address, "maria", client="127.0.0.9", **{"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"})[1]["set-cookie"]
        believed = login(address, "maria", **{"X-Forwarded-Proto": "https"})[1]["set-cookie"]
        for one in (plain, secure, believed):
            assert {"HttpOnly", "SameSite=lax", "Path=/", "Max-Age=1209600"} <= set(one.split("; "))
            assert "Domain" not in one
        assert [(one.startswith("__Host-"), "Secure" in one) for one in (plain, secure, believed)] == [(False, False), (True, True), (False, False)]
        kept = {"Cookie": secure.partition(";")[0].replace("__Host-", "")}
        over = {"X-Forwarded-Proto": "https", "Accept": "text/html"}
        assert call(address, "GET", "/", headers={**kept, **over}, client="127.0.0.9")[0] == 303
        assert call(address, "GET", "/", headers={"Cookie": secure.partition(";")[0], **over}, client="127.0.0.9")[0] == 200


def test_a_session_is_new_at_each_login_and_a_given_one_is_not_taken_up(address):
    first = cookie(address, "maria")
    second = login(address, "maria", **first)[1]["set-cookie"].partition(";")[0]
    assert second != first["Cookie"]
    assert [is_in(address, headers) for headers in (first, {"Cookie": second})] == [False, True]
    name = second.partition("=")[0]
    assert not is_in(address, {"Cookie": f"{name}=chosen"})
    assert "chosen" not in login(address, "maria", Cookie=f"{name}=chosen")[1]["set-cookie"]


def test_a_restart_keeps_people_logged_in_and_an_old_cookie_stays_out(browser, tmp_path, lines):
    with desk(tmp_path, lines) as address:
        stays, leaves = cookie(address, "maria"), cookie(address, "maria")
        status, headers, _ = call(address, "POST", "/logout", headers=leaves)
        assert (status, headers["location"], "Max-Age=0" in headers["set-cookie"]) == (303, "/login", True)
        assert [is_in(address, one) for one in (stays, leaves)] == [True, False]
    with desk(tmp_path, lines) as address:
        assert [is_in(address, one) for one in (stays, leaves)] == [True, False]
        add_person(tmp_path / "users", "maria", "a password that is new")
        otto = cookie(address, "otto")
        assert [is_in(address, one) for one in (stays, otto)] == [False, True]
        remove_person(tmp_path / "users", "otto")
        assert not is_in(address, otto)
        assert call(address, "POST", "/gradio_api/queue/join", "{}", {**JSON, **otto})[0] == 401
        assert login(address, "otto")[0] == 400


def test_a_read_only_archive_is_left_as_it_is(tmp_path, lines):
    bridge(tmp_path)
    with desk(tmp_path, lines, "--read-only") as address:
        before = sorted(tmp_path.joinpath("index").rglob("*"))
        mine = cookie(address, "maria")
        assert is_in(address, mine)
        call(address, "POST", "/logout", headers=mine)
        assert not is_in(address, mine)
        assert sorted(tmp_path.joinpath("index").rglob("*")) == before


# before login


@pytest.mark.parametrize("path", ["/", "/page?id=a", "/original?id=a", "/?q=bridge"])
def test_who_has_not_logged_in_is_led_to_the_login(address, path):
    for headers in ({}, {"Cookie": "pullquote-x=y"}):
        status, told, body = call(address, "GET", path, headers={**headers, "Accept": "text/html,*/*"})
        assert (status, body) == (303, b"")
        assert told["location"].startswith("/login?next=%2F")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"), ("GET", "/gradio_api/queue/data?session_hash=x"), ("POST", "/gradio_api/queue/join"), ("POST", "/gradio_api/upload"),
        ("GET", "/gradio_api/upload_progress?upload_id=x"), ("GET", "/gradio_api/app_id"), ("GET", "/page.png?id=a"),
        ("GET", "/original?id=a"), ("GET", "/theme.css"),
    ],
)  # fmt: skip
def test_who_has_not_logged_in_gets_nothing(address, method, path):
    assert call(address, method, path)[0] == 401


@pytest.mark.parametrize(("method", "path"), CLOSED)
def test_what_the_page_does_not_use_is_not_there_for_people_either(address, maria, method, path):
    body, headers = ("{}", JSON) if method == "POST" else (None, {})
    assert call(address, method, path, body, {**headers, **maria})[0] == 404


def test_without_people_there_is_no_login(tmp_path):
    with served(bridge(tmp_path), tmp_path / "log", program=HASHING) as address:
        assert [call(address, method, path)[0] for method, path in (("GET", "/login"), ("POST", "/logout"))] == [404, 404]


# a desk each


class Desk:
    """A person's browser, as a program: each step's answer is all that the server sends for it."""

    def __init__(self, address, name):
        self.address = address
        self.cookie = cookie(address, name)
        self.word = f"secret{secrets.token_hex(6)}"
        self.session = secrets.token_hex(5)
        known = config(self.get("/"))
        self.opening, self.asking, _ = events(known)
        parts = {one["id"]: one["props"].get("elem_id") for one in known["components"]}
        # what a person does in a part of the page, by the part
        self.acting = {parts[target[0]]: one["id"] for one in known["dependencies"] for target in one["targets"] if target[1] == "act"}

    def get(self, path):
        return call(self.address, "GET", path, headers={**self.cookie, "Accept": "text/html"})[2].decode(errors="replace")

    def send(self, event, data, session="", query="", **more):
        body = json.dumps({"data": data, "fn_index": event, "session_hash": session or self.session, **more})
        return call(self.address, "POST", f"/gradio_api/queue/join{query}", body, {**JSON, **self.cookie})

    def listen(self, session="", seconds=180):
        """What the server tells a session until its steps are done, or, where there are none, has told in that time."""
        with closing(http.client.HTTPConnection("127.0.0.1", urlsplit(self.address).port, timeout=180)) as connection:
            connection.request("GET", f"/gradio_api/queue/data?session_hash={session or self.session}", headers=self.cookie)
            stream = connection.sock
            answer, told = connection.getresponse(), b""
            # the time of what is told, and not of the server's getting to it
            stream.settimeout(seconds)
            with suppress(TimeoutError, http.client.IncompleteRead):
                while piece := answer.read1():
                    told += piece
        text = told.decode()
        # a file to save is in it as base64
        return text + "".join(base64.b64decode(file).decode() for file in re.findall(r"base64\W+([\w+/]+=*)", text))

    def open(self, session="", query=""):
        self.send(self.opening, [None], session, query)
        return self.listen(session)

    def ask(self, question, session=""):
        self.send(self.asking, [None, question], session)
        return self.listen(session)

    def do(self, part, session="", **action):
        self.send(self.acting[part], [None], session, event_data=action)
        return self.listen(session)


def test_another_person_s_session_shows_nothing_of_it(address):
    maria, otto = Desk(address, "maria"), Desk(address, "otto")
    maria.open()
    assert maria.word in maria.ask(f"Who opened the {maria.word} bridge?")
    assert maria.word in maria.do("conversation", do="export", turn="all", more="markdown")
    told = [
        otto.listen(maria.session, 0.5),
        otto.open(maria.session),
        otto.ask("Who?", maria.session),
        otto.do("conversation", maria.session, do="export", turn="all", more="markdown"),
    ]
    assert not any(maria.word in one for one in told)
    # nor does what the other does there change anything
    assert maria.word in maria.do("conversation", do="export", turn="all", more="markdown")
    assert "process_completed" in told[-1]


def test_what_goes_on_at_another_person_s_desk_is_not_listened_to(address):
    maria, otto = Desk(address, "maria"), Desk(address, "otto")
    maria.open()
    maria.send(maria.asking, [None, f"Who opened the {maria.word} bridge?"])
    assert "process_completed" not in otto.listen(maria.session, 2)
    assert maria.word in maria.listen()


@pytest.mark.parametrize("body", ["", "[]", "1", "{}", '{"session_hash": 1}', "[" * 100_000, '{"session_hash": null, "data": []}'])
def test_a_step_that_names_no_session_is_none(address, maria, body):
    assert call(address, "POST", "/gradio_api/queue/join", body, {**JSON, **maria})[0] == 422


def test_a_step_of_more_than_a_megabyte_is_not_read_of_a_person_either(address):
    assert Desk(address, "maria").send(0, [None, "x" * MB])[0] == 413


def test_another_person_s_conversation_is_not_there_whatever_its_number(address):
    maria, otto = Desk(address, "maria"), Desk(address, "otto")
    maria.open()
    maria.ask(f"Who opened the {maria.word} bridge?")
    maria.do("conversation", do="save", turn="0")
    listed = maria.do("heading", do="tab", more="conversations")
    assert maria.word in listed
    (newest, *_) = re.findall(r"reopen\W+data-more\W+(\d+)", listed)
    otto.open()
    otto.do("heading", do="tab", more="conversations")
    told = []
    told += [otto.do("conversations", do=step, more=newest, title="mine now") for step in ("reopen", "rename", "deleting", "delete")]
    told += [otto.do("conversations", do="unsave", more=str(number)) for number in range(1, 5)]
    told += [otto.do("conversations", do="take", turn=newest, more="json"), otto.open(query=f"?conversation={newest}")]
    told += [otto.do("conversations", do="kept", words=words) for words in ("", "bridge")]
    assert not any(maria.word in one for one in told)
    again = Desk(address, "maria")
    again.open()
    again.do("heading", do="tab", more="conversations")
    assert f"Who opened the {maria.word} bridge?" in again.do("conversations", do="kept", words=maria.word)


def test_in_200_tries_nobody_sees_what_only_the_other_typed(address):
    """Two people do what the page can do, in any order, and try the other's session in place of their own."""
    chance = random.Random(20261127)
    maria, otto = Desk(address, "maria"), Desk(address, "otto")
    leaks, own = [], 0

    def number():
        return str(chance.randint(1, 12))

    tries = {
        "open": lambda me, session: me.open(session),
        "ask": lambda me, session: me.ask(f"Who opened the {me.word} bridge?", session),
        "shelf": lambda me, session: me.do("articles", session, do="shelf", words=me.word, order="newest"),
        "filter": lambda me, session: me.do("filters", session, do="filters", after="", before="", as_of="", sources=[me.word]),
        "export": lambda me, session: me.do("conversation", session, do="export", turn="all", more=chance.choice(["markdown", "html", "json"])),
        "article": lambda me, session: me.do("conversation", session, do="open", turn="0", quote="0"),
        "again": lambda me, session: me.do("conversation", session, do="alone", turn="0"),
        "send": lambda me, session: str(me.send(me.asking, [None, f"Who opened the {me.word} bridge?"], session)),
        "find": lambda me, session: me.do("search", session, do="find", words=f"{me.word} bridge"),
        "save": lambda me, session: me.do("conversation", session, do="save", turn="0"),
        "tab": lambda me, session: me.do("heading", session, do="tab", more=chance.choice(["conversations", "search", "articles"])),
        "kept": lambda me, session: me.do("conversations", session, do="kept", words=chance.choice(["", "bridge"])),
        "reopen": lambda me, session: me.do("conversations", session, do="reopen", more=number()),
        "rename": lambda me, session: me.do("conversations", session, do="rename", more=number(), title=f"About {me.word}"),
        "deleting": lambda me, session: me.do("conversations", session, do="deleting", more=number()),
        "take": lambda me, session: me.do("conversations", session, do="take", turn=number(), more="json"),
        "conversation": lambda me, session: me.open(session, query=f"?conversation={number()}"),
        "listen": lambda me, session: me.listen(session, 0.1),
        "address": lambda me, session: me.get(f"/?q={me.word}&session_hash={session}"),
        "page": lambda me, session: me.get("/original?id=a&sha256=x"),
    }
    for desk in (maria, otto):
        desk.open()
        desk.ask(f"Who opened the {desk.word} bridge?")
    for nth in range(200):
        me, other = chance.choice([(maria, otto), (otto, maria)])
        is_replay = chance.random() < 0.5
        name = chance.choice(list(tries))
        told = tries[name](me, other.session if is_replay else me.session)
        own += me.word in told
        if other.word in told:
            leaks.append((nth, name, is_replay))
    assert leaks == []
    assert own > 20, "what a person typed is in what they are shown"
