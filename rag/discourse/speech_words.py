"""Word lists of English for who speaks and what a mention stands for; nothing else is in here."""

from __future__ import annotations

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Verbs of saying whatever follows them.
SAYING = _words(
    """believes thinks reckon accuse accused accuses
    acknowledge acknowledged acknowledges admit admits admitted allege
    alleged alleges announced announces apologised apologized argue argued argues ask asked asks
    assert asserted asserts boasted boasts cautioned cautions claimed commented complain
    complained complains concede conceded concedes confirmed confirms contend contended contends
    counter countered counters denied denies deny disputed disputes emphasised emphasises
    emphasized emphasizes estimate estimated estimates exclaimed explain explained explains
    grumbled informed informs insist insisted insists joke joked jokes lamented laments murmured
    muttered protested quip quipped quips reckoned reckons reiterated reiterates rejoined remark
    remarked remarks replied replies reply respond responded responds retort retorted retorts said
    say says scoffed scoffs shouted snapped stressed swore tell tells testified testifies told
    tweeted tweets warn
    warned warns whispered write writes wrote"""
)
# Verbs that report words only before `that`, a quotation or a colon, or after the reported words.
SAYING_WITH_WORDS = _words(
    """add added adds advised agree agreed agrees answer answered answers assured assures believe
    believed branded call called calls claim claims comments concluded concludes
    concurred condemned continued continues criticised criticized declared declares demanded
    demands describe described describes disclosed dismissed dismisses expect expected expects
    feared fears held hinted hints holds hope hoped hopes indicated indicates maintain maintained
    maintains mocked mocks note noted notes objected objects observed observes pleaded pleads
    pointed points posted praised predicted predicts promise promised promises quoted reasoned
    recalled recalls recommended rejected rejects reminded reminds repeated repeats report
    reported reports revealed reveals stated suggested suggests suspected suspects think
    thought urged urges vowed vows wondered wonders"""
)
# Forms that are nouns, too: a determiner or an adjective before them says so.
SAYING_AND_NOUNS = _words(
    """claims claim comments comment demands promises promise reports report notes note calls call
    fears hopes hope estimate estimates joke jokes reply replies answers answer alleges vow
    denies puts quip quips caution stress remark remarks posts holds question disputes
    charges counters counter"""
)
PARTICIPLES = _words(
    """saying adding warning arguing claiming insisting noting explaining denying calling
    describing stressing telling declaring suggesting complaining promising vowing stating
    disputing rejecting dismissing asking wondering questioning doubting"""
)
# Verbs with hardly anything but a clause behind them: `Lee said the plan fails`.
PLAINLY = _words(
    "say says said add adds added believe believes thinks argues argued insists insisted"
)
# Verbs with a hearer: `the plan is dead, Lee told the paper`.
TELLING = _words("tell tells told inform informs informed")
# … or what is told: `Lee told a joke`.
TOLD_THINGS = _words("joke jokes story stories tale tales lie lies truth secret secrets")
# Words for what the speaker does not hold to be true …
DENIALS = _words(
    """deny denies denied denying dispute disputes disputed disputing reject rejects rejected
    rejecting dismiss dismisses dismissed dismissing refute refutes refuted refuting denial"""
)
# … and for what the speaker does not know.
QUESTIONS = _words(
    """ask asks asked asking wonder wonders wondered wondering question questioned questioning
    query queried doubted doubting"""
)
# They report words only before `that`, `whether` or a claim; not so `questioned by police`.
DOUBTING = _words("questioned queried doubted refuted refutes")
# What is denied: `rejected claims that …`.
CLAIMS = _words(
    """claim claims report reports rumour rumours rumor rumors suggestion suggestions allegation
    allegations accusation accusations charge charges assertion assertions argument arguments
    statement statements idea notion speculation"""
)
# What somebody is said to have done with words, as a noun: `Lee's remark that …`.
UTTERANCES = _words(
    """remark remarks claim claims warning warnings complaint complaints comment comments words
    statement statements phrase phrases line quip quips joke jokes sentence argument arguments
    assertion assertions promise promises prediction predictions accusation accusations question
    description denial insistence verdict retort rejoinder observation suggestion estimate boast
    reply answer allegation allegations assurance vow message expression gibe jibe slogan taunt
    barb jab analogy comparison crack
    stance position"""
)
# `Lee's talk of …`.
TALK = _words("talk mention depiction portrayal")
# `in Lee's view`, `by the state's count`.
VIEWS = _words(
    "view words opinion judgment judgement telling eyes account reckoning count estimate"
)
# Between a speaker and the verb.
HELPERS = _words(
    """has have had also later then once again now still since just already would will could did
    even often sometimes too both all himself herself themselves itself previously yesterday today
    earlier afterwards meanwhile however instead first only never"""
)
PASSIVES = _words("is are was were be been being am")
NEGATIONS = _words(
    """longer not never nor cannot neither didn’t didn't doesn’t doesn't don’t don't hasn’t hasn't
    haven’t haven't hadn’t hadn't won’t won't wouldn’t wouldn't couldn’t couldn't can’t can't"""
)
PERSON_PRONOUNS = _words("he she")
PRONOUNS = _words("he she it they")
OTHER_PRONOUNS = _words(
    """i we you us me this that these those there what nobody nothing everyone everybody anyone
    something everything somebody one none"""
)
# Verbs that stand before their subject without a quotation (`…, said Lee`).
INVERTING = _words(
    "said says wrote writes warned argued claimed insisted reckoned reckons explained"
)
DEMONSTRATIVES = _words("this that these those")
AUXILIARIES = _words(
    """is are was were will would can could may might must should has have had does did came means
    meant makes made leaves left follows followed gives gave puts brought brings"""
)
RELATIVES = _words("who which")
DETERMINERS = _words(
    """the a an his her its their our my your this that these those one two three four five six
    seven eight nine ten some several many few most all both no another each every any"""
)
DEFINITE = _words("the this that these those his her its their")
PREPOSITIONS = _words(
    """of for from at in on with by to about over under near against between among into inside
    outside behind within across through during after before since until without"""
)
# Words before which a clause ends: a noun phrase does not reach across them.
CLAUSE_WORDS = _words(
    """that but and or when while as because if after before since whether what whom how where why
    although though than so until unless who which then whose yet for"""
)
WEEKDAYS = _words("monday tuesday wednesday thursday friday saturday sunday")
MONTHS = _words(
    """january february march april may june july august september october november december jan
    feb mar apr jun jul aug sept sep oct nov dec"""
)
TIME_WORDS = WEEKDAYS | _words(
    "yesterday today tonight tomorrow last week month night noon midnight morning afternoon evening"
    " year late"
)
MALE = _words(
    """mr sir lord king prince duke father brother monsieur herr chairman spokesman businessman
    policeman salesman fisherman congressman councilman alderman actor son husband widower grandson
    uncle nephew monk priest boy man grandfather"""
)
FEMALE = _words(
    """ms mrs miss dame lady queen princess duchess mother sister madame frau chairwoman
    spokeswoman businesswoman policewoman congresswoman councilwoman actress daughter wife widow
    granddaughter aunt niece nun girl woman grandmother"""
)
# Words that stand before a name and are no part of it.
TITLES = _words(
    """mr mrs ms miss dr prof professor sir dame lord lady king queen prince princess president
    minister premier chancellor senator sen congressman congresswoman representative rep governor
    gov mayor judge justice general gen colonel col captain capt major maj sergeant sgt lieutenant
    lt admiral commander ambassador secretary pope cardinal bishop archbishop father sister brother
    imam rabbi reverend rev sheikh emir sultan inspector superintendent detective officer constable
    commissioner chairman chairwoman chair chief executive director coach captain monsieur madame
    herr frau vice deputy prime foreign defence defense finance interior acting former attorney
    speaker whip councillor councilor councilman deputy state u.s us first lady baroness baron
    duke duchess count countess marshal sheriff comrade aunt uncle"""
)
ROLES = _words(
    """minister president premier chancellor senator governor mayor judge general colonel captain
    admiral commander ambassador envoy secretary bishop archbishop pope commissioner chairman
    chairwoman chair chairperson chief executive director boss head leader founder owner manager
    spokesman spokeswoman spokesperson official officer lawyer attorney prosecutor inspector
    detective sheriff analyst economist scientist researcher historian linguist sociologist
    biologist geologist engineer doctor nurse surgeon vet veterinarian professor teacher lecturer
    student pensioner farmer fisherman fishermen hunter trader broker banker investor shareholder
    accountant auditor critic author writer poet novelist journalist reporter editor columnist
    correspondent actor actress singer musician composer conductor artist painter sculptor
    architect curator librarian archivist activist campaigner organiser organizer protester
    resident neighbour neighbor witness survivor victim villager shopkeeper baker butcher driver
    pilot sailor captain skipper mate soldier veteran guard policeman policewoman firefighter
    paramedic lawmaker legislator deputy councillor councilor candidate nominee diplomat negotiator
    mediator arbitrator adviser advisor aide assistant colleague counterpart rival predecessor
    successor partner king queen prince princess coach trainer player goalkeeper striker referee
    champion climber cyclist runner swimmer rider jockey chef cook waiter brewer winemaker miner
    worker employee unionist trustee treasurer registrar dean rector principal headmaster
    headmistress priest pastor imam rabbi monk nun man woman boy girl mother father sister brother
    daughter son wife husband widow widower aunt uncle grandmother grandfather cousin
    entrepreneur businessman businesswoman billionaire inventor developer landlord tenant customer
    passenger tourist visitor guide expert specialist consultant scholar philosopher physicist
    chemist astronomer botanist ecologist meteorologist seismologist hydrologist archaeologist
    anthropologist psychologist psychiatrist epidemiologist virologist pharmacist dentist midwife
    carpenter plumber electrician mechanic technician operator collector dealer auctioneer producer
    publisher photographer filmmaker presenter commentator blogger lobbyist strategist pollster
    ombudsman regulator watchdog magistrate juror defendant plaintiff claimant clerk coroner
    harbourmaster ranger warden forester keeper beekeeper shepherd herder rancher breeder grower
    teenager holder medallist skater sculler rower swimmer hurdler celebrity widower boyfriend
    girlfriend singer-songwriter brigadier statistician mathematician palaeontologist
    vice-president vice-chair co-founder co-chair chairlady stateswoman statesman premier"""
)
# The last word of an organisation's name, or a word that says that a name is one.
ORGANISATIONS = _words(
    """agency airlines airways alliance army assembly association authority bank board bureau
    business cabinet centre center chamber church city club college commission committee community
    company confederation congress consortium cooperative co-operative corporation council country
    court department district embassy exchange federation fleet force forum foundation fund
    government group guild hospital house inc institute institution laboratory laboratories league
    lab labs limited llc ltd party plc police ministry mission museum navy network newspaper office
    organisation organization parliament press port programme program radio railway regiment
    republic school senate service services society state states studio studios team television
    times tribunal treasury trust union university watchdog works post herald tribune gazette
    chronicle courier ledger sentinel observer kingdom coalition partners holdings industries
    motors steel energy mining foods systems technologies airline shipping lines secretariat
    administration command academy orchestra theatre theater opera festival firm maker carrier
    retailer manufacturer bloc body operator lender insurer producer supplier chain giant"""
)
# A company's name is often shortened by its last word.
COMPANY_ENDINGS = _words(
    """group holdings inc inc. ltd ltd. plc llc corp corp. corporation company limited motors lines
    airlines airways shipping minerals mining energy steel foods systems technologies industries
    logistics partners pharmaceuticals robotics media studios labs laboratories bank telecom
    insurance capital resources marine aerospace"""
)
PARTICLES = _words(
    "de del della di da das dos do van von der den ter ten la le du des al el bin ibn ben y e zu af"
)
# Capitalised at the start of a sentence, and no names.
NO_NAMES = _words(
    """the a an in on at of for from by with to as and but or nor so yet if when while after
    before since until although though because this that these those there here it its he his him
    she her they their them we our us i my you your who whom whose which what why how where not no
    none nobody nothing some several many most few all both each every any one two three four five
    six seven eight nine ten eleven twelve about over under only even also then now still however
    meanwhile instead yesterday today tomorrow last next another other others such asked told
    according unlike like despite during between among whether neither either once later earlier
    more less least much almost nearly just perhaps maybe yes is are was were do does did has have
    had will would can could may might must shall should let please hundreds thousands dozens
    millions everyone everybody anyone people officials"""
)
# `It is possible to …`, `it takes … to`, `it rained`: the word stands for nothing.
EMPTY_IT = re.compile(
    r"it (?:(?:is|was|will be|would be|has been|seems|seemed|remains|remained) (?:\w+ly |not |"
    r"also |still |now |too |so |more )*(?:possible|impossible|likely|unlikely|clear|unclear|easy|"
    r"hard|difficult|important|necessary|essential|true|obvious|understood|hoped|feared|unknown|"
    r"better|best|worth|early|late|time) (?:to|that|whether|why|how|when|what|for)\b|"
    r"(?:takes|took|would take|will take)(?: [\w’'-]+){1,6}? to\b|"
    r"(?:rained|rains|snowed|snows|(?:is|was) (?:raining|snowing))\b)",
    re.IGNORECASE,
)
ABBREVIATED = re.compile(
    r"(?:Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gov|Gen|Col|Capt|Maj|Sgt|Lt|St|Rev|Jr|Sr|Inc|Ltd|Co|Corp)\.|"
    r"(?:[^\W\d_]\.)+"
)
