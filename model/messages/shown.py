"""What shows itself: in a notebook as a short table, on a prompt in a line."""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from model.messages.message import InWords, Text, mark, said

_WORDS: list[Callable[[], Text]] = []  # the first of them says which language is read


@dataclass(frozen=True, slots=True)
class Facts:
    """A few facts of a thing.

    title: what it is; rows: what is told, each by its name.
    """

    title: InWords | str
    rows: tuple[tuple[InWords, InWords | str], ...]

    def as_html(self, text: Text) -> str:
        """A table, where ``text`` gives another language's words for an English template."""
        rows = "".join(
            f'<tr><th scope="row" style="text-align:left">{_safe(name, text)}</th>'
            f'<td style="text-align:left">{_safe(what, text)}</td></tr>'
            for name, what in self.rows
        )
        caption = f'<caption style="text-align:left">{_safe(self.title, text)}</caption>'
        return f"<table>{caption}<tbody>{rows}</tbody></table>"


def _safe(what: InWords | str, text: Text) -> str:
    return escape(str(said(what, text)))


class Shows:
    """What shows its facts: IPython and Jupyter ask for ``_repr_html_``, a prompt for a line."""

    __slots__ = ()

    def facts(self) -> Facts:
        """What is shown of it."""
        raise NotImplementedError

    def brief(self) -> str:
        """What is shown of it on a prompt, in English, and costs nothing to find."""
        raise NotImplementedError

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.brief()}>"

    def _repr_html_(self) -> str:
        return self.facts().as_html(_WORDS[0]() if _WORDS else mark)


def show_in(words: Callable[[], Text]) -> None:
    """From now on things show themselves in the language that ``words`` gives, asked each time."""
    _WORDS[:] = [words]
