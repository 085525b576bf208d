"""The real data, where they are: read whole, and true to themselves."""

from rag.training import corpora


def test_the_sections_hold_their_sentences(shared):
    articles, asked = corpora.encyclopaedia(shared)
    assert len(articles) > 900
    assert {one.corpus for one in asked} == {"selqa", "clapnq"}
    assert sum(one.corpus == "selqa" for one in asked) == 785
    for one in asked:
        text = one.section.article.text
        assert all(span.of(text).strip() for span in one.section.sentences)
        assert all(sentence in text for sentence in one.sentences)
        assert all(one.answered_by(sentence) for sentence in one.sentences)


def test_the_news_questions_have_answers_that_some_article_holds(shared):
    articles, asked = corpora.news(shared)
    assert (len(articles), len(asked)) == (400, 200)
    assert all(any(one.answered_by(article.text) for article in articles) for one in asked[:20])
