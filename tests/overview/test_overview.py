from datetime import date

import numpy as np
import pytest

from rag import Archive, Settings
from rag.errors import InputError
from rag.overview.related import RELATED
from rag.passages import passages
from tests.pace import within

OCTOBER, DECEMBER = "seeds/police-centres-2022-10-19", "seeds/police-centres-2022-12-05"
STORY = (
    "Rescue crews spent the whole of Tuesday pouring water over the whales, which came ashore at low tide during the night, the parks "
    "service said. In all 270 whales were stranded on the beach, the largest such event that the island has seen for many years."
)


def texts(overview, spans):
    return [span.of(overview.article.text) for span in spans]


def ids(overview):
    return [one.article.id for one in overview.related]


def test_the_two_articles_on_police_stations_are_each_other_s(seeds):
    assert ids(seeds.overview(OCTOBER)) == [DECEMBER]
    assert ids(seeds.overview(DECEMBER)) == [OCTOBER]
    assert seeds.overview(OCTOBER).related[0].score == pytest.approx(seeds.overview(DECEMBER).related[0].score)


def test_the_seeds_are_related_within_their_matter_and_newest_first(seeds):
    for article in seeds.articles():
        overview = seeds.overview(article.id)
        matter = article.id.rpartition("/")[2].partition("-20")[0]
        assert ids(overview), article.id
        assert all(f"/{matter}-" in id for id in ids(overview))
        days = [one.article.published for one in overview.related]
        assert days == sorted(days, reverse=True)


@pytest.mark.parametrize(
    ("id", "fact"), [(OCTOBER, "54 overseas police stations"), (DECEMBER, "more than 100 police stations"), ("seeds/chile-mine-2010-10-14", "33")]
)
def test_the_main_fact_is_in_the_three_sentences(seeds, id, fact):
    overview = seeds.overview(id)
    assert len(overview.gist) == 3
    assert any(fact in sentence for sentence in texts(overview, overview.gist))


def test_the_keywords_name_what_the_article_is_about(seeds):
    overview = seeds.overview(OCTOBER)
    assert "Safeguard Defenders" in texts(overview, overview.keywords)[:3]
    assert len(overview.keywords) <= 8
    # what is common in English is none, though it is rare in so small an archive
    every = {word for one in seeds.articles() for word in texts(seeds.overview(one.id), seeds.overview(one.id).keywords)}
    assert not every & {"side", "step", "date", "note", "part", "held", "let", "total", "list", "men"}
    assert {"miners", "earthquake", "police stations", "Deepwater Horizon", "Berlin Brandenburg Airport"} <= every


def test_it_is_the_same_each_time_and_needs_no_model(seeds, tmp_path):
    assert seeds.overview(OCTOBER) == seeds.overview(OCTOBER)
    with Archive.open(seeds._store._folder, Settings(model="no/such/folder")) as another:
        assert another.overview(OCTOBER) == seeds.overview(OCTOBER)


def test_an_unknown_id_is_named(archive, make):
    with pytest.raises(InputError, match="no article has the id b"):
        archive.overview("b")
    archive.add([make("a", "The bridge opened.")])
    with pytest.raises(InputError, match="no article has the id b"):
        archive.overview("b")
    with pytest.raises(InputError, match="not valid Unicode"):
        archive.overview("\ud800")


def test_near_copies_are_folded(archive, make):
    other = (
        "Whales were stranded on the island’s beach, the parks service said: 270 whales, at low tide, which crews kept under water all of Tuesday."
    )
    archive.add(
        [
            make("opened", STORY, published=date(2020, 9, 22)),
            make("copy", STORY.replace("270", "290"), published=date(2020, 9, 23)),
            make("other", other, published=date(2020, 9, 21)),
            make("other-copy", f"{other} It was so.", published=date(2020, 9, 24)),
            make("far", "Shares of two mining companies rose by a tenth."),
        ]
    )
    overview = archive.overview("opened")
    assert len(overview.related) == 1
    assert ids(overview)[0].startswith("other")
    assert ids(archive.overview("far")) == []


def test_the_five_nearest_are_newest_first_with_undated_ones_last(archive, make):
    words = "river flood town night dam school boat bridge rain mayor".split()
    others = [make(f"near{n}", " ".join([*words, f"word{n}"]), published=date(2020, 1, 1 + n % 3) if n else None) for n in range(4)]
    # a hashed vector is a sum of words: with more words of its own an article is farther off
    farther = [make(f"off{n}", " ".join([*words[: 8 - n], f"own{n} own{n}a"]), published=date(2021, 1, 1)) for n in range(4)]
    archive.add([make("opened", " ".join(words)), *others, *farther])
    found = archive.overview("opened").related
    assert [one.article.id for one in found if one.article.id.startswith("near")] == ["near2", "near1", "near3", "near0"]
    assert len(found) == 5
    assert sum(one.article.id.startswith("off") for one in found) == 1
    assert all(one.score >= RELATED for one in found)


def test_an_article_s_own_passages_do_not_make_its_words_common(archive, make):
    filler = [make(f"filler{n}", f"The committee met and sat for day {n}.") for n in range(300)]
    long = " ".join(
        f"The Arle committee spoke of turbines, and number{n} listened to them at length in the great hall of the town." for n in range(80)
    )
    archive.add([make("long", long, title="Turbines"), *filler])
    keywords = texts(archive.overview("long"), archive.overview("long").keywords)
    assert keywords.index("turbines") < 3
    assert all("committee" not in word for word in keywords[:3])


def test_the_store_gives_an_article_as_it_was_put(archive, make, hashing):
    made = make("a", STORY * 10)
    archive.add([made])
    with archive._store.reading() as snapshot:
        entries = snapshot.entries(["a", "b"]).all()
        assert list(entries) == ["a"]
        entry = entries["a"]
        assert entry.article == made
        assert list(entry.spans) == [passage.span for passage in passages(made, Settings())]
        assert np.allclose(np.linalg.norm(entry.vectors, axis=1), 1, atol=1e-3)
        assert snapshot.frequencies(["whale", "nothing"]) == {"whale": len(entry.spans), "nothing": 0}


@pytest.mark.parametrize("unit", ["word ", "x", "A b. ", "Aa of ", "a\n\n", "“Yes,” she said. "])
def test_100_000_characters_take_no_long_time(archive, make, unit):
    archive.add([make("a", (unit * 100_000)[:100_000])])
    with within(10):
        overview = archive.overview("a")
    assert all(0 <= span.start < span.end <= 100_000 for span in (*overview.keywords, *overview.gist))
