"""An archive copied into another store: what is there already, by its seals, is not sent again, so that a copy that was killed goes on.

The source is gone through until it has not changed meanwhile. Each step is one
delivery, and the destination is at any moment a part of the source, or on its
way from an earlier state of it to a later one.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from rag.copying.comparing import compare
from rag.copying.difference import Difference
from rag.copying.reading import DAMAGED, Reading
from rag.copying.report import Counts, Progress, Report, Step
from rag.errors import ArchiveMismatch, ArticleDamaged, InputError
from rag.store import Delivery, Inventory, Store, Writer

# so many articles go together, and so many documents are recorded
_TOGETHER = 1_000
# so many of what would be lost are named
_NAMED = 3


def copy(source: Store, destination: Store, progress: Progress = lambda _: None) -> Report:
    """Makes the destination hold what the source does, and reads all of it back to compare it.

    The destination is empty, or a copy of an earlier state of this very source, whole or
    interrupted, in which nothing else was written since: that is brought to the source's
    state, by taking away and replacing too. What holds a part of the source and nothing else is completed.
    What is damaged in the source is left out and named. `progress` is told of each batch.

    Raises InputError where there is nothing to copy, or the destination holds what the source has not; ArchiveMismatch where it was
    built by another model or cut otherwise, or somebody wrote a note or a verdict in it meanwhile, which is kept; ArchiveDamaged where
    something in the destination is not what was stored, or nobody can tell what the source has lost; ArchiveLocked while somebody
    else writes to the destination, ReadOnly.
    """
    have = source.inventory()
    if have.is_empty:
        raise InputError("there is nothing to copy; check the name of the source")
    copying = _Copying(source, destination, progress)
    # before a destination that is refused is locked, or brought to this version
    copying.difference(have)
    while True:
        copying.round(have)
        before, have = have, source.inventory()
        if _is_same(before, have):
            return copying.report()


class _Copying:
    def __init__(self, source: Store, destination: Store, progress: Progress) -> None:
        self._source = source
        self._destination = destination
        self._progress = progress
        self._reading = Reading(source)
        # of articles: how many met each fate
        self._done: Counter[str] = Counter()
        self._rounds = self._passages = 0
        # that of the destination, as it was looked at and left
        self._state = ""

    def round(self, have: Inventory) -> None:
        """Brings the destination to what the source had, as far as that can be read now."""
        with self._destination.writing() as writer:
            there, difference = self.difference(have)
            self._rounds += 1
            self._done.setdefault("unchanged", difference.unchanged)
            self._tell_damaged(have)
            delivery, self._state = Delivery(have.token, have.model, have.passages), there.state
            if there.copied != have.token or difference.gone or difference.editions_gone:
                self._take_away(writer, difference, delivery)
            self._bring(writer, difference, delivery)
            self._keep(writer, difference)

    def report(self) -> Report:
        there = self._destination.inventory()
        differing = compare(self._source, self._destination, self._progress)
        known = self._reading.flaws
        return Report(
            articles=Counts(**self._done),
            passages=self._passages,
            editions=len(there.editions),
            notes=len(there.writing.notes),
            feedback=len(there.writing.feedback),
            documents=len(there.documents),
            left_out=tuple(known.values()),
            differing=tuple(flaw for flaw in differing if (flaw.kind, flaw.name) not in known),
            rounds=self._rounds,
        )

    def difference(self, have: Inventory) -> tuple[Inventory, Difference]:
        """What the destination holds and lacks. Raises what `copy` does where it must not be changed."""
        there = self._destination.inventory()
        for error in there.damaged:
            raise error
        if not there.is_empty and have.model and there.model and (there.model, there.passages) != (have.model, have.passages):
            raise ArchiveMismatch(
                f"the source was built with {have.model.model} (weights {have.model.sha256[:12]}) and passages of {have.passages}, "
                f"the destination with {there.model.model} (weights {there.model.sha256[:12]}) and passages of {there.passages}; copy to a new place"
            )
        difference = Difference.between(have, there)
        is_earlier = there.copied is not None and self._source.has_been(there.copied)
        if not is_earlier and difference.lost:
            raise InputError(
                f"the destination holds what the source has not, or has otherwise: {_named(difference.lost)}; "
                "copy to a new place, or remove that from the destination first"
            )
        return there, difference

    def _tell_damaged(self, have: Inventory) -> None:
        for error in have.damaged:
            if isinstance(error, ArticleDamaged):
                self._reading.tell("article", error.id, DAMAGED)
            else:
                self._reading.tell("the source", "", f"is damaged: {error}")

    def _take_away(self, writer: Writer, difference: Difference, delivery: Delivery) -> None:
        """What goes goes first: an earlier text may be one that its article has again. A step of nothing tells the destination whose copy it is."""
        after = difference.editions_after if difference.editions_gone else None
        for start in range(0, max(1, len(difference.gone)), _TOGETHER):
            gone = difference.gone[start : start + _TOGETHER]
            self._deliver(writer, replace(delivery, gone=gone, editions_after=after))
            self._done["removed"] += len(gone)

    def _bring(self, writer: Writer, difference: Difference, delivery: Delivery) -> None:
        replaced = set(difference.replaced)
        # in the source's order, which decides between equals that a search finds
        total, done = len(difference.coming), 0
        self._progress(Step(done, total))
        for entries in self._reading.entries(difference.coming):
            self._deliver(writer, replace(delivery, entries=entries))
            self._done.update("replaced" if entry.article.id in replaced else "added" for entry in entries)
            self._passages += sum(len(entry.spans) for entry in entries)
            done += len(entries)
            self._progress(Step(done, total, self._passages))
        after = difference.editions_after
        for editions in self._reading.editions(difference.editions):
            self._deliver(writer, replace(delivery, editions_after=after, editions=editions))
            after += len(editions)
        if difference.writing:
            self._deliver(writer, replace(delivery, writing=difference.writing))

    def _deliver(self, writer: Writer, delivery: Delivery) -> None:
        """Nothing that somebody wrote in the destination meanwhile becomes a part of the copy, which the next one would take away."""
        self._state = writer.take_over(replace(delivery, state=self._state))

    def _keep(self, writer: Writer, difference: Difference) -> None:
        """Records what is known of documents, those of which an article was left out excepted."""
        for start in range(0, len(difference.documents), _TOGETHER):
            found = map(self._source.kept, difference.documents[start : start + _TOGETHER])
            writer.keep([kept for kept in found if kept])


def _is_same(before: Inventory, now: Inventory) -> bool:
    """Whether a store that was gone through holds what it held before: notes and documents change in no generation of their own."""
    return (before.token, before.writing, before.documents) == (now.token, now.writing, now.documents)


def _named(lost: Sequence[str]) -> str:
    more = len(lost) - _NAMED
    return ", ".join(lost[:_NAMED]) + (f" and {more:,} more" if more > 0 else "")
