"""Questions made from other questions: why, when, who else, is this one among them.

Wording only: a question whose shape is not known gives an empty string.
"""

from __future__ import annotations

import re

from rag.language import is_stop_word, is_yes_no

AUX = (
    r"did|does|do|is|are|was|were|has|have|had|will|would|can|could|should|may|might|must|"
    r"didn['’]t|doesn['’]t|don['’]t|isn['’]t|aren['’]t|wasn['’]t|weren['’]t|hasn['’]t|haven['’]t|"
    r"won['’]t|wouldn['’]t|can['’]t|couldn['’]t"
)
_NEGATED = {
    "did": "didn’t", "does": "doesn’t", "do": "don’t", "is": "isn’t", "are": "aren’t",
    "was": "wasn’t", "were": "weren’t", "has": "hasn’t", "have": "haven’t", "had": "hadn’t",
    "will": "won’t", "would": "wouldn’t", "can": "can’t", "could": "couldn’t",
}  # fmt: skip
# Words that name nothing.
SMALL_WORDS = frozenset(
    """did does do is are was were has have had will would can could should may might must not the
    a an and or but so then what when where why how who whom whose which about in on at to of for
    from with by exactly really actually ever also else much many long far old often say said think
    first there again i we you one""".split()
)
TIME = re.compile(
    r"\b(?:(?:1[5-9]|20)\d\d|(?:last|this|next) (?:week|month|year)|yesterday|today|tomorrow|"
    r"(?:on )?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:January|February|March|April|May|June|"
    r"July|August|September|October|November|December)(?: (?:\d{4}|\d{1,2}))?)\b"
)
# A run of capitalised words, with the small words inside names; not the first word by itself.
_NAME = re.compile(
    r"\b(?:[A-ZÀ-Þ][\w’'.-]*[\w](?:\s+(?:(?:of|de|da|von|van|al|the|del|la|le)\s+)?"
    r"(?=[A-ZÀ-Þ])[\w’'.-]*\w)*)"
)


def names_in(text: str) -> list[re.Match[str]]:
    """The names in a question; its first word is none when it asks, nor all that is in capitals."""
    found: list[re.Match[str]] = []
    if text.isupper():
        return found
    for name in _NAME.finditer(text):
        first = name.group().split()[0]
        if name.start() == 0 and (first.lower() in SMALL_WORDS or is_stop_word(first.lower())):
            inner = _NAME.search(text, len(first))
            if inner and inner.end() <= name.end():
                found.append(inner)
        elif not TIME.fullmatch(name.group()):
            found.append(name)
    return found


def among(last: str) -> str:
    """`the towns that flooded`, of `which towns flooded`; empty where the list is no subject."""
    who = re.match(r"who\s+(?P<rest>.+)", last, re.IGNORECASE)
    which = re.match(
        r"(?:which|what) (?P<those>(?:[\w’-]+ )??[\w’-]+s|people) (?P<rest>.+)", last, re.IGNORECASE
    )
    found = who or which
    if found is None or re.match(r"(?:did|does|do) (?!not\b)", found["rest"], re.IGNORECASE):
        return ""
    if re.match(rf"(?:{AUX}) (?:the|a|he|she|they|it|[A-Z]\w+)\b", found["rest"]):
        return ""
    return f"those who {found['rest']}" if who else f"the {found['those']} that {found['rest']}"


def asked_with(last: str, wh: str) -> str:
    """`why` of a question: `Why did France sign the pact?`; empty where that does not fit."""
    if is_yes_no(last):
        return _of_yes_no(last, wh)
    front = wh[:1].upper() + wh[1:]
    if wh in ("how many", "how much"):
        which = re.match(r"(?:which|what) (?=\w+s\b)", last, re.IGNORECASE)
        return f"{front} {last[which.end() :]}?" if which and wh == "how many" else ""
    if wh == "why not":
        return ""
    adverb = re.match(rf"(?:when|where|why|how)\s+(?=(?:{AUX})\b)", last, re.IGNORECASE)
    if adverb:
        return f"{front} {last[adverb.end() :]}?"
    return _of_counted(last, front) or _of_subject(last, front) or f"{last}, and {wh}?"


def _of_yes_no(last: str, wh: str) -> str:
    """Of `did France send troops`: `Why did France send …?`, `How many troops did France send?`"""
    aux, _, rest = last.partition(" ")
    front = wh[:1].upper() + wh[1:]
    if wh == "why not":
        negated = _NEGATED.get(aux.lower(), "")
        return f"Why {negated} {rest}?" if negated else ""
    if wh not in ("how many", "how much"):
        return f"{front} {aux.lower()} {rest}?"
    thing = re.search(r"(?<!the )(?<=\s)(?P<thing>[a-z]{3,}s)\b", rest)
    if thing is None:
        return f"{last}, and {wh}?"
    return (
        f"{front} {thing['thing']} {aux.lower()} "
        f"{rest[: thing.start()].rstrip()}{rest[thing.end() :]}?"
    )


def _of_counted(last: str, front: str) -> str:
    """Of `how many troops did France send`: `When did France send troops?` (one-word subjects)."""
    counted = re.match(
        r"how (?:many|much) (?P<noun>[\w -]+?) (?P<verb>did|does|do|will|would|has|have|had)"
        r" (?P<subject>(?!not\b|be\b|been\b)(?:the )?[\w’'-]+) (?P<does>[\w’'-]+)(?P<rest>.*)$",
        last,
        re.IGNORECASE,
    )
    if counted is None:
        return ""
    _, noun, verb, subject, does, rest = [last, *counted.groups()]
    return f"{front} {verb} {subject} {does} {noun}{rest}?"


def _of_subject(last: str, front: str) -> str:
    """`Who signed the pact`: `When was it that somebody signed the pact?`"""
    subject = re.match(
        r"(?:which (?P<noun>[\w’'-]+)|who|how many (?P<count>\w+))\s+(?!(?:did|does|"
        r"do)\b)(?P<rest>.+)",
        last,
        re.IGNORECASE,
    )
    if subject is None:
        return ""
    noun = subject["noun"] or subject["count"]
    some = "somebody" if not noun else noun if noun.endswith("s") else f"a {noun}"
    return f"{front} {'is' if front == 'Why' else 'was'} it that {some} {subject['rest']}?"


def of_the_others(last: str) -> str:
    """The last question asked of the others."""
    which = re.match(r"(which|what|who)\b(?! (?:else|other))", last, re.IGNORECASE)
    if which and (which.group().lower() == "who" or re.match(r" \w+", last[which.end() :])):
        word = "else" if which.group().lower() == "who" else "other"
        return f"{which.group()} {word}{last[which.end() :]}?"
    aux = re.match(rf"({AUX})\s+", last, re.IGNORECASE)
    names = names_in(last)
    if aux and names and names[0].start() == aux.end():
        rest = last[names[0].end() :].strip()
        return f"Who besides {names[0].group()} {aux.group(1).lower()} {rest}?"
    return ""
