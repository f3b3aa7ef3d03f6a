"""Writes a result as a workbook: the answer with charts, every table, and the case it is from."""

from pathlib import Path

from kilnpath.case.planned import planned_sheets
from kilnpath.case.read import raw_case, read_case
from kilnpath.case.write_workbook import add_case
from kilnpath.export.workbook_charts import Charts
from kilnpath.export.workbook_overview import ABOUT, OVERVIEW, fill_about, fill_overview
from kilnpath.export.workbook_shares import add_shares
from kilnpath.export.workbook_sheets import add_tables
from kilnpath.files.xlsx_write import DARK, new_book
from kilnpath.language.languages import Language
from kilnpath.result.derive import write_made
from kilnpath.result.kept import Kept
from kilnpath.result.labels import Labels
from kilnpath.result.read import Result
from kilnpath.result.read_pathway import find_case
from model.changes.changes import with_changes
from model.reading.settings import percentage


def write_result_workbook(
    result: Result, out: Path, language: Language, case: Path | None = None
) -> Kept:
    """Writes the workbook of a result; ``kilnpath plan`` of it finds the same pathway.

    Gives what was kept of one that stood there. case: where the case of the result is; not given,
    the case of its name here or in ``cases``. Raises ``ResultError`` where it is not the very case,
    or the workbook cannot be written.
    """
    path = find_case(result.folder, result.manifest, case)
    scenario = result.manifest["scenario"] or None
    raw, read = raw_case(path, scenario), read_case(path, scenario)
    planned = with_changes(read, result.manifest["changes"])
    manifest = result.manifest
    order = {
        "objective": manifest["objective"],
        "then": manifest["then"],
        "within": percentage(manifest["within"]),
    }
    content = planned_sheets(raw, read, planned, order, "--set")
    labels = Labels(result.tables["names"], language)
    kept: list[Kept] = []

    def write(path: Path, content: bytes) -> None:
        kept.append(write_made(result, path, content))

    with new_book(out, labels.case(), write) as book:
        overview, about = (book.sheet(labels.text(name), DARK) for name in (OVERVIEW, ABOUT))
        charts = Charts(book, result, labels).all()
        fill_overview(book, overview, result, charts, labels, language)
        fill_about(book, about, result, ["case", *content.tables], labels, language)
        add_tables(book, result.tables, language)
        add_shares(book, result, labels)
        add_case(book, content)
    return kept[0]
