"""The word lists and patterns of English that the project's rules use, all in this one place."""

from __future__ import annotations

import re

# Verbs that report speech, in the forms that follow or precede a quotation.
SPEECH_VERBS = (
    "said says say told tells asked asks added adds replied answered declared stated insisted "
    "warned argued claimed noted explained remarked announced confirmed denied admitted "
    "acknowledged wrote tweeted posted shouted joked quipped recalled concluded continued "
    "responded countered demanded urged promised vowed stressed emphasised emphasized "
    "reiterated maintained suggested predicted complained conceded commented testified"
).split()
SPEECH_VERB = re.compile(rf"\b(?:{'|'.join(SPEECH_VERBS)})\b", re.IGNORECASE)

# Words that carry no content of their own: left out of lexical queries and of word overlap.
STOP_WORDS = frozenset(
    """a about above after again against all am an and any are as at be because been before being
    below between both but by can cannot could did do does doing down during each few for from
    further had has have having he her here hers herself him himself his how i if in into is it
    its itself just me more most my myself no nor not now of off on once only or other our ours
    ourselves out over own same shall she should so some such than that the their theirs them
    themselves then there these they this those through to too under until up upon us very was we
    were what when where whether which while who whom whose why will with would you your yours
    yourself yourselves s t don didn doesn isn aren wasn weren won wouldn couldn shouldn ve ll re
    d m according tell give many much say says said""".split()
)


def is_stop_word(word: str) -> bool:
    """Whether a word carries no content; `US` in capitals is a name, `us` is not."""
    return word.lower() in STOP_WORDS and not (word.isupper() and len(word) > 1)


_MONTHS = (
    "January February March April May June July August September October November December"
).split()
_NUMBER_WORDS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety "
    "hundred hundreds thousand thousands million millions billion billions dozen dozens half "
    "third quarter none"
).split()
_NUMBER = rf"\d|\b(?:{'|'.join(_NUMBER_WORDS)})\b"
_DATE = (
    rf"\b(?:{'|'.join(_MONTHS)}|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|yesterday|today|"
    r"tomorrow|(?:last|next|this) (?:week|month|year)|(?:1[5-9]|20)\d\d)\b"
)
_NAME = r"(?<![.!?“\"] )(?<!^)\b[A-Z]\w+"
_REASON = r"\b(?:because|since|due to|as a result|so that|in order to|owing to|to avoid)\b"

# What an answer must hold, by how the question begins: the first pattern that the question
# matches names what is searched in the sentence.
EXPECTED = tuple(
    (re.compile(question, re.IGNORECASE), re.compile(answer))
    for question, answer in (
        (r"\bhow (?:many|much|long|old|far|often|large|big|high|tall)\b", _NUMBER),
        (r"\b(?:when|what (?:date|day|year|month|time)|which (?:date|day|year|month))\b", _DATE),
        (r"\bwhy\b|\b(?:reason|cause)s?\b", _REASON),
        (r"\b(?:said|say|says)\b", rf"[“”\"]|{SPEECH_VERB.pattern}"),
        (r"\b(?:who|whom|whose|where|which|name)\b", _NAME),
    )
)


def expected_kind(question: str) -> re.Pattern[str] | None:
    """The pattern of the kind of answer that a question asks for, where that can be told."""
    return next((answer for form, answer in EXPECTED if form.search(question)), None)


_YES_NO = re.compile(
    r"(?:and|but|so|or)?\s*(?:is|are|was|were|am|do|does|did|has|have|had|will|would|can|could|"
    r"shall|should|may|might|must|isn.t|aren.t|wasn.t|weren.t|don.t|doesn.t|didn.t|hasn.t|haven.t|"
    r"hadn.t|won.t|wouldn.t|can.t|couldn.t|shouldn.t)\b",
    re.IGNORECASE,
)
# A question that offers a choice (`Is it red or blue?`) is not answered by yes or no.
_CHOICE = re.compile(r"\b\w+ or (?!not\b)\w+", re.IGNORECASE)
# `Could you tell me …`: what follows is the question.
_POLITE = re.compile(
    r"\s*(?:please[,\s]+)?(?:(?:could|can|would|will|do|may|might) (?:you|i) (?:please |"
    r"kindly |mind |be able to |happen to |perhaps )*)?(?:tell(?:ing)? (?:me|us)|"
    r"say(?:ing)?|explain(?:ing)?|know|ask|i(?:’|')?d like to know|i want to know)\b[\s,:]+",
    re.IGNORECASE,
)
_LIST_VERBS = re.compile(
    r"(?:(?:could|can|would) you (?:please )?)?(?:please\s+)?(?:list|name|give|enumerate)\b", re.I
)
_WHICH = re.compile(r"\b(?:which|what|whose)\s+((?:[\w’'-]+\s*){1,3})", re.IGNORECASE)
# Taking sides and taking part: what several do, where a saying or a deed has one author.
_WHO_SEVERAL = re.compile(
    r"\bwho\s+(?:all|else|are|were|have|has|had|hasn.t|haven.t|would|wouldn.t|will|won.t|did|didn.t|"
    r"do|don.t|in|still|also|"
    r"(?:is|isn.t|was|wasn.t) (?:not|still|yet|also|going|willing|ready|against|for|\w+ing)|"
    r"refus\w+|declin\w+|reject\w+|oppos\w+|turned|agree[sd]?|accept\w*|join\w*|pledg\w+|promis\w+|"
    r"offer\w*|support\w*|back(?:s|ed)|stay\w*|vot\w+|sign\w*|approv\w+|endors\w+|abstain\w*)\b",
    re.IGNORECASE,
)
# Words after `which` or `what` that end the noun phrase, so that a later plural is not its head.
_PHRASE_ENDS = frozenset(
    """is are was were do does did has have had will would can could should may might must of in on
    at to from for with by about said says that who which and or not""".split()
)
_NOT_PLURAL = frozenset(
    """news series species means politics economics mathematics physics athletics always this its
    his has was is does perhaps process address access success business press class loss boss
    status bus virus campus census consensus bonus focus basis crisis analysis thesis us
    percentage kind sort type grounds terms words circumstances whats wheres whos
    says makes pays produces keeps happens needs wants backs supports owns runs leads plans opposes
    remains stands goes gives takes comes shows gets puts sells holds plays means looks makes lies
    begins ends causes explains allows brings carries claims thinks believes""".split()
)
_IRREGULAR_PLURALS = frozenset(
    "people men women children feet teeth mice geese media data criteria phenomena".split()
)


def is_number(word: str) -> bool:
    """Whether a word is or holds a number: two that differ are two different values."""
    return re.search(_NUMBER, word, re.IGNORECASE) is not None


_BOUNDS = re.compile(
    r"\b(?:(more|over|above|least|exceed\w*)|(less|fewer|under|below|most|up to))\b", re.IGNORECASE
)


def bounds(text: str) -> frozenset[str]:
    """Which bounds a text puts on a number: `at least` (lower) or `up to` (upper), if any."""
    found = _BOUNDS.finditer(text)
    return frozenset("lower" if match.group(1) else "upper" for match in found)


def is_yes_no(question: str) -> bool:
    """Whether a question wants yes or no."""
    asked = _POLITE.sub("", question.strip(), count=1)
    if _LIST_VERBS.match(asked):
        return False
    return _YES_NO.match(asked) is not None and _CHOICE.search(asked) is None


def is_list(question: str) -> bool:
    """Whether a question wants several things: `which` or `what` with a plural, `name all`, `who
    refused`, or a plural alone (`countries that refused`).

    Without a parser, a rare verb in -s soon after a singular passes for a plural.
    """
    asked = _POLITE.sub("", question.strip(), count=1)
    if _LIST_VERBS.match(asked) or _WHO_SEVERAL.search(asked):
        return True
    match = _WHICH.search(asked)
    if match is None:
        first = re.match(r"\w+", asked)
        return first is not None and _is_plural(first.group().lower())
    words = [word.lower().rstrip("’'") for word in match.group(1).split()]
    if words[0] == "of":
        return True
    for word in words:
        if word in _PHRASE_ENDS:
            return False
        if _is_plural(word):
            return True
    return False


def _is_plural(word: str) -> bool:
    return word in _IRREGULAR_PLURALS or (
        len(word) > 3 and word.endswith("s") and not word.endswith("ss") and word not in _NOT_PLURAL
    )
