"""The page itself: one HTML file that opens offline and asks no other host for anything."""

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from kilnpath.charts import Chart, charts
from kilnpath.language.languages import Language
from kilnpath.report.answer import answer
from kilnpath.report.comparison import comparison
from kilnpath.report.proof import proof
from kilnpath.report.sections import sections, sources_section
from kilnpath.report.views import chart_view
from kilnpath.result.labels import Labels
from kilnpath.result.read import Result

_VENDORED = Path(__file__).parent.parent / "vendored"
_SCRIPTS = ("vega.min.js", "vega-lite.min.js", "vega-embed.min.js")
_MOST_ROWS = 400  # of a chart's table on the page; larger ones are beside the figures


def report(result: Result, language: Language, others: Sequence[Result] = ()) -> str:
    """The page of a result, and of others beside it, in a language."""
    labels = Labels(result.tables["names"], language)
    parts = [
        answer(result, labels),
        *([comparison([result, *others], labels)] if others else []),
        *sections(result, labels, charts(result, language)),
        sources_section(result, labels),
        proof(result, labels),
    ]
    page = _templates().get_template("page.html")
    return page.render(
        result=result,
        labels=labels,
        language=language,
        sections=parts,
        text=labels.text,
        scripts=[Markup(_script(name)) for name in _SCRIPTS],
        spec=_spec,
        numbers=chart_view,
        most_rows=_MOST_ROWS,
    )


@cache
def _templates() -> Environment:
    loader = PackageLoader("kilnpath.report", ".")
    return Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _script(name: str) -> str:
    return (_VENDORED / name).read_text(encoding="utf-8").replace("</script", "<\\/script")


def _spec(chart: Chart) -> Markup:
    """A specification as JSON that no text in it can break out of."""
    content = json.dumps(chart.spec, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for sign in "<>&\u2028\u2029":
        content = content.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(content)
