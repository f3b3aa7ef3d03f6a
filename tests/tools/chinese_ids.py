"""Cases with the same numbers, whose every id is Chinese."""

import re
from pathlib import Path

from tests.tools.case_tools import TABLES, file_of, header_at, read_rows, write_rows

IDS = {
    "plant": "和平廠",
    "station": "高雄站",
    "here": "此區",
    "north": "北區",
    "coal": "煤",
    "rdf": "廢棄物衍生燃料",
    "wood": "廢木材",
    "sludge": "石灰污泥灰",
    "slag_raw": "爐碴",
    "slag": "爐石粉",
    "limestone": "石灰石粉",
    "gypsum": "石膏",
    "slag_standard": "爐石標準",
    "sludge_permit": "污泥許可",
    "heat_best": "最佳熱耗",
    "heat_today": "現行熱耗",
    "wood_permit": "木材許可",
    "waste_heat_limit": "餘熱上限",
    "renewables_market": "再生電力市場",
    "capture_rate": "捕集率",
    "no_use": "不利用",
    "scope1": "範疇一目標",
    "scope2": "範疇二目標",
    "fuel_permit": "替代燃料上限",
    "wood_supply": "木材供應",
    "raw_permit": "替代原料許可",
    "ratio_standard": "熟料比標準",
    "slag_station": "高雄站-爐石",
    "slag_supply": "爐石供應",
    "limestone_plant": "和平廠-石灰石",
    "limestone_station": "高雄站-石灰石",
    "gypsum_plant": "和平廠-石膏",
    "gypsum_station": "高雄站-石膏",
    "clinker_contract": "熟料合約_1.0",
    "rdf_growth": "衍生燃料成長",
    "capture_start": "捕集起始",
    "capture_growth": "捕集成長",
    "scope1_sda": "範疇一SDA",
    "scope2_cut": "範疇二減量",
}
_COLUMNS = ("site", "region", "fuel", "material", "id", "place", "which")


def with_chinese_ids(case: Path) -> Path:
    """Replaces the ids in the folder of a case, one-kiln or the template, by Chinese ones."""
    for table in TABLES:
        if file_of(case, table).exists():
            rows = read_rows(case, table)
            start = header_at(rows)
            at = [rows[start].index(column) for column in _COLUMNS if column in rows[start]]
            at += [rows[start].index("kind")] if table == "materials" else []
            for cells in rows[start + 1 :]:
                for position in at:
                    cells[position] = _renamed(cells[position])
            write_rows(case, table, rows)
    file = file_of(case, "case")
    text = file.read_text(encoding="utf-8")
    file.write_text(re.sub(r"^north = ", '"北區" = ', text, flags=re.MULTILINE), encoding="utf-8")
    return case


def _renamed(cell: str) -> str:
    return "+".join(IDS.get(part, part) for part in cell.split("+"))


def renamed(text: str) -> str:
    """A text with every id that stands alone in it replaced by its Chinese one."""
    ids = "|".join(sorted(IDS, key=len, reverse=True))
    return re.sub(rf"(?<![\w.-])({ids})(?![\w-])", lambda found: IDS[found[1]], text)
