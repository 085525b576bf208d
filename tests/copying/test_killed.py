"""kill -9 at several moments of a copy: what is there stays whole, and the same copy goes on."""

from benchmarks.copied import copied

SEED = 20261127


def test_a_copy_that_is_killed_goes_on_and_is_in_the_end_what_its_source_is(tmp_path):
    kills, wrong = copied(tmp_path, articles=60, kills=5, seed=SEED)
    assert (kills > 3, wrong) == (True, [])
