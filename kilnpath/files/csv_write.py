"""Tables as CSV, each different value formatted once: the text that pandas writes, sooner."""

import csv
import io
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pandas.api.types import infer_dtype

_DIGITS = "%.12g"
_ASKS_FOR_QUOTES = frozenset('",\r\n')


def csv_text(table: pd.DataFrame) -> bytes:
    """A table as CSV in UTF-8, numbers with 12 significant digits."""
    columns = [_texts(column) for _, column in table.items()]
    texts = [column for column in columns if column is not None]
    if len(texts) < max(len(columns), 2):
        written = table.to_csv(index=False, float_format=_DIGITS, lineterminator="\n")
        return str(written).encode()
    comma, end, nothing = (pa.scalar(text, pa.large_string()) for text in (",", "\n", ""))
    texts[-1] = pc.binary_join_element_wise(texts[-1], end, nothing)
    rows = pc.binary_join_element_wise(*texts, comma)
    head = ",".join(_quoted(str(name)) for name in table.columns)
    return f"{head}\n".encode() + (rows.buffers()[2].to_pybytes() if len(rows) else b"")


def _texts(column: "pd.Series[Any]") -> Any:
    """The texts of a column as an array of Arrow; ``None`` for a type that no table of ours has."""
    if column.dtype == np.float64:
        bits = column.to_numpy().view(np.int64)  # tells 0 from -0, which print differently
        different = pa.array(bits).dictionary_encode()
        numbers = different.dictionary.to_numpy().view(np.float64).tolist()
        words = ["" if number != number else _DIGITS % number for number in numbers]
    elif column.dtype in (np.int64, np.bool_):
        different = pa.array(column.to_numpy()).dictionary_encode()
        words = [str(value) for value in different.dictionary.to_pylist()]
    elif isinstance(column.dtype, pd.StringDtype) or infer_dtype(column) == "string":
        given = pa.array(column.array, pa.large_string())
        whole = given.combine_chunks() if isinstance(given, pa.ChunkedArray) else given
        different = whole.dictionary_encode()
        words = [_quoted(value) for value in different.dictionary.to_pylist()]
    else:
        return None
    texts = pa.array(words, pa.large_string()).take(different.indices)
    return texts.fill_null("") if texts.null_count else texts


def _quoted(value: str) -> str:
    """A text as a cell, in quotes where it needs them."""
    if _ASKS_FOR_QUOTES.isdisjoint(value):
        return value
    cell = io.StringIO()
    csv.writer(cell, lineterminator="\n").writerow([value])
    return cell.getvalue()[:-1]
