"""Text that shows its own characters once a Markdown renderer has read it."""

from __future__ import annotations

import re

# What HTML, and so rendered Markdown, shows as one space. A no-break space is not among them.
_SPACES = re.compile(r"[ \t\n\r\f]+")
# Emphasis, code, links, tags, tables, strike-through, mathematics, superscripts, and the citations
# of Pandoc: CommonMark and the dialects that people paste into.
_ANYWHERE = re.compile(r"[\\`*_\[\]<>|~$^@]")
# An entity (`&amp;`) would become its character, `==` a highlight, an address a link that swallows
# the backslashes after it.
_IN_CONTEXT = re.compile(r"&(?=#?\w+;)|=(?==)|:(?=//)|(?<=www)\.", re.IGNORECASE)
# At the beginning of a line: headings, list items, rules, definitions.
_AT_START = re.compile(r"^(?:[#+:=-]|\d{1,9}(?P<dot>[.)])(?=\s|$))")


def one_line(text: str) -> str:
    """The text with every run of spaces and line breaks as one space, as HTML shows it."""
    return _SPACES.sub(" ", text).strip(" ")


def escape(text: str) -> str:
    """The text on one line, with a backslash before all that Markdown would take for a mark."""
    line = _ANYWHERE.sub(r"\\\g<0>", one_line(text))
    line = _IN_CONTEXT.sub(r"\\\g<0>", line)
    if start := _AT_START.match(line):
        mark = start.start("dot") if start["dot"] else 0
        line = f"{line[:mark]}\\{line[mark:]}"
    return line
