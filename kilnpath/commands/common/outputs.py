"""What a command is to write is looked at before its work, which may take minutes.

Each raises ``ResultError`` where it could not be written then.
"""

from pathlib import Path

from kilnpath.files.outputs import check_kind, check_place


def check_out(out: Path | None) -> None:
    """The folder of a result, which may replace an earlier one."""
    from kilnpath.result.write import check_folder  # loads pandas

    if out is not None:
        check_folder(out)
        check_place(out)


def check_new_out(folder: Path) -> None:
    """A folder where there is none yet, or an empty one."""
    from kilnpath.files.write import check_new  # loads pandas

    check_new(folder)
    check_place(folder)


def check_sweep_out(folder: Path) -> None:
    """The folder of a sweep, which may go on from an earlier one. Also raises ``StoreError``."""
    from kilnpath.sweep.store import check_folder  # loads pandas

    check_folder(folder)


def check_file_out(path: Path) -> None:
    """A file, which may replace an earlier one."""
    check_kind(path, folder=False)
    check_place(path)
