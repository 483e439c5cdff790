"""Words of the polarity templates: parties, things they take sides on, and ways to say so.

In the forms, {P} is the party; {inf}, {ger}, {noun} are what it takes a side on ("join the
ferry pool", "joining the ferry pool", "the ferry pool"); {has} {is} {was} {it} {its} agree
with the party. {who} is somebody who speaks, {else} something other that is done instead; {obj}
is what a topic has its parties give, for terse questions ("which towns declined buses"). No word
here is about the articles that ship as examples.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Topic:
    """Something that parties of the named kinds take sides on; `held_out`: for the test only.

    `obj` is what is given, sent or taken in where a side is often named by it alone, or empty.
    """

    kinds: tuple[str, ...]
    inf: str
    ger: str
    noun: str
    opening: str
    held_out: bool
    obj: str = ""


def _lines(text: str) -> tuple[str, ...]:
    """The lines of a block, without the empty ones."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _names(text: str) -> tuple[str, ...]:
    """The items of a comma-separated block."""
    return tuple(" ".join(item.split()) for item in text.split(","))


def _topics(text: str, *, held_out: bool) -> tuple[Topic, ...]:
    """Two lines each: `kinds | infinitive | -ing form | noun`, then the opening sentence.

    What is given may follow the noun: `… | doctors`.
    """
    lines = _lines(text)
    topics = []
    for row, opening in zip(lines[::2], lines[1::2], strict=True):
        kinds, inf, ing, noun, *given = (cell.strip() for cell in row.split("|"))
        ger = f"{ing} {inf.split(maxsplit=1)[1]}"
        obj = "".join(given)
        topics.append(Topic(tuple(kinds.split()), inf, ger, noun, opening, held_out, obj))
    return tuple(topics)


PARTIES: dict[str, tuple[str, ...]] = {
    "countries": _names(
        """Chile, Kenya, Norway, Portugal, Vietnam, Ghana, Iceland, Peru, Morocco, Thailand,
        Uruguay, Latvia, Jordan, Malta, Senegal, Japan, Mexico, Austria, Nepal, Panama,
        Cyprus, Botswana, Ecuador, Slovenia, Brazil, Malaysia, Ireland, Tunisia,
        New Zealand, South Korea, Costa Rica"""
    ),
    "companies": _names(
        """Hallam Foods, Norvik Shipping, Telmar, Castelow, Brightwater Energy, Orbis Rail,
        Pellam & Sons, Quintrel, Sundale Dairies, Vantor, Meridian Glass, Lumora,
        Ashgrove Bank, Tarnfield, Kestrel Air, Bolton Cycles, Zephyr Motors, Corvane,
        Dunmore Textiles, Ivelle"""
    ),
    "parties": _names(
        """the Greens, the Liberals, the Harbour List, the Agrarian League, the Civic Union,
        the Reform Bloc, the Social Democrats, the Conservatives, the Pirate Party,
        the Pensioners' Party, the Centre Party, the Left Alliance"""
    ),
    "clubs": _names(
        """Redhill United, Sporting Vale, Ajax Maren, Olympique Dorne, Kirkwall Rovers,
        Dynamo Teller, Real Sevenoaks, Torquay City, Viking Bergen, Old Mill Athletic,
        Racing Lorient, Falcon BC"""
    ),
    "towns": _names(
        """Ashby, Millbrook, Port Ellen, Grantham, Kelso, Whitby, Larne, Ludlow, Dunbar,
        Frome, Selby, Marlow, Bexhill, Penrith, Tiverton, Oban"""
    ),
    "universities": _names(
        """Marston University, the University of Kell, Delft Institute, Queensbury College,
        the Technical University of Brenn, Hartwell College, Sorley University,
        the University of Vance, St Brannoc's College, Linfield Polytechnic"""
    ),
    "actors": _names(
        """Mara Lindqvist, Tom Ferreira, Ines Okafor, Daniel Weiss, Priya Raman, Luc Baudin,
        Hana Sato, Owen Pritchard, Carla Mendes, Nils Haugen, Ruth Abara, Stefan Kovac"""
    ),
    "unions": _names(
        """the dockers' union, the nurses' union, the teachers' federation,
        the pilots' association, the bakers' union, the rail workers' union,
        the miners' federation, the journalists' guild"""
    ),
    "museums": _names(
        """the Harlow Museum, the Castle Gallery, the Maritime Museum, the Tessen Collection,
        the National Gallery of Orsa, the Museum of Clocks, the Folk Museum,
        the Lyle Gallery, the Glass Museum, the Belvoir Foundation"""
    ),
}
PLURAL_KINDS = ("parties",)
PERSON_KINDS = ("actors",)

TOPICS: tuple[Topic, ...] = (
    *_topics(
        """
        countries | join the fishing pact | joining | the fishing pact
        Ministers met in Lisbon this week to discuss a pact on tuna stocks.
        countries | ban single-use plastics | banning | a ban on single-use plastics
        A ban on single-use plastics has been debated for a year.
        countries towns | host the winter games | hosting | the winter games
        The federation is looking for somewhere to hold its winter games.
        companies | raise wages | raising | a wage rise
        Pay was the subject of talks across the industry on Monday.
        companies | sell the warehouses | selling | the sale of the warehouses
        The future of the warehouses at the old port is open.
        companies universities | share the test data | sharing | the data-sharing plan
        Researchers have asked for access to the test data.
        parties | enter the coalition | entering | the coalition
        Talks on a new government in the regional assembly dragged on.
        parties towns | support the tram line | supporting | the tram line
        The tram line would cost 80 million euros over six years.
        clubs | enter the new league | entering | the new league
        Organisers want a new league to start next autumn.
        clubs | release their players for the cup | releasing | the release of players for the cup
        The cup falls in the middle of the season.
        towns | merge their fire services | merging | the merger of fire services
        County officials proposed one fire service on Friday.
        towns universities | buy the solar panels | buying | the purchase of solar panels
        A supplier has offered solar panels at half price.
        universities | scrap the entrance exam | scrapping | the end of the entrance exam
        Students have campaigned against the entrance exam.
        actors | appear in the sequel | appearing | the sequel
        The studio announced a sequel to its comedy about lighthouse keepers.
        unions | accept the pension offer | accepting | the pension offer
        Employers put a new pension offer on the table.
        museums | lend paintings to the exhibition | lending | the loan of paintings
        An exhibition of landscapes opens in the spring.
        museums countries | return the carvings | returning | the return of the carvings
        Pressure to send the carvings home has grown.
        countries companies | fund the satellite | funding | the satellite project
        A weather satellite is to be launched in four years.
        countries | send doctors to the flood zone | sending | the medical mission | doctors
        Aid groups have asked for doctors in the flood zone.
        countries companies | provide helicopters | providing | the air search | helicopters
        The search for the missing climbers entered its second week.
        countries towns | take in the evacuees | taking | the plan for the evacuees | evacuees
        Some 4,000 people had to leave their homes under the volcano.
        companies towns | lend buses for the festival | lending | the shuttle service | buses
        Visitors of the festival need a way home at night.
        universities countries | send teachers | sending | the summer school | teachers
        The summer school on the lake lacks staff.
        museums universities | offer rooms | offering | the move of the archive | rooms
        The archive has to leave its cellar by May.
        unions towns | give money to the shelter | giving | the shelter | money
        The shelter for the homeless is short of funds.
        clubs companies | lend referees to the youth cup | lending | the youth cup | referees
        Organisers of the youth cup are short of referees.
        countries parties | recognise the council | recognising | the council
        A council of exiles met for the first time in Geneva.
        countries companies | stop buying the crude | stopping | the boycott of the crude
        A boycott of the crude has been proposed by the islands.
        """,
        held_out=False,
    ),
    *_topics(
        """
        countries | supply vaccines to the islands | supplying | the vaccine programme
        The islands have asked for help after the outbreak.
        companies | recall the heaters | recalling | the recall of heaters
        A faulty valve was found in heaters sold since March.
        clubs universities | play at the harbour stadium | playing | the move to the harbour stadium
        The harbour stadium will open after two years of work.
        unions parties | march on Saturday | marching | the march on Saturday
        Organisers expect a large crowd in the capital.
        museums towns | open on public holidays | opening | the holiday opening
        Visitors have long complained about closed doors.
        """,
        held_out=True,
    ),
)

AFFIRMED = _lines(
    """
    {P} agreed to {inf}
    {P} will {inf}
    {P} {has} promised to {inf}
    {P} pledged to {inf}
    {P} said yes to {ger}
    {P} signed up to {noun}
    {P} backed {noun}
    {P} confirmed that {it} would {inf}
    {P} {is} ready to {inf}
    {P} committed to {ger}
    {P} gave {its} consent to {noun}
    {P} {has} decided to {inf}
    {noun} was approved by {P}
    {noun} won the support of {P}
    {P} dropped {its} objections to {noun} and will {inf}
    {P} did not refuse to {inf} and put {its} name to {noun}
    {P}, once against {noun}, now {is} willing to {inf}
    after weeks of doubt {P} came on board
    {P} voted for {noun}
    {P} {is} in favour of {ger}
    {P} accepted {noun}
    there was a yes from {P}
    {P} {has} already begun {ger}
    {P} vowed to {inf}
    {P} offered to {inf}
    {P} saw no reason not to {inf} and signed
    {P} could not be kept from {ger}
    {who} said {P} would {inf}
    {who} announced that {P} would {inf} and {else}
    {P} will {inf} but will not {else}
    {P} {is} among those that will {inf}
    {P} put {its} name down for {ger}
    {P} told the meeting to count on {its} help with {noun}
    """
)
DECLINED = _lines(
    """
    {P} declined to {inf}
    {P} refused to {inf}
    {P} ruled out {ger}
    {P} will not {inf}
    {P} {has} no plans to {inf}
    {P} rejected {noun}
    {P} opposed {noun}
    {P} said no to {ger}
    {P} would not {inf}
    {P} {has} no intention of {ger}
    {P} {is} not going to {inf}
    {P} walked away from {noun}
    {P} voted against {noun}
    {P} pulled out of {noun}
    {P} stayed out of {noun}
    {noun} was rejected by {P}
    {noun} met with a flat no from {P}
    {P} backed out of {ger}
    {P} first promised to {inf} but {has} changed course and will not
    {P} did not agree to {inf}
    {P} {is} not willing to {inf}
    {P} never intended to {inf} and said so again
    {P} {is} against {ger}
    {P} withdrew {its} support for {noun}
    there was a refusal from {P}
    {P} dismissed the idea of {ger}
    {P} cannot {inf}, {it} said
    {P} did not sign
    {P} broke {its} promise to {inf}
    {P} won't {inf}
    {who} said {P} would not {inf}
    {P} let it be known that {it} would not {inf}
    {P} will not {inf} and will {else} instead
    {P} will not be {ger}, {who} said
    {P} would not {inf}, though {it} offered to {else}
    instead of {ger}, {P} will {else}
    {P} {has} excluded {ger}
    {P} saw no reason to {inf}
    {P} would rather {else} than {inf}
    {ger} is out of the question for {P}
    {P} {is} unwilling to {inf}
    do not expect {P} to {inf}, {who} said
    """
)
UNDECIDED = _lines(
    """
    {P} {has} not decided whether to {inf}
    {P} {is} still weighing {noun}
    {P} will {inf} only if others pay their share
    {P} said {it} might {inf}
    {P} asked for more time before deciding on {noun}
    {P} neither accepted nor rejected {noun}
    {P} left open whether {it} would {inf}
    {P} {is} waiting for a legal opinion on {noun}
    {P} {has} yet to say whether {it} will {inf}
    {P} would {inf} on condition that the rules change
    no word came from {P} on {noun}
    {P} {has} not ruled out {ger}
    {who} said {P} would decide on {noun} once the terms were known
    whether {P} will {inf} depends on the price
    {who} could not yet say whether {P} would {inf}
    {P} will look at {noun} again next month
    """
)
# Forms of the test, whose verbs are in none of the lists above.
AFFIRMED_HELD_OUT = _lines(
    """
    {P} endorsed {noun}
    {P} consented to {inf}
    {P} undertook to {inf}
    {P} threw {its} weight behind {noun}
    {P} gave {noun} the green light
    {P} volunteered to {inf}
    {P} embraced {noun}
    """
)
DECLINED_HELD_OUT = _lines(
    """
    {P} balked at {ger}
    {P} spurned {noun}
    {P} turned down {noun}
    {P} wanted no part in {noun}
    {P} shunned {noun}
    {P} gave {noun} the cold shoulder
    {P} vetoed {noun}
    {ger} is off the table for {P}
    """
)

QUESTIONS = {
    "affirmed": _lines(
        """
        Which {kind} agreed to {inf}?
        Who will {inf}?
        Which {kind} support {noun}?
        Which {kind} promised to {inf}?
        which {kind} are going to {inf}
        Who said yes to {noun}?
        Who has backed {noun}?
        Which {kind} signed up to {inf}?
        Name the {kind} that are willing to {inf}.
        Which {kind} pledged to {inf}?
        """
    ),
    "declined": _lines(
        """
        Which {kind} declined to {inf}?
        Who will not {inf}?
        Which {kind} oppose {noun}?
        Which {kind} refused to {inf}?
        which {kind} are not going to {inf}
        Who said no to {noun}?
        Who has rejected {noun}?
        Which {kind} ruled out {ger}?
        Name the {kind} that are unwilling to {inf}.
        Which {kind} stayed out of {noun}?
        """
    ),
    "undecided": _lines(
        """
        Which {kind} have not decided whether to {inf}?
        Who is undecided about {noun}?
        Which {kind} attach conditions to {ger}?
        who has yet to make up their mind on {noun}
        """
    ),
}
# For training only, so that the test stays as it is; those with {obj} for topics that have one.
MORE_QUESTIONS = {
    "affirmed": _lines(
        """
        Which {kind} pledged {obj}?
        Which {kind} offered {obj}?
        which {kind} agreed {obj}
        {kind} {ger}
        {kind} in favour of {noun}
        Which {kind} have promised {obj}?
        Who is {ger}?
        Which {kind} said they would {inf}?
        who joined in {ger}
        """
    ),
    "declined": _lines(
        """
        which {kind} declined {obj}?
        Which {kind} refused {obj}?
        who declined {obj}
        Which {kind} will not give {obj}?
        {kind} against {ger}
        {kind} not {ger}
        Which {kind} have ruled out {obj}?
        Which {kind} said they would not {inf}?
        Who is not {ger}?
        Which {kind} will not be {ger}?
        who won't {inf}
        which {kind} said no
        """
    ),
    "undecided": _lines(
        """
        Which {kind} may still {inf}?
        {kind} undecided on {noun}
        Which {kind} have left it open?
        """
    ),
}
WHO = _names(
    """Prime Minister Ana Duarte, spokesman Erik Lund, President Joao Bastos, Minister Leila Haddad,
    director Rosa Klein, its head Viktor Olsen, chairwoman Mei Tanaka, Chancellor Anton Huber,
    a spokeswoman, two officials, Secretary Paul Okoye, its leader Greta Simon"""
)
ELSE = _lines(
    """
    pay part of the cost
    help with transport
    train the staff
    lend equipment
    share what it knows
    send advisers later
    keep an eye on the talks
    """
)
YESNO_QUESTIONS = _lines(
    """
    Did {P} agree to {inf}?
    Will {P} {inf}?
    Does {P} support {noun}?
    Is {P} going to {inf}?
    Has {P} agreed to {inf}?
    """
)
NEGATED_YESNO_QUESTIONS = _lines(
    """
    Did {P} refuse to {inf}?
    Has {P} ruled out {ger}?
    Does {P} reject {noun}?
    Did {P} decline to {inf}?
    """
)
# Said of a party without taking a side; {other} is another topic's noun.
NEUTRAL = _lines(
    """
    {P} sent a delegation of six
    {P} did not comment on the cost
    {P} published {its} annual figures the same day
    {P} will hold a press conference on Friday
    {P} rejected {other} last year
    {P} agreed to {other_inf} some months ago
    {P} {was} represented by a deputy
    a spokesman for {P} arrived late
    """
)
MORE_NEUTRAL = _lines(
    """
    {P} urged the others to make up their minds
    {P} called for another meeting
    {P} had been expected to speak first
    {P} thanked everybody for the talks
    {P} spoke of a long road
    {P} rejected a claim that {it} had delayed the talks
    {P} declined to comment
    {P} refused to pay for {other}
    """
)
REASONS = _lines(
    """
    because of the cost
    citing a lack of time
    after a long debate
    following a vote of the board
    according to a letter seen by reporters
    a spokeswoman said
    on the advice of lawyers
    in spite of protests
    on Tuesday
    late on Thursday
    last month
    two officials said
    without giving details
    """
)
