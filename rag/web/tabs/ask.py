"""The conversation: questions with their answers, and what a visitor does with them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from markupsafe import Markup

from rag import render
from rag.archive import Archive
from rag.desks import Turn
from rag.errors import ArchiveError, InputError
from rag.feedback import Verdict
from rag.question import is_search
from rag.topics import topic_of
from rag.types import Answer, Difference, Filters, Outcome, Quote, Searched
from rag.web import keeping, starting
from rag.web.action import Action, number, text
from rag.web.desk import Desk, asked, asked_alone, lifted, looking, opened_quote, turn_of
from rag.web.filtering import GUESSED, UNDATED
from rag.web.markup import html
from rag.web.tabs.search import searching
from rag.web.tabs.tab import Step
from rag.web.taking import FORMATS, download, permalink
from rag.web.timeline import Dated, Timeline, timeline
from rag.web.visit import Visit
from rag.web.words import correction_notes, quote_link, quote_pages

# of a question of more characters so many are shown, the rest is folded
_FOLDED, _OPENING = 400, 200
# so many of the saved questions and searches stand on the start page
_SAVED = 5
# asked of the samples that come with Pullquote, one of them in vain; shown where the archive holds them
_SAMPLE = "seeds/police-centres-2022-10-19"
_EXAMPLES = (
    ("How many overseas police stations does China operate?", "two sources differ"),
    ("When did the Deepwater Horizon explode?", ""),
    ("Who was the first of the trapped miners to be brought to the surface?", ""),
    ("Who won the 2022 World Cup?", "not in these articles: see what silence looks like"),
)


def show(desk: Desk, visit: Visit, kept: int = 0) -> str:
    """All turns but the first `kept`, which the page has already."""
    turns = [_turn(number, turn, visit) for number, turn in enumerate(desk.turns) if number >= kept]
    if turns:
        return html("conversation", turns=turns, kept=kept, formats=FORMATS)
    last, saved = keeping.at_hand(visit)
    articles = visit.archive.status().articles
    examples = _EXAMPLES if visit.archive.article(_SAMPLE) else [(question, "") for question in starting.questions(visit.archive)]
    start = {"last": last, "saved": saved[:_SAVED], "articles": articles, "examples": examples}
    return html("conversation", turns=(), can_write=visit.can_write, formats=FORMATS, **start)


def _ask(desk: Desk, action: Action, visit: Visit) -> Desk:
    return keeping.kept(_told(looking(asked(desk, visit.archive, text(action, "more")), "ask")), visit)


def _typed(desk: Desk, action: Action, visit: Visit) -> Desk:
    """What was typed into the question's box, which may be no question."""
    words = text(action, "more")
    if not is_search(words) or topic_of(words):
        return _ask(desk, action, visit)
    return replace(searching(desk, words), said=f"“{words.strip()}” asks nothing, so the articles are searched for it; “Ask it all the same” asks.")


def _alone(desk: Desk, action: Action, visit: Visit) -> Desk:
    turn = number(action, "turn")
    return keeping.kept(_told(asked_alone(desk, visit.archive, turn), turn), visit, turn)


def _lift(desk: Desk, action: Action, visit: Visit) -> Desk:
    turn = number(action, "turn")
    return keeping.kept(_told(lifted(desk, visit.archive, turn), turn), visit, turn)


def _beside(desk: Desk, action: Action, visit: Visit) -> Desk:
    """A quote's article beside its answer, without the visitor's asking for it: the line goes on saying what the answer came to."""
    turn = number(action, "turn")
    return _told(opened_quote(desk, turn, number(action, "quote")), turn)


def _again(desk: Desk, action: Action, visit: Visit) -> Desk:
    # copies, which the page is sent anew: one of them never came
    return _told(replace(desk, turns=tuple(map(replace, desk.turns)))) if desk.turns else desk


def _clear(desk: Desk, action: Action, visit: Visit) -> Desk:
    stays = "; the one before is in “Conversations”" if desk.conversation else ""
    return replace(keeping.begun(desk), said=f"A new conversation begins{stays}.")


def _export(desk: Desk, action: Action, visit: Visit) -> Desk:
    turns = desk.turns if text(action, "turn") == "all" else [turn_of(desk, number(action, "turn"))]
    answers = [turn.answer for turn in turns if turn.answer]
    if not answers:
        raise InputError("there is no answer to take away yet; ask something first")
    return replace(desk, file=download(answers, text(action, "more")), said="The file is written; your browser saves it.")


def _feedback(desk: Desk, action: Action, visit: Visit) -> Desk:
    turn = turn_of(desk, number(action, "turn"))
    if turn.answer is None:
        raise InputError("that question has no answer to judge; ask it again")
    try:
        verdict = Verdict(text(action, "more"))
    except ValueError:
        raise InputError("a verdict is right, wrong or missing") from None
    quote = number(action, "quote") if text(action, "quote") else None
    if quote is not None and not 0 <= quote < len(turn.answer.quotes):
        raise InputError("that quote is no longer on the page; ask again")
    visit.archive.give_feedback(turn.answer, verdict, quote, text(action, "comment"))
    return replace(desk, said="Thank you: noted in this archive, for its evaluation.")


def _told(desk: Desk, turn: int = -1) -> Desk:
    """With what a turn's answer came to, in a line; the last one's where no other is named."""
    answer = desk.turns[turn].answer
    if answer is None:
        return replace(desk, said="This could not be answered.")
    return replace(desk, said=" ".join(line for line in (render.unread(answer.searched.damaged), _came_to(answer)) if line))


def _came_to(answer: Answer) -> str:
    if answer.outcome is not Outcome.ANSWERED:
        # the nearest are in the conversation, not in this line
        return f"{render.MAY_NOT_ANSWER}." if answer.outcome is Outcome.WEAK_EVIDENCE else render.reason(answer)
    if answer.topic is not None:
        return f"{render.reason(answer).rstrip(':')}."
    articles = {quote.article.id for quote in answer.quotes}
    told = render.origins_text(answer.quotes) or render.counted(len(articles), "article")
    return f"{render.counted(len(answer.quotes), 'quote')} from {told}."


def _turn(number: int, turn: Turn, visit: Visit) -> Markup:
    answer = turn.answer
    chosen = answer.searched.filters if answer else Filters()
    near, rest = _near(answer) if answer else ((), ())
    return html(
        "turn",
        number=number,
        turn=turn,
        unread=render.unread(answer.searched.damaged) if answer else "",
        reason=render.reason(answer) if answer else "",
        long=_opening(turn.understood.question),
        dated=answer is not None and answer.topic is not None,
        line=_line(answer) if answer else None,
        excluded=_excluded(answer.searched, visit.archive) if answer and answer.outcome is not Outcome.ANSWERED else "",
        differences=[_compared(difference, answer.quotes) for difference in answer.differences] if answer else (),
        unconfirmed=render.unconfirmed(answer.quotes) if answer else "",
        searched=render.searched_text(answer.searched, undated=f"tick “{UNDATED}”", guessed=f"tick “{GUESSED}”") if answer else "",
        formats=FORMATS,
        permalink=permalink(turn, chosen),
        can_write=visit.can_write,
        keeps=visit.desks.keeps,
        near=near,
        rest=rest,
        words=render.confidence_words,
        published=render.published_text,
        corrections=correction_notes,
        pages=render.pages,
        page_links=quote_pages,
        quote_link=quote_link,
        quotations=render.quotations,
        quoted=render.quoted,
        more_near=render.more_near,
        copies_text=render.copies_text,
    )


def _compared(difference: Difference, quotes: Sequence[Quote]) -> tuple[Difference, Timeline | None, str]:
    """A difference, its values on a line of time, and of how many stories they are where some are copies."""
    line = timeline(Dated(value.value, value.quote, value.published) for value in difference.values)
    return difference, line, render.origins_text([quotes[value.quote] for value in difference.values])


def _line(answer: Answer) -> Timeline | None:
    """The articles on a topic on a line of time, by their sources."""
    if answer.topic is None:
        return None
    articles = [quote.article for quote in answer.quotes]
    return timeline(Dated(article.source or article.title, n, article.published) for n, article in enumerate(articles))


def _opening(question: str) -> str:
    """What a long question begins with, where it is folded; empty where it is short enough to stand whole."""
    words = " ".join(question.split())
    return f"{words[:_OPENING].rsplit(' ', 1)[0]} …" if len(words) > _FOLDED else ""


def _near(answer: Answer) -> tuple[Sequence[Quote], Sequence[Quote]]:
    """The near misses in sight, and those folded away: all but where they may answer."""
    return render.nearest(answer) if answer.outcome is Outcome.WEAK_EVIDENCE else ((), answer.near_misses)


def _excluded(searched: Searched, archive: Archive) -> str:
    if not searched.filters:
        return ""
    try:
        status = archive.status()
    except ArchiveError:
        # the answer stands without it, and says itself what of the archive is damaged
        return ""
    # of those that can be searched
    count = status.articles - len(status.damaged) - searched.articles
    return render.counted(count, "article") if count > 0 else ""


STEPS: Mapping[str, Step] = {
    "ask": _ask, "typed": _typed, "alone": _alone, "lift": _lift, "beside": _beside, "again": _again, "clear": _clear, "export": _export,
    "feedback": _feedback,
}  # fmt: skip
