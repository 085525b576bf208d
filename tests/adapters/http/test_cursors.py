"""Following `next` misses and repeats nothing, whatever comes and goes between pages."""

from datetime import date

import pytest

from rag import Order
from rag.adapters.http.cursors import cursor, place
from rag.errors import InputError
from rag.listing import Place
from tests.adapters.http.conftest import client_of, opened

ORDERS = list(Order)


@pytest.fixture
def shelf(archive, make):
    def some(n):
        day = None if n % 7 == 0 else date(2000, 1, 1 + n % 5)
        return make(f"a/{n:02}", "x" * (1 + n % 3), title=f"t{n % 4}" if n % 2 else f"T{n % 4}", published=day, source=["B", "b", None][n % 3])

    archive.add([some(n) for n in range(40)])
    return archive


@pytest.fixture
def client(shelf):
    door = opened(shelf)
    yield client_of(door)
    door.close()


def pages(client, between=lambda: None, **asked):
    ids, following = [], None
    while True:
        page = client.get("/v1/articles", params={**asked, **({"cursor": following} if following else {})}).json()
        ids += [article["id"] for article in page["articles"]]
        following = page["next"]
        if following is None:
            return ids
        between()


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("limit", [1, 7, 40])
def test_all_pages_are_the_list(client, shelf, order, limit):
    assert pages(client, order=order, limit=limit) == [entry.id for entry in shelf.shelf(order=order, limit=1_000).entries]


@pytest.mark.parametrize("order", ORDERS)
def test_what_comes_and_goes_moves_nothing(client, shelf, make, order):
    before = [entry.id for entry in shelf.shelf(order=order, limit=1_000).entries]
    count = iter(range(100))

    def change():
        n = next(count)
        # one that is first in every order, and one that was shown goes
        shelf.add([make(f"A/{n:02}", "x" * 50, title="0", source="A", published=date(1990 if order == Order.OLDEST else 2020, 1, 1))])
        shelf.remove([before[n]])

    assert pages(client, change, order=order, limit=9) == before


def test_filters_and_words_go_with_it(client, shelf):
    asked = {"words": "t1", "sources": ["B", "b"], "after": "2000-01-02"}
    expected = shelf.shelf(words="t1", sources=["B", "b"], after=date(2000, 1, 2)).entries
    assert pages(client, limit=1, **asked) == [entry.id for entry in expected]
    assert len(expected) > 2


def test_an_altered_cursor_and_another_list_s_are_refused(client):
    given = client.get("/v1/articles?limit=3").json()["next"]
    wrong = [given[:n] + ("A" if given[n] != "A" else "B") + given[n + 1 :] for n in range(len(given) - 1)]
    for one in [*wrong, "", "!", "ä", "A" * 5_000, given[:-4]]:
        response = client.get("/v1/articles", params={"limit": 3, "cursor": one})
        assert response.status_code == 422, one
        assert "cursor" in response.json()["detail"]
    for other in (
        {"undated": True},
        {"guessed": True},
        {"order": "title"},
        {"words": "t"},
        {"after": "2000-01-01"},
        {"before": "2000-01-05"},
        {"sources": ["B"]},
    ):
        asked = {**other, "limit": 3}
        its = client.get("/v1/articles", params=asked).json()["next"]
        assert client.get("/v1/articles", params={**asked, "cursor": given}).status_code == 422, other
        assert client.get("/v1/articles", params={"limit": 3, "cursor": its}).status_code == 422, other
        assert client.get("/v1/articles", params={**asked, "cursor": its}).status_code == 200, other
    days = [client.get("/v1/articles", params={"limit": 1, side: "2000-01-03"}).json()["next"] for side in ("after", "before")]
    assert client.get("/v1/articles", params={"before": "2000-01-03", "cursor": days[0]}).status_code == 422
    assert client.get("/v1/articles", params={"after": "2000-01-03", "cursor": days[1]}).status_code == 422
    # how long a page is may change on the way
    assert client.get("/v1/articles", params={"limit": 5, "cursor": given}).status_code == 200


@pytest.mark.parametrize("where", [Place("2000-01-01", "a/b\u00e4 \u2028"), Place(None, "x"), Place(3, "y"), Place("", "")])
def test_a_cursor_is_its_place(where):
    assert place(cursor(where, ["newest"]), ["newest"]) == where


@pytest.mark.parametrize("forged", [Place("\ud800", "a"), Place(2**63, "a"), Place(-1, "a"), Place(True, "a"), Place(1.5, "a"), Place("a", 1)])
def test_a_forged_place_is_refused(forged):
    with pytest.raises(InputError, match="the cursor is not one"):
        place(cursor(forged, []), [])
