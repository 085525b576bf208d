"""Where a shared archive is: read from what a person types, and nothing secret of it said."""

import sys

import pytest

from rag import Settings
from rag.errors import InputError, MissingExtra
from rag.store import open_store, shown
from rag.store.shared.address import Address, has_password, is_address
from rag.store.shared.database import Database

TEXT = "?text=postgresql://u:SECRET@h/db"


def test_an_address_is_read_part_by_part():
    found = Address.parse(f"MILVUS+HTTPS://root:a%2Fb@[::1]/news{TEXT}?x=1#y")
    assert (found.milvus, found.collection, found.token) == ("https://[::1]:19530", "news", "root:a/b")
    assert found.text == "postgresql+psycopg://u:SECRET@h/db?x=1#y"
    assert found.shown == "milvus+https://[::1]:19530/news"
    assert "SECRET" not in repr(found)
    assert is_address("MILVUS+HTTP://h/news")


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (f"milvus+http://u:SECRET@h\u2100/news{TEXT}", "the host or the port of Milvus is none"),
        (f"milvus+http://u:SECRET@[::1/news{TEXT}", "the host or the port of Milvus is none"),
        (f"milvus+http://h:99999/news{TEXT}", "the host or the port of Milvus is none"),
        (f"milvus+http://h:port/news{TEXT}", "the host or the port of Milvus is none"),
        (f"milvus+http://h:0/news{TEXT}", "has the form"),
        (f"milvus+http:///news{TEXT}", "has the form"),
        (f"milvus+http://root:SEC/SECRET@h/news{TEXT}", "/ is written %2F"),
        (f"milvus+http://ro/ot:SECRET@h/news{TEXT}", "/ is written %2F"),
        (f"milvus+http://h/News{TEXT}", "the collection 'News' cannot be one"),
        ("milvus+http://h/news?text=SECRET", "does not say where the text is kept"),
        ("milvus+http://h/news", "does not say where the text is kept"),
        ("milvus+http://h/news?text=mysql://u:SECRET@h/db", "not by 'mysql'"),
        ("milvus+http://h/news?text=sqlite://", "is no file"),
        ("milvus+http://h/news?text=sqlite:///:memory:", "is no file"),
        ("postgresql://u:SECRET@h/db", "not with 'postgresql'"),
        ("http://u:SECRET@h/news", "not with 'http'"),
    ],
)
def test_one_that_is_none_is_told_of_without_its_secrets(place, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError) as error:
        open_store(place, Settings())
    assert said in str(error.value)
    assert "SECRET" not in str(error.value)
    # one whose database alone is none can be shown
    if "sqlite" not in place:
        with pytest.raises(InputError):
            shown(place)
    assert not list(tmp_path.iterdir())


def test_a_driver_that_is_not_installed_is_named_with_its_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(MissingExtra, match=r"psycopg is not installed; .*'\.\[scale\]'"):
        Database(Address.parse(f"milvus+http://h/news{TEXT}"))


@pytest.mark.parametrize(
    ("place", "has"),
    [
        ("milvus+http://h:19530/news?text=postgresql://me@db:5432/news", False),
        ("milvus+http://root@h/news?text=sqlite:////srv/a:b@c.sqlite", False),
        ("milvus+http://h/news?text=postgresql://db/news?sslmode=require", False),
        ("a:b@c", False),
        ("milvus+http://root:x@h:19530/news?text=postgresql://me@db/news", True),
        ("milvus+https://h/news?text=postgresql+psycopg://me:x/y@db/news", True),
        ("milvus+http://h/news?text=postgresql://db/news?user=me&password=x", True),
        ("milvus+http://h/news?text=postgresql://me@db/news?sslkey=k.pem&sslpassword=x", True),
        ("milvus+http://h/news?text=postgresql://me@db/news?passfile=/srv/passwords", False),
    ],
)
def test_an_address_tells_whether_a_password_stands_in_it(place, has):
    assert has_password(place) == has
