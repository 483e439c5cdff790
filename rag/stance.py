"""Whether a text leaves open what a party does: undecided, on a condition, or not yet said.

The cues are clauses of English in general; what each is about is not looked at, so a party's clause
is cut out of its sentence first.
"""

from __future__ import annotations

import re

from rag.discourse.speech_words import PARTICIPLES, QUESTIONS, SAYING, SAYING_WITH_WORDS
from rag.types import Span

# The party has not decided, or says so in a roundabout way.
_OPEN = (
    r"undecided|un(?:certain|clear)|on the fence|hedg(?:e[sd]?|ing)|waver\w*|in two minds|"
    r"(?<!without )waiting|(?<!had )(?<!without )hesita\w+|abstention|leaning|on hold|"
    r"mak\w+ up (?:its|their|his|her) minds?|neither side|"
    r"stopp\w* short of (?:taking a \w+|deciding|committing)",
    r"(?:would|will|did)(?: not|n[’']t) (?:say|tell) (?:which|whether|if|how|yes|no)\b",
    r"(?:yet|still|remain\w*|left?|is|are|was) to (?:decide|say|choose|take|make|answer|reply|"
    r"settle)",
    r"neither .{1,60}? (?:has|have) (?:yet )?(?:decided|said|answered|replied|responded|committed)",
    r"(?:has|have|had)(?: not|n[’']t|\sneither)(?: yet)? (?:decided|said|taken|made|ruled|refused|"
    r"rejected|answered|replied|responded|chosen|settled|committed|declined|yet|announced)",
    r"not (?:yet )?(?:ruled? out|rul\w+ out|made up|"
    r"tak(?:e|en|ing) a (?:position|side|decision|stand)|say whether|decide\w*|"
    # `Would not commit troops` is a refusal.
    r"commit\w*(?= to\b| (?:it|them|him|her)sel(?:f|ves)\b| yet\b| either\b|[,.;:]|$))|"
    r"no(?: final)? (?:decision|position)",
    r"did(?: not|n[’']t) (?:rule (?:it )?out|refuse|say whether|commit)",
    r"(?:will|would|to|must|shall|can|still) (?:only |first |also |then |still )*"
    r"(?:decide|consider|weigh|think|wait|review|discuss|ballot|study|vote on|answer|reply|"
    r"choose|hesitate|hold off|look at (?:it|the \w+)|put (?:it|the matter|the question) to)",
    r"(?:is|are|was|were|been|be|still|has been) (?:still |now |also )*(?:considering|weighing|"
    r"thinking|mulling|waiting|awaiting|studying|reviewing|reading|examining|looking|debating|"
    r"consulting|deciding|divided(?! into)|split(?! into)|torn|in talks|under review)|"
    r"(?:still|is|are|was|were) open (?:to (?:\w+ing|persuasion|talks|offers|it|the idea)|about|"
    r"on the)|"
    r"(?:still|remain\w*) open(?! (?:from|until|to|on|at|every|daily|for)\b)",
    r"before (?:deciding|it decides|they decide|considering|joining|signing|committing)",
    r"(?:put|puts|putting) (?:off|(?:\w+ ){0,4}under review)|postpon\w+|defer(?:s|red)",
    # `Neither Oslo nor Bergen came` is a refusal by both, `neither joined nor refused` is none.
    r"neither (?!the\b|of\b)(?-i:[a-z]).{0,59}? nor|nor .{1,40}? either way|"
    r"(?<!not )abstain\w*|sat on (?:their|its) hands",
    r"(?:left|leav\w+|keep\w*|kept) (?:it |(?:the|its|their|his|her|all|every) (?:\w+ )?(?:doors?|"
    r"questions?|matter|possibility|ways?|options?|decision) )?(?:open|ajar)|"
    r"open[- ](?:question|minded)",
    r"(?:needs?|needed|want\w*|(?<!had )ask\w*(?: for)?) (?:more )?time|"
    r"(?<!had )ask\w* for (?:a delay|(?:\w+ ){1,2}more (?:days|weeks|months))|has until|have until",
    r"(?:might|may|could(?! not\b)) (?:yet |still |also |well )*(?:\w+ )?(?:join|come|sign|"
    r"take(?! an?\b)|follow|contribute|send|back|support|accept|agree|do so|yet)",
    r"(?:want\w*|wait\w*|like|prefer\w*) to (?:see|hear|wait|know)|wait and see",
    r"reserv\w+ (?:its|their|his|her) (?:decision|position|judgment|judgement)|no answer|"
    r"not answered",
    r"(?<!no matter )whether (?!or not\b)[^;:.!?]{1,120}? (?:will be (?:decided|settled|known|"
    r"determined|discussed|examined)|(?:is|are|was|were|remains?) (?:still |yet |now )*(?:(?:being "
    r"|to be |not (?:yet )?)(?:decided|examined|settled|known|disputed|discussed|investigated|"
    r"considered|looked into|determined|established|clear|certain)|unknown|disputed|discussed|"
    r"open(?=[.;]|$)|under (?:discussion|review|consideration|examination|investigation)))",
    r"(?:is|are|was|were) (?:still )?(?:being (?:examined|considered|discussed|looked into)|"
    r"to be (?:decided|discussed|settled(?! (?:by|within|in full)\b))|"
    r"not (?:yet )?(?:known|clear|certain)(?! to\b)|"
    r"under (?:discussion|review|consideration|examination))|"
    r"^under (?:discussion|review|consideration|examination)",
)
# The party agrees on a condition that the text does not say is met.
_CONDITION = (
    r"only (?:if|when|after|once|on condition|under)|(?<!even )(?<!as )if|unless|"
    # The verb (`provided statements`) sets no condition.
    r"provided that|(?<=, )provided|provided (?:it|they|he|she|there|no)|providing that|"
    r"as long as|so long as|on (?:the )?condition|(?<!without )(?<!without any )(?<!no )"
    r"condition(?:al|ed|s)?|depend\w*|subject to|hinge[sd]?|contingent (?:up)?on|"
    r"in (?:return|exchange) for|(?:want|demand|insist)\w* .{1,60}? (?:before|first)|but only|"
    r"pending",
)
_CUES = rf"\b(?:{'|'.join((*_OPEN, *_CONDITION))})\b"
_CUE = re.compile(_CUES, re.IGNORECASE)
# Finds all that the other finds, and more, in small letters: most texts have nothing, and it says
# so in 0.4 of the time.
_MAY_BE_CUE = re.compile(_CUES.replace("(?-i:[a-z])", "[a-z]"))
# Letters that match `i` and `s` whatever the case, and are others in small letters.
_PLAIN = str.maketrans("İıſ", "iis")
# Where another party's clause begins; the full stop of `Gov. Lee` and `the U.S.` ends nothing.
_BREAK = re.compile(
    r";|(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bDr)(?<!\bSt)(?<!\bGen)(?<!\bGov)(?<!\bSen)(?<!\b[A-Z])"
    r"[.!?][”\"’']?\s|\bwhile\b|\bwhereas\b|\balthough\b|\bbut (?=the\b|[A-Z])|"
    r", and (?=the\b|[A-Z])"
)
# `and Poland abstained`: another party's clause, if the words before it have a verb of their own
# and are no list (`agencies in Norway, Sweden and Poland agreed`).
_AND = re.compile(r" and (?=(?:the )?[A-Z][\w’'-]*(?: [A-Z][\w’'-]*)* [a-z]{2})")
_LISTED = re.compile(r", (?:the )?[A-Z][\w’'-]*(?: [A-Z][\w’'-]*)*$")
# `While Norway signed, Poland waits`: such a comma, too, if a verb stands before it.
_CONTRASTS = re.compile(r"\W*(?:while|whereas|although|though)\b", re.IGNORECASE)
_COMMA = re.compile(r", (?=the\b|[A-Z])")
_VERB = re.compile(r"\b(?!and\b|the\b|of\b)[a-z]{3,}")
# What is told of the party begins behind `that`, if a verb of telling stands before it.
_THAT = re.compile(r"\b(ma(?:de|kes|king) (?:it )?clear|\w+) that (?:the )?\Z", re.IGNORECASE)
_THAT_CHARS = 40  # it is looked for so near before the party
_TELLING = (SAYING | SAYING_WITH_WORDS | PARTICIPLES) - QUESTIONS
# A sentence that goes on about the party of the one before.
_GOES_ON = re.compile(r"\s*[”\"]?(?:it|its|he|she|they|his|her|their|the \w+)\b", re.IGNORECASE)


# `It will not send troops but may help otherwise`: what is refused is refused. Who will not comment
# refuses nothing.
_REFUSED = re.compile(
    r"\b(?:(?:will|would|shall|can) ?not|won[’']t|wouldn[’']t|(?:refused|declined) to|ruled out)\b"
    r"(?! (?:yet |now )?(?:say|comment|tell|answer|discuss|decide|rule)\b)"
    r"[^.;:!?]* but (?:it |they |he |she )?$",
    re.IGNORECASE,
)
_OFFERS = re.compile(r"(?:may|might|could)\b", re.IGNORECASE)


def is_open(text: str, party: Span) -> bool:
    """Whether the clause of `text` that names the party leaves open what it does."""
    return leaves_open(clause(text, party))


def leaves_open(text: str) -> bool:
    """Whether anything in a text leaves open what somebody does."""
    small = text.translate(_PLAIN).lower()
    if _MAY_BE_CUE.search(small) is None:
        return False
    return any(
        not (_OFFERS.match(cue.group()) and _REFUSED.search(text, 0, cue.start()))
        for cue in _CUE.finditer(text)
    )


def clause(text: str, party: Span) -> str:
    """The part of `text` about a party: its clause, and the next sentence if it goes on."""
    about = clause_of(text, party)
    return text[about.start : about.end]


def clause_of(text: str, party: Span) -> Span:
    """Where in `text` the part about a party stands."""
    start, end = party.start if _is_told_of(text, party) else 0, len(text)
    for found in _breaks(text):
        joins = found.re is not _BREAK
        if found.end() <= party.start:
            if not joins or _VERB.search(text, start, found.start()):
                start = max(start, found.end())
        elif found.start() >= party.end:
            if joins and not _VERB.search(text, party.end, found.start()):
                continue
            sentence_ends = text[found.start()] in ".!?"
            if sentence_ends and _GOES_ON.match(text, found.end()):
                continue
            end = found.start()
            break
    return Span(start, end)


def _is_told_of(text: str, party: Span) -> bool:
    found = _THAT.search(text, max(0, party.start - _THAT_CHARS), party.start)
    return found is not None and (found[1].lower() in _TELLING or found[1].endswith(" clear"))


def _breaks(text: str) -> list[re.Match[str]]:
    """Where another party's clause may begin, in order."""
    found = [*_BREAK.finditer(text)]
    found += [one for one in _AND.finditer(text) if not _LISTED.search(text[: one.start()])]
    if _CONTRASTS.match(text):
        found += _COMMA.finditer(text)
    return sorted(found, key=lambda one: one.start())
