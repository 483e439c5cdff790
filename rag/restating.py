"""A list question about a side in other words: `who declined to pay` asks `who will not pay` too.

A reader is surer of some wordings than of others, and a text tells a side in wordings of its own.
Read in two wordings, lists of our three dev sets (newsroom, our events, our documents) have an F1
of .70, .50 and .44 for .69, .51 and .42, and .03, .11 and .13 of their items are of the wrong side
for .03, .12 and .12. Wording only: a question whose shape is not known has no other.
"""

from __future__ import annotations

import re

from rag.question_words import side

# The verbs that take a side before what is to be done, and before what is agreed to or refused.
_HELPERS = r"(?:(?:who|that|which|is|are|was|were|has|have|had|also) )*"
_DO = r"(?P<do>[a-z][\w’'-]*(?: .*)?)"
_THING = r"(?P<thing>(?!(?:to|if|whether|at|in|by|on|out|off|when|because)\b).+)"
_REFUSES_TO = (
    r"(?:declin|refus)(?:e|es|ed|ing) to|(?:chose|decided|vowed) not to|(?:unwilling|reluctant) to|"
    r"(?:will|would|did|do|does) not|(?:would|did|do|does)n[’']?t"
)
_REFUSES = (
    r"declin(?:e|es|ed)|refus(?:e|es|ed)|reject(?:s|ed)?|oppose[sd]?|opposed to|objected to|"
    r"(?:(?:voted|spoke|c[ao]me out) )?against|sa(?:y|ys|id) no to|turn(?:s|ed)? down|boycotted|"
    r"spurned|snubbed|rebuffed|want(?:s|ed)? (?:nothing to do with|no part in)|"
    r"(?:stay|stays|stayed) out of"
)
_AGREES_TO = (
    r"agree[ds]? to|pledge[ds]? to|promise[ds]? to|offer(?:s|ed)? to|volunteer(?:s|ed)? to|"
    r"(?:willing|ready|prepared) to|committed (?:themselves )?to"
)
_AGREES = (
    r"accept(?:s|ed)?|(?<!give )(?<!pay )back(?:s|ed)?|support(?:s|ed)?|favou?r(?:s|ed)?|"
    r"endorse[ds]?|approve[ds]?(?: of)?|(?:c[ao]me out )?in favou?r of|voted for|"
    r"sa(?:y|ys|id) yes to"
)
_SHORTENED = re.compile(r"\bwon[’']?t\b", re.IGNORECASE)
_SHAPES = {
    "declined": (
        (_REFUSES_TO, _DO, ("will not {do}", "refused to {do}")),
        (_REFUSES, _THING, ("said no to {thing}", "are against {thing}")),
    ),
    "affirmed": (
        (_AGREES_TO, _DO, ("will {do}", "agreed to {do}")),
        (_AGREES, _THING, ("said yes to {thing}", "are for {thing}")),
    ),
}
_PARSED = {
    asked: [
        (re.compile(rf"(?P<who>.+?) {_HELPERS}(?:{verbs}) {rest}", re.IGNORECASE), forms)
        for verbs, rest, forms in shapes
    ]
    for asked, shapes in _SHAPES.items()
}


def restated(question: str) -> str:
    """Another wording of a list question about who agreed or refused; empty where none fits.

    `Which ports declined ships?` gives `Which ports said no to ships?`.
    """
    words = _SHORTENED.sub("will not", question.strip().rstrip("?").rstrip())
    for shape, forms in _PARSED.get(side(question), ()):
        found = shape.fullmatch(words)
        if found:
            said = (f"{found['who']} {form.format(**found.groupdict())}" for form in forms)
            return next(f"{one}?" for one in said if one.lower() != words.lower())
    return ""
