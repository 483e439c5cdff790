"""What a question asks for: the form and kind of its answer, the side taken, who is named.

Rules over its wording, without a parser; the words are in `rag.question_words`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from rag.language import is_list, is_yes_no, without_politeness
from rag.names import asks_for_country
from rag.question_words import ANSWERING, PARTIES, QUOTING, SAYINGS, side, singular, sort_of
from rag.types import QuestionType

# The phrase that says what is wanted, up to six words (`which of the three largest banks`).
_ASKED_PHRASE = re.compile(
    r"\b(?:which|what|whose|name|list)\s+((?:[\w’'-]+\s*){1,6})", re.IGNORECASE
)
# What ends the phrase, so that a later noun is not the one asked for.
_PHRASE_ENDS = frozenset(
    """is are was were do does did has have had will would can could should may might must in on
    at to from for with by about said say says that who which and or not it he she they when where
    why how whom against behind between during under after before the a an this these their his her
    its no any all every last next per""".split()
)
# They begin the phrase, and name nothing yet: `which of the two largest banks`.
_DETERMINERS = frozenset(
    """the a an this these their his her its no any all every of one two three four five six seven
    eight nine ten last next""".split()
)
_HOW_MANY = re.compile(
    r"\bhow (?:many|much|long(?! ago)|far|old|often|big|large|high|tall|wide|deep|heavy|fast|full|"
    r"quickly|expensive|hot|cold|loud|strong|small|short|thick|frequently|young)\b|"
    r"\b(?:what|which) (?:\w+ )?(?:share|percentage|proportion|price|number|amount|size|"
    r"fraction)\b|"
    r"^(?:the )?(?:number|size|share|cost|price|amount|percentage|total|length|age|value) of\b|"
    r"\bby (?:how|what) (?:much|many|margin)\b",
    re.IGNORECASE,
)
_AMOUNT = re.compile(
    r"\bwhat(?:['’]?s)?\b.*\b(?:costs?|worth|toll|price|size|rate|number|share|percentage|salary|"
    r"capacity|total|sum|distance|margin|stake|budget|fine|population|rent|temperature|pay|fetch|"
    r"age|height|length|profits?|limit)\b",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"\bwhen\b|\b(?:what|which) (?:\w+ )?(?:dates?|day|year|month|week|weekday|time|hour|"
    r"deadline)\b|"
    r"\bhow (?:long ago|soon|recently)\b|\bwhat(?:['’]?s| is| was| are)\b.*\b(?:deadline|date)\b|"
    r"^(?:the )?(?:date|day|deadline|year|month|time) (?:of|on|by|for|when)\b",
    re.IGNORECASE,
)
_PLACE = re.compile(r"\b(?:where|whereabouts)\b", re.IGNORECASE)
_REASON = re.compile(
    r"\bwhy\b|\bhow come\b|\b(?:what|which|whose) (?:\w+ )?(?:reasons?|grounds|motives?|pretext|"
    r"excuses?)\b|\bwhat(?:['’]?s)? (?:(?:is|was|has|had) )?(?:caus|prompt|trigger|led|made|"
    r"makes|convinc|persuad|stopp|stops|keeps|kept|prevent|hold|drove|drives|motivat|explains|"
    r"provok|spark|forc)|\b(?:reasons?|causes?|grounds) (?:for|of|behind|that|why)\b",
    re.IGNORECASE,
)
_WHO = re.compile(r"\b(?:who|whom|whose)\b", re.IGNORECASE)

# Between `who` or `which minister` and the verb of saying stand few words (`who once also said`).
_WHO_SAID = re.compile(
    r"\b(?:who(?:\s+(?:else|in|on|of|at|from)\b(?: [\w’'-]+){0,4})?|"
    r"(?<!\bin )(?<!\bat )(?<!\bby )(?<!\bon )which(?P<noun>(?: (?!(?:did|does|do|is|are|was|"
    r"were|have|"
    r"has|had|the|an?|its|their)\b|\w+ed\b)[\w’'-]+){1,5}?))"
    r"\s+(?:(?:once|also|later|has|had|first|openly|publicly|reportedly|then|personally) )*"
    rf"(?:{QUOTING})(?!\w)(?! (?:yes|no)\b)(?P<own> (?:it|they)\b)?",
    re.IGNORECASE,
)
_FIRST_WH = re.compile(r"\b(?:what|when|where|why|how|which|whom?|whose)\b", re.IGNORECASE)
_WHOSE_WORDS = re.compile(
    rf"\bwhose (?:[\w’'-]+ ){{0,3}}?(?:{SAYINGS})\b|"
    r"\bwho\b.{0,30}?\b(?:made|used|uses|coined|came up with|credited|quoted|gave|delivered|drew|"
    rf"took|takes|expressed|voiced)\b.*\b(?:{SAYINGS}|concern|doubts?|hope)\b|"
    r"\bwho (?:is|was|are|were) quoted\b|\bwhom\b(?<=\baccording to whom)",
    re.IGNORECASE,
)
# `What did NAME say`, `how did NAME react`: the name ends before the first such verb.
_ASKED_OF = re.compile(
    r"\b(?:what|how|which|whom)\b(?P<noun>[^?]{0,40}?)\b(?:did|does|do|has|had)\s+"
    rf"(?P<whom>(?:(?!\b(?:did|does|who|that)\b)[^?,]){{2,70}}?)\s+(?:have to )?"
    rf"(?:(?P<gives>make(?! of\b)|give|offer|use|choose)|(?:{ANSWERING})(?:e?d)?)\b",
    re.IGNORECASE,
)
# What follows the verb (`… say about when it opens`) does not say what is wanted.
_QUOTE_FIRST = re.compile(
    r"(?:and |but )?(?:(?:what|how) (?:did|does|do|has|had)|"
    rf"(?:what|which) (?:\w+ )?(?:{SAYINGS})|what(?:['’]?s| is| was| were| are))\b",
    re.IGNORECASE,
)
_SAID_THING = re.compile(
    rf"\b(?:{SAYINGS}|else|exactly|really|actually|in fact|things?|terms|conditions?|circumstances|"
    r"risks?|way|sort of|kind of|of|about|to|on|for|with|by|and)\b",
    re.IGNORECASE,
)
_SAYINGS = re.compile(rf"\b(?:{SAYINGS})\b", re.IGNORECASE)
_THEIR_ANSWER = re.compile(
    r"^(?:and |but )?(?:what(?:['’]?s| is| was| were| are)\s+|how (?:is|was)\s+)?"
    rf"(?P<whom>[^?,]{{2,60}}?)(?:['’]s|(?<=s)['’]) (?:[\w-]+ ){{0,2}}?(?:{SAYINGS})\b",
    re.IGNORECASE,
)
# Whom the asker names as the source of what is asked for.
_ACCORDING = re.compile(
    r"\b(?:according to|in the (?:view|opinion|words|account|eyes) of|going by|"
    r"as (?:reported|told) by)\s+(?P<whom>[^,?.;:]{2,60})|"
    r"\bin (?P<theirs>(?:(?!\bin\b)[^,?.;:]){2,50}?)(?:['’]s|(?<=s)['’]) (?:own )?"
    r"(?:words|view|opinion|account|eyes|telling|version)\b|"
    r",\s*says? (?P<saying>[^,?.;:]{2,50})\s*\?*$",
    re.IGNORECASE,
)
# Where a source's name stops when no comma closes it (`according to Lee did they sign`).
_NAME_ENDS = re.compile(
    r"\s+(?:did|does|do|is|are|was|were|will|would|has|have|had|when|what|who|which|how|where|why|"
    r"should|can|could|said|says)\b.*$",
    re.IGNORECASE,
)
_NOBODY = frozenset(
    """it there this that one he she they you we i anyone anybody everyone people the a an each
    his her their its some reports both which what""".split()
)
# Reports and papers are sources, not speakers.
_NO_SPEAKER = re.compile(
    r"\b(?:reports?|papers?|articles?|documents?|outlets?|media|press|sources?|(?:ac)?counts?|versions?|figures|sides?|"
    r"plan|text|final text|law|deal|rules?|manual|study|contract|letter|minutes|guide|label|book|"
    r"leaflet|notice|website|page|table|chart|map)\s*$",
    re.IGNORECASE,
)


def understand(question: str, publishers: Sequence[str] = ()) -> QuestionType:
    """What a question asks for; `publishers` are the index's, returned as it spells them."""
    form = form_of(question)
    publisher = publisher_named(question, publishers)
    speaker = speaker_named(question)
    if publisher and publisher == publisher_in(speaker, publishers):
        speaker = ""
    of_parties = form == "list" or (form == "single" and _asks_for_party(question))
    asked_side = asked_polarity(question) if of_parties else ""
    return QuestionType(form, expected(question), asked_side, speaker, publisher)


def form_of(question: str) -> str:
    """`yes-no`, `list` or `single`."""
    if is_yes_no(question):
        return "yes-no"
    return "list" if is_list(question) and not speaker_wanted(question) else "single"


def expected(question: str) -> str:
    """The kind of answer wanted, one of those that `QuestionType` names."""
    if is_yes_no(question):
        return "statement"
    asked = without_politeness(question)
    noun = noun_asked(asked)
    if speaker_wanted(asked):
        return "organisation" if noun == "organisation" else "person"
    if _QUOTE_FIRST.match(asked) and _quoted_one(asked):
        return "quote"
    for sort, wording in (("reason", _REASON), ("number", _HOW_MANY), ("date", _DATE)):
        if wording.search(asked):
            return sort
    if asks_for_country(asked):
        return "country"
    if _PLACE.search(asked):
        return "place"
    if _quoted_one(asked) and noun not in ("place", "number"):
        return "quote"
    if noun:
        return noun
    return "number" if _AMOUNT.search(asked) else "person" if _WHO.search(asked) else "thing"


def speaker_wanted(question: str) -> bool:
    """Whether a question asks whose words something is (`who said …`, `whose remark …`)."""
    asked = without_politeness(question)
    first = _FIRST_WH.search(asked)
    if first is None:
        return False
    if _WHOSE_WORDS.match(asked, first.start()):
        return side(asked) != "undecided"
    said = _WHO_SAID.search(asked)
    if said is None or side(said.group()) == "undecided":
        return False
    if first.start() < said.start():
        return False
    # `Which firms said they would not …`, `which town said it would` ask for parties.
    return said["noun"] is None or not (said["own"] or is_list(asked))


def asked_polarity(question: str) -> str:
    """The side that a question about parties asks for: `affirmed` unless its words say other.

    An empty string where no side is taken: parties that merely are something (`who are the
    members`), or other things than parties.
    """
    taken = side(question)
    if taken or not _asks_for_party(question):
        return taken
    return (
        ""
        if re.search(
            r"^\W*(?:who|which [\w ]{0,40}?) (?:is|are|was|were) (?:the|an?) ",
            question,
            re.IGNORECASE,
        )
        else "affirmed"
    )


def noun_asked(question: str) -> str:
    """What the noun after `which` or `what` asks for (`which coal companies`: `organisation`)."""
    found = ""
    for word in _phrase_asked(question):
        found = sort_of(word) or found
    return found


def speaker_named(question: str) -> str:
    """Whose words are asked for, as the question names them, or an empty string."""
    asked = without_politeness(question)
    if speaker_wanted(asked):
        return ""
    return according_to(asked) or _quoted_one(asked)


def according_to(question: str) -> str:
    """Whose account alone is asked for (`according to the mayor`), or an empty string."""
    for named in _ACCORDING.finditer(question):
        whom = _NAME_ENDS.sub("", named["whom"] or named["theirs"] or named["saying"]).strip()
        if _can_speak(whom):
            return whom
    return ""


def publisher_named(question: str, publishers: Sequence[str]) -> str:
    """The publisher whose report a question asks for, as the index spells it.

    It has to be named as a source (`according to the FT`, `in the Guardian`, `as Reuters
    reported`, `does the BBC say`): a question about a newspaper is not one to it.
    """
    lower = question.casefold()
    for publisher, names in _names_of(tuple(publishers)):
        for name in names:
            if name.casefold() not in lower:
                continue
            bare = rf"(?:the )?{re.escape(name)}"
            named = re.compile(
                rf"(?:according to|as reported (?:by|in)|reported by|as per|going by) (?i:{bare})\b"
                rf"|\b[Ii]n (?:[Tt]he )?{re.escape(name)}(?=['’]s? (?:report|article|story|account|"
                rf"coverage|telling)|\s*[,?.]|\s*$)"
                rf"|\b(?:as|As|does|do|did|has|Does|Did|Has) (?:[Tt]he )?{re.escape(name)} "
                rf"(?:reports?|reported|says?|said|writes?|wrote|written|puts?|claims?|state)\b"
                rf"|\b{re.escape(name)}['’]s? (?:report|reporting|article|story|account|"
                rf"coverage)\b",
            )
            if named.search(_lower_cue(question)):
                return publisher
    return ""


def publisher_in(name: str, publishers: Sequence[str]) -> str:
    """The publisher that a name, with or without `the`, stands for, or an empty string."""
    bare = re.sub(r"^the ", "", name.strip(), flags=re.IGNORECASE).casefold()
    for publisher, names in _names_of(tuple(publishers)):
        if bare in (known.casefold() for known in names):
            return publisher
    return ""


def _lower_cue(question: str) -> str:
    """The question with its first letter small: `According to` is `according to`."""
    return question[:1].lower() + question[1:]


# Those of one index are asked for at every question.
@lru_cache(maxsize=4)
def _names_of(publishers: tuple[str, ...]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Each publisher with what it is called: its name without `The`, and initials only it has."""
    bare = [re.sub(r"^The ", "", publisher) for publisher in publishers]
    shared = Counter(map(_initials, bare))
    return tuple(
        (
            publisher,
            tuple(
                name
                for name in (own, _initials(own))
                if name and (name == own or shared[name] == 1)
            ),
        )
        for publisher, own in zip(publishers, bare, strict=True)
    )


def _initials(name: str) -> str:
    """`Financial Times`: `FT`; empty for a single word."""
    words = [word for word in re.findall(r"\w+", name) if word[0].isupper()]
    return "".join(word[0] for word in words) if len(words) > 1 else ""


def _asks_for_party(question: str) -> bool:
    asked = without_politeness(question)
    if re.match(r"\W*(?:and |but )?who\b", asked, re.IGNORECASE) and not speaker_wanted(asked):
        return True
    return any(singular(word) in PARTIES for word in _phrase_asked(asked))


def _phrase_asked(question: str) -> list[str]:
    """The words of the noun phrase that is asked for, in lower case, without its possessives.

    It stands after `which` or `what`, or first (`companies that refused`).
    """
    asked = without_politeness(question)
    found = _ASKED_PHRASE.search(asked)
    phrase = found.group(1) if found else asked
    words: list[str] = []
    owner = False
    for raw in phrase.split():
        word = re.sub(r"['’]s?$", "", raw.lower())
        begun = not _DETERMINERS.issuperset(words) and not (owner and word in {"last", "next"})
        owner = word != raw.lower()
        if word in _PHRASE_ENDS and (begun or word not in _DETERMINERS):
            break
        words.append(word)
    return words


def _quoted_one(asked: str) -> str:
    """NAME of `what did NAME say` and `what was NAME's answer`, or an empty string."""
    for wording in (_ASKED_OF, _THEIR_ANSWER):
        found = wording.search(asked)
        if found is None or not _can_speak(found["whom"].strip()):
            continue
        # `Which books did Lee write` asks for books, `which words did Lee use` for what was said.
        noun = found["noun"].strip() if wording is _ASKED_OF else ""
        if wording is _ASKED_OF and found["gives"]:
            told = _SAYINGS.search(noun) is not None
        else:
            told = not noun or _SAID_THING.search(noun) is not None
        if told:
            return found["whom"].strip()
    return ""


def _can_speak(whom: str) -> bool:
    if not whom or whom.lower() in _NOBODY or re.search(r"\b(?:did|does|do)\b", whom):
        return False
    return _NO_SPEAKER.search(whom) is None
