"""What page furniture says: the list of patterns by which `furniture` knows it.

A pattern sees a line in lower case, without list and heading marks, with single spaces and
straight apostrophes, and must fit the whole line. Each is tied to words that only furniture
puts together, so that a sentence that mentions a newsletter or an advertisement stays.
"""

from __future__ import annotations

# A tail that ends no sentence: "Related: Ferry fares rise at Teknaf", not "…: It rained."
_TAIL = r"[^.]*(?:\.\S[^.]*)*"
_ABOUT = rf"\s?[:|]\s?{_TAIL}"
_LETTER = r"(?:newsletters?|briefings?|digests?|bulletins?|e-?mails?|alerts?|letters?)"
_STORIES = r"(?:stories|articles|posts|news|topics|reading|links|content)"
_AGENCIES = r"(?:getty images|shutterstock|ap photo|afp|reuters|epa|pa images|alamy)"

_SHARING = (
    r"share(?: this)?(?: (?:article|story|page|post|on .{1,30}))?(?: ?[|:] ?.{0,60})?",
    r"(?:facebook|twitter|x|whatsapp|linkedin|telegram|instagram|reddit|pinterest|e-?mail|print)",
    r"(?:copy link|link copied|save|listen|like|tweet|reply|menu|search|close|home|top)",
    r"(?:listen|watch)(?: live)? ?[|:] ?.{0,80}|(?:listen|watch) live",
    r"follow us(?:(?: on|:| @).{0,60})?",
    r"\d[\d.,]*k? (?:shares?|likes?|views?|retweets?|reactions?)",
)
_OTHER_STORIES = (
    rf"(?:recommended|related|trending|popular|top|more|latest)(?: {_STORIES})?{_ABOUT}",
    rf"(?:recommended|related|trending|popular|more) {_STORIES}(?: on this topic)?",
    rf"(?:recommended|more) for you(?:{_ABOUT})?",
    r"you (?:may|might) also (?:like|be interested in)[:.]?",
    r"list of \d+ items?(?:.{0,200}end of list)?|end of list",
    rf"(?:also read|read (?:more|also|next|on)|see also|don't miss)(?: about)?(?:{_ABOUT})?",
    rf"(?:les også|à lire aussi|leer también|lesen sie auch|lees ook|leggi anche) ?(?:{_ABOUT})?",
    rf"read more (?:local |world |sports? |business )?{_STORIES}",
    r"(?:read|show|see|load|view) (?:more|all|the full (?:story|article)|full (?:story|article))",
    r"continue reading(?: .{0,40})?|keep reading|back to top|skip to (?:main )?content",
    rf"most (?:read|popular|viewed|shared)(?: (?:today|now|this week|{_STORIES}))?(?:{_ABOUT})?",
    rf"more (?:analysis )?(?:from|in|on) (?:this |our |the )?[\w' -]{{2,30}}(?:{_ABOUT})?",
    rf"(?:also )?in (?:this|our next|the next|next) (?:issue|edition|week's issue){_ABOUT}",
    r"next(?: issue)?:(?: [^ .]+){1,6}",
    rf"(?:weather|classifieds?): {_TAIL}",
)
_NEWSLETTERS = (
    rf"unlock the .{{2,60}} {_LETTER}(?: for free)?[.!]?",
    rf"(?:enjoyed this\? )?(?:sign up|subscribe|register)(?: now| here| today)? (?:for|to) "
    rf"(?:our |the |this |my |a |free |daily |weekly )+.{{0,60}}{_LETTER}\b.{{0,120}}",
    rf"(?:get|receive) (?:our|the (?:latest|best|day's)) {_TAIL}",
    r"subscribe(?: now| today| here)?(?: (?:for|to) [^.]{2,50})?(?: ?[|:] ?.{0,60})?",
    r"subscribers?(?: only)?: .{0,80}|(?:log|sign) ?in(?: ?[|/] ?.{0,40})?|sign up|newsletters?",
    rf"become a (?:member|subscriber)(?: {_TAIL})?",
    r"support (?:our|local|quality|independent|community|this) "
    rf"(?:journalism|news|newsroom|radio|station|reporting|work)(?:[: ]{_TAIL})?",
    r"(?:join|follow) our .{0,20}channels?(?: .{0,40})?|give the gift of [\w' ]{2,40}",
    r"(?:donate|support us)(?: (?:now|today))?[.!]?|enter your e-?mail(?: address)?",
)
_ADVERTISING = (
    r"(?:advertisements?|advertising|publicidad|publicité|anzeige|werbung)(?: ?- ?.{0,60})?",
    r"(?:story|article) continues (?:below|after)(?: (?:this |the )?(?:ad|advert|advertisement))?",
    rf"(?:sponsored|promoted)(?: (?:content|post|by .{{2,40}}))?(?:{_ABOUT})?",
)
_COMMENTS = (
    r"(?:leave|post|add|write|submit) (?:a|your) (?:reply|comment)(?: ?\(\d+\)| cancel reply)?",
    r"cancel reply|your e-?mail address will not be published\..{0,60}",
    r"required fields are marked.{0,5}|(?:comment|name|e-?mail|website) ?\*",
    r"save my name, e-?mail.{0,100}",
    r"(?:\d[\d,.]*|no|view|show|jump to|view all|all) comments?(?: ?\(\d[\d,.]*\))?",
    r"comments?(?: ?\(\d[\d,.]*\)|(?: are)? (?:off|closed)(?: (?:on|for) this .{2,20})?\.?)",
    r"be the first to comment[.!]?|join the (?:conversation|discussion)[.!]?",
    rf"letters?(?: to the editor)?[:,] page \d+(?:{_ABOUT})?",
    r"(?:submit|write|send) (?:a )?letters? to the editors?",
    r"to reply to this article, .{0,60}|tip us: .{0,80}|got a (?:news )?tip\?.{0,80}",
    r"contact (?:us|the (?:editors?|newsroom))(?: ?\| ?.{0,60})?",
)
_CREDITS = (
    r"(?:photo|photograph|image|picture|credit|illustration|graphic|video|file photo)s?"
    rf"(?: gallery| credit| by| courtesy(?: of)?)? ?[:/] ?{_TAIL}",
    r"[\[(](?:photo|image|picture|photograph)s? (?:by|courtesy(?: of)?) .{2,80}",
    rf"(?:photo|image|picture|photograph)s? (?:by|courtesy(?: of)?) .{{2,60}}{_AGENCIES}",
    rf"[\[(]?(?:[^ ]+ ){{0,3}}[^ ]*(?:getty images|shutterstock|/{_AGENCIES})[\])]?",
    r"you can (?:listen|watch) (?:again |to this \w+ again |back )?on our (?:website|app)\.?",
    r"(?:watch the video|download the data)(?: ?[|:] ?.{0,80})?|cite (?:as|this article)",
    r"(?:©|\(c\)|copyright (?:©|\(c\)|\d{4}|\[yyyy\])).{0,150}|all rights reserved\.?",
    r"\(?(?:additional )?(?:reporting|writing|editing) by [^.]{2,120}\.?\)?",
)
_CONSENT = (
    r"(?:we|this (?:web)?site|our (?:web)?site) uses? cookies.{0,200}"
    r"(?:experience|accept|consent|agree|continue|browsing|learn more).{0,100}",
    r"by (?:continuing|using|clicking|browsing).{1,120}(?:cookies|privacy policy|terms).{0,80}",
    r"(?:accept|reject|manage|decline)(?: all)?(?: cookies| preferences| and close)",
)
_LAYOUT = (
    r"(?:page|p\.) ?\d{1,4}(?: (?:of|/) ?\d{1,4})?|- ?\d{1,4} ?-|\d{1,3}[ -]min(?:ute)?s? read",
    r"(?:[-=*_~#.•·—–] ?){3,}",  # rules of text and Markdown
    r"\|?(?: ?:?-{3,}:? ?\|)+(?: ?:?-{3,}:?)?",  # the rule under a table's head
    r"(?:!?\[[^\]]*\]\([^)]*\) ?)+|!?\[!\[.*\]\(.*\).*\]\(.*\)",  # images, links alone
    r"\[[^\]]+\]: \S+.{0,80}|<?(?:https?://|www\.)[^ ]+>?|<!--.*-->",
)

ANYWHERE = (
    *_SHARING,
    *_OTHER_STORIES,
    *_NEWSLETTERS,
    *_ADVERTISING,
    *_COMMENTS,
    *_CREDITS,
    *_CONSENT,
    *_LAYOUT,
)

# What only the head of a page has, above its first line of writing.
HEAD = (
    r"[\d.,]+k?",  # share counts
    r"(?:breaking|exclusive|opinion|analysis|live|news|world|politics|business|sports?|updated)",
    r"(?:source|publisher|author|byline|date|published|categor(?:y|ies)|tags?|keywords|url"
    r"|language):.{1,150}",
)

# One part of a line that is cut by bars: "Home | Sport | Contact" is navigation.
NAVIGATION = (
    r"home|inicio|accueil|start|menu|search|subscribe|newsletters?|contact(?: .+)?|about(?: us)?"
    r"|share(?: .+)?|print|comments?(?: \(\d+\))?|log ?in|sign ?in|terms(?: .+)?|privacy(?: .+)?"
    r"|listen(?: live)?|podcasts?|weather|traffic|obituaries|death notices|crossword|classifieds"
    r"|advertise(?: .+)?|letters|back issues|archive|most read(?: .+)?|e-?paper|rss|photographs"
    r"|cookies(?: .+)?|sitemap|help|faq|markets|sports?|politics|business|opinion|culture"
)

# A newsletter offer, and the line under it that says what the letter is about.
OFFER = rf"(?:unlock the|sign up|subscribe|get our|enjoyed this\?).*{_LETTER}.*"
OFFER_TEXT = (
    r"(?:your|our|the (?:latest|best|most|biggest|top|day's|week's)|a (?:daily|weekly)|get|stay"
    r"|everything|delivered|straight to|all the|sent|sharp|essential) .{5,120}[^.!?]"
)

# A heading whose next lines are titles of other stories.
STORY_LIST = (
    r"(?:share this article \| )?(?:recommended|related|trending|popular|more) "
    r"(?:stories|articles|posts|news)"
    r"|(?:recommended|more) for you|most (?:read|popular|viewed|shared)(?: today| now)?"
    r"|read (?:more|also|next)|also read|list of \d+ items?.*"
)
