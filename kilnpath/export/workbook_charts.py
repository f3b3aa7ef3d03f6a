"""Native charts of a result, and the sheet of numbers that they are drawn from.

The numbers are those of the result's tables, with a column for each line of a chart.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from kilnpath.charts.drawing.bars import limit_item
from kilnpath.charts.drawing.palette import GRID, INK, LEVERS, MUTED_TEXT, REGIONS, SCENARIOS
from kilnpath.export.workbook_sheets import RESULT, number_format
from kilnpath.files.xlsx_write import ROW, Book, print_in_parts, put_number
from kilnpath.language.languages import mark
from kilnpath.result.labels import Labels
from kilnpath.result.read import Result

SHEET = mark("chart data")
_WORTH = 10  # bounds in the chart of what bounds are worth
_SIZE = {"width": 640, "height": 385}
_LABELS, _LINES = 46, 18  # widths of columns
_MILLIONS, _THOUSANDS = "#,##0.0,,", "#,##0,"
_LAYERS = ("net", *(lever for lever in LEVERS if lever != "net"), "baseline", "plan")  # bottom up
_FONT = {"size": 9, "color": MUTED_TEXT}
_TITLES = {
    "ccus": mark("CCUS by year"),
    "wedges": mark("From the frozen baseline to net emissions"),
    "intensities": mark("Intensity (lines) and its targets (◇)"),
    "worth": mark("What a 1 % wider bound saves, to first order"),
}
_LIMIT = mark("target: {what}")
_SCOPE = mark("scope {scope}, {place}")


@dataclass(frozen=True)
class Block:
    """Numbers of a chart on the sheet: rows by label, a column for each line of the chart.

    top: the row of its header; keys: what each column is, for its colour.
    """

    sheet: str
    top: int
    rows: int
    keys: Sequence[str]

    def labels(self) -> list[Any]:
        """The cells of the labels."""
        return [self.sheet, self.top + 1, 0, self.top + self.rows, 0]

    def values(self, position: int) -> list[Any]:
        """The cells of a line of the chart."""
        return [self.sheet, self.top + 1, position + 1, self.top + self.rows, position + 1]

    def name(self, position: int) -> list[Any]:
        """The cell of a line's name."""
        return [self.sheet, self.top, position + 1]


class Charts:
    """The sheet of the charts' numbers, filled from the top, and the charts made from it."""

    def __init__(self, book: Book, result: Result, labels: Labels) -> None:
        self.book, self.result, self.labels = book, result, labels
        self.name = labels.text(SHEET)
        self.sheet = book.sheet(self.name, RESULT)
        self.sheet.set_column(0, 0, _LABELS)
        self.sheet.set_column(1, 12, _LINES)
        self.row = 0
        self._parts: list[tuple[int, float]] = []
        self._columns = 0

    def all(self) -> list[Any]:
        """Every chart for which the result has numbers."""
        made = (self._ccus(), self._wedges(), self._intensities(), self._worth())
        print_in_parts(self.sheet, [_LABELS, *[_LINES] * self._columns], self._parts)
        return [chart for chart in made if chart is not None]

    def _block(self, title: str, unit: str, table: pd.DataFrame, names: Mapping[str, str]) -> Block:
        """Writes a table whose index holds the labels; names: of its columns."""
        bold = self.book.format(bold=True, font_size=12)
        self.sheet.write_string(self.row, 0, f"{self.labels.text(_TITLES[title])} [{unit}]", bold)
        top = self.row + 1
        self.sheet.write_string(top, 0, "", self.book.header)
        for position, key in enumerate(table.columns, start=1):
            self.sheet.write_string(top, position, names[key], self.book.wrapped_header)
        for row, (label, values) in enumerate(table.iterrows(), start=top + 1):
            if isinstance(label, int):
                put_number(
                    self.sheet, row, 0, label, self.book.format(num_format="0", align="left")
                )
            else:
                self.sheet.write_string(row, 0, str(label), self.book.format())
            for position, value in enumerate(values, start=1):
                if not pd.isna(value):
                    style = self.book.format(num_format=number_format(value))
                    put_number(self.sheet, row, position, value, style)
        self._parts.append((self.row, (len(table) + 4) * ROW))
        self._columns = max(self._columns, len(table.columns))
        self.row = top + len(table) + 2
        return Block(self.name, top, len(table), list(table.columns))

    def _chart(self, title: str, kind: str, unit: str, style: str, **more: Any) -> Any:
        chart = self.book.book.add_chart({"type": kind, **more})
        chart.set_title(
            {"name": self.labels.text(_TITLES[title]), "name_font": {"size": 12}, "overlay": False}
        )
        line = {"line": {"color": GRID}}
        chart.set_y_axis(
            {
                "name": unit,
                "name_font": _FONT,
                "num_font": _FONT,
                "num_format": style,
                "major_gridlines": {"visible": True, **line},
                "line": {"none": True},
            }
        )
        chart.set_legend({"position": "bottom", "font": _FONT})
        chart.set_size(_SIZE)
        chart.show_blanks_as("gap")
        return chart

    def _ccus(self) -> Any:
        table = self.result.tables["ccus"]
        wide = _wide(table[table["place"] == "group"], "year", "scenario")
        names = {key: self.labels.of("scenario", key) for key in wide.columns}
        block = self._block("ccus", _unit(table), wide, names)
        chart = self._chart("ccus", "column", "Mt CO2", _MILLIONS)
        for n, key in enumerate(block.keys):
            fill = {"fill": {"color": SCENARIOS[key]}, "gap": 60, "overlap": -5}
            chart.add_series(_series(block, n, fill))
        _years(chart, block)
        return chart

    def _wedges(self) -> Any:
        table = self.result.tables["wedges"]
        found = _wide(table[table["place"] == "group"], "year", "layer")
        if found.empty:
            return None
        wide = found[[layer for layer in _LAYERS if layer in found.columns]]
        names = {key: self.labels.of("layer", key) for key in wide.columns}
        names |= {"plan": self.labels.of("scenario", "plan")}
        block = self._block("wedges", _unit(table), wide, names)
        chart = self._chart("wedges", "area", "Mt CO2e", _MILLIONS, subtype="stacked")
        line = self.book.book.add_chart({"type": "line"})
        lines = {
            "baseline": {"color": INK, "dash_type": "dash"},
            "plan": {"color": SCENARIOS["plan"]},
        }
        for n, key in enumerate(block.keys):
            if key in lines:
                line.add_series(_series(block, n, {"line": {**lines[key], "width": 1.5}}))
            elif wide[key].any():
                chart.add_series(_series(block, n, {"fill": {"color": LEVERS[key]}}))
        chart.combine(line)
        _years(chart, block)
        return chart

    def _intensities(self) -> Any:
        values, limits = self.result.tables["intensities"], self.result.tables["targets"]
        values = values[values["scenario"].isin(["reported", "pathway"])]
        limits = limits[limits["metric"] == "intensity"]
        pairs = list(dict.fromkeys(zip(limits["place"], limits["scope"], strict=True)))
        columns: dict[str, pd.Series[float]] = {}
        names: dict[str, str] = {}
        for place, scope in pairs or [("group", "1+2")]:
            what = self.labels.text(_SCOPE).format(scope=scope, place=self.labels.place(place))
            for key, table, column in (("value", values, "value"), ("limit", limits, "limit")):
                rows = table[(table["place"] == place) & (table["scope"] == scope)]
                name = f"{key} {place} {scope}"
                columns[name] = rows.groupby("year")[column].min()
                limit = self.labels.text(_LIMIT).format(what=what)
                names[name] = what if key == "value" else limit
        wide = pd.DataFrame(columns).sort_index()
        wide = wide[[column for column in wide.columns if wide[column].notna().any()]]
        unit = _unit(values if limits.empty else limits)
        block = self._block("intensities", unit, wide, names)
        chart = self._chart("intensities", "line", unit, "0.0")
        for n, key in enumerate(block.keys):
            color = REGIONS[[*names].index(key) // 2 % len(REGIONS)]
            chart.add_series(_series(block, n, _line_or_marks(key, color)))
        marks = [n for n, key in enumerate(block.keys) if key.startswith("limit")]
        chart.set_legend({"position": "bottom", "font": _FONT, "delete_series": marks})
        _years(chart, block)
        return chart

    def _worth(self) -> Any:
        table = self.result.tables["worth"].head(_WORTH)
        if table.empty:
            return None
        labels = [
            limit_item(
                self.labels,
                row["id"],
                self.labels.bound(row["lever"], row["which"], row["sense"]),
                row["place"],
            )
            for _, row in table.iterrows()
        ]
        wide = pd.DataFrame({"pathway": table["value"].to_numpy()}, index=labels)
        block = self._block("worth", _unit(table), wide, {"pathway": _unit(table)})
        chart = self._chart("worth", "bar", "kt CO2", _THOUSANDS)
        chart.add_series(_series(block, 0, {"fill": {"color": SCENARIOS["pathway"]}, "gap": 40}))
        chart.set_legend({"none": True})
        chart.set_y_axis({"reverse": True, "num_font": _FONT, "line": {"none": True}})
        chart.set_x_axis(
            {
                "name": "kt CO2",
                "name_font": _FONT,
                "num_font": _FONT,
                "num_format": _THOUSANDS,
                "major_gridlines": {"visible": True, "line": {"color": GRID}},
                "label_position": "high",
            }
        )
        return chart


def _wide(table: pd.DataFrame, rows: str, columns: str) -> pd.DataFrame:
    """A tidy table with a column for each line of a chart, in the order in which they come."""
    order = list(dict.fromkeys(table[columns]))
    return table.pivot(index=rows, columns=columns, values="value")[order]


def _series(block: Block, position: int, style: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": block.name(position),
        "categories": block.labels(),
        "values": block.values(position),
        **style,
    }


def _line_or_marks(key: str, color: str) -> dict[str, Any]:
    if key.startswith("value"):
        return {"line": {"color": color, "width": 2.25}}
    fill = {"fill": {"color": color}, "border": {"color": "white"}}
    return {"line": {"none": True}, "marker": {"type": "diamond", "size": 8, **fill}}


def _years(chart: Any, block: Block) -> None:
    every = max(1, block.rows // 9)
    chart.set_x_axis({"num_font": _FONT, "interval_unit": every, "interval_tick": every})


def _unit(table: pd.DataFrame) -> str:
    return str(table["unit"].iloc[0])
