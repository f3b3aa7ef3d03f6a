"""The settings of a case (``case.toml``, or the sheet ``case`` of a workbook)."""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, ValidationError
from pydantic_core import ErrorDetails

from model.case.ids import name_fault
from model.case.sites import BaseYears, Consolidation
from model.case.tables import Faults, is_year
from model.case.types import Objective, Second
from model.messages.faults import did_you_mean
from model.messages.invalid import what_is_right
from model.messages.location import Location
from model.messages.message import Message, message

_STRICT = ConfigDict(extra="forbid", allow_inf_nan=False, strict=True, populate_by_name=True)
_CONSOLIDATION = ("accounting", "consolidation")
_PART = r"^(100(\.0{1,9})?|\d{1,2}(\.\d{1,9})?) ?%$"


class NamesSettings(BaseModel):
    """zh: empty where the thing has no name of its own in Chinese."""

    model_config = _STRICT
    en: str = Field(min_length=1)
    zh: str = Field(alias="zh-Hant")


def _way(consolidation: object) -> str:
    """How consolidation is written: as a word, or as a table by year."""
    return "by_year" if isinstance(consolidation, Mapping) else "word"


_Approach = Annotated[Consolidation, Field(strict=False)]


class AccountingSettings(BaseModel):
    """consolidation: one approach, or those from years on, of which the first is the base year."""

    model_config = _STRICT
    consolidation: Annotated[
        Annotated[_Approach, Tag("word")] | Annotated[dict[str, _Approach], Tag("by_year")],
        Discriminator(_way),
    ]
    captured_biogenic_counts: bool
    captured_use_counts: bool
    base_years: BaseYears = Field(default=BaseYears.AS_REPORTED, strict=False)

    @property
    def says_base_years(self) -> bool:
        """Whether the case says how base years are consolidated."""
        return "base_years" in self.model_fields_set

    def approaches(self, base_year: int) -> dict[int, Consolidation]:
        """The approaches of consolidation, each from a year on, in the order of years."""
        if isinstance(self.consolidation, Consolidation):
            return {base_year: self.consolidation}
        return {int(year): approach for year, approach in sorted(self.consolidation.items())}


class Settings(BaseModel):
    model_config = _STRICT
    base_year: int = Field(ge=1990, le=2100)
    inventory_year: int = Field(ge=1990, le=2100)
    final_year: int = Field(ge=1990, le=2100)
    objective: Objective = Field(strict=False)
    then: Second = Field(strict=False)
    within: str = Field(default="0.1 %", pattern=_PART)
    names: NamesSettings
    company: NamesSettings | None = None
    regions: dict[str, NamesSettings] = Field(default_factory=dict)
    accounting: AccountingSettings


def part_of(percentage: str) -> float:
    """What a percentage of the settings is a part of 1: ``0.1 %`` is 0.001."""
    return float(percentage.removesuffix("%")) / 100


def percentage(part: float) -> str:
    """A part of 1 as the settings have it: 0.001 is ``0.1 %``."""
    return f"{part * 100:.9f}".rstrip("0").rstrip(".") + " %"


def read_settings(
    raw: Mapping[str, object],
    name: str | Message,
    places: Mapping[str, tuple[Location, Location]],
    faults: Faults,
) -> Settings | None:
    """Checked settings, or ``None`` and the faults.

    name: of their file or sheet; places: key, as ``names.en`` -> the cells of it and its value.
    """
    before = len(faults.entries)
    try:
        settings = Settings.model_validate(dict(raw))
    except ValidationError as error:
        for item in _without_slips(error.errors()):
            item["loc"] = _plain(item["loc"])
            key = ".".join(str(part) for part in item["loc"])
            at_key, at_value = places.get(key, (name, name))
            faults.add(at_key if item["type"] == "extra_forbidden" else at_value, _words(item))
        return None
    if settings.inventory_year < settings.base_year:
        faults.add(
            name,
            message(
                "inventory_year {inventory_year} lies before base_year {base_year}; it "
                "must be the same or later",
                inventory_year=settings.inventory_year,
                base_year=settings.base_year,
            ),
        )
    if settings.final_year <= settings.inventory_year:
        faults.add(
            name,
            message(
                "final_year {final_year} must lie after inventory_year {inventory_year}",
                final_year=settings.final_year,
                inventory_year=settings.inventory_year,
            ),
        )
    for key, wrong in _years_of_approaches(settings):
        faults.add(places.get(key, (name, name))[0], wrong)
    sound = len(faults.entries) == before
    for key, shown in _names(settings):  # of which nothing else depends
        if what := name_fault(shown):
            faults.add(
                places.get(key, (name, name))[1], message("{key}: {what}", key=key, what=what)
            )
    return settings if sound else None


def _plain(loc: tuple[int | str, ...]) -> tuple[int | str, ...]:
    """Where something is wrong, without the way in which consolidation is written."""
    of_way = loc[:2] == (*_CONSOLIDATION,) and loc[2:3] in (("word",), ("by_year",))
    return (*loc[:2], *loc[3:]) if of_way else loc


def _years_of_approaches(settings: Settings) -> Iterator[tuple[str, Message]]:
    """What is wrong with the years of consolidation, each with its key."""
    key, given = ".".join(_CONSOLIDATION), settings.accounting.consolidation
    if isinstance(given, Consolidation):
        return
    first, last = settings.base_year, settings.final_year
    for year in given:
        if not is_year(year) or not first <= int(year) <= last:
            yield (
                f"{key}.{year}",
                message(
                    "{key} has the year '{year}'; write years of the case, {first} to {last}",
                    key=key,
                    year=year,
                    first=first,
                    last=last,
                ),
            )
            return
    if str(first) not in given:
        what = message("{key} must begin with the base year {year}", key=key, year=first)
        yield f"{key}.{min(given, default='')}", what


def _names(settings: Settings) -> Iterator[tuple[str, str]]:
    """Each name of the settings by its key, as ``names.en``."""
    own = {f"regions.{region}": names for region, names in settings.regions.items()}
    for key, names in {"names": settings.names, "company": settings.company, **own}.items():
        if names is not None:
            yield from ((f"{key}.en", names.en), (f"{key}.zh-Hant", names.zh))


def _without_slips(items: Iterable[ErrorDetails]) -> list[ErrorDetails]:
    """What is wrong, without keys that are missing because they are misspelt: those are told."""
    found = list(items)
    misspelt = [item["loc"] for item in found if item["type"] == "extra_forbidden"]
    return [
        item
        for item in found
        if item["type"] != "missing"
        or not any(
            loc[:-1] == item["loc"][:-1]
            and get_close_matches(str(loc[-1]), [str(item["loc"][-1])], n=1, cutoff=0.6)
            for loc in misspelt
        )
    ]


def _words(item: ErrorDetails) -> Message:
    where = ".".join(str(part) for part in item["loc"])
    if item["type"] == "extra_forbidden":
        known = did_you_mean(str(item["loc"][-1]), _keys(item["loc"]))
        return message("unknown key '{key}'{known}", key=where, known=known)
    if item["type"] == "missing":
        return message("key '{key}' is missing", key=where)
    shown = repr(item["input"])
    shown = shown if len(shown) <= 60 else f"{shown[:57]}..."
    if item["type"] in ("model_type", "model_attributes_type"):
        keys = tuple(_keys((*item["loc"], "")))
        right = message("write a table with the keys {keys}", keys=keys)
    elif where == "within":
        right = message('write a percentage from 0 to 100 %, as "0.1 %"')
    else:
        right = what_is_right(item)
    return message("{key} is {value}; {right}", key=where, value=shown, right=right)


def _keys(loc: tuple[int | str, ...]) -> list[str]:
    model: type[BaseModel] = Settings
    if loc[0] == "accounting":
        model = AccountingSettings if len(loc) > 1 else Settings
    elif loc[0] in ("names", "company", "regions") and len(loc) > 1:
        model = NamesSettings
    return [field.alias or key for key, field in model.model_fields.items()]
