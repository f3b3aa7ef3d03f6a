"""That a result tells what comes out: its main tables, and the numbers of its summary."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from .case import ZERO, Line
from .reading import RefusedError, Table
from .rows import Name, Programme, Row
from .tables import Accounts, Amounts, Key, Right, compare, limit_tables, pathway_table, scenarios

TABLES = ("pathway", "emissions", "intensities", "ccus", "targets", "bounds", "summary")
_PATHWAY = ("site", "year", "quantity", "which")
_SUMMARY = ("quantity", "scenario", "year")


@dataclass(frozen=True)
class Told:
    """What the tables of a result should tell."""

    programme: Programme
    rows: list[Row]
    amounts: Amounts
    objective: str

    def check(self, files: Mapping[str, Table], prices: Mapping[Name, Fraction]) -> int:
        """How many numbers agree. Raises ``RefusedError`` where one does not.

        prices: multipliers of the first stage, from which shadow prices follow.
        """
        case, company = self.programme.case, self.programme.company
        accounts = Accounts(case, scenarios(case, company, self.amounts))
        limits = limit_tables(self.programme, self.rows, self._with_last_year(), prices)
        summary = summary_columns(accounts, self.objective, files["summary"])
        wanted: dict[str, tuple[Key, dict[str, dict[Key, Right]]]] = {
            "pathway": (_PATHWAY, pathway_table(case, company, self.amounts)),
            "emissions": (("scenario", "site", "year", "scope", "source"), accounts.table()),
            "intensities": (("scenario", "place", "scope", "year"), accounts.intensities()),
            "ccus": (("scenario", "place", "year"), accounts.ccus()),
            "targets": (("target", "year"), limits["targets"]),
            "bounds": (("id", "year"), limits["bounds"]),
            "summary": (_SUMMARY, summary),
        }
        files = {**files, "summary": _chosen(files["summary"], summary["value"])}
        for name, lines in (("bounds", case.bounds), ("targets", case.targets)):
            for row in files[name].rows:
                _same_words(name, row, lines.get(row["id" if name == "bounds" else "target"]))
        return sum(compare(name, files[name], *wanted[name]) for name in TABLES)

    def _with_last_year(self) -> Amounts:
        """The pathway after the inventory year, for limits on change."""
        case, company = self.programme.case, self.programme.company
        before = [company.planned(s, case.inventory) for s in case.sites] if case.has_plan() else []
        return {q: v for part in (*before, self.amounts) for q, v in part.items()}


def _same_words(name: str, row: Mapping[str, str], line: Line | None) -> None:
    """A bound or target is told as the case has it, and that it holds."""
    words = ("lever", "which", "place", "sense", "kind", "confidence", "scope", "metric")
    unit = "t/t" if line and line.row.get("metric") == "intensity" else "t"
    if line is not None:
        wanted = {word: line.row[word] for word in words if word in row}
        wanted |= {"holds": "True", "unit": line.row["unit"] if name == "bounds" else unit}
        for word, right in wanted.items():
            if row[word] != right:
                place = f"{name}.csv, {line.id} {row['year']}"
                raise RefusedError(f"{place}: {word} is '{row[word]}', and should be '{right}'")


def _chosen(summary: Table, wanted: Mapping[Key, object]) -> Table:
    rows = [row for row in summary.rows if tuple(row.get(k, "") for k in _SUMMARY) in wanted]
    return Table(summary.columns, rows)


def summary_columns(
    accounts: Accounts, objective: str, table: Table
) -> dict[str, dict[Key, Right]]:
    """What ``summary.csv`` should hold, of the rows that it has on CCUS and scope 1+2."""
    rights = _summary(accounts, objective)
    if not any(row.get("quantity") == "least_ccus" for row in table.rows):
        raise RefusedError("summary.csv lacks least_ccus")
    told = (tuple(row.get(k, "") for k in _SUMMARY) for row in table.rows)
    names = {key[0] for key in rights}
    chosen = {key: rights.get(key) for key in told if key[0] in names}
    wrong = [" ".join(key) for key, right in chosen.items() if right is None]
    if wrong:
        raise RefusedError(f"summary.csv: {wrong[0]} is no row of this result")
    return {"value": {key: right for key, right in chosen.items() if right is not None}}


def _summary(accounts: Accounts, objective: str) -> dict[Key, Right]:
    case, found = accounts.case, dict[Key, Right]()
    span = f"{case.horizon.start}–{case.final}" if len(case.horizon) > 1 else str(case.final)
    ccus, sites = accounts.ccus()["value"], tuple(case.sites)
    for scenario in ("pathway", "plan"):
        if scenario in accounts.years:
            lines = {y: ccus[scenario, "group", str(y)] for y in case.horizon}
            total = sum((right.value or ZERO for right in lines.values()), ZERO)
            found["ccus_total", scenario, span] = Right(total, sum(r.size for r in lines.values()))
            found |= {("ccus", scenario, str(y)): right for y, right in lines.items()}
            most = max(right.value or ZERO for right in lines.values())
            near = {
                y: r for y, r in lines.items() if (r.value or ZERO) >= most * (1 - Fraction("1e-9"))
            }
            found |= {("ccus_peak", scenario, str(y)): right for y, right in near.items()}
            final = accounts.total(scenario, sites, case.final, "1", "2")
            found["scope12", scenario, str(case.final)] = final
    least = {"cumulative": "ccus_total", "final": "ccus", "peak": "ccus_peak"}[objective]
    years = [str(case.final)] if objective == "final" else [span, *map(str, case.horizon)]
    keys = [("least_ccus", "pathway", year) for year in years]
    found |= {key: found[least, *key[1:]] for key in keys if (least, *key[1:]) in found}
    found["targets", "", ""] = Right(Fraction(len(case.targets)), 0.0)
    found["bounds", "", ""] = Right(Fraction(len(case.bounds)), 0.0)
    if "plan" in accounts.years:
        plan, own = (found["ccus_total", s, span] for s in ("plan", "pathway"))
        less = Right((plan.value or ZERO) - (own.value or ZERO), plan.size + own.size)
        found["ccus_less_than_plan", "pathway", span] = less
        if plan.value:
            found["ccus_less_than_plan_share", "pathway", span] = _part(less, plan)
    if "reported" in accounts.years:
        start = accounts.total("reported", sites, case.base, "1", "2")
        found["scope12", "reported", str(case.base)] = start
        frozen = accounts.total("baseline", sites, case.final, "1", "2")
        found["scope12", "baseline", str(case.final)] = frozen
        if start.value:
            final = found["scope12", "pathway", str(case.final)]
            cut = Right(start.value - (final.value or ZERO), start.size + final.size)
            found["scope12_below_base", "pathway", str(case.final)] = _part(cut, start)
    return found


def _part(part: Right, whole: Right) -> Right:
    value = whole.value or ZERO
    return Right((part.value or ZERO) / value, part.size / abs(float(value)) + 1)
