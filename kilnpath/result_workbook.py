"""Writes a result as a workbook: the answer with charts, every table, and the case it is from."""

from pathlib import Path

from kilnpath.case_files import raw_case, read_case
from kilnpath.case_workbook import add_case
from kilnpath.labels import Labels
from kilnpath.languages import Language
from kilnpath.planned_case import planned_sheets
from kilnpath.result_charts import Charts
from kilnpath.result_overview import ABOUT, OVERVIEW, fill_about, fill_overview
from kilnpath.result_reading import find_case
from kilnpath.result_sheets import add_tables
from kilnpath.results import Result, kept
from kilnpath.workbook_file import DARK, new_book
from model.levers.changes import with_changes
from model.reading.settings import percentage


def write_result_workbook(
    result: Result, out: Path, language: Language, case: Path | None = None
) -> None:
    """Writes the workbook of a result; ``kilnpath plan`` of it finds the same pathway.

    case: where the case of the result is; not given, the case of its name here or in ``cases``.
    Raises ``ResultError`` where it is not the very case, or the workbook cannot be written.
    """
    path = find_case(result.folder, result.facts, case)
    scenario = result.facts["scenario"] or None
    raw, read = raw_case(path, scenario), read_case(path, scenario)
    planned = with_changes(read, result.facts["changes"])
    facts = result.facts
    order = {
        "objective": facts["objective"],
        "then": facts["then"],
        "within": percentage(facts["within"]),
    }
    content = planned_sheets(raw, read, planned, order, "--set")
    labels = Labels(result, language)
    with kept(result, out), new_book(out, labels.case()) as book:
        overview, about = (book.sheet(labels.text(name), DARK) for name in (OVERVIEW, ABOUT))
        charts = Charts(book, result, labels).all()
        fill_overview(book, overview, result, charts, labels, language)
        fill_about(book, about, result, ["case", *content.tables], labels, language)
        add_tables(book, result.tables, language)
        add_case(book, content)
