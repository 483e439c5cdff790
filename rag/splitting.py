"""Sentences and passages as exact ranges of the canonical text.

sentencex (Wikimedia) finds the sentences of each block of text; langchain-text-splitters groups
whole sentences into passages. No offset is ever searched for: the splitter sees a proxy string
in which each character stands for one sentence, so that repeated text cannot mislead it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

import sentencex

from rag.language import SPEECH_VERB
from rag.types import Document, Passage, Span

# About 100 to 200 words a passage: MiniLM reads 256 tokens, which is about 190 English words.
PASSAGE_WORDS = 150
OVERLAP_WORDS = 30
# A "sentence" without a full stop (a table, a minified line) is cut so that a quote stays a quote.
MAX_SENTENCE_CHARS = 600
# Longer blocks are cut before they are segmented, which takes the square of their length where
# quotation marks are never closed (100,000 of them: 30 s); paragraphs of prose are shorter.
MAX_BLOCK_CHARS = 10_000
# Unknown scripts and code have few spaces: a word counts for at most this many characters.
MAX_WORD_CHARS = 12
# `Smith said.` after a quotation that ended in ! or ? is no longer than this.
MAX_ATTRIBUTION_WORDS = 8
# Lines of hard-wrapped text are this long; a shorter line is a heading or item, a longer one is a
# paragraph on a line of its own.
WRAPPED_LINE_CHARS = range(45, 121)
# First code point of Unicode's supplementary private use planes, 131,000 characters of no meaning.
PROXY_BASE = 0xF0000
PROXY_SENTENCES = 0x10FFFD - PROXY_BASE

_LINE = re.compile(r"[^\n\r\x0b\x0c\u0085\u2028\u2029]+")
_LINE_END = re.compile(r"\r\n|[\n\r\x0b\x0c\u0085\u2028\u2029]")
_SPACE = re.compile(r"[^\S\n]")
_STARTS_ITEM = re.compile(r"(?:[-*•#>|]|\(?\d{1,3}[.)]\s|\(?[a-zA-Z][.)]\s)")
# Where an over-long block is best cut, and where else.
_ENDS = ((". ", "! ", "? ", ".\n", "!\n", "?\n"), (" ", "\n", "\t"))
# What ends no sentence, and the segmenter takes for an end: titles, abbreviations before names and
# numbers, the number of a heading or an item.
_NO_END = re.compile(
    r"(?:(?:^|[\s(\[“\"‘'])(?:Ms|Mx|Cllr|Pte|Sra|[Aa]pprox|[Tt]el|[Ee]st|[Ii]ncl|Ch|Vol)\.|"
    r"^(?:#{1,6}\s+)?\(?\d{1,3}[.)])$"
)
_CLOSES_QUOTE = re.compile(r"[\"”’»]$")
_WORD = re.compile(r"\w+")


def split_sentences(document: Document) -> list[Span]:
    """The document's sentences in order, without surrounding white space or page furniture."""
    text = document.text
    return [
        part
        for whole in _blocks(document)
        for block in _parts(text, whole)
        for sentence in _join_parts(text, _segment(text, block))
        for part in _cut_long(text, sentence)
    ]


def split_passages(
    document: Document,
    sentences: Sequence[Span] | None = None,
    *,
    words: int = PASSAGE_WORDS,
    overlap: int = OVERLAP_WORDS,
) -> list[Passage]:
    """Passages of whole sentences, at most about `words` words, sharing about `overlap` words."""
    if sentences is None:
        sentences = split_sentences(document)
    return [
        _passage(document, sentences[first : last + 1])
        for first, last in _group(
            [_count_words(document.text, s) for s in sentences], words, overlap
        )
    ]


def _passage(document: Document, sentences: Sequence[Span]) -> Passage:
    start, end = sentences[0].start, sentences[-1].end
    return Passage(document.source, start, end, document.text[start:end], tuple(sentences))


def _group(sizes: Sequence[int], words: int, overlap: int) -> Iterator[tuple[int, int]]:
    """First and last sentence of each passage, by the splitter's own merging of a proxy string."""
    # It imports langchain-core, 0.3 s: only indexing pays for it.
    from langchain_text_splitters import RecursiveCharacterTextSplitter  # noqa: PLC0415

    for offset in range(0, len(sizes), PROXY_SENTENCES):
        chunk = sizes[offset : offset + PROXY_SENTENCES]
        splitter = RecursiveCharacterTextSplitter(
            separators=[""],
            chunk_size=words,
            chunk_overlap=overlap,
            length_function=lambda proxy, chunk=chunk: sum(
                chunk[ord(character) - PROXY_BASE] for character in proxy
            ),
            keep_separator=False,
            strip_whitespace=False,
        )
        proxy = "".join(chr(PROXY_BASE + number) for number in range(len(chunk)))
        for group in splitter.split_text(proxy):
            first, last = ord(group[0]) - PROXY_BASE, ord(group[-1]) - PROXY_BASE
            if last - first + 1 != len(group):
                raise ValueError(f"the splitter lost sentences between {first} and {last}")
            yield offset + first, offset + last


def _count_words(text: str, span: Span) -> int:
    words = _WORD.findall(text, span.start, span.end)
    return max(1, sum(1 + len(word) // MAX_WORD_CHARS for word in words))


def _blocks(document: Document) -> Iterator[Span]:
    """Ranges that no sentence may cross: paragraphs, headings, items; furniture is left out."""
    for piece in _outside(document.furniture, len(document.text)):
        block: Span | None = None
        previous = 0
        for line in _lines(document.text, piece):
            if block and _continues(document.text, previous, block, line):
                block = Span(block.start, line.end)
            else:
                if block:
                    yield block
                block = line
            previous = line.start
        if block:
            yield block


def _outside(furniture: Sequence[Span], length: int) -> Iterator[Span]:
    """The ranges of the text between the furniture's."""
    position = 0
    for span in furniture:
        if position < span.start:
            yield Span(position, span.start)
        position = max(position, span.end)
    if position < length:
        yield Span(position, length)


def _lines(text: str, piece: Span) -> Iterator[Span]:
    """The lines of a piece that hold something, without the white space around them."""
    for match in _LINE.finditer(text, piece.start, piece.end):
        span = _strip(text, match.start(), match.end())
        if span:
            yield span


def _strip(text: str, start: int, end: int) -> Span | None:
    content = text[start:end]
    inner = content.strip()
    if not inner:
        return None
    start += len(content) - len(content.lstrip())
    return Span(start, start + len(inner))


def _continues(text: str, previous: int, block: Span, line: Span) -> bool:
    """Whether `line` goes on a paragraph whose last line, from `previous`, was wrapped."""
    gap = text[block.end : line.start]
    return (
        len(_LINE_END.findall(gap)) == 1
        and block.end - previous in WRAPPED_LINE_CHARS
        and line.end - line.start < WRAPPED_LINE_CHARS.stop
        and not _STARTS_ITEM.match(text, line.start)
    )


def _parts(text: str, block: Span) -> Iterator[Span]:
    """Cut an over-long block where a sentence ends, else at white space, or anywhere."""
    start = block.start
    while block.end - start > MAX_BLOCK_CHARS:
        middle, limit = start + MAX_BLOCK_CHARS // 2, start + MAX_BLOCK_CHARS
        ends = (max(text.rfind(mark, middle, limit) + 1 for mark in marks) for marks in _ENDS)
        cut = next((end for end in ends if end), limit)
        yield Span(start, cut)
        start = cut
    yield Span(start, block.end)


def _segment(text: str, block: Span) -> Iterator[Span]:
    """sentencex's sentences of a block; each offset is checked against the text that it names."""
    content = text[block.start : block.end]
    for found in sentencex.get_sentence_boundaries("en", _plain(content)):
        start, end = found["start_index"], found["end_index"]
        if _plain(content[start:end]) != found["text"]:
            raise ValueError(f"the segmenter's offsets {start}-{end} do not name its text")
        span = _strip(text, block.start + start, block.start + end)
        if span:
            yield span


def _plain(text: str) -> str:
    """The text with spaces, one for one: other white space confuses the segmenter, or ends it."""
    return _SPACE.sub(" ", text)


def _join_parts(text: str, sentences: Iterable[Span]) -> Iterator[Span]:
    """Join what the segmenter cut: a quotation's speaker from it, a name from its title."""
    joined: Span | None = None
    for sentence in sentences:
        if joined and _belongs(text, joined, sentence):
            joined = Span(joined.start, sentence.end)
            continue
        if joined:
            yield joined
        joined = sentence
    if joined:
        yield joined


def _belongs(text: str, before: Span, sentence: Span) -> bool:
    if _NO_END.search(text[before.start : before.end]):
        return True
    if not _CLOSES_QUOTE.search(text[before.start : before.end]):
        return False
    content = text[sentence.start : sentence.end]
    return content[0].islower() or (
        len(content.split()) <= MAX_ATTRIBUTION_WORDS and SPEECH_VERB.search(content) is not None
    )


def _cut_long(text: str, sentence: Span) -> Iterator[Span]:
    """Cut an over-long sentence at white space, or anywhere in text that has none."""
    start = sentence.start
    while sentence.end - start > MAX_SENTENCE_CHARS:
        limit = start + MAX_SENTENCE_CHARS
        space = max(text.rfind(mark, start + 1, limit) for mark in " \t\n")
        cut = space if space > start + MAX_SENTENCE_CHARS // 2 else limit
        part = _strip(text, start, cut)
        if part:
            yield part
        rest = _strip(text, cut, sentence.end)
        if rest is None:
            return
        start = rest.start
    yield Span(start, sentence.end)
