"""The specifications of charts as the page carries them: once, and the words of other languages."""

import json
from collections.abc import Iterator, Mapping

from markupsafe import Markup

from kilnpath.charts import Chart
from kilnpath.charts.drawing.chart import Spec


def specification(chart: Chart, first: Chart | None = None) -> Markup:
    """A specification as JSON that no text in it can break out of.

    first: the same chart in the language that the page carries whole. Where they differ in texts
    alone, only these are said: ``of``, the id of the first on the page, and ``words``, text there
    -> text here.
    """
    content: object = chart.spec
    if first is not None and (words := texts_between(first.spec, chart.spec)) is not None:
        content = {"of": f"chart-{first.id}", "words": words}
    said = json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for sign in "<>&\u2028\u2029":
        said = said.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(said)


def texts_between(one: Spec, other: Spec) -> Mapping[str, str] | None:
    """The texts of a specification in the words of another; none where more than words differs.

    None too where a text has two meanings: a region called ``year``, as a field is.

    >>> texts_between({"title": "Year", "width": 9}, {"title": "年", "width": 9})
    {'Year': '年'}
    >>> texts_between({"title": "year", "field": "year"}, {"title": "年", "field": "year"})
    """
    found: dict[str, str] = {}
    for here, there in _leaves(one, other):
        if not isinstance(here, str) or not isinstance(there, str):
            if here != there or type(here) is not type(there):
                return None
        elif found.setdefault(here, there) != there:
            return None
    return {here: there for here, there in found.items() if here != there}


def _leaves(one: object, other: object) -> Iterator[tuple[object, object]]:
    """What stands at the same place; where the places are others, the parts that have them."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        for name, part in one.items():
            yield from _leaves(part, other[name])
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for part, beside in zip(one, other, strict=True):
            yield from _leaves(part, beside)
    else:
        yield one, other
