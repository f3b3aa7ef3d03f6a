"""The documentation site. ``sphinx-build -W -c docs . site`` builds it, offline.

The source folder is the repository itself, so that a link between two Markdown files holds on the
site as it does in the repository. What is not named below is no page.
"""

import re
import sys
from pathlib import Path
from typing import Any

from pygments.lexers.special import TextLexer
from sphinx.application import Sphinx

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from kilnpath import __version__  # noqa: E402

project = "kilnpath"
release = version = __version__
author = "kilnpath"
language = "en"

extensions = ["myst_parser", "sphinx.ext.autodoc"]
root_doc = "docs/index"
include_patterns = ["docs/**/*.md", "docs/*.md", "cases/*/README.md", "benchmarks/README.md"]
include_patterns += ["fuzz/README.md", "tests/robustness/mutants.md", "CONTRIBUTING.md"]
exclude_patterns = [".*", "site", "results", "model", "optimizer", "kilnpath"]
nitpicky = True
# Types without a section of their own here, or of other packages; nothing is looked up elsewhere.
nitpick_ignore_regex = [("py:class", r"(?!kilnpath\.).*|kilnpath\.progress\..*")]
highlight_language = "text"
myst_heading_anchors = 4

autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
python_use_unqualified_type_names = True
add_module_names = False
toc_object_entries_show_parents = "hide"
python_maximum_signature_line_length = 88

html_theme = "furo"
html_title = "kilnpath"
html_static_path = ["_static"]
html_css_files = ["kilnpath.css"]
html_extra_path = ["_extra"]  # index.html, which leads to docs/index.html
html_show_sourcelink = False
html_copy_source = False
html_show_copyright = False
html_use_index = True
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"


def _page_language(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: object
) -> None:
    """A page that names its language at its top is marked with it, for screen readers and fonts."""
    context["language"] = (context.get("meta") or {}).get("language", language)


_NAMED = re.compile(r"(?:^|(?<=[;.]) |\n)((?:[a-z]\w*, )*[a-z]\w*):\s")
_ENDS = re.compile(r"\n(?=Raises|Source)")


def _named_lines(
    app: Sphinx, what: str, name: str, thing: object, options: object, lines: list[str]
) -> None:
    """Texts ``name: meaning`` of a docstring become a list; in the code they need no marks."""
    shown = []
    for paragraph in "\n".join(lines).split("\n\n"):
        named, *rest = _ENDS.split(paragraph)
        if _NAMED.match(named):
            parts = _NAMED.split(named)[1:]
            pairs = zip(parts[::2], parts[1::2], strict=True)
            shown += [f"- **{n}**: {' '.join(text.split()).rstrip(';')}" for n, text in pairs]
            shown += ["", *rest, ""]
        else:
            shown += [paragraph, ""]
    lines[:] = "\n".join(shown).splitlines()


def setup(app: Sphinx) -> None:
    """What Sphinx calls."""
    app.add_lexer("csv", TextLexer)
    app.connect("html-page-context", _page_language)
    app.connect("autodoc-process-docstring", _named_lines)
