"""Whether words stand in a text: how an answer is recognised in what was shown."""

from collections import Counter
from dataclasses import dataclass

from rag.values import wording

# of a gold sentence's words, so many have to be shown
MOST_OF_A_SENTENCE = 0.8


@dataclass(frozen=True, slots=True)
class Words:
    """A text's words as they are compared (`rag.values.wording`), and where each ends in the text (code points)."""

    text: str
    words: tuple[str, ...]
    ends: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> "Words":
        found = list(wording(text))
        return cls(text, tuple(word for word, _ in found), tuple(end for _, end in found))

    def end_of(self, answer: "Words") -> int | None:
        """Where the answer ends in this text, at its first place: its words in a row, whatever their case and what is between them.

        A number without a currency or unit stands in one that has it, and none in one with another sign.

        An answer without a letter or digit is looked for as the characters that it is.
        """
        size = len(answer.words)
        if not size:
            at = self.text.find(answer.text)
            return None if at < 0 else at + len(answer.text)
        starts = (n for n in range(len(self.words) - size + 1) if self.words[n : n + size] == answer.words)
        return next((self.ends[n + size - 1] for n in starts), None)

    def end_of_most(self, sentence: "Words") -> int | None:
        """Where so much of this text was read that 80% of the sentence's words, repetitions counted, were in it."""
        missing = Counter(sentence.words)
        wanted = MOST_OF_A_SENTENCE * len(sentence.words)
        shared = 0
        for word, end in zip(self.words, self.ends, strict=True):
            if missing[word] > 0:
                missing[word] -= 1
                shared += 1
                # eight of ten words are 80%, whatever 0.8 * 10 is in binary
                if shared >= wanted - 1e-9:
                    return end
        return None

    def first(self, characters: int) -> "Words":
        """The whole words among the first so many characters."""
        kept = sum(end <= characters for end in self.ends)
        return Words(self.text[:characters], self.words[:kept], self.ends[:kept])


def overlap(shown: Words, gold: Words) -> tuple[float, float, float]:
    """Precision, recall and F1 of the words shown against the gold's, repetitions counted: SQuAD's F1 (Rajpurkar et al., 2016), articles kept."""
    common = (Counter(shown.words) & Counter(gold.words)).total()
    if not common:
        return 0.0, 0.0, 0.0
    precision, recall = common / len(shown.words), common / len(gold.words)
    return precision, recall, 2 * precision * recall / (precision + recall)
