"""How common words are in English, by the order of the pinned model's vocabulary, which begins with the commonest."""

from functools import cache

from rag.models.pinned_model import installed_folder


@cache
def vocabulary() -> tuple[str, ...]:
    """Some 22,000 whole words in lower case, the commonest first. Raises EncoderError where the model is not installed.

    It is BERT's: the pieces that words were most often cut into, in Wikipedia and in books (Devlin et al., "BERT", 2019).
    """
    lines = (installed_folder() / "vocab.txt").read_text(encoding="utf-8").splitlines()
    # single characters and pieces of words, which stand in another order, are shorter or begin otherwise
    return tuple(word for word in lines if word.isalpha() and (len(word) > 1 or word == "a"))
