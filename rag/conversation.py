"""Follow-up questions made to stand alone: `And Germany?` after `Did France sign the pact?`.

What is missing is taken from the questions asked before, and names for `he` also from the
answers. A question that stands alone, or whose missing part nothing before supplies, is returned
as it is. Where a name has no counterpart in the question before, it is asked whether it is one of
the list (`Is Ashby among the towns that flooded?`), or what holds `in the case of` it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from rag.language import is_list
from rag.names import country
from rag.question_words import PARTIES, singular, sort_of
from rag.rephrasing import (
    AUX,
    SMALL_WORDS,
    TIME,
    among,
    asked_with,
    names_in,
    of_the_others,
)

_WH = r"how (?:many|much|long|far|old|often)|who|whom|whose|what|when|where|why|which|how"
_SO = r"(?:(?:and|but|so|ok|okay|then|or)\b,?\s*)*"
# `And Germany?`, `what about the unions`, `and in 2023?`; no verb, few words.
_WHAT_ABOUT = re.compile(
    rf"^(?:{_SO}(?:what|how) about\s+|(?:and|or|but)\b,?\s+(?:what about\s+)?(?:also\s+|not\s+)?)"
    r"(?!(?:then|now|so|it|this|that|these|those|you|me|us|him|her|them|not)\b[?.!\s]*$)"
    r"(?P<new>[^?.!]{2,60})[?.!\s]*$",
    re.IGNORECASE,
)
# `Did Germany too?`, `Will Italy do the same?`
_TOO = re.compile(
    rf"^(?i:{_SO}(?:{AUX}))\s+(?P<new>[Tt]he \w+|[A-ZÀ-Þ][\w’-]*(?: [A-ZÀ-Þ][\w’-]*)*)\s+"
    r"(?:too|as well|do so(?: too)?|do the same|do likewise|do it too)[?.!\s]*$",
)
_BARE_WH = re.compile(
    rf"^{_SO}(?P<wh>why not|why|when|where|how|how many|how much|since when|until when|by when)"
    r"(?: (?:exactly|so|then|is that|was that|was it|is it|of them))?[?.!\s]*$",
    re.IGNORECASE,
)
_WHO_ELSE = re.compile(
    rf"^{_SO}(?:who|which|what)(?: \w+)? (?:else|other ones|others)\??[.!\s]*$|"
    rf"^{_SO}(?:any(?:one|body) else|any others?)\??\s*$",
    re.IGNORECASE,
)
_VERBAL = re.compile(rf"\b(?:{AUX}|said|says|say|{_WH})\b", re.IGNORECASE)
_PREPOSITION = re.compile(
    r"^(?:in|on|at|by|for|from|to|with|about|according to|after|before|since|during|against|under|"
    r"of|between|among|without)\s+",
    re.IGNORECASE,
)
# `For tenants`, `about the café`, up to the next preposition or verb.
_AFTER_PREPOSITION = (
    r"(?P<said>(?:(?!(?:in|on|at|to|of|for|from|with|by|about|say|tell|after|before|when|that|who|"
    r"and|or|be|is|are|was|were|\w+ed)\b)[\w’'-]+(?: |$)){1,4})"
)
_NAME_AFTER_PREPOSITION = r"(?P<said>(?:the )?(?-i:[A-ZÀ-Þ])[\w’-]*(?: (?-i:[A-ZÀ-Þ])[\w’-]*)*)"
_COPULA_ENDS = re.compile(
    r"\b(?:is|are|was|were) (?P<said>the [\w’'-]+(?: [\w’'-]+)?)$", re.IGNORECASE
)
_HE = re.compile(r"\b(?:he|she|him|his|her)\b", re.IGNORECASE)
_THEY = re.compile(r"\b(?:they|them|their)\b", re.IGNORECASE)
_IT = re.compile(r"\b(?:it|its)\b", re.IGNORECASE)
_PRONOUN = re.compile(r"he|she|him|his|her|they|them|their|it|its", re.IGNORECASE)
_POSSESSIVE = re.compile(r"^(?:his|her|their|its)$", re.IGNORECASE)
# `Is it true that …`, `how long does it take to …`, `was it Lee who …`: `it` stands for nothing.
_EMPTY_IT = re.compile(
    r"\bit (?:true|correct|right|possible|likely|certain|clear|settled|legal|safe|too late|raining|"
    r"rain|snow|take|takes|matter|seem|seems|now|still|ever)\b|\bit\b.*\b(?:that|who|whether|to)\b",
    re.IGNORECASE,
)
# A noun phrase ends before a preposition, a verb or the end of the question.
_NOUN_PHRASE = re.compile(
    r"\b(?:the|a|an) (?:(?!(?:in|on|at|to|of|for|from|with|by|about|say|tell|after|before|when|"
    r"that|who|and|or|"
    r"be|sign|open|close|cost|start|begin|take|last|end)\b)[\w’'-]+\s?){1,4}(?<!\s)",
    re.IGNORECASE,
)
# `The UK`, `the Netherlands`, but `France`.
_TAKES_THE = re.compile(
    r"^(?:U\.?[KS]\b|UAE|EU|DRC|Netherlands|Philippines|Gambia|Bahamas|Maldives|Vatican|Comoros|"
    r"Seychelles)|\b(?:States|Kingdom|Republic|Emirates|Union|Islands|Federation)\b",
    re.IGNORECASE,
)
_PARTICIPLE = re.compile(
    r"(?<!\bthe)(?<!\ban)(?<!\ba)\s+(?:\w{2,}[^\We]ed|agreed|held|built|made|sold|sent|paid|written|"
    r"won|lost|found|bought|brought|begun|grown|sown|shown|thrown|put|set|cut|struck|stolen|chosen|"
    r"taken|given|driven|born|open|shut|left|met|run|read|seen|done|broken|drawn|known)$",
    re.IGNORECASE,
)
# Verbs of parties: `why did it refuse` is about the one named, `what does it cost` about the thing.
_PARTY_VERB = re.compile(
    r"\bit (?:\w+ly )?(?:refuse|decline|agree|sign|join|say|reject|oppose|accept|leave|withdraw|"
    r"promise|pledge|decide|support|back|want|vote|offer|ask|change its mind)\b",
    re.IGNORECASE,
)


def rewrite(question: str, previous: Sequence[str], answers: Sequence[str] = ()) -> str:
    """A follow-up question made to stand alone, or the question as it is.

    `previous` are the questions before, oldest first, already rewritten; `answers` the texts of
    the first claims of their answers, of which only the last is used, and only for `he` and `she`.
    """
    if not previous:
        return question
    asked, last = question.strip(), previous[-1].strip().rstrip("?.! ")
    about = _WHAT_ABOUT.match(asked) or _TOO.match(asked)
    if about and not _VERBAL.search(about["new"]):
        return _with_new(last, about["new"].strip())
    bare = _BARE_WH.match(asked)
    if bare:
        return asked_with(last, bare["wh"].lower()) or question
    if _WHO_ELSE.match(asked):
        return of_the_others(last) or question
    return _with_antecedents(question, previous, answers)


def _with_new(last: str, new: str) -> str:
    """The last question with something new in place of its counterpart, or asked for beside."""
    preposition = _PREPOSITION.match(new)
    bare = new[preposition.end() :] if preposition else new
    when = TIME.search(last)
    if TIME.fullmatch(bare):
        if when is None:
            return f"{last} {_led(new)}?"
        return _replaced(last, when, _led(bare) if when.group().startswith("on ") else bare)
    if preposition:
        said = _after(last, preposition.group().strip(), bare)
        if said:
            rest = last[said.end() :].strip()
            return f"{last[: said.start('said')]}{bare} {rest}".strip() + "?"
    counterpart = _counterpart(last, bare)
    if counterpart:
        return _replaced(last, counterpart, bare)
    if preposition:
        place = re.escape(preposition.group().strip())
        beside = (n for n in names_in(last) if re.search(rf"\b{place} $", last[: n.start()], re.I))
        same = next(beside, None) if bare[:1].isupper() else None
        if same:
            return _replaced(last, same, bare)
        return f"{last} {new}?"
    ends = _COPULA_ENDS.search(last)
    if ends and bare.lower().startswith("the "):
        return f"{last[: ends.start('said')]}{bare}?"
    head = re.match(r"(?:which|what)\s+(?:other )?(\w+)\b", last, re.IGNORECASE)
    plural = re.sub(r"^the ", "", bare, flags=re.IGNORECASE)
    if head and plural != bare and _is_party(head.group(1)) and _is_party(plural.split()[-1]):
        return _replaced(last, re.compile(re.escape(head.group(1))).search(last), plural)
    if is_list(last):
        those = among(last)
        if those:
            return f"{_is_or_are(bare)} {bare} among {those}?"
        return f"{last}, and {_is_or_are(bare).lower()} {bare} among them?"
    return f"{last} in the case of {bare}?"


def _after(last: str, preposition: str, new: str) -> re.Match[str] | None:
    """What follows a preposition in the last question, a name where a name is new, and no time."""
    what = _NAME_AFTER_PREPOSITION if new[:1].isupper() else _AFTER_PREPOSITION
    found = re.finditer(rf"\b{re.escape(preposition)} {what}", last, re.IGNORECASE)
    alike = [
        one
        for one in found
        if not TIME.fullmatch(one["said"].strip())
        and (new[:1].isupper() or one["said"][:1].islower())
    ]
    return alike[-1] if alike else None


def _is_or_are(new: str) -> str:
    return "Are" if re.match(r"(?:the )?[a-z]\w+s$|.* and ", new) else "Is"


def _led(new: str) -> str:
    """A time with the preposition that a sentence wants."""
    needs = re.fullmatch(r"\d{4}|(?:[A-Z][a-z]+(?: \d{4})?)", new) and not new.endswith("day")
    return f"in {new}" if needs else f"on {new}" if new.endswith("day") and " " not in new else new


def _counterpart(last: str, new: str) -> re.Match[str] | None:
    """What in the last question is of the same sort as something new, or nothing."""
    bare = re.sub(r"^the |['’]s$", "", new)
    name = bare if all(word[:1].isupper() for word in bare.split()) else new
    if name[:1].isupper():
        names = [found for found in names_in(last) if found.group() != name]
        same = [found for found in names if bool(country(found.group())) == bool(country(name))]
        return next((found for found in same if not _is_adjective(found, last)), None)
    noun = new.split()[-1]
    alike = re.search(rf"\bthe (?:[\w’-]+ ){{1,2}}?{re.escape(noun)}\b", last, re.IGNORECASE)
    if alike and new.lower().startswith("the ") and new.count(" ") > 1:
        return alike
    subject = re.search(rf"\b(?:{AUX})\s+(the (?:\w+ )??\w+s?)\b", last, re.IGNORECASE)
    if subject and _are_parties(subject.group(1).split()[-1], noun):
        return re.compile(re.escape(subject.group(1))).search(last, subject.start(1))
    return None


def _are_parties(noun: str, other: str) -> bool:
    """Whether both name parties: of `the committee` the counterpart is not any plural (`bees`)."""
    known = sort_of(other) or singular(other.lower()) in PARTIES or noun.endswith("s")
    return bool(known) and _is_party(noun) and _is_party(other)


def _is_adjective(name: re.Match[str], text: str) -> bool:
    """`French` in `French troops` is no counterpart of `Germany`."""
    mention = name.group()
    ending = re.search(r"(?:ish|ian|ean|[^t]an|ese|ch|ic|eli|aqi|ani)$", mention)
    return (
        ending is not None
        and country(mention) not in ("", mention)
        and re.match(r"\s+[a-z]", text[name.end() :]) is not None
    )


def _is_party(noun: str) -> bool:
    return singular(noun.lower()) in PARTIES or (
        noun.endswith("s") and sort_of(noun) in ("organisation", "person", "country", "")
    )


def _replaced(text: str, found: re.Match[str] | None, new: str) -> str:
    if found is None:
        return f"{text}?"
    old = found.group()
    before = text[: found.start()]
    if before.lower().endswith("the "):
        if re.match(r"the ", new, re.IGNORECASE):
            new = new[4:]
        elif country(new) and not _TAKES_THE.search(new):
            before = before[:-4]
    possessive = None if re.search(r"['’]s$", new) else re.search(r"['’]s$", old)
    owning = possessive.group() if possessive else ""
    return f"{before}{new}{owning}{text[found.end() :]}?"


def _with_antecedents(question: str, previous: Sequence[str], answers: Sequence[str]) -> str:
    """The question with what its pronouns stand for, where the question itself has nothing."""
    rewritten = question
    for pronoun in (_HE, _THEY, _IT):
        own, found = _used(pronoun, question), _used(pronoun, rewritten)
        if own is None or found is None or _has_own(question, own):
            continue
        if pronoun is _HE:
            name = _person(previous, answers)
        elif pronoun is _THEY:
            name = _party(previous)
        else:
            name = "" if _EMPTY_IT.search(question) else _thing(previous, question)
        if name:
            rewritten = _put(rewritten, found, name)
    return rewritten


def _used(pronoun: re.Pattern[str], text: str) -> re.Match[str] | None:
    """The first such pronoun; `IT` and `HER` in capitals are names."""
    found = pronoun.finditer(text)
    return next((one for one in found if text.isupper() or not one.group().isupper()), None)


def _has_own(question: str, pronoun: re.Match[str]) -> bool:
    """Whether the question itself may say what a pronoun in it stands for.

    Only small words may stand before it, and one verb where it is an object (`did they sign it`);
    of `who` and `he`, the one who is asked for may be meant.
    """
    before, after = question[: pronoun.start()], question[pronoun.end() :]
    if after[:1] in ("’", "'"):
        return True
    words = [word for word in re.findall(r"[\w’'-]+", before) if word.lower() not in SMALL_WORDS]
    words = [word for word in words if not _PRONOUN.fullmatch(word)]
    ends = re.match(r"\s*(?:[?.!]|$|(?:in|on|at|for|too|then|about|with|by|before|after)\b)", after)
    if re.match(r"\W*(?:who|which|what [a-z]+(?<!did)(?<!does)(?<!do))\b", question, re.IGNORECASE):
        small = re.match(r"\W*what (?:" + AUX + r")\b", question, re.IGNORECASE)
        if not small and not (_IT.fullmatch(pronoun.group()) and ends and len(words) <= 1):
            return True
    possessive = _POSSESSIVE.fullmatch(pronoun.group()) and not ends
    if possessive and (names_in(after) or re.search(r"\bthe\b", after)):
        return True
    return len(words) > (1 if ends else 0)


def _put(text: str, found: re.Match[str], name: str) -> str:
    """The text with a name in a pronoun's place; `her` before a noun is possessive."""
    pronoun = found.group()
    after = re.match(r"\s+([a-z]+)", text[found.end() :])
    owns = _POSSESSIVE.match(pronoun) and after and after.group(1) not in SMALL_WORDS
    if owns:
        name += "’" if name.endswith("s") and name[:1].islower() else "’s"
    if found.start() == 0:
        name = name[:1].upper() + name[1:]
    return text[: found.start()] + name + text[found.end() :]


def _person(previous: Sequence[str], answers: Sequence[str]) -> str:
    """The person named last: in the questions, else in the last answer."""
    for text in reversed(previous):
        # `The finance director of Orbis`: the name is of the body, the office of a person.
        holder = re.search(
            r"\bthe (?:[\w’'-]+ ){0,3}?(?P<who>[\w-]+) (?:of|at|for) (?:the )?[A-ZÀ-Þ]", text
        )
        before = holder and any(n.end() <= holder.start() for n in names_in(text))
        if holder and not before and sort_of(holder["who"]) == "person":
            of = next((n for n in names_in(text) if n.end() > holder.end()), None)
            if of is not None:
                return text[holder.start() : of.end()]
        for name in names_in(text):
            if not country(name.group()) and not _is_of_a_thing(name, text):
                return re.sub(r"['’]s$", "", name.group())
        office = re.search(r"\bthe (?:[\w’'-]+ ){0,3}?(?P<who>[\w-]+)\b", text, re.IGNORECASE)
        if office and sort_of(office["who"]) == "person":
            return office.group()
        if answers and text is previous[-1]:
            for name in names_in(answers[-1]):
                if len(name.group().split()) > 1 and not country(name.group()):
                    return name.group()
    return ""


def _is_of_a_thing(name: re.Match[str], text: str) -> bool:
    """`the Beira pact`: a name before a noun of things, after an article, is no person."""
    return re.search(r"\b(?:the|a|an) $", text[: name.start()], re.IGNORECASE) is not None


def _party(previous: Sequence[str]) -> str:
    """Those whom `they` stands for: named several, a plural, else the one named."""
    last = previous[-1]
    names = names_in(last)
    for first, second in pairwise(names):
        if last[first.end() : second.start()] in (" and ", ", "):
            return f"{first.group()} and {second.group()}"
    plural = re.search(
        r"\b(?:the|which|what|how many) (?P<those>(?:[\w’-]+ )??(?!has|was|does|this)[\w-]{3,}s)\b",
        last,
        re.IGNORECASE,
    )
    if plural and _is_party(plural["those"].split()[-1]):
        return f"the {plural['those']}"
    names = [name for name in names if not _is_adjective(name, last)]
    return re.sub(r"['’]s$", "", names[0].group()) if names else ""


def _thing(previous: Sequence[str], question: str) -> str:
    """What `it` stands for: the last thing with an article, else the one that is named."""
    last = previous[-1]
    names = names_in(last)
    if names and _PARTY_VERB.search(question):
        return names[0].group()
    for found in reversed(list(_NOUN_PHRASE.finditer(last))):
        # `the law passed` of `when was the law passed` ends before the participle.
        thing = _PARTICIPLE.sub("", found.group())
        if sort_of(thing.split()[-1]) != "person":
            return re.sub(r"^an? ", "the ", thing, flags=re.IGNORECASE)
    return re.sub(r"['’]s$", "", names[-1].group()) if names else ""
