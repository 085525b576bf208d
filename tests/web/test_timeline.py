from datetime import date

from rag.web.timeline import Dated, timeline


def value(text, day):
    return Dated(text, 0, day)


def test_two_dated_values_are_left_to_the_table():
    assert timeline([value("54", date(2022, 10, 19)), value("100", date(2022, 12, 5)), value("7", None)]) is None


def test_values_stand_in_order_of_time_in_proportion_to_the_days_between_them():
    line = timeline([value("c", date(2020, 1, 11)), value("a", date(2020, 1, 1)), value("b", date(2020, 1, 6)), value("undated", None)])
    assert [point.label for point in line.points] == ["a", "b", "c"]
    first, middle, last = (point.x for point in line.points)
    assert middle - first == last - middle > 0
    assert all(0 < point.x < line.width and 0 < point.y < line.height for point in line.points)
    assert len({point.y for point in line.points}) == 3


def test_values_of_one_day_are_one_above_the_other():
    line = timeline([value(text, date(2020, 1, 1)) for text in "abc"])
    assert len({point.x for point in line.points}) == 1
    assert len({point.y for point in line.points}) == 3


def test_of_many_only_the_first_and_the_last_are_labelled_and_the_line_stays_low():
    line = timeline([value(str(n), date(2020, 1, 1 + n)) for n in range(30)])
    assert [point.label for point in line.points if point.y] == ["0", "29"]
    assert len({point.x for point in line.points}) == 30
    assert line.height < 100
