"""Independent sources: copies count once, what is told in one's own words counts each time."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import rag.engine
from rag.cli import SHOWN_GROUPS, main
from rag.copies import independent_sources, quotations, same_wording, wording
from rag.index.copies import document_groups, sign
from rag.splitting import split_sentences
from rag.types import Citation, Document, Source
from tests.fakes import WordEncoder

REPORT = (
    "The port of Halvik will close its eastern basin to container ships from 4 May, the harbour "
    "board said on Tuesday."
)
WIRE = [
    REPORT,
    "The decision follows a survey that found the quay wall moved by 11 centimetres since 2019.",
    "“We would rather lose a season of trade than lose a crane,” board chair Signe Aldal said.",
    "About 140 dockers work in the basin, and the board promised that none would be dismissed.",
    "Two shipping lines have already asked for berths in Torsund, 60 kilometres to the south.",
    "Repairs are expected to cost 38 million crowns and to last until the autumn of next year.",
]
OWN = (
    "Container traffic in the eastern half of Halvik harbour ends on 4 May. Signe Aldal and her "
    "board have measured how far the old wall leans: 11 centimetres. The bill, 38 million crowns, "
    "will be split between town and state, and dock families on Kaigata were not much comforted."
)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param(REPORT, REPORT, True, id="word for word"),
        pytest.param("Our files do.", "“Our files do.”", True, id="short but equal"),
        pytest.param(
            REPORT,
            "The port of Halvik will shut its eastern basin to all container ships from 4 May, "
            "the board announced on Tuesday.",
            True,
            id="a few words edited",
        ),
        pytest.param(
            REPORT,
            "Halvik's eastern basin takes no more container ships after 4 May, according to the "
            "harbour board's statement of Tuesday.",
            False,
            id="own words, same names and numbers",
        ),
        pytest.param(
            "The Children’s Fund, Harbour Lights, Tamar Hospice and Books for All said that they "
            "would send back the sums.",
            "Returning it: the Children’s Fund, Harbour Lights, Tamar Hospice and Books for All.",
            False,
            id="the same list of names",
        ),
        pytest.param(
            REPORT, "The port of Halvik will close its eastern basin to container ships.", True,
            id="cut short",
        ),
        pytest.param(REPORT, "The port of Halvik will close.", False, id="a few words of it"),
        pytest.param(
            WIRE[3], WIRE[3].replace("140", "165"), True, id="an updated number"
        ),
        pytest.param(REPORT, REPORT.replace("will close", "will not close"), False, id="negated"),
        pytest.param(
            "The pact isn’t dead, said the envoy, and talks about the northern border go on.",
            "The pact is not dead, said the envoy, and talks about the northern border go on.",
            True,
            id="two ways to write not",
        ),
        pytest.param(
            "The firm said it would pay all its debts by May, but it will not reopen the plant.",
            "The firm said it would pay all its debts by May.",
            True,
            id="a clause with not cut off",
        ),
        pytest.param(
            "The envoy said on Friday that the small party did not support the plan to build a "
            "second bridge over the river, a plan that has divided the town since the spring.",
            "The envoy said that the small party did support the plan to build a second bridge.",
            False,
            id="a not cut out of a longer sentence",
        ),
        pytest.param(
            "Osei, who turned down two offers, has put pen to paper on a deal for an undisclosed "
            "sum.",
            "The keeper Lars Brandt, 31, has put pen to paper on a deal for an undisclosed sum at "
            "Thornley.",
            False,
            id="a set phrase about somebody else",
        ),
        pytest.param(
            "“One pyramid, and it does not have a side door,” Oberlin told reporters in Basel.",
            'Asked again, he repeated: "One pyramid, and it does not have a side door."',
            True,
            id="the same quotation, curly and straight",
        ),
        pytest.param(
            "Kåre Lund of the union told the meeting that it was “a slow goodbye”.",
            "For Lund it is “a slow goodbye”, and nobody on the quay disagreed.",
            False,
            id="a short quotation",
        ),
        pytest.param(
            "“We will stay in the pact,” she said, “and we will vote on it in May.”",
            "Holm told them: “We will stay in the pact, and we will vote on it in May.”",
            True,
            id="a quotation cut by its speaker",
        ),
        pytest.param(
            "In Oslo the minister of fisheries spoke for an hour and left without an answer.",
            "“In Oslo the minister of fisheries spoke” is how the novel begins.",
            False,
            id="the words are quoted in one of them only",
        ),
    ],
)  # fmt: skip
def test_same_wording(one: str, other: str, same: bool) -> None:
    assert same_wording(wording(one), wording(other)) is same
    assert same_wording(wording(other), wording(one)) is same


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“A river,” she said.", ["A river,"]),
        ('He called it "a fence" and "a wall".', ["a fence", "a wall"]),
        ("“We stay,” she said, “and vote.”", ["We stay, and vote."]),
        ("a river is not a wall,” she said.", ["a river is not a wall,"]),
        ("She said: “A river is not", ["A river is not"]),
        ("The firm’s workers' union doesn't know.", []),
        ("‘It’s the dockers’ port,’ he said.", ["It’s the dockers’ port,"]),
        ("«Non», he said.", ["Non"]),
        ("She called it ‘a fine muddle’ and left.", ["a fine muddle"]),
        ('The pipe in Lima is 6" wide and 7" long.', []),
    ],
)
def test_quotations(text: str, expected: list[str]) -> None:
    assert quotations(text) == expected


def cite(document: str, quote: str) -> Citation:
    return Citation(Source(document), 0, len(quote), quote)


def test_sources_are_counted_once_each() -> None:
    plain = [cite("a", "Norway will join in May."), cite("b", "Oslo signs up next spring.")]
    assert independent_sources([], str) == 0
    assert independent_sources(plain, str) == 2
    assert independent_sources([*plain, cite("a", "It joins, Oslo said.")], str) == 2
    assert independent_sources(plain, {"a": "a", "b": "a"}.__getitem__) == 1


def test_copies_of_copies_count_once() -> None:
    edited = REPORT.replace("will close", "is to shut").replace("on Tuesday", "this week")
    quotation = "“We would rather lose a season of trade than lose a crane.”"
    linked = [cite("a", REPORT), cite("b", edited), cite("b", quotation), cite("c", quotation)]
    assert independent_sources(linked, str) == 1
    assert independent_sources([linked[0], linked[3]], str) == 2
    assert independent_sources([*linked, cite("d", OWN)], str) == 2


def groups(**texts: str) -> dict[str, str]:
    documents = [Document(Source(id_), text) for id_, text in texts.items()]
    signed = {document.id: sign(document, split_sentences(document)) for document in documents}
    return document_groups({id_: (one.runs, one.values) for id_, one in signed.items()})


def test_near_copies_of_documents_are_grouped() -> None:
    wire = " ".join(WIRE)
    assert groups(a=wire, b=f"A new headline\n\n{wire}", own=OWN) == {"a": "a", "b": "a"}
    assert groups(a=wire, b=" ".join(WIRE[:3])) == {"a": "a", "b": "a"}
    assert groups(b=wire, a=wire.replace("140", "165").replace("will close", "closes")) == {
        "a": "a",
        "b": "a",
    }
    # Both halves were cut from the one whole, which links them.
    halves = {"start": " ".join(WIRE[:3]), "end": " ".join(WIRE[3:])}
    assert groups(**halves) == {}
    assert set(groups(whole=wire, **halves).values()) == {"end"}


def test_other_documents_are_not_grouped() -> None:
    wire = " ".join(WIRE)
    assert groups(a=wire, own=OWN) == {}
    assert groups(a=wire, b=f"{OWN} {WIRE[2]}") == {}  # one paragraph is syndicated
    digest = " ".join(
        f"Item {n} of the digest tells {n * 7} things about town {n}." for n in range(40)
    )
    assert groups(a=wire, digest=f"{digest} {wire}") == {}
    assert groups(a="See the notice.", b="See the notice of May.", c="See the notice.") == {
        "a": "a",
        "c": "a",
    }
    assert groups(a="", b="…", c="?") == {}


def test_a_signature_does_not_change() -> None:
    """Signatures are stored: other values need another index format."""
    text = "The library in Mora opened in 1998 and holds 40,000 books."
    signature = sign(Document(Source("a"), text), split_sentences(Document(Source("a"), text)))
    assert signature.runs == 8
    assert signature.values[:8].hex() == "4877855f9fcd8306"
    assert len(signature.values) == 4 * 128
    assert signature.sentence_values[:8].hex() == "3a7c0b1af8e32a00"
    assert [(s.start, s.end) for s in signature.sentences] == [(0, len(text))]


def test_status_lists_copies_on_one_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(rag.engine, "load_encoder", lambda *_: WordEncoder())
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "notes"
    folder.mkdir()
    for number in range(SHOWN_GROUPS + 3):
        for name in "abcdefg"[: 7 if number == 0 else 2]:
            (folder / f"{number:02}{name}.txt").write_text(f"Note {number}.", encoding="utf-8")
    (folder / "alone.txt").write_text("Nobody copied this.", encoding="utf-8")
    main(["index", "notes"])
    capsys.readouterr()
    assert main(["status"]) == 0
    lines = capsys.readouterr().out.splitlines()
    at = lines.index(
        "copies     51 documents in 23 groups of near-copies; 0 sentences shared by other documents"
    )
    assert lines[at + 1] == "  00a.txt, 00b.txt, 00c.txt, 00d.txt, 00e.txt and 2 more"
    assert lines[at + 2] == "  01a.txt, 01b.txt"
    assert lines[at + 1 + SHOWN_GROUPS] == "  and 3 more groups (all: --json)"
    assert main(["status", "--json"]) == 0
    status = json.loads(capsys.readouterr().out)
    assert len(status["copies"]) == SHOWN_GROUPS + 3
    assert status["copies"][1] == ["01a.txt", "01b.txt"]
    assert status["shared_sentences"] == 0
