"""Calibrates this case: fits the numbers that are not public to those that are.

    python cases/tcc-2024/calibrate.py           rewrites calibrated cells of series.csv, plan.csv
    python cases/tcc-2024/calibrate.py --check   compares the accounts with the published numbers

Every row of the two tables whose status is not ``calibrated`` is read and left as it stands; of the
calibrated rows only the years named below are written. Each unknown is tied to one published
number; all are solved together by Newton's method on the package's own accounts, so no emission
formula stands here. The start does not depend on the tables' calibrated cells: a second run changes
nothing.
"""

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from tcc_books import (
    ALT_RAW,
    BASE,
    CAPTURED,
    CLINKER_RATIO,
    CUTS,
    FOLDER,
    HOPING_2030,
    INTENSITY,
    KILNS,
    LAST,
    OUTPUT_2018,
    PLANTS,
    PROGRESS_2024,
    SCOPE1_TAIWAN,
    SCOPE2_PER_SCOPE1,
    SCOPE2_TAIWAN,
    TARGET_2030,
    TEN_KT,
    Books,
    RowKey,
    Tables,
    comparisons,
    implied,
    intensity,
    open_books,
)

from model.case.year_lines import interpolate
from model.pathway.pathway import BoundCheck, TargetCheck, account_pathway
from model.targets.limits import target_limits

# The plan goes this much further than its targets, so that rounding cannot break one.
TARGET_ROOM = {"1": 0.05, "2": 0.1}  # points
SDA_ROOM = 0.001  # of the limit
RESIDUAL_AIM = 72.98

# From what year each region's plants capture, and when they do so at the rate of the others.
CAPTURE_RAMP = {"tw_cement": (2029, 2030), "cn_cement": (2030, 2036)}
CAPTURE_RAMP |= {"tr_cement": (2032, 2042), "pt_cement": (2032, 2042)}
EXTRA_FROM = 2040


@dataclass(frozen=True)
class Unknown:
    """A number that is not public: its cells, its plausible range, and what it is fitted to."""

    name: str
    unit: str
    rows: tuple[RowKey, ...]
    years: tuple[int, ...]
    low: float
    high: float
    start: float
    fitted_to: str
    miss: Callable[[Books], float]


def unknowns() -> list[Unknown]:
    return [*_yearly_unknowns(), *_single_unknowns()]


def _scope1_taiwan(year: int, b: Books) -> float:
    return b.accounts["tw_cement", year].scope1 / SCOPE1_TAIWAN[year] - 1


def _scope2_taiwan(year: int, b: Books) -> float:
    return b.accounts["tw_cement", year].power / SCOPE2_TAIWAN[year] - 1


def _intensity(year: int, b: Books) -> float:
    return intensity(b.plants(year), "1+2") / INTENSITY[year] - 1


# fmt: off
def _yearly_unknowns() -> list[Unknown]:
    found = []
    cement = (("series", "tw_cement", "cement", ""),)
    waste_heat = (("plan", "taiwan", "waste_heat_power", ""),)
    heat = tuple(("plan", region, "heat_intensity", "") for region in ("taiwan", "mainland"))
    for year in SCOPE1_TAIWAN:
        found += [
            Unknown(
                f"Taiwan cement {year}", "Mt", cement, (year,), 5.0, 7.0, 5.8,
                f"scope 1 of Taiwan's plants {year}",
                partial(_scope1_taiwan, year),
            ),
            Unknown(
                f"Taiwan waste heat power {year}", "kWh/t clinker", waste_heat, (year,),
                10, 45, 28, f"scope 2 of Taiwan's plants {year}",
                partial(_scope2_taiwan, year),
            ),
        ]
    for year in INTENSITY:
        found.append(
            Unknown(
                f"heat per clinker, Taiwan and mainland {year}", "GJ/t", heat, (year,),
                3.1, 3.7, 3.45, f"scope 1+2 intensity {year}",
                partial(_intensity, year),
            )
        )
    return found


def _single_unknowns() -> list[Unknown]:
    cement = (("series", "cn_cement", "cement", ""),)
    slag = tuple(("plan", r, "alternative_raw", "steel_slag") for r in ("taiwan", "mainland"))
    renewable = tuple(("plan", site, "renewable_power", "") for site in PLANTS)
    return [
        Unknown(
            "mainland cement 2016", "Mt", cement, (2016,), 46, 54, 49,
            "residual of 2050 (with the four cuts: the level of 2016)",
            lambda b: (b.residual - RESIDUAL_AIM) / 4679,
        ),
        Unknown(
            "mainland cement 2018", "Mt", cement, (2018,), 46, 54, 49,
            "output of Taiwan and mainland 2018",
            lambda b: b.cement(2018) / OUTPUT_2018 - 1,
        ),
        Unknown(
            "mainland cement 2024", "Mt", cement, (2024,), 28, 38, 33,
            "progress of 2024, all sites at 100 %",
            lambda b: (b.progress_2024 + PROGRESS_2024) / 100,
        ),
        Unknown(
            "mainland cement 2050", "Mt", cement, (LAST,), 9, 18, 13, "process cut",
            lambda b: b.cut("process") / CUTS["process"] - 1,
        ),
        Unknown(
            "steel slag in raw meal 2016-2023", "%", slag, (2016, 2023), 0.5, 9, 3, "fuel cut",
            lambda b: b.cut("fuel") / CUTS["fuel"] - 1,
        ),
        Unknown(
            "steel slag in raw meal 2030", "%", slag, (2030,), 4, 14, 10,
            "approved scope 1 target 2030",
            lambda b: (b.below_base("1", 2030) - TARGET_2030["1"] - TARGET_ROOM["1"]) / 100,
        ),
        Unknown(
            "renewable power of demand 2030", "%", renewable, (2030,), 20, 60, 35,
            "approved scope 2 target 2030",
            lambda b: (b.below_base("2", 2030) - TARGET_2030["2"] - TARGET_ROOM["2"]) / 100,
        ),
        Unknown(
            "mainland power per clinker 2016", "kWh/t",
            (("series", "mainland", "power_clinker", ""),), (2016,), 60, 85, 74,
            "scope 2 / scope 1 of 2016",
            lambda b: b.plants(BASE).power / b.plants(BASE).scope1 / SCOPE2_PER_SCOPE1 - 1,
        ),
        Unknown(
            "mainland grid factor 2050", "kg CO2/kWh",
            (("series", "mainland", "grid_factor", ""),), (LAST,), 0.05, 0.40, 0.28, "power cut",
            lambda b: b.cut("power") / CUTS["power"] - 1,
        ),
    ]
# fmt: on


def close_shares(tables: Tables, digits: int) -> None:
    """Cells that follow by subtraction: mainland slag from the clinker ratio of both regions,
    low-calcium wastes from the share of all alternative raw materials."""
    years = range(BASE, LAST + 1)
    ratio, alt_raw = interpolate(CLINKER_RATIO, years), interpolate(ALT_RAW, years)
    cement = {r: tables.line(("series", f"{r}_cement", "cement", "")) for r in ("tw", "cn")}
    added = [tables.line(key) for key in _keys(tables, "taiwan", "addition")]
    slag = ("plan", "mainland", "addition", "slag")
    others = [tables.line(key) for key in _keys(tables, "mainland", "addition") if key != slag]
    low = {r: ("plan", r, "alternative_raw", "low_ca_waste") for r in ("taiwan", "mainland")}
    for year in years:
        taiwan, mainland = cement["tw"][year], cement["cn"][year]
        in_taiwan = sum(line[year] for line in added) * taiwan
        all_mainland = (100 * (1 - ratio[year]) * (taiwan + mainland) - in_taiwan) / mainland
        tables.put(slag, year, all_mainland - sum(line[year] for line in others), digits)
        for region, key in low.items():
            raws = [k for k in _keys(tables, region, "alternative_raw") if k != key]
            rest = alt_raw[year] - sum(tables.line(k)[year] for k in raws)
            tables.put(key, year, rest, digits)


def _keys(tables: Tables, place: str, lever: str) -> list[RowKey]:
    return [
        ("plan", place, lever, row["which"])
        for row in tables.rows["plan"]
        if (row["place"], row["lever"]) == (place, lever)
    ]


def set_capture(tables: Tables, digits: int) -> float:
    """Writes the capture of each year that the group's SDA line needs; gives the largest change.

    2030: Hoping alone. From 2041 a straight addition to the published amount of 2050. Between
    regions by what leaves the stacks, later starts ramped.
    """
    books = open_books(tables)
    limits = target_limits(books.case)
    years = range(2030, LAST + 1)
    need = {year: _sda_need(books, limits["sda_group", year], year) for year in years}
    need[2030] = HOPING_2030
    extra = (CAPTURED * TEN_KT - need[LAST]) / (LAST - EXTRA_FROM)
    largest = 0.0
    for year, amount in need.items():
        total = amount + extra * max(0, year - EXTRA_FROM)
        weights = {s: _ramp(s, year) * books.stack(s, year) for s in KILNS}
        whole = sum(books.case.sites[s].first.share * w for s, w in weights.items())
        for site, weight in weights.items():
            key = ("plan", site, "capture", "storage")
            before, now = tables.line(key)[year], total * weight / whole / 1e3
            largest = max(largest, abs(now - before))
            tables.put(key, year, now, digits)
    return largest


def _sda_need(books: Books, limit: float, year: int) -> float:
    group = books.group(year)
    return max(0.0, group.gross - limit * (1 - SDA_ROOM) * group.cementitious)


def _ramp(site: str, year: int) -> float:
    first, full = CAPTURE_RAMP[site]
    return min(1.0, max(0.0, (year - first) / (full - first)))


def misses(tables: Tables, wanted: list[Unknown], values: np.ndarray) -> np.ndarray:
    place(tables, wanted, values, 17)
    books = open_books(tables)
    return np.array([unknown.miss(books) for unknown in wanted])


def place(tables: Tables, wanted: list[Unknown], values: np.ndarray, digits: int) -> None:
    for unknown, value in zip(wanted, values, strict=True):
        for key in unknown.rows:
            for year in unknown.years:
                tables.put(key, year, float(value), digits)
    close_shares(tables, 9 if digits < 9 else digits)


def calibrate(tables: Tables) -> None:
    """Solves for all unknowns and for the capture line, and rounds both into the tables."""
    wanted = unknowns()
    values = np.array([u.start for u in wanted], dtype=float)
    spans = np.array([u.high - u.low for u in wanted], dtype=float)
    place(tables, wanted, values, 17)
    for site in KILNS:
        for year in range(2030, LAST + 1):
            tables.put(("plan", site, "capture", "storage"), year, 0.0)
    for _ in range(40):
        moved = set_capture(tables, 17)
        found = misses(tables, wanted, values)
        if np.abs(found).max() < 1e-10 and moved < 1e-4:
            break
        steps = 1e-6 * spans
        slopes = np.empty((len(wanted), len(wanted)))
        for i in range(len(wanted)):
            nudged = values.copy()
            nudged[i] += steps[i]
            slopes[:, i] = (misses(tables, wanted, nudged) - found) / steps[i]
        move = np.linalg.solve(slopes, -found)
        values = values + np.clip(move, -0.5 * spans, 0.5 * spans)
    else:
        raise SystemExit("the calibration does not settle")
    place(tables, wanted, values, 6)
    set_capture(tables, 6)


def check(tables: Tables) -> bool:
    """Prints each published number beside the account's; whether all hold."""
    books = open_books(tables)
    sound = True
    print(f"{'published number':34}{'published':>14}{'account':>16}{'deviation':>12}")
    for row in comparisons(books):
        unit = "points" if row.absolute else "%"
        mark = "" if row.holds else f"  misses {row.tolerance:g} {unit}"
        sound &= row.holds
        print(
            f"{row.name:34}{row.published:>14,.7g}{row.account:>16,.7g}"
            f"{row.deviation:>+10.4f} {unit}{mark}"
        )
    print(f"\n{'calibrated':46}{'range':>16}{'value':>12}  fitted to")
    for unknown in unknowns():
        value = tables.line(unknown.rows[0])[unknown.years[0]]
        inside = unknown.low < value < unknown.high
        span = f"{unknown.low:g} to {unknown.high:g}"
        mark = "" if inside else "  OUTSIDE OR AT ITS RANGE"
        print(
            f"{unknown.name + ', ' + unknown.unit:46}{span:>16}{value:>12.6g}  "
            f"{unknown.fitted_to}{mark}"
        )
    print("\nwhat the calibration implies, not fitted")
    for name, value in implied(books).items():
        print(f"  {name:62}{value:>10.4g}")
    pathway = account_pathway(books.case, books.activities)
    failed: list[BoundCheck | TargetCheck] = [c for c in pathway.bounds if not c.holds]
    failed += [c for c in pathway.targets if not c.holds]
    print(f"\nthe plan against the case: {len(pathway.bounds)} bound rows and ", end="")
    print(f"{len(pathway.targets)} target rows, of which {len(failed)} fail")
    for item in failed:
        print(f"  {item}")
    return sound and not failed


def main() -> int:
    parser = argparse.ArgumentParser(description="Calibrates the case tcc-2024.")
    parser.add_argument("--check", action="store_true", help="compare only, change nothing")
    options = parser.parse_args()
    tables = Tables(FOLDER)
    if not options.check:
        calibrate(tables)
        tables.write()
        print("series.csv and plan.csv are written; compare with --check")
        return 0
    return 0 if check(tables) else 1


if __name__ == "__main__":
    sys.exit(main())
