"""What a command may look at: the company's own plan in a case, or a pathway that plan wrote."""

from pathlib import Path

import click

from kilnpath.case.read import read_case
from kilnpath.files.result_folder import is_result
from kilnpath.language.chosen import text
from kilnpath.result.read_pathway import read_pathway
from model.case.types import Case
from model.pathway.pathway import Pathway


def read_case_or_pathway(
    path: Path, scenario: str | None, case: Path | None
) -> tuple[Case | Pathway, str]:
    """The case or the pathway of a path, and what it is in words.

    Raises ``UsageError`` for an option of the other kind, and what the readers raise.
    """
    if is_result(path):
        if scenario is not None:
            raise click.UsageError(text("--scenario is for a CASE; a RESULT has its own"))
        return read_pathway(path, case), text("the pathway of {path}").format(path=path)
    if case is not None:
        raise click.UsageError(text("--case is for a RESULT, a folder that plan wrote"))
    return read_case(path, scenario), text("the company's own plan")
