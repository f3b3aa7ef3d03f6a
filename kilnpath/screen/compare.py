"""What ``kilnpath compare`` says on the screen: rows of the tables, the largest change first."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby

import pandas as pd
from rich.console import Console
from rich.markup import escape

from kilnpath.language.chosen import text
from kilnpath.language.wording import spans
from kilnpath.screen.amounts import kilotonnes, unsigned_zero
from kilnpath.screen.compare_words import (
    LEVER_NAMES,
    TABLES,
    Cells,
    bound_label,
    input_label,
    lever_label,
    lever_place_label,
    line_in_words,
    objectives_words,
    origin_words,
    place_label,
    summary_label,
    target_label,
)
from kilnpath.screen.layout import SHORT, first_of, grid, joined, number, show
from kilnpath.studies.compare import CaseOrResult, Comparison, difference_columns, planned_from
from model.case.places import PRODUCT

_MOST = 12  # rows of a table; --out writes all
_PARTS = 3  # lines of one row, where its change differs between years; beyond it one line
_TONNES = ("t CO2", "t CO2e")
_SELF = ("subject", "path", "kind")  # what a subject is, and not how it was made

Label = Callable[[Cells, str], str]


def show_comparison(console: Console, comparison: Comparison) -> None:
    """What is compared, whether it fits together, and what differs."""
    for case_or_result in comparison.subjects:
        console.print(
            f"[bold]{case_or_result.letter}[/]  {escape(_named(case_or_result))}", highlight=False
        )
    cases, results = comparison.of_kind(cases=True), comparison.of_kind(cases=False)
    for result in results:
        for case in cases:
            console.print(_fit(result, case), highlight=False)
    if len(cases) > 1:
        _show_inputs(console, comparison.tables, [case.letter for case in cases])
    if len(results) > 1:
        _Results(console, comparison, [result.letter for result in results]).show()


def _named(case_or_result: CaseOrResult) -> str:
    if case_or_result.result is None:
        return text("{path}: case").format(path=case_or_result.path)
    manifest = case_or_result.result.manifest
    parts = [
        text("{path}: result of {case}").format(path=case_or_result.path, case=manifest["case"])
    ]
    if manifest.get("scenario"):
        parts.append(text("scenario {name}").format(name=manifest["scenario"]))
    return text(", ").join([*parts, *manifest.get("changes", [])])


def _fit(result: CaseOrResult, case: CaseOrResult) -> str:
    match planned_from(result, case):
        case None:
            words = text("{result} was planned from another case than {case}.")
        case True:
            words = text("{result} was planned from {case} as it is now.")
        case _:
            words = text("{result} was not planned from {case} as it is now: plan again.")
    return words.format(result=result.letter, case=case.letter)


def _show_inputs(
    console: Console, tables: Mapping[str, pd.DataFrame], letters: Sequence[str]
) -> None:
    inputs = tables["inputs"]
    changed = inputs[inputs["change"] == "changed"]
    if inputs.empty:
        console.print(f"\n{text('Inputs: no difference.')}")
    if not changed.empty:
        keys = ["table", "row", "column", "unit"]
        _show_spans(console, text("Inputs that differ"), changed, keys, letters, input_label)
    others = inputs[inputs["change"] != "changed"].groupby(["table", "row"], sort=False)
    if len(others):
        heading = text("Rows and settings that not all have")
        console.print(f"\n[bold]{heading}[/]", highlight=False)
        for (table, row), cells in list(others)[:_MOST]:
            said = text("{table} {row}, only in {letters}: {content}").format(
                table=table,
                row=row,
                letters=_only(cells, letters),
                content=_content(cells, letters),
            )
            console.print(f" · {escape(said)}", highlight=False)
        _say_more(console, len(others) - _MOST)
    provenance = tables["provenance"]
    for letter in letters[1:]:
        rows = provenance[provenance[f"cells_{letter}"] > 0].to_dict("records")
        parts = [f"{r['table']} {r['column']} {r[f'cells_{letter}']}" for r in rows]
        if parts:
            words = text("Cells of {letter} that change no number: {cells}.")
            console.print(words.format(letter=letter, cells=text(", ").join(parts)))


def _only(cells: pd.DataFrame, letters: Sequence[str]) -> str:
    """The letters of those that have a row."""
    there = [x for x in letters if cells[x].notna().any() or (cells[f"{x}_text"] != "").any()]
    return text(", ").join(there)


def _content(cells: pd.DataFrame, letters: Sequence[str]) -> str:
    """The texts of a row that not all have, then its numbers by year."""
    said = []
    for row in cells.to_dict("records"):
        texts = [row[f"{letter}_text"] for letter in letters if row[f"{letter}_text"]]
        if texts:
            said.append(f"{row['column']} {texts[0]}".strip())
    for entry in _grouped(cells[cells["unit"] != ""], ["column", "unit"], letters):
        there = next(x for x in letters if not pd.isna(entry[0][x]))
        years = _years(entry) and text("in {years}").format(years=_years(entry))
        parts = (entry[0]["column"], _range(entry, there, _cell), entry[0]["unit"], years)
        said.append(" ".join(part for part in parts if part))
    return text(", ").join(said)


class _Results:
    """Prints what differs between results, with the years and columns they share."""

    def __init__(self, console: Console, comparison: Comparison, letters: Sequence[str]) -> None:
        self.console = console
        self.tables = comparison.tables
        self.letters = letters
        self.results = comparison.of_kind(cases=False)
        self.years = comparison.years
        self.regions = comparison.regions

    def show(self) -> None:
        """How they were made, then CCUS, levers, targets, bounds and criteria."""
        self._show_origin()
        names = ("summary", "ccus", "levers", "targets", "bounds", "criteria")
        same = [name for name in names if self.tables[name].empty]
        if len(same) == len(names):
            self.console.print(f"\n{text('Results: no difference.')}")
            return
        summary = self.tables["summary"]
        tonnes = summary[summary["unit"].isin(_TONNES)]
        tonnes = tonnes[tonnes["quantity"] != "ccus_less_than_plan"]  # both totals stand there
        as_it_is = tonnes.assign(relative=0.0)
        self._show(text("CCUS and emissions"), as_it_is, summary_label)
        ccus = self._by_region("ccus", ["place"])
        title = text("CCUS by region, in the year that differs the most")
        self._show(title, ccus, place_label)
        self._show_levers()
        keys = ["target", "place", "scope", "quantity", "unit"]
        self._show_spans(text("Targets"), self.tables["targets"], keys, target_label)
        self._show_bounds()
        self._show_criteria()
        if same:
            names_of_same = text(", ").join(text(TABLES[name]) for name in same)
            words = text("No difference in: {tables}.").format(tables=names_of_same)
            self.console.print(f"\n{words}")

    def _show_origin(self) -> None:
        subjects = self.tables["subjects"].set_index("subject").loc[list(self.letters)]
        differing = [c for c in subjects.columns if c not in _SELF and subjects[c].nunique() > 1]
        if "case_sha256" not in differing:
            words = text("All were planned from the same state of case {case}.")
            said = words.format(case=subjects["case"].iloc[0])
            self.console.print(said, highlight=False, markup=False)
        if differing:
            table = grid(text("How they were made"), "", *self.letters)
            for key in differing:
                digits = 12 if key == "case_sha256" else None
                values = [str(value)[:digits] for value in subjects[key]]
                if key == "objectives":
                    values = [objectives_words(one) for one in self.results]
                table.add_row(origin_words(key), *(escape(value) or "–" for value in values))
            show(self.console, table)

    def _show_levers(self) -> None:
        levers = _pathway(self.tables["levers"])
        group = levers["place"] == "group"
        of_product = levers["place"].str.startswith(f"group{PRODUCT}")
        group |= of_product & (levers["lever"] == "clinker_ratio")
        levers = levers[group & levers["year"].isin(self.years)]
        self._show(text("Levers of the group"), _with_name(levers), lever_label)
        levers = _with_name(self._by_region("levers", ["place", "lever", "which"]))
        title = text("Levers by region, in the year that differs the most")
        self._show(title, levers, lever_place_label, SHORT)

    def _by_region(self, name: str, keys: list[str]) -> pd.DataFrame:
        """Rows of regions, of each key the year that differs the most; none of a single region."""
        rows = _pathway(self.tables[name])
        rows = rows[rows["place"].isin(self.regions if len(self.regions) > 1 else ())]
        return rows.sort_values("relative", ascending=False, kind="stable").drop_duplicates(keys)

    def _show_bounds(self) -> None:
        bounds = self.tables["bounds"]
        keys = ["id", "unit"]
        limits = bounds[bounds["quantity"] == "limit"]
        self._show_spans(text("Limits of bounds"), limits, keys, bound_label)
        binds = bounds[bounds["quantity"] == "binds"]
        columns = difference_columns(self.letters)
        for letter, column in zip(self.letters[1:], columns, strict=True):
            for words, rows in (
                (text("In {letter} bind: {bounds}"), binds[binds[column] > 0]),
                (text("In {letter} bind no more: {bounds}"), binds[binds[column] < 0]),
            ):
                names = [
                    f"{line_in_words(str(key), self.results)} ({spans(own['year'])})"
                    for key, own in rows.groupby("id", sort=False)
                ]
                if names:
                    said = words.format(letter=letter, bounds=first_of(names))
                    self.console.print(f"\n{said}", highlight=False)
        worth = bounds[bounds["quantity"] == "worth"]
        title = text("Worth of bounds, a 1 % wider limit")
        self._show(title, worth, lambda r, _: str(r["id"]), SHORT)

    def _show_criteria(self) -> None:
        rows = self.tables["criteria"]
        if not rows.empty:
            table = grid(text("Criteria of targets"), "", *self.letters)
            for row in rows.head(_MOST).to_dict("records"):
                cells = [text(row[letter]) or "–" for letter in self.letters]
                table.add_row(joined(row["target"], text(row["criterion"])), *cells)
            show(self.console, table)
            _say_more(self.console, len(rows) - _MOST)

    def _show(self, title: str, rows: pd.DataFrame, label: Label, most: int = _MOST) -> None:
        keys = [key for key in rows.columns if key not in (*self.letters, "relative")]
        _show_spans(self.console, title, rows, keys, self.letters, label, most)

    def _show_spans(self, title: str, rows: pd.DataFrame, keys: list[str], label: Label) -> None:
        _show_spans(self.console, title, rows, keys, self.letters, label)


def _with_name(levers: pd.DataFrame) -> pd.DataFrame:
    """The main levers; the table has their parts too."""
    return levers[
        [key in LEVER_NAMES for key in zip(levers["lever"], levers["which"], strict=True)]
    ]


def _pathway(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["scenario"] == "pathway"]


def _show_spans(
    console: Console,
    title: str,
    rows: pd.DataFrame,
    keys: list[str],
    letters: Sequence[str],
    label: Label,
    most: int = _MOST,
) -> None:
    """Rows as a table, the largest change first; years with the same change on one line."""
    if rows.empty:
        return
    names = difference_columns(letters)
    heads = [f"{letter} – {letters[0]}" for letter in letters[1:]]
    table = grid(title, "", *letters, *heads, text("unit"))
    entries = list(_grouped(rows, keys, letters))
    for entry in sorted(entries, key=_rank)[:most]:
        first, unit = entry[0], entry[0]["unit"]
        cells = [str(first.get(f"{x}_text", "")) or _range(entry, x, _cell) for x in letters]
        changes = [_range(entry, name, _signed) for name in names]
        shown = "%" if unit == "1" else unit.replace("t CO2", "kt CO2") if unit in _TONNES else unit
        table.add_row(escape(label(first, _years(entry))), *map(escape, cells), *changes, shown)
    show(console, table)
    _say_more(console, len(entries) - most)


def _rank(entry: Sequence[Cells]) -> float:
    """Texts first, then numbers by the size of their change."""
    found = [float(row["relative"]) for row in entry]
    return -float("inf") if pd.isna(found[0]) else -max(found)


def _say_more(console: Console, more: int) -> None:
    if more > 0:
        words = text("… and {count} more (--out writes all).")
        console.print(words.format(count=more), highlight=False)


def _grouped(rows: pd.DataFrame, keys: list[str], letters: Sequence[str]) -> Iterator[list[Cells]]:
    """Neighbours with the same keys and the same change; all with the same keys, where many."""
    changes = [*difference_columns(letters), *(f"{letter}_text" for letter in letters)]

    def change(row: Cells) -> list[str]:
        cells = (row.get(column, "") for column in changes)
        return [number(cell) if isinstance(cell, float) else str(cell) for cell in cells]

    for _, same in groupby(rows.to_dict("records"), lambda row: [row[key] for key in keys]):
        together = list(same)
        parts = [list(part) for _, part in groupby(together, change)]
        yield from [together] if len(parts) > _PARTS else parts


def _years(group: Sequence[Cells]) -> str:
    years = [row["year"] for row in group if not pd.isna(row["year"])]
    if any(isinstance(year, str) for year in years):  # as a summary has them, spans already
        return ", ".join(dict.fromkeys(years))
    return spans(years)


def _range(entry: Sequence[Cells], column: str, form: Callable[[float, str], str]) -> str:
    """A number, or the smallest and the largest of several years."""
    values = sorted(row[column] for row in entry if not pd.isna(row[column]))
    if not values:
        return form(float("nan"), "")
    one, other = form(values[0], entry[0]["unit"]), form(values[-1], entry[0]["unit"])
    return one if one == other else text("{low} to {high}").format(low=one, high=other)


def _cell(value: float, unit: str) -> str:
    if pd.isna(value):
        return "–"
    if unit in _TONNES:
        return kilotonnes(value)
    return number(value * 100 if unit == "1" else value)


def _signed(value: float, unit: str) -> str:
    if pd.isna(value):
        return ""
    change = f"{'+' if value > 0 else ''}{unsigned_zero(_cell(value, unit))}"
    return text("{change} pp").format(change=change) if unit in ("1", "%") else change
