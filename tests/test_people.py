"""People's names and passwords, and who is logged in: the files that keep them, and what `pullquote user` says."""

import io
import json
import os
import stat
from concurrent.futures import ThreadPoolExecutor

import argon2
import pytest

from rag.cli import main
from rag.errors import InputError
from rag.serving import sessions as rules
from rag.serving.people import LEAST_PASSWORD, People, add_person, list_people
from rag.serving.secret_files import SecretFile, write_secret
from rag.serving.sessions import Sessions

WORDS = "four words of mine"


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """The bytes of a file with two people in it."""
    file = tmp_path_factory.mktemp("two") / "users"
    add_person(file, "maria", WORDS)
    add_person(file, "otto", "other words of his")
    return file.read_bytes()


@pytest.fixture
def users(tmp_path, two):
    write_secret(tmp_path / "users", "users", two)
    return tmp_path / "users"


def told(capsys, monkeypatch, *arguments, typed=""):
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    status = main(["user", *map(str, arguments)])
    said = capsys.readouterr()
    return status, said.out + said.err


def test_a_person_is_added_listed_and_removed(tmp_path, capsys, monkeypatch):
    users = tmp_path / "users"
    assert told(capsys, monkeypatch, "add", "Maria", "--users", users, typed=f"{WORDS}\n") == (0, "Maria can log in\n")
    assert told(capsys, monkeypatch, "list", "--users", users) == (0, "Maria\n")
    assert told(capsys, monkeypatch, "add", "MARIA", "--users", users, typed="five words of mine now")[1].startswith("Maria has a new password")
    assert [People(users).verified("maria", given) is not None for given in (WORDS, "five words of mine now")] == [False, True]
    assert told(capsys, monkeypatch, "remove", "maria", "--users", users)[0] == 0
    assert told(capsys, monkeypatch, "list", "--users", users, "--json") == (0, "[]\n")


def test_a_password_is_kept_as_argon2id_in_a_file_that_nobody_else_reads(users):
    assert stat.S_IMODE(users.stat().st_mode) == 0o600
    name, _, hash = users.read_text().splitlines()[0].partition(":")
    assert (name, WORDS in users.read_text()) == ("maria", False)
    kept = argon2.extract_parameters(hash)
    assert kept == argon2.profiles.RFC_9106_LOW_MEMORY


@pytest.mark.parametrize("given", ["", "a-b-c-d", "x" * (LEAST_PASSWORD - 1), "x" * 1_001, "half a letter \ud800"])
def test_a_password_that_cannot_be_taken_is_refused_and_not_shown(tmp_path, capsys, monkeypatch, given):
    status, said = told(capsys, monkeypatch, "add", "maria", "--users", tmp_path / "users", typed=given)
    assert (status, "the password" in said) == (2, True)
    assert not given.strip() or given not in said
    assert not (tmp_path / "users").exists()


@pytest.mark.parametrize("name", ["", " maria", "a:b", "a\nb", "a\u202eb", "x" * 65, "\ud800"])
def test_what_is_no_name_is_refused(tmp_path, capsys, monkeypatch, name):
    assert told(capsys, monkeypatch, "add", name, "--users", tmp_path / "users", typed=WORDS)[0] == 2
    assert not (tmp_path / "users").exists()


def test_on_a_terminal_a_password_is_asked_for_twice_and_not_shown(tmp_path, monkeypatch, capsys):
    typed = iter([WORDS, "other words"])
    monkeypatch.setattr("getpass.getpass", lambda _: next(typed))
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    assert main(["user", "add", "maria", "--users", str(tmp_path / "users")]) == 2
    assert "not the same" in capsys.readouterr().err
    assert not (tmp_path / "users").exists()


def test_a_name_is_the_same_however_its_letters_are_written(users):
    people = People(users)
    assert [people.verified(name, WORDS) is not None for name in ("maria", "MARIA", "ｍａｒｉａ", "mario")] == [True, True, True, False]
    add_person(users, "Zoe\u0308 Straße", WORDS)
    assert "Zoë Straße" in list_people(users)
    assert People(users).verified("ZOË STRASSE", WORDS).name == "Zoë Straße"


def test_a_password_is_the_same_however_its_letters_are_composed(users):
    add_person(users, "zoe", "cafe\u0301 au lait")
    assert People(users).verified("zoe", "caf\u00e9 au lait")


def test_for_a_name_that_is_not_there_a_password_is_compared_too(users, monkeypatch):
    people, compared = People(users), []
    verify = argon2.PasswordHasher.verify
    monkeypatch.setattr(argon2.PasswordHasher, "verify", lambda self, hash, password: compared.append(hash) or verify(self, hash, password))
    assert people.verified("nobody", WORDS) is None
    assert people.verified("x" * 100_000, "y" * 100_000) is None
    assert [argon2.extract_parameters(hash) for hash in compared] == [argon2.profiles.RFC_9106_LOW_MEMORY] * 2


def test_a_hash_of_older_parameters_is_made_anew_at_login(users):
    weak = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(WORDS)
    write_secret(users, "users", f"maria:{weak}\n".encode())
    person = People(users).verified("maria", WORDS)
    assert argon2.extract_parameters(person.hash) == argon2.profiles.RFC_9106_LOW_MEMORY
    assert users.read_text() == f"maria:{person.hash}\n"


def test_who_is_taken_out_of_the_file_is_out_at_once_and_who_is_put_in_is_in(users):
    people = People.read(users)
    users.write_text("".join(line for line in users.read_text().splitlines(keepends=True) if not line.startswith("maria")))
    assert [people.named(name) is not None for name in ("maria", "otto")] == [False, True]
    add_person(users, "zoe", WORDS)
    assert people.named("zoe")


@pytest.mark.parametrize("harm", [lambda file: file.chmod(0o644), lambda file: file.unlink(), lambda file: file.write_text("maria:secret\n")])
def test_while_the_file_cannot_be_trusted_nobody_is_in(users, harm, caplog):
    people = People.read(users)
    harm(users)
    assert people.named("otto") is None
    assert "secret" not in caplog.text


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "nobody is in"),
        ("maria:open sesame\n", "line 1"),
        ("maria\n", "line 1"),
        ("{first}\nMARIA:{hash}\n", "line 2"),
        ("\udcff", "UTF-8"),
    ],
)
def test_a_file_that_is_none_of_people_is_refused_with_the_way_out(users, capsys, content, reason):
    first = users.read_text().splitlines()[0]
    written = content.replace("{first}", first).replace("{hash}", first.partition(":")[2])
    users.write_bytes(written.encode(errors="surrogateescape"))
    assert main(["serve", "--index", str(users.parent / "none"), "--users", str(users)]) == 2
    said = capsys.readouterr().err
    assert reason in said
    assert "sesame" not in said
    assert f"--users {users}" in said or "remove one" in said


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620, 0o666])
def test_a_file_of_people_that_others_can_read_is_refused(users, mode, capsys):
    users.chmod(mode)
    assert main(["serve", "--index", str(users.parent / "none"), "--users", str(users)]) == 2
    assert f"chmod 600 {users}" in capsys.readouterr().err


def test_people_and_one_password_are_not_asked_for_together(users, capsys):
    with pytest.raises(SystemExit):
        main(["serve", "--users", str(users), "--auth", "me:file"])
    assert "not allowed with" in capsys.readouterr().err
    assert main(["serve", "--users", str(users), "--api"]) == 2
    assert "--token-file" in capsys.readouterr().err


def test_people_who_are_added_at_once_are_all_there(tmp_path, monkeypatch):
    monkeypatch.setattr("rag.serving.secret_files._WAIT_SECONDS", 120)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: add_person(tmp_path / "users", f"person {n}", WORDS), range(12)))
    assert sorted(list_people(tmp_path / "users")) == sorted(f"person {n}" for n in range(12))
    assert {one.name for one in tmp_path.iterdir()} == {"users", ".users.lock"}


def test_a_file_that_cannot_be_written_stays_as_it_was(users, monkeypatch):
    before = users.read_bytes()

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InputError, match="No space left"):
        add_person(users, "zoe", WORDS)
    assert users.read_bytes() == before
    assert not list(users.parent.glob("*.new"))


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root writes a file for another user")
def test_a_file_that_root_writes_to_stays_the_server_s(users):
    os.chown(users, 12_345, 12_346)
    add_person(users, "zoe", WORDS)
    found = users.stat()
    assert (found.st_uid, found.st_gid, found.st_mode & 0o777) == (12_345, 12_346, 0o600)


# who is logged in


@pytest.fixture
def kept(users):
    return users.parent / "sessions.json"


def test_a_login_outlasts_the_server_and_ends_with_logging_out_for_good(users, kept):
    people = People(users)
    server = Sessions(people, kept)
    cookies = [server.begin(people.named("maria")) for _ in range(2)]
    again = Sessions(people, kept)
    assert [again.session(cookie).person.name for cookie in cookies] == ["maria"] * 2
    assert again.cookie_name(is_https=False) == server.cookie_name(is_https=False)
    again.end(again.session(cookies[0]))
    for one in (server, again, Sessions(people, kept)):
        assert [one.session(cookie) is not None for cookie in cookies] == [False, True]
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_a_new_password_ends_all_logins_and_so_does_removal(users, kept):
    people = People(users)
    server = Sessions(people, kept)
    maria, otto = (server.begin(people.named(name)) for name in ("maria", "otto"))
    add_person(users, "maria", WORDS)
    assert [server.session(cookie) is not None for cookie in (maria, otto)] == [False, True]
    main(["user", "remove", "otto", "--users", str(users)])
    assert server.session(otto) is None
    add_person(users, "otto", WORDS)
    assert server.session(otto) is None


def test_a_cookie_that_the_server_did_not_make_is_nobody_s(users, kept, tmp_path):
    people = People(users)
    server = Sessions(people, kept)
    cookie = server.begin(people.named("maria"))
    (tmp_path / "other").mkdir()
    other = Sessions(people, tmp_path / "other" / "sessions.json")
    said, _, signed = cookie.rpartition(".")
    forged = [f"{said}.{signed[::-1]}", other.begin(people.named("maria")), "", "x", "..", cookie.partition(".")[0]]
    assert [server.session(one) for one in forged] == [None] * len(forged)
    assert other.cookie_name(is_https=False) != server.cookie_name(is_https=False)


def test_a_login_lasts_two_weeks_and_what_is_over_is_forgotten(users, kept, monkeypatch):
    people = People(users)
    server = Sessions(people, kept)
    cookies = [server.begin(people.named("maria")) for _ in range(2)]
    server.end(server.session(cookies[0]))
    assert len(json.loads(kept.read_text())["ended"]) == 1
    now = rules.time.time()
    monkeypatch.setattr("time.time", lambda: now + rules.LIFETIME - 60)
    late = server.session(cookies[1])
    monkeypatch.setattr("time.time", lambda: now + rules.LIFETIME + 60)
    assert server.session(cookies[1]) is None
    server.end(late)
    assert list(json.loads(kept.read_text())["ended"]) == [late.id]


def test_who_logged_out_stays_out_to_the_last_second_in_which_the_cookie_would_be_believed(users, kept, monkeypatch):
    people = People(users)
    server = Sessions(people, kept)
    moment = float(int(rules.time.time()))
    monkeypatch.setattr("time.time", lambda: moment)
    cookies = [server.begin(people.named(name)) for name in ("maria", "otto")]
    server.end(server.session(cookies[0]))
    monkeypatch.setattr("time.time", lambda: moment + rules.LIFETIME + 0.5)
    server.end(server.session(cookies[1]))
    assert [server.session(cookie) for cookie in cookies] == [None, None]


def test_without_a_file_nothing_is_kept(users):
    people = People(users)
    server = Sessions(people)
    cookie = server.begin(people.named("maria"))
    assert server.session(cookie).person.name == "maria"
    server.end(server.session(cookie))
    assert server.session(cookie) is None
    assert Sessions(people).session(cookie) is None


def test_whoever_removes_the_file_logs_everybody_out(users, kept):
    people = People(users)
    server = Sessions(people, kept)
    cookie = server.begin(people.named("maria"))
    kept.unlink()
    assert server.session(cookie) is None
    assert server.session(server.begin(people.named("maria")))


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"secret": "x", "ended": {}}', '{"secret": null, "ended": {}}'])
def test_a_damaged_file_of_sessions_is_told_with_the_way_out(users, kept, content):
    write_secret(kept, "sessions", content.encode())
    with pytest.raises(InputError, match="remove it"):
        Sessions(People(users), kept)


def test_a_file_that_is_changed_while_it_is_read_is_read_again(tmp_path):
    file = tmp_path / "secret"

    def read(content):
        if content == b"first":
            write_secret(file, "test", b"second")
        return content

    write_secret(file, "test", b"first")
    followed = SecretFile(file, "test", read, b"")
    assert [followed.content(), followed.content()] == [b"first", b"second"]
