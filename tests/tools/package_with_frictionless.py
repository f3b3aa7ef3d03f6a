"""Validates the data package of a result with frictionless. Not part of pytest.

pip install -e ".[exchange-check]", then python -m tests.tools.package_with_frictionless RESULT
"""

import sys
from pathlib import Path

from frictionless import Package  # type: ignore[import-not-found]


def main(folder: Path) -> None:
    report = Package(folder / "datapackage.json").validate()
    for task in report.tasks:
        print(
            f"{task.name}: {task.stats.get('rows', 0)} rows, {'valid' if task.valid else 'faulty'}"
        )
    if not report.valid:
        raise SystemExit(str(report.flatten(["taskName", "rowNumber", "fieldName", "message"])[:9]))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
