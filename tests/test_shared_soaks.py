"""Short forms of what `make soak` does at length to an archive that many machines share: kills, a crowd, and the same questions asked of a folder."""

import pytest

from benchmarks.kills import text_of
from benchmarks.same_answers import compared
from benchmarks.servers import opened, servers
from benchmarks.shared_crowd import crowded
from benchmarks.shared_kills import Kills, Round
from benchmarks.torn import torn
from rag import article, read_articles
from rag.evaluation.gold import read_gold
from tests.conftest import ROOT
from tests.fakes import CommonWords, HashingEncoder
from tests.store.databases import binaries


@pytest.fixture(scope="module")
def running():
    pytest.importorskip("milvus_lite")
    if binaries() is None:
        pytest.skip("there is no PostgreSQL on this machine (Debian: apt-get install postgresql)")
    with servers() as both:
        yield both


@pytest.mark.parametrize("victim", ["milvus", "postgresql"])
def test_kill_9_of_a_server_loses_nothing_acknowledged_and_writing_goes_on(running, tmp_path, victim):
    kills = Kills(running, tmp_path / "source", 1)
    done = Round(victim, "write")
    kills.write_round(done, 1)
    assert (done.wrong, kills.log.found.wrong) == ([], [])
    assert kills.log.found.acknowledged


def test_a_passage_that_the_engine_lost_or_has_beside_others_is_noticed(running):
    with opened(running.address("torn"), HashingEncoder(), CommonWords()) as archive:
        archive.add([article(f"a{n}", title, text_of(title)) for n, title in enumerate(["version-1", "version-2", "version-3"])])
        assert torn(archive) == []
        ask = archive._store._parts.milvus.ask
        (row,) = ask("query", filter="passage == 2", output_fields=["*"])
        ask("delete", ids=[2])
        assert any("passages" in flaw for flaw in torn(archive))
        # back, with the vector of another
        (other,) = ask("query", filter="passage == 4", output_fields=["vector"])
        ask("upsert", data=[{name: value for name, value in row.items() if name != "bm25"} | {"vector": other["vector"]}])
        assert any("is not what was stored" in flaw for flaw in torn(archive))


def test_what_writers_and_readers_do_at_once_is_of_one_generation_each(running):
    writers, readers = crowded(running.address("crowd"), 1, 1, 3, 1)
    assert writers.wrong + readers.wrong == []
    assert readers.took


def test_a_shared_archive_answers_as_one_in_a_folder(running, tmp_path, encoder, spans):
    articles = list(read_articles(ROOT / "seeds"))[:3]
    found = compared(tmp_path / "seeds", running, articles, read_gold(ROOT / "seeds" / "gold.jsonl")[:3], encoder, spans)
    assert all(one.first and one.outcome and one.three and one.found for one in found), [one.why for one in found]
