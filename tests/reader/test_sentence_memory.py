import rag.reader.sentence_memory as room
from rag.english.sentences import sentences
from rag.reader.sentence_memory import SentenceMemory


def test_an_article_is_split_once_and_gives_the_same_again(make, monkeypatch):
    split = []
    monkeypatch.setattr(room, "sentences", lambda text, longest: split.append(text) or sentences(text, longest))
    memory = SentenceMemory(700, 100)
    one, same = make("a", "One stands. Two stand."), make("b", "One stands. Two stand.")
    assert memory.of(one) == memory.of(one) == memory.of(same) == sentences(one.text, 700)
    assert len(split) == 1


def test_no_more_sentences_are_kept_than_allowed_and_the_oldest_go_first(make, monkeypatch):
    split = []
    monkeypatch.setattr(room, "sentences", lambda text, longest: split.append(text) or sentences(text, longest))
    memory = SentenceMemory(700, 3)
    first, second, third = (make(id, f"{id} stands. {id} falls.") for id in ("A", "B", "C"))
    for article in (first, second, second, third, second, first):
        memory.of(article)
    assert [text[0] for text in split] == ["A", "B", "C", "B", "A"]
    # longer than all that may be kept: split, given, not kept
    long = make("D", "D stands. D falls. D lies. D sleeps.")
    assert len(memory.of(long)) == len(memory.of(long)) == 4
    assert split[-2:] == [long.text, long.text]
