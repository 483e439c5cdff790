"""The words by which questions are understood: nouns of what is asked for, words of taking sides.

English in general; singular nouns stand for their plurals too.
"""

from __future__ import annotations

import re

# What a noun after `which` or `what` asks for.
NOUNS: dict[str, frozenset[str]] = {
    "country": frozenset("country nation government state capital republic kingdom".split()),
    "organisation": frozenset(
        """company firm bank union club agency university organisation organization group party
        museum hospital airline institution institute federation association retailer chain
        manufacturer producer insurer publisher newspaper outlet charity council committee
        commission court parliament ministry department body authority operator supplier buyer
        school college team league board fund foundation library festival broadcaster employer
        shop supermarket brewery hotel zoo alliance bloc coalition faction cooperative utility
        lab laboratory consortium contractor lender carrier business brand maker builder
        regulator watchdog church congregation theatre orchestra choir studio gallery
        landlord exporter importer customer sponsor rival investor holder owner signatory member
        partner ally outfit organiser network panel tribunal academy society lobby station
        corporation startup venture enterprise militia regiment employer estate local branch
        distributor bookshop
        opponent supporter donor backer participant holdout""".split()
    ),
    "person": frozenset(
        """person people man woman official minister president mayor lawyer judge scientist
        researcher expert analyst economist historian author writer novelist singer actor actress
        player coach trainer captain driver doctor nurse teacher professor academic student
        activist campaigner journalist reporter editor critic spokesman spokeswoman spokesperson
        chairman chairwoman chair director manager head leader chief commander general officer
        ambassador envoy diplomat senator deputy lawmaker legislator politician premier governor
        councillor secretary commissioner king queen prince princess bishop archbishop priest
        farmer fisherman worker witness victim suspect relative resident neighbour neighbor
        executive founder curator engineer pilot artist musician athlete swimmer skater candidate
        colleague guest delegate negotiator veteran mp boss architect composer conductor""".split()
    ),
    "place": frozenset(
        """place city town village province region county municipality commune parish district
        island river street port harbour
        harbor venue airport continent location area site stadium building hall room neighbourhood
        square bridge mountain valley territory""".split()
    ),
    "date": frozenset("date day year month week weekday time hour deadline century decade".split()),
    "number": frozenset(
        """number share percentage proportion price cost amount sum total figure rate fee salary
        wage size age toll length height width weight distance speed temperature score quota
        budget fine turnover margin fraction count""".split()
    ),
    "reason": frozenset("reason cause explanation grounds motive pretext excuse".split()),
    "quote": frozenset("words comment remark quote quotation".split()),
}
# Nouns of parties: who can agree, decline or be undecided; towns can, as their councils do.
PARTIES = NOUNS["country"] | NOUNS["organisation"] | NOUNS["person"] | NOUNS["place"]

# Whoever has not decided, or takes a side only under a condition.
UNDECIDED = (
    r"undecided|uncommitted|unsure|hesitat\w+|waver\w*|on the fence|in two minds|"
    r"wait[- ]and[- ]see|"
    r"(?:not|\w+n[’']?t|never|still|yet|to|hadnt|havent|hasnt) (?:yet |fully |been |quite |"
    r"publicly )*"
    r"(?:decide[ds]?|settled|made up (?:its|their|his|her) minds?|make up (?:its|their|his|her) "
    r"minds?|committed|taken a (?:side|stand|position|decision)|chosen|concluded|replied|answered|"
    r"c[oa]me (?:down on|to (?:a|any) (?:decision|conclusion|view))|said (?:if|whether))|"
    r"mak(?:e|es|ing) up (?:its|their|his|her) minds?|yet to|still to|"
    r"(?:still|is|are|was|were) (?:considering|weighing|waiting|thinking|debating|discussing|"
    r"deliberating|studying|examining|mulling|pondering|open|sitting|working out)|"
    r"(?:consider|weigh|ponder|mull)(?:s|ing)?|still (?:open|awaited|pending|outstanding)|"
    r"wait(?:s|ed|ing)? (?:for|before|to see|until)|"
    r"(?:only|would|will)\b[^,]{0,60}? (?:if|provided|on (?:the )?condition|subject to)|only if|"
    r"(?:more )?time (?:to|before)|more time|hold\w* back (?:its|their|his|her)|"
    r"(?:not|n[’']t|no) (?:yet |\w+ ){0,6}answer|neither side|put(?:s|ting)? off|"
    r"(?:postpon|defer)\w*"
    r"(?= (?:(?:its|their|his|her|the|a|any|taking|saying|giving|making) )*(?:decision|answer|vote|"
    r"verdict|reply|choice|question|position|side|ballot|deciding|answering)s?\b)|"
    r"held off|holding off|hold(?:s|ing)? back (?:its|their|his|her)|on hold|left open|"
    r"leav\w+ open|"
    r"(?:on|under|a|any|or|set|sets|set|attach\w*|certain|only|further) (?:\w+ )?conditions?|"
    r"conditional\w*|proviso|certain terms|hang on(?! to)|with strings|strings attached|"
    r"depend(?:s|ed|ent|ing)?|hing(?:e|es|ed|ing)|hang(?:s|ing) on|hung on|"
    r"neither\b.{1,40}\bnor|no (?:answer|decision|position|reply)|"
    r"without (?:a|an|any) (?:answer|decision|position|reply|yes)|"
    r"(?:not|n[’']t|never) (?:rul(?:e|ed|ing) out|exclude[ds]?)|reserv\w+ (?:judgement|judgment)|"
    r"might|may (?:still|yet|or may not)|(?:may|could) (?:join|sign|back|support|agree|accept|"
    r"follow|send|come|step in)|could (?:still|yet)|possibly"
)
# Whoever says no, in word or deed.
_REFUSING = (
    r"declin\w+|refus\w+|reject\w*|oppos\w+|rul(?:e|es|ed|ing) out|boycott(?:s|ed|ing)|"
    r"(?:to|will|would|who|did) boycott|(?:is|are|was|were|stay\w*|vot\w+|spoke|speaks?|stands?|"
    r"stood|decided|"
    r"c[oa]me out|firmly) against|^\W*(?:[\w’'-]+ ){1,2}against|vot\w+ no|(?:stay\w*|remain\w*|"
    r"stood) outside|h[eo]ld back from|"
    r"turn(?:s|ed|ing)?\b(?: [\w’'-]+){0,4} (?:down|away)|object(?:ed|ing)?(?= to\b| against\b)|"
    r"who objects|"
    r"disagree\w*|dissent\w*|lost interest|"
    r"veto\w*|spurn\w*|shun\w*|snub\w*|balk\w*|rebuff\w*|withdr[ae]w\w*|withheld|withhold\w*|"
    r"(?:pull|back|drop|opt|bow)(?:s|ped|ed|ted|ing|ping|ting)? out|"
    r"stay(?:s|ed|ing)? (?:out|away)|ke(?:ep|eps|pt|eping) (?:out|away)|stand(?:s|ing)? aside|"
    r"walk(?:s|ed|ing)? (?:out|away)|(?:broke|broken|breaking) (?:off|with|away)|"
    r"hold(?:s|ing)? out|held out|holdouts?|sa(?:y|ys|id|ying) no|a no|quit|quits|quitting|"
    r"cancel\w*|absent|absence|skip(?:s|ped|ping)?|abstain\w*|abstention\w*|"
    r"unwilling|reluctant|sceptic\w*|skeptic\w*|opponents?|"
    r"den(?:y|ies|ied|ying)|resist\w*|dismiss\w*|renounc\w*|"
    r"scrap(?:s|ped|ping)?|shut (?:its|their) doors?|distanc(?:ed|es|ing)"
)
# Of many other things, too: `aid for the missing`, `the port that the ships left`.
LEAVING = (
    r"resign\w*|(?<!the )missing|miss(?:ed|es)|left (?:the|it)|leav(?:e|es|ing) (?:the|it)|"
    r"block(?:s|ed|ing)?"
)
DECLINED = rf"{_REFUSING}|{LEAVING}|missing"
# A clause turned into its opposite: `did not sign` is a no, `did not refuse` is none.
NEGATION = (
    r"not|cannot|never|no longer|no (?:plans?|intention|wish|desire|interest|part|help|need|reason|"
    r"point|doses|money|troops|role)|nothing|nobody|none|on no account|under no circumstances|"
    r"\w+n[’']t|(?:did|do|does|wo|would|is|are|was|were|has|have|had|ca|could|should)nt|fail\w*|"
    r"no (?:\w+ )?(?=to\b)|neither|nor"
)
# Whoever says yes, in word or deed; `will` alone says so in a question only.
AGREED = (
    r"agree[ds]?|agreeing|accept\w*|join(?:s|ed|ing)?|sign(?:s|ed|ing)?|support\w*|back(?:s|ed|"
    r"ing)|"
    r"pledg\w+|promis\w+|offer(?:s|ed|ing)?|commit(?:s|ted|ting)?|approv\w+|endors\w+|consent\w*|"
    r"favour|favor|willing|ready|prepared|volunteer\w*|adopt\w*|ratif\w+|sided|(?:on|at) the side|"
    r"sa(?:y|ys|id|ying) yes|a yes|tak(?:e|es|ing) part|took part|participat\w*|contribut\w*|"
    r"confirm\w*|vot(?:e|ed|es|ing) for|stay(?:s|ed|ing)? (?:in|inside|on)|welcom\w*|embrac\w*|"
    r"recogni[sz]\w*|stood by|stand(?:s|ing)? by|go(?:es|ing)? along|went along|in favou?r|"
    r"remain(?:s|ed)? (?:a|in|ready)|sends?|sending|sent"
)
AFFIRMED = rf"{AGREED}|will"

# What a party does by its clause in a text, plainer than what a question may ask: a report of an
# agreement is full of `will`, `send` and `offer`.
REFUSED = (
    rf"{_REFUSING}|stopp\w* short of|no appetite|no truck|nothing to do with|"
    r"rul(?:e|es|ed|ing) (?:it|this|that|itself|themselves|himself|herself) out|"
    r"vot\w+ (?:[\w-]+ ){1,5}against"
)
JOINED = (
    r"agree[ds]?|agreeing|accept(?:s|ed|ing)?|join(?:s|ed|ing)?|sign(?:s|ed|ing)?|support(?:s|ed)?|"
    r"back(?:s|ed|ing)|pledg\w+|promis\w+|approv(?:e|es|ed|ing)|endors\w+|consent\w*|willing|ready|prepared|"
    r"volunteer\w*|adopt\w*|ratif\w+|sa(?:y|ys|id) yes|tak(?:e|es|ing) part|took part|"
    r"participat(?:e|es|ed|ing)|contribut(?:e|es|ed|ing)|vot(?:e|ed|es|ing) for|"
    r"welcom\w*|in favou?r|went along|gave (?:its|their|his|her) (?:consent|blessing)|"
    r"came in|(?:is|are) in|(?:is|are|was|were) (?:all |both )?for it(?! in\b| if\b)"
)

# Verbs by which somebody is quoted: `who …` with one of them asks for a speaker. Beyond plain
# speech, news quotes by likening, mocking, praising and blaming.
QUOTING = (
    r"sa(?:y|ys|id|ying)|t(?:ell|ells|old)|stat(?:es|ed)(?= that)|warn(?:s|ed)?|argue[ds]?|"
    r"claim(?:s|ed)?|not(?:es|ed)|remark(?:s|ed)?|explain(?:s|ed)?|insist(?:s|ed)?|"
    r"complain(?:s|ed)?|jok(?:es|ed)|quip(?:s|ped)|describe[ds]?|likens?|likened|compare[ds]?|"
    r"accuse[ds]?|predict(?:s|ed)?|declare[ds]?|observe[ds]?|comment(?:s|ed)?|repl(?:y|ies|ied)|"
    r"retort(?:s|ed)?|maintain(?:s|ed)?|believe[ds]?|thinks?|thought|feels?|felt|suggest(?:s|ed)?|"
    r"admit(?:s|ted)?|concede[ds]?|acknowledge[ds]?|regret(?:s|ted)?|recall(?:s|ed)?|"
    r"stress(?:es|ed)?|emphasi[sz]e[ds]?|(?:writes?|wrote)(?= that)|tweet(?:s|ed)?|wonder(?:s|ed)?|"
    r"appeal(?:s|ed)?|urge[ds]?|demand(?:s|ed)|critici[sz]e[ds]?|praise[ds]?|mock(?:s|ed)?|"
    r"ridicule[ds]?|deride[ds]?|lament(?:s|ed)?|vow(?:s|ed)?|swore|contend(?:s|ed)?|"
    r"assert(?:s|ed)?|allege[ds]?|estimate[ds]?|conclude[ds]?|blame[ds]?|doubt(?:s|ed)?|"
    r"fear(?:s|ed)?|boast(?:s|ed)?|caution(?:s|ed)?|counter(?:s|ed)|respond(?:s|ed)?|"
    r"characteri[sz]e[ds]?|depict(?:s|ed)?|portray(?:s|ed)?|quoted|coin(?:s|ed)|"
    r"summed up|dub(?:s|bed)|apologi[sz]e[ds]?|assure[ds]?|advise[ds]?|reckon(?:s|ed)?|"
    r"grumble[ds]?|mutter(?:s|ed)|shout(?:s|ed)|sneer(?:s|ed)|scoff(?:s|ed)|teas(?:es|ed)|"
    r"judge[ds]|reveal(?:s|ed)|confess(?:es|ed)?|testif\w+|spoke (?:of|about)|speaks (?:of|about)|"
    r"talk(?:s|ed) (?:of|about)|point(?:s|ed)? (?:out|to)|(?:made|makes|poked|pokes) fun|"
    r"call(?:s|ed)?(?! (?:for|off|in|on|up|at)\b)|"
    r"hint(?:s|ed)?|impl(?:y|ies|ied)|insinuate[ds]?|recount(?:s|ed)?|bemoan(?:s|ed)?|"
    r"moan(?:s|ed)|contradict(?:s|ed)?|remind(?:s|ed)?|allude[ds]? to|justif(?:y|ies|ied)|"
    r"(?:play(?:s|ed) .{0,60}?down|puts? .{3,60}? down to|ma(?:de|kes) light of|"
    r"pour(?:s|ed) scorn|ma(?:de|kes) (?:it )?(?:clear|plain))\b|denie[ds](?= (?:having|being)\b)|"
    r"dismiss(?:es|ed)?\b(?=.* (?:as|by|remark|claim|criticism|comment)\b)|"
    r"(?:holds?|held|finds?|found|objects?|objected|promise[ds]?|announced?|announces|confirmed|"
    r"confirms|denie[ds]|replies|answered|answers|adds|added|asks|asked|hoped?|hopes|reported|"
    r"reports|dispute[ds]|protest(?:s|ed)|worr(?:y|ies|ied)|suspect(?:s|ed)|expect(?:s|ed)|"
    r"indicate[ds]|signal(?:s|led)|question(?:s|ed))(?= (?:that|whether|why|if|how)\b)|"
    r"reject(?:s|ed)? (?:the|an?) (?:accusation|charge|claim|allegation|criticism|suggestion|"
    r"(?:idea|notion) (?:that|of)\b)"
)
# Nouns for what somebody said: `whose words …`, `who made the remark …`, `what was X's answer`.
SAYINGS = (
    r"words?|quotes?|quotations?|remarks?|quips?|jokes?|gibes?|jibes?|phrase|line|retorts?|reply|"
    r"replies|response|answer|comments?|verdict|view|opinion|statement|comparison|image|metaphor|"
    r"reaction|account|version|explanation|argument|arguments|criticism|complaint|assessment|"
    r"objections?|warning|message|advice|prediction|description|point|points|take|judgement|"
    r"judgment|position|stance|claim|reasoning|rebuttal|comeback"
)
# Verbs of `what did X …` and `how did X …` whose answer is what X said.
ANSWERING = (
    r"say|said|tell|told|think|thought|written|argue|reply|answer|respond|react|describe|explain|"
    r"claim|warn|call|comment|"
    r"make of|compare|liken|promise|predict|suggest|insist|complain|remark|write|ask|recall|"
    r"believe|feel|concede|admit|declare|observe|note|retort|counter|advise|urge|"
    r"characteri[sz]e|portray|see|judge|rate|view|defend|justify|announce|recommend|accuse|"
    r"contend|maintain|contradict|clarify|qualify|speak|reconcile|sum up|criticise|criticize|"
    r"reveal|dismiss|deny|want people|wish|regret|stress|emphasi[sz]e|joke"
)


def sort_of(word: str) -> str:
    """What a noun, singular or plural, asks for (`banks`: `organisation`), or an empty string."""
    one = singular(word.lower())
    return next((sort for sort, nouns in NOUNS.items() if one in nouns), "")


def singular(word: str) -> str:
    """A noun in lower case without its plural ending, as far as the word lists need it."""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word in {"men", "women", "spokesmen", "fishermen"}:
        return word[:-2] + "an"
    if word.endswith(("sses", "ches", "shes", "xes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us")):
        return word[:-1]
    return word


def pattern(words: str) -> re.Pattern[str]:
    """The alternatives as whole words, in any case."""
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)


_UNDECIDED, _DECLINED = pattern(UNDECIDED), pattern(DECLINED)
_NEGATION, _AFFIRMED = pattern(NEGATION), pattern(AFFIRMED)
# Those set aside are not those asked about (`besides those who walked out, which …`).
_SET_ASIDE = re.compile(
    r"\b(?:besides|apart from|other than|aside from|leaving aside|except|unlike)\b[^,?]*,?",
    re.IGNORECASE,
)
_AGREED_NOT = re.compile(r"\b(?:agreed|promised|pledged|vowed|committed) not to\b", re.IGNORECASE)
# A refusal that a negation this near before it turns round (`did not in the end refuse`).
NEGATION_REACH = 30


def without_those_set_aside(question: str) -> str:
    """The question without its clauses of exception."""
    return _SET_ASIDE.sub("", question).strip()


def side(question: str) -> str:
    """Which side a question asks for: `affirmed`, `declined`, `undecided`, or an empty string.

    `Which did not sign` is declined, `which did not refuse` affirmed.
    """
    text = without_those_set_aside(question)
    if _UNDECIDED.search(text):
        return "undecided"
    # `Agreed not to build`: what is agreed may be to leave something.
    if _AGREED_NOT.search(text):
        return "affirmed"
    refusal = _DECLINED.search(text)
    if refusal:
        before = text[max(0, refusal.start() - NEGATION_REACH) : refusal.start()]
        return "affirmed" if _NEGATION.search(before) else "declined"
    if _NEGATION.search(text):
        return "declined"
    return "affirmed" if _AFFIRMED.search(text) else ""
