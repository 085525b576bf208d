"""A report's curves as inline SVG: the one home of matplotlib.

A plot takes its colours from the page around it, light or dark, and holds no
text but ours: axis labels, numbers and names of measures. It is drawn without
pyplot, whose figures are global, and the same report gives the same characters.
"""

import io
import xml.etree.ElementTree as ET
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, MultipleLocator, PercentFormatter
from matplotlib.typing import RcKeyType

from rag.evaluation import silence
from rag.evaluation.evaluation import Evaluation
from rag.evaluation.judged import columns
from rag.evaluation.measures import Columns
from rag.evaluation.silence import Numbers

# drawn in these, and shown in what the page says: its text's colour, its accent, a second accent, a line's
_COLOURS = {"#010101": "currentColor", "#020202": "var(--accent)", "#030303": "var(--second)", "#040404": "var(--line)"}
_INK, _ACCENT, _SECOND, _LINE = _COLOURS
_STYLE: dict[RcKeyType, Any] = {
    "svg.fonttype": "none",
    "font.size": 11,
    "text.color": _INK,
    "axes.labelcolor": _INK,
    "axes.edgecolor": _INK,
    "xtick.color": _INK,
    "ytick.color": _INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": _LINE,
    "axes.axisbelow": True,
    "lines.linewidth": 2,
}
_METADATA = dict.fromkeys(("Creator", "Date", "Format", "Type"))
_DEPTHS = (1, 5, 10, 100)
_PERCENTILES = (50, 95, 99)


@dataclass(frozen=True, slots=True)
class Plot:
    """`text` says what is seen, for those who do not see it, and `svg` is an element of HTML, made here entirely."""

    name: str
    title: str
    text: str
    svg: str


def plots(report: Evaluation) -> list[Plot]:
    """Those plots that the report has figures for."""
    told = columns(report.questions)
    made = (_risk_coverage(told), _reliability(told), _recall(report), _latency(told))
    return [plot for plot in made if plot]


def _risk_coverage(told: Columns) -> Plot | None:
    right, confidence, answered = _of(told, "right", "confidence", "answered")
    if not len(right):
        return None
    coverage, risk = silence.risk_coverage(right, confidence)
    text = "If only the surest questions were answered, how many of those would be answered wrongly: " + "; ".join(
        f"of the surest {share:.0%}, {risk[max(0, int(np.ceil(share * len(right))) - 1)]:.0%}" for share in (0.25, 0.5, 0.75, 1)
    )
    working = (float(answered.mean()), 1 - silence.precision(answered, right)) if answered.any() else None
    if working:
        text += f". At the working threshold {working[0]:.0%} are answered, and {working[1]:.0%} of those wrongly"

    def draw(axes: Axes) -> None:
        axes.plot(coverage, risk, color=_ACCENT, drawstyle="steps-post" if len(risk) < 2 else "default", marker="." if len(risk) < 2 else "")
        if working:
            axes.plot(*working, "o", color=_SECOND, markersize=9)
            axes.annotate("working threshold", working, (0, 9), textcoords="offset points", ha="right" if working[0] > 0.5 else "left")
        axes.set(xlabel="share answered (coverage)", ylabel="share of those that is wrong (risk)")
        _shares(axes, "x", "y")

    return Plot("risk", "Risk and coverage", f"{text}.", _svg("risk", draw))


def _reliability(told: Columns) -> Plot | None:
    right, confidence = _of(told, "right", "confidence")
    if not len(right):
        return None
    bins = silence.reliability(right, confidence)
    text = "How often the first quote is right where the confidence is such: " + "; ".join(
        f"{sure:.2f}: {share:.0%} of {count:,}" for count, sure, share in bins
    )

    def draw(axes: Axes, counts: Axes) -> None:
        axes.plot([0, 1], [0, 1], "--", color=_INK, linewidth=1)
        axes.plot([sure for _, sure, _ in bins], [share for _, _, share in bins], "o-", color=_ACCENT)
        axes.set(ylabel="share that is right")
        _shares(axes, "x", "y")
        lefts = [min(int(sure * silence.BINS), silence.BINS - 1) / silence.BINS for _, sure, _ in bins]
        counts.bar(lefts, [count for count, _, _ in bins], 0.09, color=_ACCENT, align="edge")
        for left, (count, _, _) in zip(lefts, bins, strict=True):
            counts.annotate(f"{count:,}", (left + 0.045, count), (0, 2), textcoords="offset points", ha="center", fontsize=8)
        counts.set(xlabel="confidence", ylabel="questions", ylim=(0, 1.3 * max(count for count, _, _ in bins)))
        counts.yaxis.set_major_locator(MaxNLocator(2, integer=True))
        counts.grid(visible=False)

    return Plot("reliability", "Reliability of the confidence", f"{text}.", _svg("reliability", draw, rows=(3, 1)))


def _recall(report: Evaluation) -> Plot | None:
    found = [(k, report.measures[f"R@{k}"]) for k in _DEPTHS if f"R@{k}" in report.measures]
    points = [(k, one.value, one.low, one.high) for k, one in found if one.value is not None]
    if not points:
        return None
    text = "Share of the evidence’s articles that search finds: " + "; ".join(f"among the first {k}, {value:.1%}" for k, value, _, _ in points)

    def draw(axes: Axes) -> None:
        for k, value, low, high in points:
            axes.plot([k, k], [value if low is None else low, value if high is None else high], "_-", color=_ACCENT, linewidth=1.5, markersize=9)
        axes.plot([k for k, *_ in points], [value for _, value, _, _ in points], "o-", color=_ACCENT)
        axes.set(xlabel="first k articles", ylabel="share found, 95% interval", xscale="log", xlim=(0.8, 125))
        axes.set_xticks(_DEPTHS, [str(k) for k in _DEPTHS])
        axes.minorticks_off()
        _shares(axes, "y")

    return Plot("recall", "Recall at k", f"{text}.", _svg("recall", draw))


def _latency(told: Columns) -> Plot | None:
    (milliseconds,) = _of(told, "milliseconds")
    if not len(milliseconds):
        return None
    waited = np.sort(milliseconds)
    marks = [(percent, float(np.percentile(waited, percent))) for percent in _PERCENTILES]
    text = "How long an answer took: " + "; ".join(f"{percent}% took no longer than {value:,.0f} ms" for percent, value in marks)

    def draw(axes: Axes) -> None:
        # a hundred thousand questions are no finer a curve than a thousand
        shares = np.arange(1, len(waited) + 1) / len(waited)
        kept = np.unique(np.linspace(0, len(waited) - 1, 1_000).astype(int))
        axes.plot(np.append(waited[0], waited[kept]), np.append(0, shares[kept]), color=_ACCENT, drawstyle="steps-post")
        for percent, value in marks:
            axes.plot(value, percent / 100, "o", color=_SECOND, markersize=7)
            axes.annotate(f"p{percent}", (value, percent / 100), (5, -13), textcoords="offset points")
        axes.set(xlabel="milliseconds", ylabel="share answered by then", xlim=(0, None))
        axes.xaxis.set_major_locator(MaxNLocator(5))
        axes.xaxis.set_major_formatter("{x:,.0f}")
        _shares(axes, "y")

    return Plot("latency", "Latency", f"{text}.", _svg("latency", draw))


def _of(told: Columns, *names: str) -> list[Numbers]:
    """Their columns, [m] each, of the m questions that have them all; empty where none has."""
    if any(name not in told for name in names):
        return [np.empty(0) for _ in names]
    chosen = np.array([told[name] for name in names])
    return list(chosen[:, ~np.isnan(chosen).any(axis=0)])


def _shares(axes: Axes, *sides: str) -> None:
    """From 0% to 100%, with room for what stands at the ends."""
    for side in sides:
        axes.set(**{f"{side}lim": (-0.03, 1.03)})
        axis = axes.xaxis if side == "x" else axes.yaxis
        axis.set_major_locator(MultipleLocator(0.25))
        axis.set_major_formatter(PercentFormatter(1, 0))


def _svg(name: str, draw: Callable[..., None], rows: Sequence[int] = (1,)) -> str:
    """What `draw` draws on axes, one below the other with these shares of the height."""
    # none of a matplotlibrc of this machine's; ids differ between the plots of a page and not between two pages
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update({**_STYLE, "svg.hashsalt": f"pullquote {name}"})
        figure = Figure(figsize=(4.4, 3.4), layout="constrained")
        draw(*figure.subplots(len(rows), 1, height_ratios=rows, sharex=True, squeeze=False)[:, 0])
        written = io.StringIO()
        figure.savefig(written, format="svg", transparent=True, metadata=_METADATA)
    return _inline(ET.fromstring(written.getvalue()), name)  # noqa: S314 - matplotlib wrote it


def _inline(root: ET.Element, name: str) -> str:
    """The drawing as an element of HTML: a security policy lets no `style` in, so what it says becomes attributes; names belong to no namespace."""
    for parent in list(root.iter()):
        for child in list(parent):
            if _local(child.tag) in ("metadata", "style"):
                parent.remove(child)
    for element in root.iter():
        element.tag = _local(element.tag)
        attributes = {_local(key): value for key, value in element.attrib.items()}
        styles = (declared.split(":", 1) for declared in attributes.pop("style", "").split(";") if declared.strip())
        attributes |= {key.strip(): _COLOURS.get(value.strip(), value.strip()) for key, value in styles}
        # the page's own typeface; names of groups, which are the same in every plot, name nothing here
        attributes.pop("font-family", None)
        if element.tag == "g":
            attributes.pop("id", None)
        element.attrib.clear()
        element.attrib.update(attributes)
        element.tail = None
    _, _, width, height = root.attrib["viewBox"].split()
    root.attrib.clear()
    root.attrib.update(
        {"viewBox": f"0 0 {width} {height}", "role": "img", "aria-labelledby": f"{name}-title {name}-text", "stroke-linejoin": "round"}
    )
    return ET.tostring(root, encoding="unicode")


def _local(name: str) -> str:
    return name.rpartition("}")[2]
