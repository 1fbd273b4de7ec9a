import xml.etree.ElementTree as ElementTree

import pytest

from rag.evaluation import plots
from rag.evaluation.statistics import Interval

EVIL = "<script>&\"' ]]> tag: größer"


@pytest.mark.parametrize(
    ("svg", "marks"),
    [
        (plots.intervals({EVIL: Interval(0.5, 0.25, 1), "b": Interval(0, 0, 0)}), 2),
        (plots.intervals({}), 0),
        (plots.curve([(0, 0), (0.5, 1), (1, 0.2)], EVIL, EVIL, diagonal=True), 3),
        (plots.curve([], "a", "b", diagonal=False), 0),
        (plots.histogram([1.0, 2.5, 10.0], EVIL), 24),
        (plots.histogram([], "ms"), 24),
        (plots.histogram([0.0, 0.0], "ms"), 24),
    ],
)
def test_plots_are_valid_xml_within_their_frame(svg, marks):
    root = ElementTree.fromstring(svg)
    _, _, width, height = map(float, root.get("viewBox").split())
    found = [element for element in root if element.tag in ("circle", "rect")]
    assert len(found) == marks
    for element in found:
        assert 0 <= float(element.get("cx") or element.get("x")) <= width
        assert 0 <= float(element.get("cy") or element.get("y")) <= height
    assert not any(element.tag == "script" for element in root.iter())


def test_names_stay_text():
    root = ElementTree.fromstring(plots.intervals({EVIL: Interval(0.5, 0.5, 0.5)}))
    assert EVIL in [text.text for text in root.iter("text")]


def test_higher_is_further_up_and_right():
    low, high = ElementTree.fromstring(
        plots.curve([(0.1, 0.2), (0.9, 0.8)], "x", "y", diagonal=False)
    ).iter("circle")
    assert float(low.get("cx")) < float(high.get("cx"))
    assert float(low.get("cy")) > float(high.get("cy"))
