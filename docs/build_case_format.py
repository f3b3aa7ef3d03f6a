"""Writes ``docs/case-format.md``, and what describes the template to editors and data tools.

From the readers' own tables, whenever they change.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

from kilnpath.case.columns import COLUMNS, meaning
from kilnpath.case.described import descriptions
from kilnpath.files.limits import (
    LARGEST_SETTINGS,
    LARGEST_TABLE,
    LARGEST_UNPACKED,
    LARGEST_WORKBOOK,
    LEAST_ELEMENTS,
    LONGEST_CELL,
    LONGEST_LINE,
    MIB,
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_ELEMENTS,
    MOST_LINES,
    MOST_MERGED,
    MOST_ROWS,
    MOST_SEPARATORS,
    MOST_UNPLAIN,
)
from kilnpath.language.languages import mark
from model.case.places import MOST_COVERED
from model.case.units import UNITS, Dimension
from model.levers.levers import LEVERS, change_dimensions, level_dimensions
from model.messages.faults import MOST_FAULTS
from model.messages.identifiers import LONGEST_ID, LONGEST_NAME
from model.reading.bounds import DOUBT, MOST_AT_KILNS
from model.reading.case import MOST_USES
from model.reading.generators import GENERATOR_NUMBERS
from model.reading.plan import PLANNED
from model.reading.routes import ROUTE_NUMBERS
from model.reading.rows.bound_years import SEED
from model.reading.rows.words import FUEL_CLASSES, RESERVED
from model.reading.series import QUANTITIES
from model.reading.settings import AccountingSettings, Settings
from model.reading.sites import MOST_FUELS, MOST_MATERIALS, MOST_SITES
from model.reading.targets import MOST_TARGETS, OWN_BASE_YEAR, SDA_COLUMNS, SINCE

PAGE = Path(__file__).parent / "case-format.md"
TEMPLATE = Path(__file__).parent.parent / "kilnpath" / "template"


def _either(kinds: Iterable[str]) -> str:
    return ", ".join(f"`{kind}`" for kind in kinds)


INTRO = """# The case format
Made by `python docs/build_case_format.py` from the readers' own tables; a test compares.

A case is a folder with `case.toml` and the CSV files below, or one `.xlsx` workbook with sheets of
the same names (`case` with the columns `key` and `value`, nested keys as `names.en`). CSV files are
UTF-8; a line that starts with `#` is a comment; a column `note` is allowed everywhere.

Wide tables have a column per year. A gap between two years is interpolated on a straight line, a
gap at an end is a fault. Every number has a unit, in its column's header as `cao [%]` or in the
column `unit`, and every row a source and a status. All faults are told at once:
`kilnpath check my-case`.

**What is taken as it is meant.** A title above the header; a header in two rows, or with its units
in the row below; words merged over rows; names in other capitals, with blanks for `_` or `(%)` for
`[%]`; empty columns and rows; a column of your own, where nothing of the table is missing and no
name is near it, which is a note; a row whose one word is `total`, `sum` or 合計, which is left out;
`sep=;`, semicolons or tabs between cells, and then numbers as `0,5` where no other has a point;
UTF-16 with its mark; and the file `Sites.csv` or the sheet `Sites`. Each is told in a line. Other
tables in the folder, and other sheets of the workbook, are named and not read. Where the meaning
is not certain it is a fault.

**What may be left out.** The tables that are called optional below, the optional keys of
`case.toml`, and the columns `note`, `name` and `name_zh` of bounds, targets, routes and generators,
`doubt` of bounds, routes and generators, `transport` and `loss` of routes, `sector` and
`market_share` of targets and `licence` of sectors. Every other column must stand in
its header, also where its cells are empty. A cell may be empty where *what* says so; and `which`,
where lever or quantity has only one. In `case.toml` the key `zh-Hant` must stand wherever `en`
does; where it is empty, as `zh-Hant = ""`, the English name takes its place.

**Editors and data tools.** `kilnpath new` writes two more files, which no command reads:
`case.schema.json`, a JSON schema of `case.toml`, to which its first line refers (`#:schema
./case.schema.json`), so that VS Code with Even Better TOML, or Taplo, explains and checks each key;
and `datapackage.json`, a data package of the tables (Frictionless Data) with the type, unit,
allowed values and meaning of each column, as `new` made them: a column that you add is not in it.

**Ids** of sites, regions, fuels, materials and their kinds, bounds, targets, routes, generators and
products, and the names of sectors, are made of letters of any script, of digits, `_`, `-` and `.`,
with a letter first, at most @ID@ characters: `fuel_permit`, `燃料許可`. Texts are compared in the
Unicode form NFC, whatever form a file has; invisible characters and full-width forms of ASCII
(`ａ`) cannot stand in an id. An id stands once in its table. Sites and regions share their ids,
bounds, targets, routes and generators, and materials and kinds, but a material may be called as its
own kind. Two that share may not be taken for one another by people or file systems: they must
differ in more than upper and lower case and the width or form of letters, so `wood` and `WOOD` are
a fault, which names both rows.
Words of kilnpath, in upper or lower case, are no ids of sites, regions, fuels, materials or kinds:
@RESERVED@.
But a fuel that is the only one of its kind may be called so, as `hydrogen`, except `biomass`.

**Names** that people read go into `name` and `name_zh`, and into `case.toml`: any text of at most
@NAME@ characters, as `TW+CN`, without line breaks and characters that nobody sees or that turn the
direction of text. A case and a scenario are called as their folder or file, by what any system
takes as one: without `/ \\ : * ? " < > |`, and two scenarios differ as ids do.
"""
INTRO = INTRO.replace("@RESERVED@", _either(sorted(RESERVED)))
INTRO = INTRO.replace("@ID@", str(LONGEST_ID)).replace("@NAME@", str(LONGEST_NAME))

_NAMES = (
    "Two optional columns, `name` and `name_zh`, say what a line is called in English and in",
    "Chinese, where people read of it; where one is empty, the other stands for both.",
)
AS_MEANT = """
## What is taken as meant
Where a cell, a header or a setting can mean one thing only, it is taken so, and every command
says it on standard error: a line for each table and way, with the first place, what stood there,
what it is taken as, and how many there are. What was computed is of the plain form: the content
hash of a case is that of its plain form, so both are the same case.

| what stands there | is taken as |
|---|---|
| `35%`, `35 ％`, or 0.35 in a cell formatted as a percentage, under `%`, `% below base`, `% \
below frozen`, `%/yr` | 35 |
| the same under the unit `1` | 0.35 |
| `2,100,000`, `1,234.5`, `2 100 000`, `2'100'000`, also with full-width signs | 2100000, 1234.5 |
| `1,234`: in kg, t, MJ, GJ, kcal, Mcal, kWh or MWh; beside numbers of its size in the row; or \
where other numbers of the table can only be written so | 1234 |
| `１２．５`, `－５`, `−5`, `＋5` | 12.5, -5, 5 |
| `3.2 GJ/t` under `GJ/t`: the unit of the number, once more | 3.2 |
| `n/a`, `NA`, `不適用`, `無資料` in place of a number | an empty cell, so a gap between two \
years is filled |
| `-`, `–`, `n/a` in `which`, `expires`, `sector`, `market_share`; `-` in the years of a fuel \
with the unit `rest`, in `heating_value` and in the chemistry of clinker | an empty cell |
| `2030年`, `2030年度`, `西元2030年`, `FY2030`, `Y2030`, `2030E`, `２０３０`, `2030.0`, a date \
of 1 January or 31 December, as a year column, in `expires` or in `from` of stages | 2030 |
| words of closed lists in other cases, with blanks or hyphens, in full-width letters (`Max`, \
`Rise max`), and the Chinese words that pages show for them (`至少`, `許可`, `假設`) | `max`, \
`rise_max`, `min`, `permit`, `assumed` |
| `Yes`, `Y`, `TRUE`, `是`; `No`, `N`, `FALSE`, `否`, in `control` and in the switches of \
`case.toml` | `yes`, `no`; `true`, `false` |
| `％`, `GJ／t`, `kwh / t`, `tCO2/GJ`, `tonne`, `公噸`, `度/公噸`, `kt/a`, in the column `unit`, \
also in headers, as `cao（％）` | `%`, `GJ/t`, `kWh/t`, `t CO2/GJ`, `t`, `t`, `kWh/t`, `kt/yr`, \
`cao [%]` |
| years of `case.toml` as texts, as `"2030年"` | 2030 |

What may mean two things is not taken. It is one fault for the whole case, with the first place
and how many there are:

| what stands there | why | write |
|---|---|---|
| `民國119年`, `119年`, `119` as a year | years of the Republic of China are one reading | 2030 |
| `0,35`, `1.234,5`, `2.100.000` | a comma for decimals is not certain | 0.35, 1234.5, 2100000 |
| `1,234` without a sign beside it of which it is, as in kt | 1234 or 1.234 | one of them |
| `-` in place of a number | 0, as spreadsheets show it, or nothing | 0, or leave it empty |
| `35%` where the unit is neither `%` nor `1`, also `pp/yr` | part of what? | the number in its \
unit |
| `5 t` under `kt` | one of both is wrong | the number in its unit |
| a date in place of a number | a format of the cell, or a slip | the number |
| `MT`, `mt` | tonnes, or millions of them | `t` or `Mt` |

`kilnpath check CASE --fix OUT` writes the case in plain form: a workbook where OUT ends with
`.xlsx`, else a folder. It reads as the same case, with the same content hash, and nothing of it
is taken otherwise than it stands. `OUT.changes.csv` lists every change, its place, what was there
and what is there now (the first 100,000). Of a folder, files in which nothing was changed stay as
they are, and comments, notes and `README.md` stay; a workbook is made anew, and rows of comments
in its sheets are left out. CASE is not touched, and nothing that stands is written over; a case
that is at fault, or of which nothing was taken, is not written. The [one file of the
verifier](how-to-check.md) reads plain cases only, so give it what `--fix` wrote; `kilnpath
verify` reads both.
"""
REFUSED = f"""
## What is refused
A case may come from anybody, so its files are read with care:

- A text must not begin with `=`, `+`, `-` or `@`, at its start or behind `;` or a tab:
  spreadsheets that open a table of results would take it for a formula. Nor may it hold control
  characters, or those that turn its direction.
- Numbers are written as `1234.5` or `1.2e3`, in at most 60 of the digits 0–9, or as the section
  above says; years lie between 1990 and 2100.
- Every file must be a plain file inside the case's folder; links that lead elsewhere, devices and
  pipes are refused, and workbooks with entities in their XML.
- A table has at most {LARGEST_TABLE // MIB} MiB, {MOST_ROWS:,} rows, {MOST_COLUMNS:,} columns and
  {MOST_CELLS:,} cells of {LONGEST_CELL:,} characters; `case.toml` {LARGEST_SETTINGS // 1024} KiB
  and {LONGEST_LINE:,} characters a line; a workbook {LARGEST_WORKBOOK // MIB} MiB,
  {LARGEST_UNPACKED // MIB} MiB unpacked, {MOST_MERGED:,} merged cells a sheet;
  a case {MOST_SITES:,} sites, {MOST_ROWS:,} bounds,
  {MOST_TARGETS:,} targets, {MOST_FUELS} fuels and {MOST_MATERIALS} materials. Sites times fuels and
  materials are at most {MOST_USES:,}, the sites that all bounds and targets name together
  {MOST_COVERED:,}, as a bound over the group names every site, and the kilns at which least heats
  of several kilns hold {MOST_AT_KILNS:,}, one for each bound and kiln.
- A CSV file has at most {MOST_LINES:,} lines with its comments, and {MOST_SEPARATORS:,} separators
  in a row. A workbook costs no more than it weighs: of its XML at most {LEAST_ELEMENTS:,} elements
  are read, and one more for each byte of the file ({MOST_ELEMENTS:,} at most).
- Of cells that are taken as meant, and of those that nobody understands, a case has at most
  {MOST_UNPLAIN:,}.
- Of faults the first {MOST_FAULTS:,} are told, and of what `check` says as many lines a heading. A
  known word is proposed for one of at most 40 characters.

**Time and memory** grow with rows and sites, not with their product. Measured for cases of
`benchmarks/generated_case.py`, in seconds of a processor with the start of the program (on the
machine of `benchmarks/README.md`, with other work beside it):

| case | read from CSV | read from a workbook | `check`, from CSV |
|---|---|---|---|
| 45 sites, 397 bounds | 0.3 s, 33 MB | 0.3 s | 0.5 s, 52 MB |
| 200 sites, 1,761 bounds | 0.3 s, 36 MB | 0.4 s | 0.6 s, 60 MB |
| 2,000 sites, 17,601 bounds | 1.2 s, 68 MB | 2.4 s | 2.3 s, 130 MB |
| 45 sites, 20,000 bounds | 1.0 s, 62 MB | 2.2 s | 1.4 s, 66 MB |
| 5,000 sites, 200,000 bounds in 14 columns | 10 s, 370 MB | 21 s | 13 s, 470 MB |

What is at every limit at once takes half a minute and less than 1 GiB of memory to read, whoever
wrote it and why; what is beyond one is refused before it is read further.
"""


def _table(sheet: str) -> list[str]:
    lines = ["| column | unit | what |", "|---|---|---|"]
    for column, dimension in COLUMNS[sheet].items():
        shown = f"`[{dimension}]` or another of its kind" if dimension else ""
        lines.append(f"| `{column}` | {shown} | {meaning(sheet, column, quote='`')} |")
    return lines


def _optional(sheet: str, columns: Mapping[str, Dimension | None]) -> list[str]:
    """The optional columns of a table."""
    lines = ["| optional column | unit | what |", "|---|---|---|"]
    for column, dimension in columns.items():
        shown = f"`[{dimension}]` or another of its kind" if dimension else ""
        lines.append(f"| `{column}` | {shown} | {meaning(sheet, column, quote='`')} |")
    return lines


STAGES = [
    "## stages.csv (optional)",
    *_table("stages"),
    "",
    "`sites.csv` says what a site is in the base year, this table what it becomes. `kind` changes",
    "between `integrated` and `grinding` alone; a site that ever has a kiln has its chemistry in",
    "`sites.csv`. In years without a kiln it buys its clinker as a station does, and needs a",
    "limit on it. Where a share changes, `base_years` in `case.toml` says how a base year is",
    "consolidated.",
]
ROUTES = [
    "## routes.csv (optional)",
    *_table("routes"),
    "",
    *_optional("routes", ROUTE_NUMBERS),
    "",
    *_NAMES,
    "",
    "A row allows so much clinker a year to leave the site in `from` for the site in `to`. It is",
    "a line of the register too: its id can be named by `--set`, `rank` and `curve`. It holds",
    "from the first year given to the last of the case; before there is no route. Clinker that",
    "moves is in the cementitious product once, where it is made.",
]
GENERATORS = [
    "## generators.csv (optional)",
    *_table("generators"),
    "",
    *_optional("generators", GENERATOR_NUMBERS),
    "",
    *_NAMES,
    "",
    "A row allows so much power a year, and is a line of the register too. Its CO2 is scope 1, and",
    "cannot be captured. What is left of the demand is bought; `grid_power` in `bounds.csv` limits",
    "that.",
]
PRODUCTS = [
    "## products.csv (optional)",
    *_table("products"),
    "",
    "The products of a site add up to its cement in every year. In `%` the place may be a region",
    "or `group`, and the line of a site goes before that of its region, and that before the",
    "group's; in an amount it is one site. Where the output is decided, shares alone.",
]


def _units(dimensions: Iterable[Dimension]) -> str:
    wanted = set(dimensions)
    return ", ".join(str(d) for d in Dimension if d in wanted)


def page() -> str:
    """The whole page."""
    parts = [INTRO, "## case.toml", "| key | what |", "|---|---|"]
    keys = [*Settings.model_fields, *AccountingSettings.model_fields]
    parts += [f"| `{key}` | {meaning('case', key, quote='`')} |" for key in keys]
    parts += ["", "## sites.csv", *_table("sites")]
    parts += ["", *STAGES]
    parts += ["", "## fuels.csv", *_table("fuels")]
    parts += [
        "",
        "Every kind but `fossil` is an alternative fuel. Hydrogen and electric heat have the",
        "factor 0; electric heat adds to the power demand.",
        "",
        "## materials.csv",
        *_table("materials"),
    ]
    parts += ["", "## series.csv", *_table("series"), "| years | | from |"]
    parts[-1] = "| `2016`, `2017`, … | | from the base year to the final year |"
    parts += [
        "",
        "The line of a site goes before that of its region, and that before the group's. Amounts",
        "are given for single sites only. What is left out where it may be is none; but where",
        "clinker or cement is bought without its `bought_…_co2`, its scope 3 is *not given*. For",
        "what comes from sites of the group itself, write 0: its CO2 is theirs already.",
        "",
        "| quantity | in | needed by | may stand for | what |",
        "|---|---|---|---|---|",
    ]
    for name, spec in QUANTITIES.items():
        needed, allowed = ", ".join(spec.needed) or "–", ", ".join(spec.allowed)
        parts.append(f"| `{name}` | {spec.dimension} | {needed} | {allowed} | {spec.meaning} |")
    parts += ["", "## bounds.csv", *_table("bounds")]
    parts += [
        "",
        "A bound holds from its first year on. It limits whole plants, whoever owns them. Values",
        "end with the case, or with the year in `expires`.",
        "",
        "Over several sites a bound limits their total, and not each of them: what must hold in",
        "every site needs a row for every site. Clinker bought by a grinding station carries no",
        "CO2 in the group's scope 1. So in every year in which a station makes cement it needs a",
        "limit on `clinker_bought` (`max`, `fixed` or `total_max`), or a series `clinker_bought`,",
        "which then gives what it buys.",
        "",
        "`cement` with the sense `fixed` over several sites, in every year of the horizon, is a",
        "given total: how much of it each site makes is decided, within other bounds on `cement`",
        "and `clinker`. The series of these sites are what the company plans, and add up to the",
        "total in every year. A site is in one total only. Elsewhere the output is that of the",
        "series, and a bound on it is a fault.",
        "",
        "`addition` and `clinker_ratio` may be of one [product](#productscsv-optional), named",
        "behind the place: `plant/cem2`, `group/cem2`, `a+b/cem2`.",
        "",
        "| lever | what | a level in | a yearly change in | `which` |",
        "|---|---|---|---|---|",
    ]
    for name, lever in LEVERS.items():
        which = {
            "fuel": f"a fuel, or {_either(FUEL_CLASSES)}",
            "addition": "an addition, a kind of them, or `all`",
            "alternative_raw": "a raw material, a kind of them, or `all`",
            "capture": "`storage`, `use` or `all`",
            "route": "a route, or `all`",
            "generator": "a generator, or `all`",
        }.get(lever.selects, "–")
        level, change = _units(level_dimensions(lever)), _units(change_dimensions(lever))
        parts.append(f"| `{name}` | {lever.meaning} | {level} | {change} | {which} |")
    parts += [
        "",
        "`biomass` is biomass fuels and the biomass fraction of mixed ones. Every kiln needs a",
        "least `heat_intensity` in every year of the horizon.",
        "",
        "| optional column | unit | what |",
        "|---|---|---|",
        *(
            f"| `{c}` | `[{unit}]` or another of its kind | {meaning('bounds', c, quote='`')} |"
            for c, unit in DOUBT.items()
        ),
        f"| `{SEED}` | its own, as `50 kt/yr` | {meaning('bounds', SEED, quote='`')} |",
        "",
        *_NAMES,
        "",
        "## targets.csv",
        *_table("targets"),
        "",
        "`% below base` is against the base year of the same boundary, `% below frozen` against",
        "what base-year levers would emit in that year. A cell `sda` lets the Sectoral",
        "Decarbonization Approach compute an intensity from the base-year inventory; two optional",
        "columns are for it:",
        "",
        "| column | what |",
        "|---|---|",
        *(f"| `{c}` | {meaning('targets', c, quote='`')} |" for c in SDA_COLUMNS),
        "",
        "A `budget` limits the sum of emissions over years: with the form `points` one amount, in",
        "the column of its last year; with `line` the area under the line. For it is an optional",
        "column, and for every target another:",
        "",
        "| column | what |",
        "|---|---|",
        *(f"| `{c}` | {meaning('targets', c, quote='`')} |" for c in (SINCE, OWN_BASE_YEAR)),
        "",
        *_NAMES,
        "",
        "## sectors.csv (optional)",
        *_table("sectors"),
        f"| `licence` | | {meaning('sectors', 'licence')} |",
        "",
        "A sector pathway has a row of `emissions` and one of `activity` for each scope, in any",
        "years (straight lines between them, level before the first); intensity is their ratio;",
        "the last year is that of convergence. Emissions may be below 0, activity may not. Put the",
        "table of the tool you hold here.",
        "",
        "## plan.csv (optional)",
        *_table("plan"),
        "",
        f"Levers: {_either(PLANNED)}. `which` names one fuel, material, `storage` or `use`.",
        "Each covers the base year to the inventory year; all, or none, go on to the final year.",
        "Additions and alternative raw materials are shares (of cement, of raw meal) or amounts;",
        "waste heat power, renewable power and CO2 captured too, in the units of bounds' levels.",
        "An amount is of one site. Fuels are shares of total heat alone, and of each site that",
        "burns fuel one has the unit `rest` and takes what the others leave: of every kiln, and of",
        "a grinding station with additions that need heat. The clinker ratio is 1 less the",
        "additions. `clinker_moved` is in t, at the site that sends; what a station does not get",
        "that way it buys. An addition at `plant/cem2` is a share of that product; a site's",
        "product goes before its region's, that before the group's, and these before lines of all",
        "cement.",
        "",
        *ROUTES,
        "",
        *GENERATORS,
        "",
        *PRODUCTS,
        "",
        "## Units",
        "| measures | accepted |",
        "|---|---|",
    ]
    for dimension in Dimension:
        units = ", ".join(f"`{unit}`" for unit, (of, _) in UNITS.items() if of is dimension)
        parts.append(f"| {dimension.name.lower().replace('_', ' ')} | {units} |")
    return "\n".join(parts) + "\n" + AS_MEANT + REFUSED


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    for name, content in descriptions(TEMPLATE, TEMPLATE.name, mark).items():
        (TEMPLATE / name).write_bytes(content)
