"""The page itself: one HTML file that opens offline and asks no other host for anything."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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
from kilnpath.report.specifications import specification
from kilnpath.report.views import Section, chart_view
from kilnpath.result.labels import Labels
from kilnpath.result.read import Result

_VENDORED = Path(__file__).parent.parent / "vendored"
_SCRIPTS = ("vega.min.js", "vega-lite.min.js", "vega-embed.min.js")
_MOST_ROWS = 400  # of a chart's table on the page; larger ones are beside the figures


@dataclass(frozen=True)
class _Part:
    """The page in one language. first: in the language that the page carries whole, by chart id.

    prefix: of ids, so that those of several languages differ.
    """

    language: Language
    labels: Labels
    sections: Sequence[Section]
    prefix: str = ""
    first: Mapping[str, Chart] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """What the page is called."""
        text = self.labels.text
        return f"{self.labels.case()}: {text('least-CCUS pathway')}"

    def charts(self) -> dict[str, Chart]:
        """Every chart by its id."""
        return {chart.id: chart for section in self.sections for chart in section.charts}

    def spec(self, chart: Chart) -> Markup:
        """What the page says of a chart."""
        return specification(chart, self.first.get(chart.id))


def report(result: Result, language: Language, others: Sequence[Result] = ()) -> str:
    """The page of a result, and of others beside it, in a language."""
    return _page(result, [_Part(language, *_content(result, language, others))])


def report_in_all(result: Result, others: Sequence[Result] = ()) -> str:
    """The page in every language, of which it shows one.

    Without an address that names another it is the first: ``#zh-Hant``, ``#zh-Hant-ccus``.
    """
    own, *rest = Language
    first = _Part(own, *_content(result, own, others))
    parts = [first]
    for language in rest:
        content = _content(result, language, others)
        parts.append(_Part(language, *content, prefix=f"{language}-", first=first.charts()))
    return _page(result, parts)


def _content(
    result: Result, language: Language, others: Sequence[Result]
) -> tuple[Labels, list[Section]]:
    labels = Labels(result.tables["names"], language)
    return labels, [
        answer(result, labels),
        *([comparison([result, *others], labels)] if others else []),
        *sections(result, labels, charts(result, language)),
        sources_section(result, labels),
        proof(result, labels),
    ]


def _page(result: Result, parts: Sequence[_Part]) -> str:
    return (
        _templates()
        .get_template("page.html")
        .render(
            result=result,
            parts=parts,
            languages=" · ".join(part.labels.text("Language") for part in parts),
            scripts=[Markup(_script(name)) for name in _SCRIPTS],
            numbers=chart_view,
            most_rows=_MOST_ROWS,
        )
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
