"""The sheet that sets the pathway's share of CCUS beside those of public roadmaps."""

import math

from kilnpath.export.workbook_sheets import RESULT
from kilnpath.files.xlsx_write import Book, put_number
from kilnpath.language.languages import mark
from kilnpath.report.shares import shares_columns, source_words
from kilnpath.result.labels import Labels
from kilnpath.result.read import Result
from kilnpath.studies.ccus_shares import ccus_shares

SHARES = mark("share of CCUS")
_WIDTHS = (34, 8, 30, 18, 90, 48)


def add_shares(book: Book, result: Result, labels: Labels) -> None:
    """Adds the sheet, as the page has it; none where there is no frozen baseline."""
    table = ccus_shares(result)
    if table.empty:
        return
    sheet = book.sheet(labels.text(SHARES), RESULT)
    for column, (words, width) in enumerate(zip(shares_columns(labels), _WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, words, book.header)
    plain, wrapped = book.format(align="left"), book.format(text_wrap=True, align="left")
    percent = book.format(num_format="0.0%")
    for at, row in enumerate(table.to_dict("records"), start=1):
        sheet.write_string(at, 0, labels.text(row["name"]), plain)
        put_number(sheet, at, 1, row["year"], book.format(num_format="0"))
        for column, share in enumerate((row["of_plant"], row["of_all"]), start=2):
            if not math.isnan(share):
                put_number(sheet, at, column, share, percent)
        sheet.write_string(at, 4, labels.text(row["remark"]), wrapped)
        sheet.write_string(at, 5, source_words(row["source"], row["checked"], labels), wrapped)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
