"""An input of a fuzzer: several files as one text of bytes, and back; and their place on disk."""

import os
from pathlib import Path

Files = dict[str, bytes]
_START, _END = b"\n\x1e", b"\x1f\n"
LINK, PIPE, FOLDER = b"\x01link:", b"\x01pipe", b"\x01folder"  # in place of a content
LARGEST = 400_000  # bytes of an input


def pack(files: Files) -> bytes:
    """Files one after another, each under its name."""
    return b"".join(_START + name.encode() + _END + content for name, content in files.items())


def unpack(data: bytes) -> Files:
    """The files in an input, with names that lie inside a folder."""
    found = {}
    for part in data.split(_START)[1:]:
        name, end, content = part.partition(_END)
        text = name.decode("utf-8", "replace").replace("\x00", "").strip("/")
        if end and text and ".." not in text and len(text) < 100:
            found[text] = content
    return found


def place(files: Files, folder: Path) -> None:
    """Puts files into a folder; some are links, pipes or folders instead."""
    for name, content in files.items():
        path = folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if content.startswith(LINK):
                path.symlink_to(content.removeprefix(LINK).decode("utf-8", "replace")[:200])
            elif content.startswith(PIPE):
                os.mkfifo(path)
            elif content.startswith(FOLDER):
                path.mkdir()
            else:
                path.write_bytes(content)
        except (OSError, ValueError):  # a name that none can have
            continue
