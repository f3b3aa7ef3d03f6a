"""The words of kilnpath that no case may use as ids, and the ids that it may."""

from model.case.ids import Ids
from model.case.tables import Row
from model.case.types import FuelKind
from model.levers.levers import CAPTURE
from model.messages.identifiers import alike
from model.messages.message import message

FUEL_CLASSES = ("alternative", *FuelKind)
RESERVED = {"all", "group", "total", *FUEL_CLASSES, *CAPTURE}
_WORDS = {alike(word): word for word in RESERVED}


def free_id(row: Row, column: str, ids: Ids) -> str | None:
    """A new id that is no word of kilnpath; ``None``, and a fault, where there is none.

    A fuel may be called as its kind, where it is alone of it.
    """
    found = row.identifier(column, ids)
    own_kind = found == row.text("kind") and found != FuelKind.BIOMASS
    return None if found is None or (not own_kind and is_word(row, column, found)) else found


def is_word(row: Row, column: str, found: str) -> bool:
    """Whether an id is a word of kilnpath, or taken for one; a fault where it is."""
    word = _WORDS.get(alike(found))
    if word == found:
        row.fault(message("'{word}' is a word of kilnpath and cannot be an id", word=found), column)
    elif word:
        what = message(
            "'{value}' is taken for '{word}', a word of kilnpath; rename it", value=found, word=word
        )
        row.fault(what, column)
    return word is not None
