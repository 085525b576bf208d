"""Nobody reaches what is another's: random steps of many people, compared with a model of them in plain Python."""

import tempfile

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from rag.desks import Desks, Sought
from rag.errors import InputError
from rag.types import Filters
from tests.desks.turns import turn

PEOPLE = ["", "ada", "Ada", "ada ", "ada' OR 1=1 --", "%"]
WHO = st.sampled_from(PEOPLE)
# of few conversations, so that most steps reach for one that is there, and is another's
NUMBERS = st.integers(0, 9)


class People(RuleBasedStateMachine):
    """`own` has each person's conversations by number, as a title and the turns' numbers and questions; `saved` what each saved, by its number."""

    def __init__(self):
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.desks = Desks.open(self.folder.name)
        self.own = {person: {} for person in PEOPLE}
        self.saved = {person: {} for person in PEOPLE}
        self.asked = 0

    def teardown(self):
        self.desks.close()
        self.folder.cleanup()

    def question(self, person):
        self.asked += 1
        return f"question {self.asked} of ({person})?"

    @rule(person=WHO, number=NUMBERS)
    def keep(self, person, number):
        question = self.question(person)
        filed = self.desks.keep(person, number, turn(question, f"({person}) alone may read this."))
        if number not in self.own[person]:
            assert not any(filed.conversation in conversations for conversations in self.own.values())
            self.own[person][filed.conversation] = [question, []]
        else:
            assert filed.conversation == number
        self.own[person][filed.conversation][1].append([filed.turn, question])

    @rule(person=WHO, number=NUMBERS)
    def open(self, person, number):
        if number not in self.own[person]:
            with pytest.raises(InputError):
                self.desks.turns(person, number)
            return
        found = self.desks.turns(person, number)
        assert [[one.number, one.understood.question] for one in found] == self.own[person][number][1]
        assert {quote.text for one in found for quote in one.answer.quotes} == {f"({person}) alone may read this."}

    @rule(person=WHO, number=NUMBERS)
    def rename(self, person, number):
        title = self.question(person)
        if number in self.own[person]:
            self.desks.rename(person, number, title)
            self.own[person][number][0] = title
        else:
            with pytest.raises(InputError):
                self.desks.rename(person, number, title)

    @rule(person=WHO, number=NUMBERS)
    def delete(self, person, number):
        assert self.desks.delete(person, number) == (self.own[person].pop(number, None) is not None)

    @rule(person=WHO, number=NUMBERS)
    def exchange(self, person, number):
        question = self.question(person)
        mine = [shown for _, turns in self.own[person].values() for shown in turns if shown[0] == number]
        assert self.desks.exchange(person, number, turn(question, f"({person}) alone may read this.")) == bool(mine)
        for shown in mine:
            shown[1] = question

    @rule(person=WHO, number=NUMBERS)
    def save(self, person, number):
        address = f"?search={number}"
        saved = self.desks.save(person, Sought.SEARCH, f"cholera ({person})", Filters(), address)
        self.saved[person].setdefault(saved.number, address)

    @rule(person=WHO, number=NUMBERS)
    def unsave(self, person, number):
        assert self.desks.unsave(person, number) == (self.saved[person].pop(number, None) is not None)

    @invariant()
    def each_sees_their_own(self):
        for person in PEOPLE:
            listed = {one.number: [one.title, one.questions] for one in self.desks.conversations(person)}
            assert listed == {number: [title, len(turns)] for number, (title, turns) in self.own[person].items()}
            saved = {one.number: one.address for one in self.desks.saved(person)}
            assert saved == self.saved[person]
            assert all(one.words == f"cholera ({person})" for one in self.desks.saved(person))


TestPeople = People.TestCase
TestPeople.settings = settings(max_examples=25, stateful_step_count=40, deadline=None)
