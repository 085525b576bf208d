"""A report and a comparison as tables for the terminal."""

from collections.abc import Iterator

from rag.evaluation.comparing import Comparison, Pair
from rag.evaluation.evaluation import Evaluation
from rag.evaluation.measures import MEASURES, Group, Measure
from rag.evaluation.uncertainty import Change, Estimate
from rag.render import counted, printable

# a difference that chance makes in fewer of so many pairs of like runs is marked
_TELLING = 0.05
_MOST_PAIRS = 20


def report_text(report: Evaluation) -> str:
    """Each measure with its 95% interval, how many questions it is over, and what it is."""
    return "\n".join(_report_lines(report))


def comparison_text(comparison: Comparison) -> str:
    """Each measure before and now, and the questions that became better or worse."""
    return "\n".join(_comparison_lines(comparison))


def _report_lines(report: Evaluation) -> Iterator[str]:
    for group in Group:
        told = [(measure, report.measures[measure.name]) for measure in MEASURES if measure.group is group and measure.name in report.measures]
        if told:
            yield f"\n{group.value:36}{'95% interval':16}{'questions':>9}"
        for measure, one in told:
            yield f"  {measure.name:20}{_number(measure, one.value):>10}    {_interval(measure, one):16}{one.questions:>9}  {measure.about}"


def _comparison_lines(comparison: Comparison) -> Iterator[str]:
    yield f"\n{'against the other run':24}{'before':>10}{'now':>10}{'p':>9}{'questions':>11}"
    telling = 0
    for measure in MEASURES:
        one = comparison.changes.get(measure.name)
        if one is None:
            continue
        mark = _mark(measure, one)
        telling += bool(mark)
        p = "-" if one.p is None else f"{one.p:.4f}"
        yield f"  {measure.name:22}{_number(measure, one.before):>10}{_number(measure, one.now):>10}{p:>9}{one.questions:>11}  {mark}".rstrip()
    tested = sum(one.p is not None for one in comparison.changes.values())
    yield f"  {telling} of {tested} differ at p < {_TELLING}; of {tested} without any difference about {_TELLING * tested:.0f} would, by chance"
    if comparison.unpaired:
        yield f"  {counted(comparison.unpaired, 'question')} asked in one of the runs only, or in other words: left out"
    for name, pairs in (("worse", comparison.worse), ("better", comparison.better)):
        yield f"\n{name}: {counted(len(pairs), 'question')}"
        for pair in pairs[:_MOST_PAIRS]:
            yield from _pair_lines(pair)
        if len(pairs) > _MOST_PAIRS:
            yield f"  and {len(pairs) - _MOST_PAIRS} more, in report.html"


def _pair_lines(pair: Pair) -> Iterator[str]:
    yield f"  {_line(pair.now.id)}  {_line(pair.now.question)}"
    yield f"      before: {pair.before.fate.value}: {_line(pair.before.first)}"
    yield f"      now:    {pair.now.fate.value}: {_line(pair.now.first)}"


def _mark(measure: Measure, one: Change) -> str:
    if one.p is None or one.p >= _TELLING or one.before is None or one.now is None:
        return ""
    return "better" if measure.better * (one.now - one.before) > 0 else "worse"


def _number(measure: Measure, value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:.0f}" if measure.group is Group.LATENCY else f"{value:.3f}"


def _interval(measure: Measure, one: Estimate) -> str:
    return "-" if one.low is None or one.high is None else f"{_number(measure, one.low)} to {_number(measure, one.high)}"


def _line(text: str) -> str:
    """One line of at most 110 characters, whatever the text holds."""
    text = printable(" ".join(text.split()))
    return text if len(text) <= 110 else f"{text[:109]}…"
