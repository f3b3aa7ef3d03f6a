"""Reads what sites become in time: their kind, equity share and control from a year on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from model.case.sites import Consolidation, Site, SiteKind, Stage, consolidated_share
from model.case.tables import Faults, Row, Table, is_year
from model.case.types import Source
from model.case.units import Dimension as D
from model.messages.faults import did_you_mean
from model.messages.message import message
from model.reading.rows.headers import open_table
from model.reading.rows.provenance import not_too_many, provenance

STAGE_COLUMNS: dict[str, D | None] = {
    "site": None,
    "from": None,
    "kind": None,
    "equity": D.SHARE,
    "control": None,
    "source": None,
    "status": None,
}
MOST_STAGES = 20_000  # of a case; four for each of the most sites
_CHANGING = (SiteKind.INTEGRATED, SiteKind.GRINDING)
Approaches = Mapping[int, Consolidation]


@dataclass(frozen=True, slots=True)
class StageRow:
    """What a row says of a site from a year on; ``None``: as before."""

    row: Row
    site: str
    since: int | None
    kind: SiteKind | None
    equity: float | None
    control: bool | None


def read_stages(
    table: Table | None, years: range, sources: list[Source], faults: Faults
) -> list[StageRow]:
    """The rows of the table; none without one. years: those of the case."""
    if table is None:
        return []
    rows = open_table(table, "stages.csv", STAGE_COLUMNS, faults)
    return [_read_stage(row, years, sources) for row in not_too_many(rows, MOST_STAGES)]


def _read_stage(row: Row, years: range, sources: list[Source]) -> StageRow:
    site, since = row.needed("site"), row.needed("from")
    kind = row.choice("kind", SiteKind) if row.text("kind") else None
    equity = row.number_in("equity", most=1.0) if row.text("equity") else None
    control = row.text("control")
    if control not in ("yes", "no", ""):
        what = message(
            "control is '{control}'; write yes or no, or leave it empty", control=control
        )
        row.fault(what, "control")
    if since and not (is_year(since) and years.start < int(since) < years.stop):
        what = message(
            "from is '{text}'; write a year after the base year, {first} to {last}",
            text=since,
            first=years.start + 1,
            last=years.stop - 1,
        )
        row.fault(what, "from")
        since = ""
    if not (row.text("kind") or row.text("equity") or control):
        row.fault(message("changes nothing; write a kind, an equity share or a control"))
    provenance(row, int(equity is not None), sources, "site", "from")
    held = None if control not in ("yes", "no") else control == "yes"
    return StageRow(row, site, int(since) if is_year(since) else None, kind, equity, held)


def with_stages(
    sites: Mapping[str, Site],
    rows: Iterable[StageRow],
    approaches: Approaches,
    lost: frozenset[str],
    faults: Faults,
) -> dict[str, Site]:
    """The sites with what they become.

    sites: as they are in the base year; approaches: of consolidation, each from a year on, the
    first from the base year; lost: sites whose rows in ``sites.csv`` are at fault.
    """
    by_site: dict[str, dict[int, StageRow]] = {}
    for one in rows:
        known = one.site in sites
        if one.site and not known and lost.isdisjoint((one.site, "")):
            what = message(
                "site '{site}' is not in sites.csv{known}",
                site=one.site,
                known=did_you_mean(one.site, sites),
            )
            one.row.fault(what, "site")
        if known and one.since is not None:
            own = by_site.setdefault(one.site, {})
            if one.since in own:
                what = message(
                    "duplicate row: '{site}' from {year} on", site=one.site, year=one.since
                )
                one.row.fault(what, "from")
            own.setdefault(one.since, one)
        if one.row.at_fault:
            faults.doubtful.add(one.site)
    return {
        name: _with_stages(site, by_site.get(name, {}), approaches, faults)
        for name, site in sites.items()
    }


def _with_stages(
    site: Site, rows: Mapping[int, StageRow], approaches: Approaches, faults: Faults
) -> Site:
    """A site with its stages, in the order of their years."""
    now, stages = site.first, list[Stage]()
    for year in sorted({now.since, *rows, *approaches}):
        if year in approaches:
            approach = approaches[year]
        if year in rows:
            now = _changed(now, rows[year], faults)
        share = consolidated_share(now.equity, now.control, approach)
        if year in rows or not stages or share != stages[-1].share:
            stages.append(replace(now, since=year, share=share))
    ever = next((one.kind for one in stages if one.kind.has_kiln), site.kind)
    return replace(site, kind=ever, stages=tuple(stages))


def _changed(now: Stage, row: StageRow, faults: Faults) -> Stage:
    """A stage as a row changes it; only stations and kiln plants may become the other."""
    kind = now.kind if row.kind is None else row.kind
    if kind is not now.kind and not {kind, now.kind} <= {*_CHANGING}:
        what = message(
            "makes a {was} site {now}; only integrated and grinding may become the other",
            was=now.kind,
            now=kind,
        )
        row.row.fault(what, "kind")
        faults.doubtful.add(row.site)
        kind = now.kind
    equity = now.equity if row.equity is None else row.equity
    control = now.control if row.control is None else row.control
    return replace(now, kind=kind, equity=equity, control=control)


def first_change(sites: Iterable[Site]) -> tuple[Site, int] | None:
    """A site whose consolidated share changes, and the first year in which one does."""
    changes = [
        (after.since, site)
        for site in sites
        for before, after in zip(site.stages, site.stages[1:], strict=False)
        if after.share != before.share
    ]
    if not changes:
        return None
    year, site = min(changes, key=lambda change: change[0])
    return site, year
