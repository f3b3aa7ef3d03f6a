"""The console that commands write to."""

import os
import sys
from typing import Any

from rich.console import Console
from rich.text import Text

from kilnpath.files.cells import escape_control
from kilnpath.screen.exit_codes import CLOSED_PIPE


class Screen(Console):
    """A console for texts of somebody else's, which may end before it has written all."""

    def render_str(self, text: str, **options: Any) -> Text:
        """A text as it is shown: what a terminal would obey is not sent to it."""
        return super().render_str(escape_control(text), **options)

    def on_broken_pipe(self) -> None:
        """Ends as a program does whose reader has read enough: ``kilnpath plan CASE | head``."""
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(CLOSED_PIPE)
