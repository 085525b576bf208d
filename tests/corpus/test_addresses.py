"""Web addresses into articles, from a real server on this machine."""

from rag import read_articles
from rag.types import Article, Provenance, Refusal
from tests.fetching.site import Site, answer, fetcher, moved

WORDS = "The lock at the river's mouth opened in April, and boats have gone through it since then, said the harbour's office. "


def page(title, head="", charset="utf-8"):
    body = f"<html><head><title>{title}</title>{head}</head><body><article><h1>{title}</h1><p>{WORDS * 3}</p></article></body></html>"
    return answer(body.encode(charset), content_type=f"text/html; charset={charset}")


def read(site, *paths):
    return list(read_articles(*(f"http://news.example:{site.port}{path}" for path in paths), fetch=fetcher(site).fetch))


def test_a_page_is_an_article_under_the_address_where_it_ends():
    with Site({"/a": moved("/lock"), "/lock": page("The lock opens – at last", charset="windows-1252")}) as site:
        (found,) = read(site, "/a")
        address = f"http://news.example:{site.port}/lock"
    assert (found.id, found.origin, found.title) == (address, address, "The lock opens – at last")


def test_the_address_that_a_page_gives_itself_comes_before_where_it_was_found():
    head = '<link rel="canonical" href="https://news.example/2022/lock">'
    with Site({"/lock?from=mail": page("The lock opens", head)}) as site:
        (found,) = read(site, "/lock?from=mail")
    assert found.id == found.url == "https://news.example/2022/lock"
    assert found.facts.url.told_by is Provenance.META


def test_the_pages_of_a_sitemap_are_read_each_once_and_what_is_missing_is_named():
    with Site({"/lock": page("The lock opens"), "/note.txt": answer(b"title: A note\n\nThe lock opened.", content_type="text/plain")}) as site:
        root = f"http://news.example:{site.port}"
        urls = [f"{root}/{name}" for name in ("lock", "note.txt", "gone", "lock", "sitemap.xml")]
        places = "".join(f"<url><loc>{url}</loc></url>" for url in urls)
        site.answers["/sitemap.xml"] = answer(
            f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{places}</urlset>'.encode()
        )
        found = read(site, "/sitemap.xml")
    assert [item.title for item in found if isinstance(item, Article)] == ["The lock opens", "A note"]
    (refused,) = [item for item in found if isinstance(item, Refusal)]
    assert (refused.origin, "404" in refused.reason) == (f"{root}/gone", True)
    assert site.paths.count("/lock") == 1


def test_sitemaps_that_name_each_other_are_followed_no_further_than_to_an_index_s_pages():
    with Site({"/page": page("The lock opens")}) as site:
        root = f"http://news.example:{site.port}"
        for n in range(5):
            names = "".join(f"<url><loc>{root}/{name}</loc></url>" for name in (f"{n + 1}.xml", *(["page"] if n == 1 else [])))
            site.answers[f"/{n}.xml"] = answer(f"<urlset>{names}</urlset>".encode(), content_type="text/xml")
        found = read(site, "/0.xml")
    assert [item.title for item in found if isinstance(item, Article)] == ["The lock opens"]
    (refused,) = [item for item in found if isinstance(item, Refusal)]
    assert (refused.origin, "behind 3 sitemaps" in refused.reason) == (f"{root}/3.xml", True)


def test_a_sitemap_of_this_machine_fetches_nothing_where_that_is_not_asked_for(tmp_path):
    places = "".join(f"<url><loc>https://example.org/{n}</loc></url>" for n in range(2_000))
    (tmp_path / "sitemap.xml").write_text(f"<urlset>{places}</urlset>")
    (refused,) = read_articles(tmp_path)
    assert refused.origin == str(tmp_path / "sitemap.xml")
    assert "names 2,000 pages of the web" in refused.reason
    assert "--fetch" in refused.reason


def test_what_is_no_page_of_an_article_is_refused_by_its_address():
    with Site({"/a.png": answer(b"\x89PNG\r\n", content_type="image/png")}) as site:
        (refused,) = read(site, "/a.png")
    assert (refused.origin, "image" in refused.reason) == (f"http://news.example:{site.port}/a.png", True)
