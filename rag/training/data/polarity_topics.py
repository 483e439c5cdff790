"""What the polarity templates are about: parties, and the matters that they take sides on.

No word here is about the articles that ship as examples.
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


def lines(text: str) -> tuple[str, ...]:
    """The lines of a block, without the empty ones."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def names(text: str) -> tuple[str, ...]:
    """The items of a comma-separated block."""
    return tuple(" ".join(item.split()) for item in text.split(","))


def _topics(text: str, *, held_out: bool) -> tuple[Topic, ...]:
    """Two lines each: `kinds | infinitive | -ing form | noun`, then the opening sentence.

    What is given may follow the noun: `… | doctors`.
    """
    rows = lines(text)
    topics = []
    for row, opening in zip(rows[::2], rows[1::2], strict=True):
        kinds, inf, ing, noun, *given = (cell.strip() for cell in row.split("|"))
        ger = f"{ing} {inf.split(maxsplit=1)[1]}"
        obj = "".join(given)
        topics.append(Topic(tuple(kinds.split()), inf, ger, noun, opening, held_out, obj))
    return tuple(topics)


PARTIES: dict[str, tuple[str, ...]] = {
    "countries": names(
        """Chile, Kenya, Norway, Portugal, Vietnam, Ghana, Iceland, Peru, Morocco, Thailand,
        Uruguay, Latvia, Jordan, Malta, Senegal, Japan, Mexico, Austria, Nepal, Panama,
        Cyprus, Botswana, Ecuador, Slovenia, Brazil, Malaysia, Ireland, Tunisia,
        New Zealand, South Korea, Costa Rica"""
    ),
    "companies": names(
        """Hallam Foods, Norvik Shipping, Telmar, Castelow, Brightwater Energy, Orbis Rail,
        Pellam & Sons, Quintrel, Sundale Dairies, Vantor, Meridian Glass, Lumora,
        Ashgrove Bank, Tarnfield, Kestrel Air, Bolton Cycles, Zephyr Motors, Corvane,
        Dunmore Textiles, Ivelle"""
    ),
    "parties": names(
        """the Greens, the Liberals, the Harbour List, the Agrarian League, the Civic Union,
        the Reform Bloc, the Social Democrats, the Conservatives, the Pirate Party,
        the Pensioners' Party, the Centre Party, the Left Alliance"""
    ),
    "clubs": names(
        """Redhill United, Sporting Vale, Ajax Maren, Olympique Dorne, Kirkwall Rovers,
        Dynamo Teller, Real Sevenoaks, Torquay City, Viking Bergen, Old Mill Athletic,
        Racing Lorient, Falcon BC"""
    ),
    "towns": names(
        """Ashby, Millbrook, Port Ellen, Grantham, Kelso, Whitby, Larne, Ludlow, Dunbar,
        Frome, Selby, Marlow, Bexhill, Penrith, Tiverton, Oban"""
    ),
    "universities": names(
        """Marston University, the University of Kell, Delft Institute, Queensbury College,
        the Technical University of Brenn, Hartwell College, Sorley University,
        the University of Vance, St Brannoc's College, Linfield Polytechnic"""
    ),
    "actors": names(
        """Mara Lindqvist, Tom Ferreira, Ines Okafor, Daniel Weiss, Priya Raman, Luc Baudin,
        Hana Sato, Owen Pritchard, Carla Mendes, Nils Haugen, Ruth Abara, Stefan Kovac"""
    ),
    "unions": names(
        """the dockers' union, the nurses' union, the teachers' federation,
        the pilots' association, the bakers' union, the rail workers' union,
        the miners' federation, the journalists' guild"""
    ),
    "museums": names(
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
