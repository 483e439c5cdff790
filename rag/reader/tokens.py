"""Question and passage as the reader's input: `[CLS] question [SEP] (title [SEP]) passage [SEP]`.

Training and the product build their inputs here, so that the two cannot drift apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tokenizers import Encoding, Tokenizer

from rag.errors import ModelError

# Longer questions and titles are cut, so that a passage always has room.
MAX_QUESTION_TOKENS = 64
MAX_TITLE_TOKENS = 24
# Tokens that consecutive windows of a long passage share: longer than nearly every answer.
STRIDE_TOKENS = 64
# Fewest passage tokens in a window; below this the overlap would leave no progress.
MIN_PASSAGE_TOKENS = 2 * STRIDE_TOKENS


@dataclass(frozen=True, slots=True)
class Window:
    """One input row.

    `ids` are all token ids; the passage's tokens begin at `first` (an index of `ids`), one for
    each of `offsets`, which are code points of the passage; `continues[i]` says that passage
    token i goes on with the word of the token before it; segment ids are 0 before `second`.
    """

    ids: tuple[int, ...]
    second: int
    first: int
    offsets: tuple[tuple[int, int], ...]
    continues: tuple[bool, ...]


class PairTokens:
    """Turns pairs of question and passage into windows of at most `max_length` tokens."""

    def __init__(self, tokenizer: Tokenizer, max_length: int = 256) -> None:
        least = MAX_QUESTION_TOKENS + MAX_TITLE_TOKENS + 4 + MIN_PASSAGE_TOKENS
        if max_length < least:
            raise ModelError(f"the reader's window is {max_length} tokens; it needs {least}")
        tokenizer.no_truncation()
        tokenizer.no_padding()
        self._tokenizer = tokenizer
        self._max_length = max_length
        self._cls = _special(tokenizer, "[CLS]")
        self._sep = _special(tokenizer, "[SEP]")
        self.pad = _special(tokenizer, "[PAD]")

    @classmethod
    def from_file(cls, path: Path, max_length: int = 256) -> PairTokens:
        """Read `tokenizer.json`."""
        return cls(Tokenizer.from_file(str(path)), max_length)

    def question_is_cut(self, question: str) -> bool:
        """Whether the question is longer than what is read of it."""
        return len(self._encode([question])[0].ids) > MAX_QUESTION_TOKENS

    def windows(
        self, question: str, passages: Sequence[str], titles: Sequence[str] = ()
    ) -> list[list[Window]]:
        """The windows of each passage: one, or several overlapping ones where it is long."""
        asked = self._encode([question])[0].ids[:MAX_QUESTION_TOKENS]
        named = [e.ids[:MAX_TITLE_TOKENS] for e in self._encode(titles or [""] * len(passages))]
        return [
            self._windows(asked, title, passage)
            for title, passage in zip(named, self._encode(passages), strict=True)
        ]

    def _encode(self, texts: Sequence[str]) -> list[Encoding]:
        encoded: list[Encoding] = self._tokenizer.encode_batch(
            list(texts), add_special_tokens=False
        )
        return encoded

    def _windows(self, asked: list[int], title: list[int], passage: Encoding) -> list[Window]:
        head = [self._cls, *asked, self._sep]
        front = [*head, *title, self._sep] if title else head
        room = self._max_length - len(front) - 1
        ids, offsets = passage.ids, passage.offsets
        continues = [token.startswith("##") for token in passage.tokens]
        found = []
        start = 0
        while True:
            end = min(start + room, len(ids))
            found.append(
                Window(
                    ids=(*front, *ids[start:end], self._sep),
                    second=len(head),
                    first=len(front),
                    offsets=tuple(offsets[start:end]),
                    continues=tuple(continues[start:end]),
                )
            )
            if end == len(ids):
                return found
            start = end - STRIDE_TOKENS


def _special(tokenizer: Tokenizer, token: str) -> int:
    number: int | None = tokenizer.token_to_id(token)
    if number is None:
        raise ModelError(f"the reader's tokenizer has no {token} token; it is not a BERT tokenizer")
    return number
