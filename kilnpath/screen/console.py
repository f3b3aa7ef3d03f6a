"""The console that commands write to."""

from typing import Any

from rich.console import Console
from rich.text import Text

from kilnpath.files.cells import escape_control


class Screen(Console):
    """A console for texts of somebody else's."""

    def render_str(self, text: str, **options: Any) -> Text:
        """A text as it is shown: what a terminal would obey is not sent to it."""
        return super().render_str(escape_control(text), **options)
