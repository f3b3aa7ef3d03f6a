"""Writes the page."""

from collections.abc import Sequence
from pathlib import Path

from kilnpath.files.write import write_bytes
from kilnpath.language.languages import Language
from kilnpath.report.page import report, report_in_all
from kilnpath.result.read import Result, lock_result

_NAMES = {Language.ENGLISH: "report.html", Language.CHINESE: "report.zh-Hant.html"}
_BOTH = "report.both.html"


def write_report(
    result: Result,
    language: Language | None,
    others: Sequence[Result] = (),
    out: Path | None = None,
) -> Path:
    """Writes the page of a result, whole or not at all, and says where.

    language: ``None`` for all of them in one page. out: not given, its fixed name in the result's
    folder. Raises ``ResultError``.
    """
    if language is None:
        target, content = out or result.folder / _BOTH, report_in_all(result, others)
    else:
        target = out or result.folder / _NAMES[language]
        content = report(result, language, others)
    with lock_result(result, target):
        write_bytes(target, content.encode())
    return target
