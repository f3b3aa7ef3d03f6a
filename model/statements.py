"""The sentence in which a target is stated, in English and Traditional Chinese.

In the form of the statements that SBTi publishes, such as "… commits to reduce gross scope 1 GHG
emissions 23.9 % per tonne of cementitious product by 2030 from a 2016 base year."
"""

from model.candidates import Candidate, Kind
from model.case import Metric, Scope

_SCOPES = {
    Scope.ONE: ("gross scope 1", "範疇一總"),
    Scope.TWO: ("scope 2", "範疇二"),
    Scope.BOTH: ("gross scope 1 and 2", "範疇一及範疇二總"),
}


def statements(candidate: Candidate) -> tuple[str, str]:
    """The statement in English and in Traditional Chinese."""
    names, target = candidate.case.company, candidate.target
    english, chinese = _SCOPES[target.scope]
    frozen = candidate.method.kind is Kind.FROZEN
    part = target.values[candidate.year] if frozen else candidate.reduction
    cut = f"{100 * part:.1f}"
    year, base = candidate.year, candidate.base_year
    sites = "" if target.place == "group" else f" (boundary: {target.place})"
    places = "" if target.place == "group" else f"（邊界：{target.place}）"
    if frozen:
        return (
            f"{names.en} commits to reduce {english} GHG emissions {cut} % by {year} below its "
            f"frozen baseline of {base}{sites}.",
            f"{names.zh}承諾於 {year} 年前，將{chinese}溫室氣體排放量較 {base} 年凍結基線情境"
            f"降低 {cut}%{places}。",
        )
    if target.metric is Metric.INTENSITY:
        return (
            f"{names.en} commits to reduce {english} GHG emissions {cut} % per tonne of "
            f"cementitious product by {year} from a {base} base year{sites}.",
            f"{names.zh}承諾以 {base} 年為基準年，於 {year} 年前將每公噸膠結材的{chinese}"
            f"溫室氣體排放量降低 {cut}%{places}。",
        )
    return (
        f"{names.en} commits to reduce absolute {english} GHG emissions {cut} % by {year} from a "
        f"{base} base year{sites}.",
        f"{names.zh}承諾以 {base} 年為基準年，於 {year} 年前將{chinese}溫室氣體絕對排放量"
        f"降低 {cut}%{places}。",
    )
