"""The CSV files of a case read once more, with nothing of the package: values without units."""

import csv
import tomllib
from functools import cache
from pathlib import Path

import numpy as np

FACTORS = {
    **{"%": 0.01, "t": 1, "kt": 1e3, "Mt": 1e6, "10^4 t": 1e4, "10^4 t CO2e": 1e4, "t CO2e": 1},
    **{"GJ/t": 1, "kWh/t": 1e-3, "MWh/t": 1, "t/t": 1, "t CO2/t": 1, "kg/GJ": 1e-3, "kt CO2": 1e3},
    **{"kg CO2/GJ": 1e-3, "t/MWh": 1, "kg CO2e/kWh": 1, "kg CO2/kWh": 1, "MWh": 1, "GWh": 1e3},
    **{"TJ": 1e3, "PJ": 1e6, "GJ": 1, "t CO2": 1, "Mt CO2": 1e6, "% below base": 0.01},
    **{"TJ/yr": 1e3, "PJ/yr": 1e6, "kt/yr": 1e3, "kt CO2/yr": 1e3, "Mt CO2/yr": 1e6},
    **{"GWh/yr": 1e3, "Mt/yr": 1e6, "t/yr": 1, "pp/yr": 0.01, "t CO2e/t": 1, "rest": 1},
    **{"%/yr": 0.01, "kg/t": 1e-3, "kg CO2/t": 1e-3, "kt CO2e": 1e3, "kWh/GJ": 1e-3, "MWh/yr": 1},
    **{"GJ/MWh": 1, "MJ/kWh": 1, "kcal/kWh": 4.1868e-3},
}
NEEDED = ("sites", "fuels", "materials", "series", "bounds", "targets")
OPTIONAL = ("plan", "routes", "generators", "stages", "products")
WITH_KILN, WITH_CEMENT = ("integrated",), ("integrated", "grinding")
Line = dict[str, str]


class Tables:
    """The CSV files of a case, with units taken off."""

    def __init__(self, folder: Path, scenario: str | None = None) -> None:
        settings = tomllib.loads((folder / "case.toml").read_text(encoding="utf-8"))
        self.base, self.last = settings["base_year"], settings["final_year"]
        self.inventory = settings["inventory_year"]
        self.horizon = range(self.inventory + 1, self.last + 1)
        rules = settings["accounting"]
        self.use_counts = rules["captured_use_counts"]
        self.biogenic_counts = rules["captured_biogenic_counts"]
        self.recalculated = rules.get("base_years") == "recalculated"
        approach = rules["consolidation"]
        in_years = approach if isinstance(approach, dict) else {str(self.base): approach}
        self.approaches = {int(year): name for year, name in in_years.items()}
        files = {name: self._rows(folder / f"{name}.csv") for name in (*NEEDED, *OPTIONAL)}
        self.sites, self.fuels, self.materials = (files[name] for name in NEEDED[:3])
        self.series, self.bounds, self.targets = (files[name] for name in NEEDED[3:])
        self.plan, self.routes, self.generators, self.stages, self.products = (
            files[n] for n in OPTIONAL
        )
        if scenario:
            self._follow(self._rows(folder / "scenarios" / f"{scenario}.csv"))
        self.site = {row["site"]: row for row in self.sites}
        self.bounds += [self._most("clinker_moved", row["route"], row["from"], row)
                        for row in self.routes]  # fmt: skip
        self.bounds += [self._most("own_power", row["generator"], row["site"], row)
                        for row in self.generators]  # fmt: skip
        self.value = cache(self._value)
        self.stage = cache(self._stage)

    def _rows(self, file: Path) -> list[Line]:
        if file.stem in OPTIONAL and not file.exists():
            return []
        lines = [
            line for line in file.read_text(encoding="utf-8-sig").splitlines(keepends=True)
            if not line.startswith("#")
        ]  # fmt: skip
        rows = []
        for row in csv.DictReader(lines):
            clean = {}
            for column, cell in row.items():
                name, _, unit = column.partition(" [")
                factor = FACTORS[unit.rstrip("]")] if unit else 1.0
                clean[name] = str(float(cell) * factor) if unit and cell else cell
            rows.append(clean)
        return rows

    def _follow(self, instead: list[Line]) -> None:
        """Takes the lines of a scenario in the place of those of the case."""
        given = {(row["place"], row["quantity"], row["which"]) for row in instead}
        self.series = instead + [
            row for row in self.series
            if (row["place"], row["quantity"], row["which"]) not in given
        ]  # fmt: skip

    def _most(self, lever: str, which: str, place: str, row: Line) -> Line:
        """A route or a power source as a line of the register; nothing before its first year."""
        first = min(int(c) for c, v in row.items() if c.isdigit() and v)
        nothing = {str(year): "0" for year in self.horizon if year < first}
        own = {"lever": lever, "which": which, "place": place, "sense": "max", "expires": ""}
        return {**row, **nothing, **own}

    def line(self, row: Line) -> dict[int, float]:
        """The yearly values of a row, straight between given years."""
        given = {int(c): float(v) for c, v in row.items() if c.isdigit() and v and v != "sda"}
        known = sorted(given)
        if not known:
            return {}
        years = range(known[0], known[-1] + 1)
        values = np.interp(list(years), known, [given[year] for year in known])
        factor = FACTORS[row["unit"]]
        return dict(zip(years, (float(v) * factor for v in values), strict=True))

    def where(self, place: str) -> list[str]:
        """The sites of a place; what follows a slash is a product of theirs."""
        found = []
        for part in place.partition("/")[0].split("+"):
            part = part.strip()
            found += [
                s for s, row in self.site.items() if part in (s, row["region"], "group")
            ]  # fmt: skip
        return [s for s in self.site if s in found]

    def levels(self, site: str) -> tuple[str, str, str]:
        """Where a line of a site may stand, the nearest first."""
        return site, self.site[site]["region"], "group"

    def has_series(self, site: str, quantity: str, which: str = "") -> bool:
        found = [(row["place"], row["quantity"], row["which"]) for row in self.series]
        return any((place, quantity, which) in found for place in self.levels(site))

    def _value(
        self, site: str, quantity: str, year: int, which: str = "", other: float = 0.0
    ) -> float:
        """A series value, of the site before its region before the group; else another."""
        for place in self.levels(site):
            for row in self.series:
                if (row["place"], row["quantity"], row["which"]) == (place, quantity, which):
                    return self.line(row)[year]
        return other

    def _stage(self, site: str, year: int) -> Line:
        """Kind, equity and control of a site in a year."""
        found = dict(self.site[site])
        for row in sorted(self.stages, key=lambda row: int(row["from"])):
            if row["site"] == site and int(row["from"]) <= year:
                changed = {c: row.get(c) for c in ("kind", "equity", "control")}
                found.update({column: cell for column, cell in changed.items() if cell})
        return found

    def kiln(self, site: str, year: int) -> bool:
        return self.stage(site, year)["kind"] in WITH_KILN

    def grinds(self, site: str, year: int) -> bool:
        return self.stage(site, year)["kind"] in WITH_CEMENT

    def hot(self, site: str, year: int) -> bool:
        """Whether a site burns fuel in a year: in a kiln, or to dry additions."""
        dries = any(float(m["heat"] or 0) > 0 for m in self.materials if m["use"] == "addition")
        return self.kiln(site, year) or (self.grinds(site, year) and dries)

    def share(self, site: str, year: int) -> float:
        """The consolidated part of a site in a year."""
        stage = self.stage(site, year)
        approach = self.approaches[max(y for y in self.approaches if y <= max(year, self.base))]
        return float(stage["equity"]) if approach == "equity" else float(stage["control"] == "yes")

    def biomass(self, site: str, year: int, fuel: Line) -> float:
        given = float(fuel["biomass_fraction"])
        return self.value(site, "biomass_fraction", year, fuel["fuel"], given)

    def decided_output(self, site: str) -> bool:
        """Whether a site stands in a total whose parts are decided."""
        totals = [r for r in self.bounds if (r["lever"], r["sense"]) == ("cement", "fixed")]
        sites = [self.where(row["place"]) for row in totals]
        return any(site in one and len(one) > 1 for one in sites) and any(
            self.grinds(site, year) for year in self.horizon
        )

    def product_shares(self, site: str, year: int) -> dict[str, float]:
        """The part of each product in the cement of a site; none for a site without products."""
        found: dict[str, float] = {}
        for row in self.products:
            if row["place"] not in self.levels(site) or row["product"] in found:
                continue
            of = [r for r in self.products if r["product"] == row["product"]]
            near = min((r for r in of if r["place"] in self.levels(site)),
                       key=lambda r: self.levels(site).index(r["place"]))  # fmt: skip
            value = self.line(near).get(year, 0.0)
            cement = self.value(site, "cement", year)
            if near["unit"] != "%":
                value = value / cement if cement else 0.0
            found[row["product"]] = value
        return found
