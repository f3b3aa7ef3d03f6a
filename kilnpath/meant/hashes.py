"""The hashes of a case: of what its settings and tables say, in plain form."""

import hashlib
import json
import re
from json.encoder import encode_basestring as _json

from kilnpath.files.cells import has_numbers, same_number
from model.case.tables import Table
from model.reading.case import RawCase

# Numbers between bars that are written as ``number_text`` writes them, and empty cells.
_NUMBER = r"(?:[1-9][0-9]{0,8}(?:\.[0-9]{0,4}[1-9])?|0(?:\.(?:[1-9]|[0-9]{1,3}[1-9]))?)"
_CANONICAL = re.compile(rf"(?:{_NUMBER})?(?:\|(?:{_NUMBER})?)*")


def content_hashes(raw: RawCase) -> dict[str, str]:
    """SHA-256 of what settings and tables say, the same for folder and workbook: 43.0 is 43.

    It is that of their JSON, ``[columns, [{column: cell, …}, …]]``, keys in order.
    """
    settings = json.dumps(raw.settings, sort_keys=True, ensure_ascii=False, default=str)
    hashes = {"settings": hashlib.sha256(settings.encode()).hexdigest()}
    return hashes | {name: _table_hash(table) for name, table in raw.tables.items()}


def _table_hash(table: Table) -> str:
    """Row by row, as the whole text of a large table takes much memory."""
    order = sorted(range(len(table.columns)), key=table.columns.__getitem__)
    numbers = [at for at, column in enumerate(table.columns) if has_numbers(column)]
    keys = [f"{_json(table.columns[at])}: " for at in order]
    digest = hashlib.sha256(f"[{json.dumps(table.columns, ensure_ascii=False)}, [".encode())
    comma = ""
    for _, cells in table.lines():
        texts = list(cells)
        if not _CANONICAL.fullmatch("|".join([texts[at] for at in numbers])):
            for at in numbers:
                texts[at] = same_number(texts[at])
        parts = [key + _json(texts[at]) for key, at in zip(keys, order, strict=True)]
        digest.update(f"{comma}{{{', '.join(parts)}}}".encode())
        comma = ", "
    digest.update(b"]]")
    return digest.hexdigest()
