"""What the case tcc-2024 has to meet: published numbers, and the accounts of the plan beside them.

Used by ``calibrate.py``. Sources of the published numbers are in ``README.md``.
"""

import csv
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from model.case.columns import Key
from model.case.sectors import CEMENT_1_5C_SCOPE_1
from model.case.tables import Table, is_year
from model.case.types import Case, FuelKind
from model.case.units import Dimension
from model.case.year_lines import interpolate
from model.formulas.activity import Activity, SiteYear
from model.formulas.emissions import stack_co2
from model.formulas.inventory import Inventory, consolidated, inventories
from model.formulas.site_years import site_years
from model.levers.company_plan import plan_activities
from model.levers.levers import amount, total
from model.reading.case import RawCase, case_from_tables
from model.targets.sda import sda_intensity

FOLDER = Path(__file__).resolve().parent
NAMES = ("sites", "series", "fuels", "materials", "bounds", "targets", "plan")
FITTED = ("series", "plan")
PLANTS = ("tw_cement", "cn_cement")  # the boundary of most published numbers
TURKIYE, PORTUGAL = ("tr_cement", "tr_grinding"), ("pt_cement", "pt_grinding")
KILNS = (*PLANTS, "tr_cement", "pt_cement")
BASE, LAST = 2016, 2050
TEN_KT = 1e4  # the pathway table counts in 10^4 t (萬噸)

# Published numbers.
CUTS = {"process": 1956.0, "fuel": 1608.0, "power": 229.0}
CAPTURED, RESIDUAL = 813.0, 73.0
INTENSITY = {2016: 0.755, 2017: 0.736, 2018: 0.738, 2019: 0.740}
INTENSITY |= {2020: 0.733, 2021: 0.724, 2022: 0.709, 2023: 0.686}
SCOPE2_PER_SCOPE1 = 0.0771
SCOPE1_TAIWAN = {2016: 4371170, 2017: 4010642, 2018: 4228676, 2019: 4266390}
SCOPE1_TAIWAN |= {2020: 4411086, 2021: 4797296, 2022: 4312390}
SCOPE2_TAIWAN = {2016: 250142, 2017: 230335, 2018: 245960, 2019: 223096}
SCOPE2_TAIWAN |= {2020: 202312, 2021: 212407, 2022: 210273}
OUTPUT_2018 = 54.4e6
TARGET_2030 = {"1": 23.9, "2": 64.4}
HOPING_2030 = 0.1e6
PROGRESS_2024 = 32.0  # % below 2016, read at full consolidation
PROGRESS_SPLIT = {"process": 56.0, "fuel": 39.0, "power": 5.0}  # % of it; compared, not fitted

# Clinker ratio and alternative raw share of Taiwan and mainland: published from 2020 on, between
# 2030 and 2050 on a line; before 2020 assumed, so that heat per clinker stays smooth.
CLINKER_RATIO = {2016: 0.850, 2017: 0.830, 2018: 0.832, 2019: 0.834, 2020: 0.826, 2021: 0.823}
CLINKER_RATIO |= {2022: 0.816, 2023: 0.799, 2024: 0.789, 2025: 0.796, 2030: 0.780, 2050: 0.570}
ALT_RAW = {2016: 14.0, 2020: 16.4, 2021: 18.2, 2022: 19.6, 2023: 18.7, 2024: 17.4}
ALT_RAW |= {2025: 21.0, 2030: 22.0, 2050: 25.0}
RATIO_OYAK = {2024: 0.80, 2025: 0.79, 2030: 0.73}
RATIO_CIMPOR = {2024: 0.80, 2025: 0.67, 2030: 0.625}
ALT_RAW_OYAK = {2024: 1.86, 2025: 2.09, 2030: 5.0}
ALT_RAW_CIMPOR = {2024: 3.6, 2025: 4.0, 2030: 5.0}
ALT_FUEL = {2021: 1.2, 2022: 7.65, 2023: 12.6, 2025: 25.0, 2030: 35.0, 2050: 50.0}

# Scope 1 and 2 of ready-mix plants and of headquarters; None where not published. [t CO2e]
CONCRETE: dict[int, tuple[int | None, int]] = {
    2017: (1733, 5472),
    2018: (1992, 6144),
    2019: (2088, 5010),
}
CONCRETE |= {2020: (2059, 7101), 2021: (1517, 6866), 2022: (1776, 6571)}
HEADQUARTERS: dict[int, tuple[int | None, int]] = {2018: (None, 2172), 2019: (142, 1240)}
HEADQUARTERS |= {2020: (140, 1199), 2021: (132, 1119), 2022: (146, 1636)}

RowKey = tuple[str, str, str, str]


class Tables:
    """The case's tables as text, with numbers set and read by (table, place, what, which)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.columns: dict[str, list[str]] = {}
        self.rows: dict[str, list[dict[str, str]]] = {}
        for name in NAMES:
            with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
                reader = csv.DictReader(file)
                self.rows[name] = list(reader)
                self.columns[name] = list(reader.fieldnames or [])
        self._index = {
            (name, row["place"], row.get("quantity") or row.get("lever", ""), row["which"]): row
            for name in FITTED
            for row in self.rows[name]
        }
        self.settings = tomllib.loads((folder / "case.toml").read_text(encoding="utf-8"))

    def line(self, key: RowKey) -> dict[int, float]:
        """The numbers of a row by year, gaps interpolated as the reader does."""
        row = self._index[key]
        given = {int(c): float(v) for c, v in row.items() if is_year(c) and v}
        return interpolate(given, range(BASE, LAST + 1))

    def put(self, key: RowKey, year: int, value: float, digits: int = 17) -> None:
        row = self._index[key]
        if row["status"] != "calibrated":
            raise SystemExit(f"{key} is {row['status']}; only calibrated rows may be rewritten")
        row[str(year)] = f"{value:.{digits}g}"

    def case(self) -> Case:
        tables = {
            name: Table(
                f"{name}.csv", name, tuple(self.columns[name]), tuple(enumerate(rows, start=2))
            )
            for name, rows in self.rows.items()
        }
        raw = RawCase(
            id="tcc-2024",
            where="tcc-2024",
            settings_name="case.toml",
            settings=self.settings,
            settings_places={},
            tables=tables,
            scenario="",
        )
        return case_from_tables(raw, hashes={})

    def write(self) -> None:
        for name in FITTED:
            with (self.folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, self.columns[name], lineterminator="\n")
                writer.writeheader()
                writer.writerows(self.rows[name])


@dataclass(frozen=True)
class Books:
    """The company's plan and its accounts."""

    case: Case
    activities: Mapping[Key, Activity[float]]
    parameters: Mapping[Key, SiteYear]
    accounts: Mapping[Key, Inventory]

    def group(self, year: int) -> Inventory:
        return consolidated(self.case, self.case.sites, year, self.accounts)

    def plants(self, year: int) -> Inventory:
        return consolidated(self.case, PLANTS, year, self.accounts)

    def stack(self, site: str, year: int) -> float:
        return stack_co2(self.activities[site, year], self.parameters[site, year])

    def cement(self, year: int) -> float:
        return sum(self.parameters[site, year].cement for site in PLANTS)

    def share(self, lever: str, sites: tuple[str, ...], year: int) -> float:
        """A lever's share over several sites, unconsolidated: of cement, raw meal or heat."""
        weights = {m.id: 1.0 for m in self.case.raw_materials}
        weights |= {f.id: 1.0 for f in self.case.fuels.values() if f.kind is not FuelKind.FOSSIL}
        rows = [(self.activities[s, year], self.parameters[s, year]) for s in sites]
        part = sum(amount(lever, weights, a, p) for a, p in rows)
        return part / sum(total(lever, Dimension.SHARE, a, p) for a, p in rows)

    def cut(self, source: str) -> float:
        """What a source emits less in 2050 than in 2016. [10^4 t CO2e]"""
        first, last = self.group(BASE), self.group(LAST)
        return (_source(first, source) - _source(last, source)) / TEN_KT

    def below_base(self, scope: str, year: int) -> float:
        """The cut of the intensity of Taiwan's and the mainland's plants since 2016. [%]"""
        now, then = (intensity(self.plants(y), scope) for y in (year, BASE))
        return 100 * (1 - now / then)

    def all_sites(self, year: int) -> float:
        """Scope 1 and 2 of all sites, fully consolidated. [t CO2e]"""
        return sum(
            self.accounts[site, year].scope1 + self.accounts[site, year].power
            for site in self.case.sites
        )

    @property
    def progress_2024(self) -> float:
        return 100 * (self.all_sites(2024) / self.all_sites(BASE) - 1)

    def progress_part(self, source: str) -> float:
        """What a source gives of the cut of all sites from 2016 to 2024. [%]"""
        first, last = (
            sum(_source(self.accounts[site, year], source) for site in self.case.sites)
            for year in (BASE, 2024)
        )
        return 100 * (first - last) / (self.all_sites(BASE) - self.all_sites(2024))

    @property
    def residual(self) -> float:
        """Net scope 1 and 2 of 2050. [10^4 t CO2e]"""
        return (self.group(LAST).scope1 + self.group(LAST).power) / TEN_KT


def _source(account: Inventory, source: str) -> float:
    if source == "fuel":
        return account.combustion + account.additions + account.other
    return float(getattr(account, source))


def intensity(account: Inventory, scope: str) -> float:
    emissions = {"1": account.scope1, "2": account.power}.get(scope, account.scope1 + account.power)
    return emissions / account.cementitious


def open_books(tables: Tables) -> Books:
    case = tables.case()
    parameters, activities = site_years(case), plan_activities(case)
    return Books(case, activities, parameters, inventories(activities, parameters))


@dataclass(frozen=True)
class Comparison:
    """A published number beside the account's; tolerance in % of it, or in its own unit."""

    name: str
    published: float
    account: float
    tolerance: float
    absolute: bool = False

    @property
    def deviation(self) -> float:
        gap = self.account - self.published
        return gap if self.absolute else 100 * gap / self.published

    @property
    def holds(self) -> bool:
        return abs(self.deviation) <= self.tolerance


def comparisons(b: Books) -> list[Comparison]:
    """Every published number that the case has to meet."""
    group = b.group(LAST)
    start = b.group(BASE)
    ci = intensity(b.plants(BASE), "1")
    sda = sda_intensity(ci, BASE, 2030, CEMENT_1_5C_SCOPE_1)
    rows = [Comparison(f"{s} 2016-2050, 10^4 t", v, b.cut(s), 1) for s, v in CUTS.items()]
    rows += [
        Comparison("CCUS 2050, 10^4 t", CAPTURED, group.captured / TEN_KT, 1),
        Comparison("residual 2050, 10^4 t", RESIDUAL, b.residual, 1),
        Comparison("level of 2016, 10^4 t", 4679, (start.scope1 + start.power) / TEN_KT, 1),
        Comparison("TW+CN scope 1 2016, t/t", 0.701, ci, 1),
        Comparison("TW+CN scope 2 2016, t/t", 0.054, intensity(b.plants(BASE), "2"), 1),
        Comparison("SDA scope 1 2016-2030, %", -23.9, 100 * (sda / ci - 1), 0.05, True),
        Comparison("TW+CN cement 2018, Mt", 54.4, b.cement(2018) / 1e6, 3),
        Comparison("all sites at 100 %, 2016-2024, %", -PROGRESS_2024, b.progress_2024, 1),
        Comparison("capture 2030, Mt", 0.1, b.group(2030).captured / 1e6, 1),
    ]
    for year, value in INTENSITY.items():
        account = intensity(b.plants(year), "1+2")
        rows.append(Comparison(f"TW+CN scope 1+2 {year}, t/t", value, account, 1))
    for year in SCOPE1_TAIWAN:
        taiwan = b.accounts["tw_cement", year]
        rows.append(Comparison(f"Taiwan scope 1 {year}, t", SCOPE1_TAIWAN[year], taiwan.scope1, 1))
        rows.append(Comparison(f"Taiwan scope 2 {year}, t", SCOPE2_TAIWAN[year], taiwan.power, 1))
    return rows + _lever_comparisons(b) + _small_comparisons(b)


def _lever_comparisons(b: Books) -> list[Comparison]:
    published = [
        ("TW+CN clinker ratio", "clinker_ratio", PLANTS, CLINKER_RATIO),
        ("OYAK clinker ratio", "clinker_ratio", TURKIYE, RATIO_OYAK),
        ("CIMPOR clinker ratio", "clinker_ratio", PORTUGAL, RATIO_CIMPOR),
        ("TW+CN alt. raw share", "alternative_raw", PLANTS, ALT_RAW),
        ("OYAK alt. raw share", "alternative_raw", TURKIYE[:1], ALT_RAW_OYAK),
        ("CIMPOR alt. raw share", "alternative_raw", PORTUGAL[:1], ALT_RAW_CIMPOR),
        ("TW+CN alt. fuel share", "fuel", PLANTS, ALT_FUEL),
    ]
    return [
        Comparison(f"{name} {year}", value, b.share(lever, sites, year) * scale, 0.1)
        for name, lever, sites, values in published
        for year, value in values.items()
        if year >= 2020
        for scale in [1.0 if lever == "clinker_ratio" else 100.0]
    ]


def _small_comparisons(b: Books) -> list[Comparison]:
    rows = []
    for site, numbers in (("tw_concrete", CONCRETE), ("headquarters", HEADQUARTERS)):
        for year, (scope1, scope2) in numbers.items():
            account = b.accounts[site, year]
            if scope1:
                rows.append(Comparison(f"{site} scope 1 {year}, t", scope1, account.scope1, 0.1))
            rows.append(Comparison(f"{site} scope 2 {year}, t", scope2, account.power, 0.1))
    return rows


def implied(b: Books) -> dict[str, float]:
    """Numbers that nothing was fitted to, worth a look."""
    mainland = {y: b.parameters["cn_cement", y].cement for y in (BASE, LAST)}
    last = b.group(LAST)
    share = {s: b.case.sites[s].first.share for s in KILNS}
    stack = sum(share[s] * b.stack(s, LAST) for s in KILNS)
    heat = sum(share[s] * sum(b.activities[s, LAST].heat.values()) for s in KILNS)
    return {
        "mainland cement 2016-2050, %": 100 * (mainland[LAST] / mainland[BASE] - 1),
        "all sites at 100 %, 2016, Mt CO2e (17.1 / 32 %: 53.4)": b.all_sites(BASE) / 1e6,
        "process 2016, Mt": b.group(BASE).process / 1e6,
        "process 2050, Mt": last.process / 1e6,
        "fuel and other direct 2016, Mt": _source(b.group(BASE), "fuel") / 1e6,
        "fuel and other direct 2050, Mt": _source(last, "fuel") / 1e6,
        "power 2016, Mt": b.group(BASE).power / 1e6,
        "power 2050, Mt": last.power / 1e6,
        "net scope 1 of 2050, Mt": last.scope1 / 1e6,
        "biogenic CO2 of 2050 before capture, Mt": last.biogenic / 1e6,
        "captured of stack CO2 2050, %": 100 * last.captured / stack,
        "mean CO2 factor of heat 2050, kg/GJ": 1e3 * last.combustion / heat,
        "CCUS 2024-2050, Mt": sum(b.group(y).captured for y in b.case.horizon) / 1e6,
        **{
            f"{name} in the cut of 2016-2024, % (published: {part:g})": b.progress_part(name)
            for name, part in PROGRESS_SPLIT.items()
        },
    }
