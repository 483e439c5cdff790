"""Words of the polarity templates: ways to take a side, and to ask who took it.

In the forms, {P} is the party; {inf}, {ger}, {noun} are what it takes a side on ("join the
ferry pool", "joining the ferry pool", "the ferry pool"); {has} {is} {was} {it} {its} agree
with the party. {who} is somebody who speaks, {else} something other that is done instead; {obj}
is what a topic has its parties give, for terse questions ("which towns declined buses"). No word
here is about the articles that ship as examples.
"""

from __future__ import annotations

from rag.training.data.polarity_topics import lines, names

AFFIRMED = lines(
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
DECLINED = lines(
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
UNDECIDED = lines(
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
AFFIRMED_HELD_OUT = lines(
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
DECLINED_HELD_OUT = lines(
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
    "affirmed": lines(
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
    "declined": lines(
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
    "undecided": lines(
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
    "affirmed": lines(
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
    "declined": lines(
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
    "undecided": lines(
        """
        Which {kind} may still {inf}?
        {kind} undecided on {noun}
        Which {kind} have left it open?
        """
    ),
}
WHO = names(
    """Prime Minister Ana Duarte, spokesman Erik Lund, President Joao Bastos, Minister Leila Haddad,
    director Rosa Klein, its head Viktor Olsen, chairwoman Mei Tanaka, Chancellor Anton Huber,
    a spokeswoman, two officials, Secretary Paul Okoye, its leader Greta Simon"""
)
ELSE = lines(
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
YESNO_QUESTIONS = lines(
    """
    Did {P} agree to {inf}?
    Will {P} {inf}?
    Does {P} support {noun}?
    Is {P} going to {inf}?
    Has {P} agreed to {inf}?
    """
)
NEGATED_YESNO_QUESTIONS = lines(
    """
    Did {P} refuse to {inf}?
    Has {P} ruled out {ger}?
    Does {P} reject {noun}?
    Did {P} decline to {inf}?
    """
)
# Said of a party without taking a side; {other} is another topic's noun.
NEUTRAL = lines(
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
MORE_NEUTRAL = lines(
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
REASONS = lines(
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
