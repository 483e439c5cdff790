"""Page furniture is marked line by line; ordinary sentences never are."""

from __future__ import annotations

import pytest

from rag.reading.furniture import byline, mark_furniture

WRITING = "The harbour opened on Monday after two years of work, the minister said in Ystad."


def marked(text: str) -> list[str]:
    return [text[span.start : span.end] for span in mark_furniture(text)]


@pytest.mark.parametrize(
    "line",
    [
        "Leave a Reply",
        "Leave a comment",
        "Recommended Stories",
        "Related articles",
        "list of 3 itemsend of list",
        "list of 4 items- list 1 of 4Ferry fares rise- list 2 of 4Fog at seaend of list",
        "Share this article",
        "Share this story | Print",
        "SHARE",
        "Follow us on Facebook",
        "1.2K shares",
        "Unlock the White House Watch newsletter for free",
        "Sign up for our morning newsletter",
        "Sign up to the Harbour Letter, our weekly email, and get the news first.",
        "Subscribe for £1 a week",
        "SUBSCRIBE",
        "Get our politics briefing every weekday",
        "Become a member from 39 kroner a month",
        "Support our journalism",
        "Advertisement",
        "Advertisement - Scroll to continue",
        "Article continues after advertisement",
        "Sponsored: find your perfect course",
        "Read more: How a dog learns to bark",
        "Read also: ferry strike over",
        "RELATED: What time does your child log off?",
        "See also: Harbour dues",
        "Most read",
        "More in Politics",
        "In this issue: dry-dock prices, crew visas",
        "12 comments",
        "Comments (4)",
        "Comments are closed on this story.",
        "Be the first to comment!",
        "Your email address will not be published. Required fields are marked *",
        "Photo: Ann Poe / Harbour Post",
        "[Photo by Ann Poe]",
        "Ann Poe/Getty Images",
        "© 2025 Harbour Post. All rights reserved.",
        "Copyright 2025 The Harbour Post",
        "All rights reserved",
        "Reporting by Ann Poe; editing by Bo Li",
        "We use cookies to give you the best experience. By continuing you accept them.",
        "Accept all cookies",
        "Published On 5 Sep 2025",
        "Updated: 6 September 2025, 10:03 am",
        "Home | Sport | Contact us",
        "Home > Business > Trade",
        "Skip to content",
        "Back to top",
        "Page 3 of 12",
        "4 min read",
        "---",
        "* * *",
        "| --- | :---: |",
        "![A boat](boat.png)",
        "[All the news](https://example.org/news)",
        "https://example.org/2025/09/harbour",
        "<!-- more -->",
        "**Share this article**",
        "### Related articles",
    ],
)
def test_furniture_is_marked_anywhere(line: str) -> None:
    assert marked(f"{WRITING}\n{line}\n{WRITING}\n") == [line]


@pytest.mark.parametrize(
    "line",
    [
        "The newsletter industry is growing.",
        "Newsletters reach two million readers, the publisher said.",
        "Sign up sheets were handed out at the gate.",
        "Share prices fell by 3 percent.",
        "Share this burden, she told the ministers, and it will be light.",
        "The advertisement was withdrawn on Friday.",
        "Advertisement sales fell by a fifth.",
        "Advertising is forbidden on the square.",
        "Leave a reply to the last, he advised.",
        "Recommended doses are printed on the box.",
        "Related companies were fined as well.",
        "Most read the paper on the train.",
        "Read more and write less, the teacher said.",
        "More in the north than in the south voted for it.",
        "Photo albums were found in the house.",
        "Getty Images sued the company in London.",
        "Copyright law protects the authors of maps.",
        "Cookies are baked at the corner of the square.",
        "We use cookies in the recipe.",
        "Follow us, the guide said, and keep to the path.",
        "Subscribe to that view and you must accept the price.",
        "Support for the party fell.",
        "Comments were made by four members.",
        "By Monday the road was open.",
        "Home is where the harbour is.",
        "Listen to the sea, she said.",
        "Related: the court ruled that the levy was void.",
        "Published in 1921, the book sold 300 copies.",
        "Updated figures are due on 5 May 2025.",
        "24",
        "5 September 2025",
        "Uncertain",
        "Who is in",
        "European Coalition and US Involvement",
        "Norway | 300 troops",
        "| Norway | 300 |",
        "| 2025 | Sports | 4.5 |",
    ],
)
def test_writing_is_not_marked(line: str) -> None:
    assert marked(f"{WRITING}\n{line}\n{WRITING}\n") == []


@pytest.mark.parametrize(
    "line",
    [
        "0",
        "24",
        "By Ann Poe",
        "By Ann Poe and Bo van der Li, Harbour Post",
        "5 September 2025",
        "By Ann Poe | 5 May 2025 | 4 min read",
        "Source: Harbour Post",
        "Tags: boats, sea",
        "OPINION",
    ],
)
def test_signs_are_marked_above_the_writing_only(line: str) -> None:
    title = "Harbour opens after two years of work on its long northern wall"
    assert marked(f"{title}\n{line}\n") == [line]
    assert marked(f"{title}\n{WRITING}\n{line}\n{WRITING}\n") == []


def test_the_headline_is_not_furniture() -> None:
    assert marked(f"Harbour opens\n\n{WRITING}\n") == []


def test_the_text_of_an_offer_belongs_to_it() -> None:
    offer = "Sign up for our newsletter\nYour weekly guide to boats and the sea\n"
    assert marked(offer + WRITING) == offer.splitlines()
    assert marked(f"{WRITING}\nYour weekly guide to boats and the sea\n") == []


def test_titles_under_a_heading_of_other_stories_belong_to_it() -> None:
    block = "Recommended Stories\nGozo ferry strike called off\n- Fog at sea\n• Fares rise again\n"
    assert marked(f"{WRITING}\n{block}{WRITING}\nWhat happens next\n") == block.splitlines()
    # A line that was cut, or that ends a sentence, is no title.
    assert marked("Most read\nof the boats were empty\n") == ["Most read"]
    assert marked("Most read\nIt rained.\nFog at sea\n") == ["Most read"]


def test_spaces_around_a_line_are_not_marked() -> None:
    assert [(span.start, span.end) for span in mark_furniture("  Advertisement \n\n")] == [(2, 15)]


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Ann Poe", "Ann Poe"),
        ("BY ANN POE", "ANN POE"),
        ("By Ann Poe and Bo van der Li", "Ann Poe and Bo van der Li"),
        ("By Ann Poe in Ystad", "Ann Poe"),
        ("By Monday the road was open.", ""),
        ("By train", ""),
        ("Ann Poe", ""),
    ],
)
def test_bylines(line: str, names: str) -> None:
    assert byline(line) == names


def test_long_lines_are_writing_and_take_no_time() -> None:
    text = "Share this article " * 50_000 + "\n" + "*_ " * 100_000 + "\n" + "By A " * 100_000
    assert marked(text) == []
