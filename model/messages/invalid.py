"""What pydantic finds wrong with a value, as kilnpath says it."""

import re

from pydantic_core import ErrorDetails

from model.messages.faults import either
from model.messages.message import Message, as_told, mark, message

_RIGHT = {
    "bool_type": mark("write true or false, without quotes"),
    "dict_type": mark("write a table"),
    "finite_number": mark("a number must be finite"),
    "float_parsing": mark("write a number"),
    "float_type": mark("write a number, without quotes"),
    "greater_than": mark("it must be more than {gt}"),
    "greater_than_equal": mark("it must be {ge} or more"),
    "int_from_float": mark("write a whole number"),
    "int_parsing": mark("write a whole number"),
    "int_type": mark("write a whole number, without quotes"),
    "less_than_equal": mark("it must be {le} or less"),
    "list_type": mark("write a list"),
    "model_type": mark("write a table"),
    "string_too_short": mark("it must not be empty"),
    "string_type": mark("write a text"),
    "too_long": mark("{max_length} entries at most"),
    "too_short": mark("it must not be empty"),
}
_CHOICE = ("enum", "literal_error")


def what_is_right(item: ErrorDetails, **own: Message) -> Message:
    """What would be right in place of a value; own: by pydantic's code, instead of the usual."""
    kind, context = item["type"], item.get("ctx", {})
    if kind in own:
        return own[kind]
    if kind in _CHOICE:
        return message("write {choice}", choice=either(re.findall("'(.*?)'", context["expected"])))
    if kind in _RIGHT:
        return message(_RIGHT[kind], **context)
    return as_told(f"{item['msg'][0].lower()}{item['msg'][1:]}")
