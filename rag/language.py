"""The word lists and patterns of English that the rules use, but for those of questions."""

from __future__ import annotations

import re

from rag.question_words import PARTIES, QUOTING, side, singular, without_those_set_aside

# Verbs that report speech, in the forms that follow or precede a quotation.
SPEECH_VERBS = (
    "said says say told tells asked asks added adds replied answered declared stated insisted "
    "warned argued claimed noted explained remarked announced confirmed denied admitted "
    "acknowledged wrote tweeted posted shouted joked quipped recalled concluded continued "
    "responded countered demanded urged promised vowed stressed emphasised emphasized "
    "reiterated maintained suggested predicted complained conceded commented testified"
).split()
SPEECH_VERB = re.compile(rf"\b(?:{'|'.join(SPEECH_VERBS)})\b", re.IGNORECASE)

_PLACE = r"[A-ZÀ-Þ][A-ZÀ-Þ.'’-]+(?:[ /][A-ZÀ-Þ][A-ZÀ-Þ.'’-]*){0,4}"
# "LJUBLJANA, March 13 (Adriatic Wire) — ", "VLADIVOSTOK, RUSSIA – The iNews Times | "
DATELINE = re.compile(
    rf"{_PLACE}(?P<after>(?:,\s?[^\W\d_][\w.’' ]{{1,30}}){{0,3}}(?:,\s?\d{{4}})?)\s*"
    r"(?:\((?P<agency>[^\W\d_][^()]{0,40})\))?\s*(?:—|–|--|-(?=\s))\s*"
    r"(?:(?P<outlet>[^\W\d_][^|.]{1,40}?)\s\|\s)?"
)
_WORD = re.compile(r"\w+")
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


def content_stems(text: str, letters: int = 5) -> frozenset[str]:
    """The content words of a text cut to their first letters: `declined` and `declines` are one."""
    words = set(_WORD.findall(text))
    return frozenset(word[:letters].lower() for word in words if not is_stop_word(word))


# Of several people, so of none of them alone: `Councillors Raj Patel and Ann Lee`.
PLURAL_TITLE = re.compile(
    r"(?:the )?(?:councillors|cllrs|messrs|ministers|senators|professors|profs|doctors|drs|judges|"
    r"justices|sisters|brothers|captains|officers|sergeants|directors|trustees|members)\.? "
    r"(?=(?-i:[A-Z]))",
    re.IGNORECASE,
)

_MONTHS = (
    "January February March April May June July August September October November December"
).split()
# What stands before an item of a printed list: `- `, `* `, `2. `, `b) `, `(3) `.
ITEM_MARK = r"(?:[-*•–]|\(?(?:\d{1,3}|[a-z])[.)])"
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
DATE = re.compile(_DATE)
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
_CHOICE = re.compile(r"\b(?!for\b)\w+ or (?!not\b)\w+", re.IGNORECASE)
# `Could you tell me …`: what follows is the question.
_POLITE = re.compile(
    r"^\s*(?:please[,\s]+)?(?:(?:could|can|would|will|do|may|might) (?:you|i) (?:please |"
    r"kindly |mind |be able to |happen to |perhaps )*)?(?:tell(?:ing)? (?:me|us)|"
    r"say(?:ing)?|explain(?:ing)?|know|ask|i(?:’|')?d like to know|i want to know)\b[\s,:]+",
    re.IGNORECASE,
)
_LIST_VERBS = re.compile(
    r"(?:(?:could|can|would) you (?:please )?)?(?:please\s+)?(?:list|name|give|enumerate)\b", re.I
)
# `Is there any union that …`, `are any neighbours …`: the asker means which ones.
_ANY = re.compile(
    r"(?:and |but )?(?:(?:is|are|was|were) there (?:(?:any|an?|some|still) )*|(?:is|are) any )"
    r"((?:[\w’'-]+\s*){1,3})",
    re.IGNORECASE,
)
_AND_WHO = re.compile(r"\band (?:if so,? )?(?:who|which)\b[^,]{0,20}$", re.IGNORECASE)
_WHICH = re.compile(r"\b(?:which|what)\s+((?:[\w’'-]+\s*){1,5})", re.IGNORECASE)
_WH_WORD = re.compile(
    r"\b(?:which|what|whats|who|whos|whom|whose|when|where|why|how|whereabouts)\b", re.IGNORECASE
)
_WHAT_ARE = re.compile(
    r"\bwhat(?:’re|'re| are| were) (?:the|their|its|his|her|[\w ]+['’]s?) ((?:[\w’'-]+\s*){1,3})",
    re.I,
)
_WHO_ALL = re.compile(r"\bwho\s+(?:all|else|are|were)\b", re.IGNORECASE)
# A saying has one author, where taking sides and taking part is what several do.
_WHO_SAID = re.compile(
    rf"\bwho\s+(?:(?:once|also|later|has|had|first|then)\s+)*(?:{QUOTING})(?!\w)(?! (?:yes|no)\b)",
    re.IGNORECASE,
)
# Roles are filled by one: `who will lead`, `who is to replace`.
_WHO_ROLE = re.compile(
    r"\bwho\s+(?:(?:will|would|is|was|has|is to|was to|might|may)\s+)*(?:be |been |being )?"
    r"(?:(?:lead|head|chair|command|succe|replac|review)\w*|(?:run|take over|in charge|in command|"
    r"(?:the|an?)(?! \w+s\b)|first|last|next|to blame|behind|responsible)\b)",
    re.IGNORECASE,
)
# Words after `which` or `what` that end the noun phrase, so that a later plural is not its head.
_PHRASE_ENDS = frozenset(
    """is are was were do does did has have had will would can could should may might must of in on
    at to from for with by about said says that who which and or not made led lost sold took gave
    sent held won left paid kept built met ran brought bought convinced persuaded prompted caused
    the a an its their his her no whose between under after before during against behind among
    without""".split()
)
_DETERMINERS = frozenset("the a an its their his her this that these those no not it".split())
_NOT_PLURAL = frozenset(
    """news series species means politics economics mathematics physics athletics always this its
    his has was is does perhaps process address access success business press class loss boss
    status bus virus campus census consensus bonus focus basis crisis analysis thesis us
    percentage kind sort type grounds terms words circumstances whats wheres whos
    says makes pays produces keeps happens needs wants backs supports owns runs leads plans opposes
    remains stands goes gives takes comes shows gets puts sells holds plays means looks makes lies
    begins ends causes explains allows brings carries claims thinks believes awaits supplies gives
    opens closes hosts chairs whereabouts""".split()
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


def without_politeness(question: str) -> str:
    """The question without `Could you tell me …` and the like before it."""
    return _POLITE.sub("", question.strip(), count=1)


def is_yes_no(question: str) -> bool:
    """Whether a question wants yes or no; a clause may come first (`By his account, did he …`)."""
    asked = without_politeness(question)
    if _LIST_VERBS.match(asked) or _asks_which_any(asked):
        return False
    main = asked
    if not _YES_NO.match(asked) and "," in asked:
        before, main = asked.rsplit(",", 1)
        if _WH_WORD.search(before):
            return False
    return _YES_NO.match(main.lstrip()) is not None and _CHOICE.search(main) is None


def is_list(question: str) -> bool:
    """Whether a question wants several things: `which` or `what` with a plural, `name all`, `who
    refused`, `are there any that refused`, or a plural alone (`countries that refused`).

    Without a parser, a rare verb in -s soon after a singular passes for a plural.
    """
    asked = without_politeness(question)
    if _LIST_VERBS.match(asked) or _asks_which_any(asked):
        return True
    if is_yes_no(asked):
        return False
    asked = without_those_set_aside(asked)
    first = _WH_WORD.search(asked)
    if first is None:
        return _is_plural_phrase(asked)
    if first.group().lower().startswith("who"):
        return _asks_who_several(asked)
    phrase = _WHAT_ARE.match(asked, first.start()) or _WHICH.match(asked, first.start())
    return phrase is not None and _has_plural_head(phrase.group(1))


def _asks_which_any(asked: str) -> bool:
    """`Are there unions that refused`, `did anybody refuse, and who`: more than a yes is wanted."""
    if _YES_NO.match(asked) and _AND_WHO.search(asked.rstrip(" ?.!")):
        return True
    there = _ANY.match(asked)
    words = re.split(r"\b(?:for|of|in|on|to|at|by|with|from)\b", there.group(1))[0] if there else ""
    return any(singular(word.lower()) in PARTIES for word in words.split())


def _asks_who_several(asked: str) -> bool:
    if _WHO_ALL.search(asked):
        return True
    if _WHO_SAID.search(asked) or _WHO_ROLE.search(asked):
        return False
    return side(asked) != ""


def _has_plural_head(phrase: str) -> bool:
    """Whether the noun of the words after `which` or `what` is a plural."""
    raw = phrase.split()
    words = [word.lower().strip("’'-") for word in raw]
    if words[0] == "of":
        return True
    for number, word in enumerate(words):
        if word in _PHRASE_ENDS or (number and word.endswith("ed")):
            return False
        # `Which country's delegate`: the delegate is asked for.
        if re.search(r"(?:['’]s|s['’])$", raw[number]):
            continue
        if _is_plural(word):
            after = raw[number + 1] if number + 1 < len(raw) else ""
            # `Which body chairs the talks`, `which firm supplies Italy`: a verb.
            return not (number and (after.lower() in _DETERMINERS or after[:1].isupper()))
    return False


def _is_plural_phrase(asked: str) -> bool:
    """`Hotel companies that refused`: of bare plurals only those of parties are lists for sure,
    as `seats of the party` may ask for a number.
    """
    words = [word.lower() for word in re.findall(r"[\w’'-]+", asked)[:5]]
    for number, word in enumerate(words):
        if number and (word in _PHRASE_ENDS or word.endswith("ed")):
            return False
        if _is_plural(word):
            return singular(word) in PARTIES or (number == 0 and side(asked[len(word) :]) != "")
    return False


def _is_plural(word: str) -> bool:
    return word in _IRREGULAR_PLURALS or (
        len(word) > 3 and word.endswith("s") and not word.endswith("ss") and word not in _NOT_PLURAL
    )
