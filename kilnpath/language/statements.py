"""The sentence in which a target is stated, in each language.

In the form of the statements that SBTi publishes, such as "… commits to reduce gross scope 1 GHG
emissions 23.9 % per tonne of cementitious product by 2030 from a 2016 base year."
"""

from kilnpath.language.languages import Language, mark, name_in, texts
from model.case.types import Metric, Scope
from model.targets.candidates import Candidate, Kind

_EMISSIONS = {
    Scope.ONE: mark("gross scope 1 GHG emissions"),
    Scope.TWO: mark("scope 2 GHG emissions"),
    Scope.BOTH: mark("gross scope 1 and 2 GHG emissions"),
}
_ABSOLUTE_EMISSIONS = {
    Scope.ONE: mark("absolute gross scope 1 GHG emissions"),
    Scope.TWO: mark("absolute scope 2 GHG emissions"),
    Scope.BOTH: mark("absolute gross scope 1 and 2 GHG emissions"),
}
_FROZEN = mark(
    "{company} commits to reduce {emissions} {cut} % by {year} below its frozen baseline of "
    "{base}{boundary}."
)
_INTENSITY = mark(
    "{company} commits to reduce {emissions} {cut} % per tonne of cementitious product by {year} "
    "from a {base} base year{boundary}."
)
_ABSOLUTE = mark(
    "{company} commits to reduce {emissions} {cut} % by {year} from a {base} base year{boundary}."
)


def statement(candidate: Candidate, language: Language) -> str:
    """The statement of a candidate target."""
    text, target = texts(language), candidate.target
    frozen = candidate.method.kind is Kind.FROZEN
    intensity = target.metric is Metric.INTENSITY
    part = target.values[candidate.year] if frozen else candidate.reduction
    template = _FROZEN if frozen else _INTENSITY if intensity else _ABSOLUTE
    emissions = _EMISSIONS if frozen or intensity else _ABSOLUTE_EMISSIONS
    boundary = ""
    if target.place != "group":
        boundary = text(mark(" (boundary: {place})")).format(place=target.place)
    return text(template).format(
        company=name_in(language, candidate.case.company),
        emissions=text(emissions[target.scope]),
        cut=f"{100 * part:.1f}",
        year=candidate.year,
        base=candidate.base_year,
        boundary=boundary,
    )


def statements(candidate: Candidate) -> tuple[str, ...]:
    """The statement in every language, English first."""
    return tuple(statement(candidate, language) for language in Language)
