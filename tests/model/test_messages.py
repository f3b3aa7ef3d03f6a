"""Sentences with their values apart, as they are said in another language."""

from model.messages.faults import Fault
from model.messages.location import Location
from model.messages.message import in_lines, listed, message

CHINESE = {
    ", ": "、",
    "{table} row {number}": "{table} 第 {number} 列",
    "{place}: {what}": "{place}：{what}",
    "write one of: {words}": "請寫其中之一：{words}",
    "see {place}": "見 {place}",
    "none": "無",
}


def chinese(text: str) -> str:
    return CHINESE.get(text, text)


def test_several_words_are_set_apart_as_the_language_does() -> None:
    said = message("write one of: {words}", words=("a", message("none"), 3))
    assert str(said) == "write one of: a, none, 3"
    assert said.in_words(chinese) == "請寫其中之一：a、無、3"
    assert str(listed(["a", "b"])) == "a, b"
    assert listed(iter(["a", "b"])).in_words(chinese) == "a、b"
    assert str(listed([])) == ""


def test_a_place_is_said_in_the_language_wherever_it_stands() -> None:
    """A place is a tuple too, but not several words."""
    place = Location("fuels.csv", 3)
    assert message("see {place}", place=place).in_words(chinese) == "見 fuels.csv 第 3 列"
    assert Fault(place, message("none")).in_words(chinese) == "fuels.csv 第 3 列：無"
    assert str(listed([place, place])) == "fuels.csv row 3, fuels.csv row 3"


def test_lines_below_a_sentence() -> None:
    said = in_lines(message("write one of: {words}", words="a"), [message("none")] * 2)
    assert said.in_words(chinese) == "請寫其中之一：a\n · 無\n · 無"
