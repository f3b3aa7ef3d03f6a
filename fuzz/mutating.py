"""Changes files as somebody might who wants to mislead, hang or harm: by their structure."""

import random
import re
from collections.abc import Callable

from fuzz.files import FOLDER, LARGEST, LINK, PIPE, Files

NASTY = [
    *("", " ", "0", "-1", "-0.0", "1e308", "-1e308", "1e-320", "5e-324", "1e999", "1e999999999"),
    *("nan", "inf", "-inf", "NaN", "1_000", "0x10", "１２", "٣", "²", "9" * 400, "9" * 5000, "1/3"),
    *("1,5", "1.2.3", ".", "+5%", "-200%", "*1.2.3", "*" + "9" * 400, "2024:1,2026:2", "0001"),
    *(
        "9999999",
        "2100",
        "2101",
        "1989",
        "1000",
        "9999",
        "true",
        "false",
        "null",
        "[]",
        "{}",
        "''",
        '"',
        "\\",
    ),
    *("35%", "35 ％", "2,100,000", "1,234", "0,35", "1.234,5", "2 100 000", "－５", "3.2 GJ/t"),
    *("２０３０", "2030年", "FY2030", "2030-12-31", "1905-07-22", "民國119年", "119", "2030 [%]"),
    *("n/a", "-", "–", "是", "Yes", "至少", "Rise Max", "GJ／t", "tCO2/GJ", "公噸", "MT", "1 + 2"),
    *("1e99", "1e-99"),
    *("=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3", ";=1", "\t=1", "＝1", "\r=1", "\n=1"),
    *(
        "\x00",
        "\x1b[2J",
        "\x9b2J",
        "\u202e",
        "\ufeff",
        "\u200b",
        "\x7f",
        "é",
        "台泥",
        "[/b]",
        "<script>",
    ),
    *("../../etc/passwd", "/etc/passwd", "C:\\x", "..", ".", "a" * 300, "a" * 20_000, "x\ny"),
    *(
        "group",
        "plant",
        "all",
        "rest",
        "sda",
        "biomass",
        "%",
        "t",
        "GJ/t",
        "kWh",
        "#",
        "# x",
        "1+2",
    ),
]
_LITERAL = re.compile(rb'"(?:\\.|[^"\\\n])*"|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?|true|false|null')
_WORD = re.compile(rb"[A-Za-z_][A-Za-z0-9_]*")
_ELEMENT = re.compile(rb"<[A-Za-z][^<>]*?/>|<([A-Za-z]+)[^<>]*>[^<]*</\1>")
Change = Callable[[bytes, random.Random], bytes]


def nasty(rng: random.Random) -> bytes:
    """A value that readers may stumble over."""
    return rng.choice(NASTY).encode()


def _lines(data: bytes, rng: random.Random) -> bytes:
    """A line gone, twice, many times, or elsewhere."""
    lines = data.split(b"\n")
    at, way = rng.randrange(len(lines)), rng.randrange(5)
    if way == 0:
        del lines[at]
    elif way == 1:
        lines.insert(rng.randrange(len(lines) + 1), lines[at])
    elif way == 2:
        lines[at:at] = [lines[at]] * rng.choice((10, 300, 3000))
    elif way == 3:
        lines[at] = lines[at] * rng.choice((2, 50))
    else:
        lines[at] = nasty(rng)
    return b"\n".join(lines)


def _cell(data: bytes, rng: random.Random) -> bytes:
    """A cell of a CSV file that holds something else, or a column of them."""
    lines = data.split(b"\n")
    rows = [n for n, line in enumerate(lines) if line]
    if not rows:
        return nasty(rng)
    row = 0 if rng.random() < 0.15 else rng.choice(rows)
    cells = lines[row].split(b",")
    at, way = rng.randrange(len(cells)), rng.randrange(8)
    if way == 0:
        del cells[at]
    elif way == 1:
        cells.insert(at, cells[at])
    elif way == 2:
        other = lines[rng.choice(rows)].split(b",")
        cells[at] = rng.choice(other)
    elif way == 3:
        cells[at] = b'"' + nasty(rng).replace(b'"', b'""') + b'"'
    else:
        cells[at] = nasty(rng)
    lines[row] = b",".join(cells)
    return b"\n".join(lines)


def _value(data: bytes, rng: random.Random) -> bytes:
    """A number, text or switch that is another one, as TOML and JSON write them."""
    found = list(_LITERAL.finditer(data))
    if not found:
        return data + nasty(rng)
    chosen = rng.choice(found)
    text = nasty(rng)
    if rng.random() < 0.6:
        text = b'"' + text.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'
    if rng.random() < 0.2:
        text = rng.choice(found)[0]
    if rng.random() < 0.05:
        text = b"[" * rng.choice((3, 2000)) + text
    return data[: chosen.start()] + text + data[chosen.end() :]


def _word(data: bytes, rng: random.Random) -> bytes:
    found = list(_WORD.finditer(data))
    if not found:
        return data
    chosen, other = rng.choice(found), rng.choice(found)
    text = other[0] if rng.random() < 0.7 else nasty(rng)
    return data[: chosen.start()] + text + data[chosen.end() :]


def _element(data: bytes, rng: random.Random) -> bytes:
    """An element of XML gone, twice or many times."""
    found = list(_ELEMENT.finditer(data))
    if not found:
        return data
    chosen = rng.choice(found)
    times = rng.choice((0, 2, 2, 500))
    return data[: chosen.start()] + chosen[0] * times + data[chosen.end() :]


def _bytes(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data) + 1)
    end = min(len(data), at + rng.randrange(1, 30))
    if rng.random() < 0.3:
        return data[:at] + data[end:]
    return data[:at] + rng.choice((rng.randbytes(3), nasty(rng), data[at:end] * 2)) + data[end:]


def _special(data: bytes, rng: random.Random) -> bytes:
    """A link, a pipe or a folder in place of a file; other encodings of it."""
    choices = [
        *(LINK + b"/etc/passwd", LINK + b"../secret", LINK + b"/dev/zero", LINK + b"nowhere"),
        *(PIPE, FOLDER, b"", b"\xef\xbb\xbf" + data, data.replace(b"\n", b"\r\n")),
        data.decode("utf-8", "replace").encode("utf-16"),
    ]
    return rng.choice(choices)


def _nest(data: bytes, rng: random.Random) -> bytes:
    """A value of JSON that stands deep inside others, or among very many."""
    found = list(_LITERAL.finditer(data))
    if not found:
        return data
    chosen, times = rng.choice(found), rng.choice((3, 300, 3000))
    ways = (b'{"2026":' * times + chosen[0] + b"}" * times, b"[" * times + b"]" * times)
    text = rng.choice((*ways, b"[" + b"1," * times + b"1]"))
    return data[: chosen.start()] + text + data[chosen.end() :]


def _ways(name: str) -> list[Change]:
    if name.endswith(".json"):
        return [_value, _value, _value, _word, _lines, _bytes, _nest]
    if name.endswith(".csv"):
        return [_cell, _cell, _cell, _cell, _lines, _bytes]
    if name.endswith((".xml", ".rels")):
        return [_value, _value, _word, _element, _element, _bytes]
    return [_value, _value, _value, _word, _lines, _bytes]


def mutate(
    files: Files, rng: random.Random, names: tuple[str, ...] = (), links: bool = True
) -> Files:
    """Files with a change or some.

    names: of those that are changed, all where none are given; links: whether also into them, and
    pipes, where a reader's user does not name the file.
    """
    found = dict(files)
    for _ in range(rng.choice((1, 1, 1, 2, 3, 8))):
        wanted = [name for name in found if not names or name in names]
        if not wanted:
            return found
        name = rng.choice(wanted)
        if links and rng.random() < 0.02:
            found[name] = _special(found[name], rng)
        elif links and rng.random() < 0.01:
            del found[name]
        else:
            found[name] = rng.choice(_ways(name))(found[name], rng)[:LARGEST]
    return found
