import threading

import numpy as np

from rag.token_memory import TokenMemory
from tests.fakes import HashingEncoder


class Counting(HashingEncoder):
    def __init__(self):
        super().__init__()
        self.read = []

    def tokens(self, texts):
        self.read.extend(texts)
        return super().tokens(texts)


def test_a_text_is_read_once_and_gives_the_same_again():
    encoder = Counting()
    memory = TokenMemory(encoder, 100)
    first = memory.tokens(["one two", "three"])
    again = memory.tokens(["three", "one two", "three", "four"])
    assert encoder.read == ["one two", "three", "four"]
    assert [len(tokens.starts) for tokens in again] == [1, 2, 1, 1]
    assert (again[1].vectors == first[0].vectors).all()


def test_no_more_tokens_are_kept_than_allowed_and_the_oldest_go_first():
    encoder = Counting()
    memory = TokenMemory(encoder, 4)
    memory.tokens(["a b"])
    memory.tokens(["c d"])
    memory.tokens(["e f"])
    encoder.read.clear()
    memory.tokens(["c d", "a b"])
    assert encoder.read == ["a b"]
    # longer than all that may be kept: read, given, not kept
    assert len(memory.tokens(["1 2 3 4 5"])[0].starts) == 5


def test_many_threads_get_what_one_would():
    memory = TokenMemory(HashingEncoder(), 20)
    texts = [f"word{n} more" for n in range(30)]
    expected = {text: HashingEncoder().tokens([text])[0].vectors for text in texts}
    wrong = []

    def ask(start):
        for n in range(60):
            text = texts[(start * 7 + n) % 30]
            if not np.array_equal(memory.tokens([text])[0].vectors, expected[text]):
                wrong.append(text)

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
