import re
import xml.etree.ElementTree as ET

import matplotlib as mpl
import pytest

from rag.evaluation.evaluation import Evaluation
from rag.evaluation.plots import plots
from tests.evaluation.pages import FATES, report_of, row


def rows_of(*told):
    """Questions of these fates and confidences that took 10 ms, 20 ms and so on."""
    rows = [row(str(n), fate) for n, (fate, _) in enumerate(told)]
    for n, (one, (_, confidence)) in enumerate(zip(rows, told, strict=True)):
        one["figures"] |= {"confidence": confidence, "milliseconds": 10.0 * (n + 1)}
    return rows


FOUR = rows_of(("right", 0.95), ("wrong", 0.85), ("right", 0.75), ("missed", 0.15))


def texts(report):
    return {plot.name: plot.text for plot in plots(report)}


def test_the_text_beside_a_plot_has_its_figures():
    told = texts(report_of(FOUR))
    # 3 of 4 are answered, 1 of them wrongly; the surest is right, of the surest two one is wrong
    assert told["risk"].endswith(
        "of the surest 25%, 0%; of the surest 50%, 50%; of the surest 75%, 33%; of the surest 100%, 50%. "
        "At the working threshold 75% are answered, and 33% of those wrongly."
    )
    assert told["reliability"].endswith("0.15: 0% of 1; 0.75: 100% of 1; 0.85: 0% of 1; 0.95: 100% of 1.")
    assert told["recall"].endswith("among the first 1, 100.0%; among the first 10, 100.0%.")
    assert told["latency"] == "How long an answer took: 50% took no longer than 25 ms; 95% took no longer than 38 ms; 99% took no longer than 40 ms."


def test_the_working_threshold_is_where_its_figures_say():
    (risk,) = [ET.fromstring(plot.svg) for plot in plots(report_of(FOUR)) if plot.name == "risk"]
    ticks = [text for text in risk.iter("text") if text.text.endswith("%")]
    across = {text.text: float(text.get("x")) for text in ticks if text.get("text-anchor") == "middle"}
    up = {text.text: float(text.get("y")) for text in ticks if text.get("text-anchor") == "end"}
    (point,) = [use for use in risk.iter("use") if use.get("fill") == "var(--second)"]
    assert float(point.get("x")) == pytest.approx(across["75%"], abs=0.1)
    # a label's letters stand a little below its tick
    assert (up["0%"] - float(point.get("y"))) / (up["0%"] - up["100%"]) == pytest.approx(1 / 3, abs=0.03)


@pytest.mark.parametrize("told", [(("right", 1.0),), (("silent", 0.0),), (("untold", 0.5),), (("missed", 0.0), ("missed", 0.0))])
def test_few_questions_give_plots_or_none(told):
    names = {plot.name for plot in plots(report_of(rows_of(*told)))}
    assert names == {"recall", "latency", *(["risk", "reliability"] if told[0][0] != "untold" else [])} - (
        {"recall"} if told[0][0] == "silent" else set()
    )


def test_a_report_without_questions_has_no_plots():
    assert plots(Evaluation({}, {}, [])) == []


def test_nothing_in_a_plot_needs_a_style_a_script_or_an_address():
    for plot in plots(report_of(FOUR)):
        root = ET.fromstring(plot.svg)
        assert {element.tag for element in root.iter()} <= {"svg", "g", "defs", "path", "use", "text", "tspan", "clipPath", "rect"}
        assert not [key for element in root.iter() for key in element.attrib if key == "style" or key.startswith("on")]
        assert all(element.get("href", "#").startswith("#") for element in root.iter())
        # every colour is the page's, so that it turns with light and dark
        assert not re.findall(r"#[0-9a-f]{6}\b(?![0-9a-f])", re.sub(r'(id|href)="[^"]*"|url\([^)]*\)', "", plot.svg))


def test_no_two_elements_of_a_page_have_one_id_and_the_machine_has_no_say():
    report = report_of(rows_of(*((fate, n / 6) for n, fate in enumerate(FATES))))
    made = plots(report)
    ids = [found for plot in made for found in re.findall(r'\bid="([^"]*)"', plot.svg)]
    assert len(ids) == len(set(ids))
    with mpl.rc_context({"font.size": 30, "lines.linewidth": 9, "svg.hashsalt": "other"}):
        assert plots(report) == made
        assert mpl.rcParams["font.size"] == 30
