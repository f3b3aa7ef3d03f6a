"""What a section of the page holds: words, charts and tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from kilnpath.charts import Chart
from kilnpath.report.numbers import Number, number

Cell = str | Markup | Number


@dataclass(frozen=True)
class View:
    """A table on the page; the first column names its rows. folded: shown when asked for."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    folded: bool = False

    def numeric(self, column: int) -> bool:
        """Whether a column holds numbers, whose header then stands above them on the right."""
        return any(isinstance(row[column], Number) for row in self.rows)


@dataclass(frozen=True)
class Card:
    """A number that stands out, with what it is."""

    title: str
    number: Number
    note: str = ""


@dataclass(frozen=True)
class Section:
    """A part of the page: lead, cautions, cards, paragraphs, charts, tables, facts, so ordered."""

    id: str
    title: str
    paragraphs: Sequence[str | Markup] = ()
    lead: Sequence[str | Markup] = ()
    cautions: Sequence[str | Markup] = ()
    cards: Sequence[Card] = ()
    charts: Sequence[Chart] = ()
    views: Sequence[View] = ()
    facts: Mapping[str, str | Markup] = field(default_factory=dict)


def sentence(template: str, **values: object) -> Markup:
    """A sentence of the catalogue with its values; a number brings its unit."""
    shown = {k: v.with_unit if isinstance(v, Number) else v for k, v in values.items()}
    return Markup.escape(template).format(**shown)


def chart_view(chart: Chart) -> View:
    """The table that a chart is drawn from."""
    rows = [[_cell(value) for value in row] for row in chart.table.itertuples(index=False)]
    return View(chart.title, [str(column) for column in chart.table.columns], rows)


def _cell(value: object) -> str | Number:
    """A number or a text; a dash where there is neither, as a pathway beside a target has none."""
    if isinstance(value, float):
        return number(value, "")
    return "–" if value is None else str(value)
