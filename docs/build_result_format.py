"""Writes ``docs/result-format.md`` from the schema of a result, whenever that changes."""

from pathlib import Path

from kilnpath.language.languages import Language, texts
from kilnpath.result.schema import FORMAT, SCHEMAS, Kind

PAGE = Path(__file__).parent / "result-format.md"
KINDS = {
    Kind.TEXT: "text",
    Kind.WHOLE: "whole number",
    Kind.NUMBER: "number",
    Kind.YES_NO: "yes/no",
}
MANIFEST = {
    "kind": "`plan`: the command that wrote it",
    "case": "folder name of the case",
    "names": "of the case, in both languages",
    "case_sha256": "hash of all that the case says; another case has another",
    "case_parts_sha256": "hashes of its settings and tables, by name; `case_sha256` is of these",
    "scenario": "name of the scenario, empty for none",
    "changes": "what `--set` changed",
    "base_year": "the year that targets are compared with",
    "inventory_year": "the last year known from an inventory",
    "accounting": "the contested rules by which it counts, as in the case",
    "status": "`optimal, recounted`; nothing else is written",
    "objective": "what was made least: `cumulative`, `final` or `peak` CCUS",
    "then": "the second objective: `steady` or `plan`",
    "within": "part of the least CCUS that the pathway shown may need beyond it; 0.001 is 0.1 %",
    "objectives": "least CCUS as solved, and what the pathway shown needs by the same objective; "
    "then, with `final` and `peak`, the least total of the pathways with that least",
    "cumulative_ccus": "CCUS over the horizon, as recounted",
    "like_for_like": "where the plan reaches the last year: least CCUS with its levers, optimal "
    "and not certified, or that there is none",
    "horizon": "first and last year decided",
    "programme": "size of the linear programme",
    "algorithm": "by which HiGHS found the least: `simplex`; for large programmes `hipo` or `ipx`",
    "versions": "of Python and of all that took part",
    "format": f"{FORMAT}; a folder of another format is refused",
    "files": "SHA-256 of every other file",
}
INTRO = """# The result format
Made by `python docs/build_result_format.py` from the schema by which results are written and read;
a test compares.

`kilnpath plan CASE` writes a folder, `results/<case>/<run>/`, whole or not at all. It holds a CSV
table for each section below, `manifest.json`, and `certificate.json`, by which [`kilnpath
verify`](how-to-check.md#how-to-check-our-answer) proves the result. Tables are tidy: one number a
row, with its unit. They are UTF-8; yes/no is `True` or `False`; an empty cell is *none*.

```
kilnpath plan cases/one-kiln
```

```python
>>> from pathlib import Path
>>> from kilnpath.result.read import read_result
>>> found = read_result(Path("results/one-kiln/cumulative-steady"))
>>> found.manifest["status"]
'optimal, recounted'
>>> print(found.tables["worth"][["id", "value", "unit"]].head(2))
              id   value   unit
0  slag_standard  2290.0  t CO2
1      heat_best  1750.0  t CO2
```

`read_result` refuses a folder in which a file was changed after it was written, or is missing.

## manifest.json
| key | what |
|---|---|
"""


def page() -> str:
    """The whole page."""
    chinese = texts(Language.CHINESE)
    parts = [INTRO + "\n".join(f"| `{key}` | {what} |" for key, what in MANIFEST.items())]
    for name, schema in SCHEMAS.items():
        when = " Not in every result." if schema.optional else ""
        parts += ["", f"## {name}.csv", f"{_sentence(schema.description)}.{when}"]
        parts += [f"{chinese(schema.description)}。", ""]
        parts += ["| column | type | what | 說明 |", "|---|---|---|---|"]
        for column, spec in schema.columns.items():
            words = f"{spec.description} | {chinese(spec.description)}"
            parts.append(f"| `{column}` | {KINDS[spec.kind]} | {words} |")
    return "\n".join(parts) + "\n"


def _sentence(words: str) -> str:
    return words[0].upper() + words[1:]


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
