"""The reader as shipped: an ONNX graph and its tokenizer, run on a CPU without torch."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from rag.errors import ModelError
from rag.network import Ids, cores, digest_of, padded, session
from rag.reader.decoding import Floats, PassageReading, read_passage
from rag.reader.tokens import PairTokens, Window

GRAPH_FILE, TOKENIZER_FILE, CARD_FILE = "reader.onnx", "tokenizer.json", "reader.json"
# Token ids, attention mask and segment ids (rows, tokens) to token and window logits.
Run = Callable[[Ids, Ids, Ids], tuple[Floats, Floats]]
# Rows of a batch for a network that uses all cores itself: sorted by length, little is padding.
BATCH_ROWS = 8

RESTORE = (
    "restore it by installing the package again (`pip install --force-reinstall citable`), or "
    "with `git checkout` in a clone, or train one with `python -m rag.training`"
)


class PassageReader:
    """Reads passages for a question, with any function that turns token ids into logits.

    `run` is given `rows` windows of about one length, and is called from `threads` threads at once.
    """

    def __init__(
        self, tokens: PairTokens, run: Run, *, rows: int = BATCH_ROWS, threads: int = 1
    ) -> None:
        self._tokens = tokens
        self._run = run
        self._rows = rows
        self._threads = threads

    def question_is_cut(self, question: str) -> bool:
        """Whether the question is too long to be read whole."""
        return self._tokens.question_is_cut(question)

    def read(
        self,
        question: str,
        passages: Sequence[str],
        sentences: Sequence[Sequence[tuple[int, int]]],
        titles: Sequence[str] = (),
    ) -> list[PassageReading]:
        """One reading for each passage, in order; an empty list for no passages.

        `sentences` are code-point ranges of each passage; `titles`, where given, are the titles
        of the passages' documents, which help to tell what a passage is about.
        """
        if not passages:
            return []
        windows = self._tokens.windows(question, passages, titles)
        flat = [window for group in windows for window in group]
        logits, verdicts = self._logits(flat)
        readings, at = [], 0
        for group, ranges in zip(windows, sentences, strict=True):
            part = slice(at, at + len(group))
            readings.append(read_passage(logits[part], verdicts[part], group, ranges))
            at += len(group)
        return readings

    def _logits(self, windows: Sequence[Window]) -> tuple[list[Floats], list[Floats]]:
        """Logits of each window, computed in batches of about one length."""
        # The longest first, so that all threads end at about the same time.
        order = sorted(range(len(windows)), key=lambda i: -len(windows[i].ids))
        starts = range(0, len(order), self._rows)
        batches = [order[start : start + self._rows] for start in starts]
        logits: dict[int, Floats] = {}
        verdicts: dict[int, Floats] = {}
        with ThreadPoolExecutor(self._threads) as pool:
            found = pool.map(lambda rows: self._run(*self._padded(windows, rows)), batches)
            for rows, (tokens, verdict) in zip(batches, found, strict=True):
                for row, number in enumerate(rows):
                    logits[number], verdicts[number] = tokens[row], verdict[row]
        places = range(len(windows))
        return [logits[i] for i in places], [verdicts[i] for i in places]

    def _padded(self, windows: Sequence[Window], rows: Sequence[int]) -> tuple[Ids, Ids, Ids]:
        windows = [windows[row] for row in rows]
        segments = [[0] * one.second + [1] * (len(one.ids) - one.second) for one in windows]
        return padded([one.ids for one in windows], segments, self._tokens.pad)


class ReaderModel(PassageReader):
    """The reader in a folder of `reader.onnx`, `tokenizer.json` and `reader.json`.

    `card` is the content of `reader.json`. Raises ModelError where a file is missing or is not
    the one whose checksum the card gives. `threads` windows are read at a time; 0 for as many as
    there are cores.
    """

    def __init__(self, folder: Path, threads: int = 0) -> None:
        self.card = _checked_card(folder)
        tokens = PairTokens.from_file(folder / TOKENIZER_FILE, int(self.card["max_length"]))
        network = session(folder / GRAPH_FILE)

        def run(ids: Ids, attention: Ids, segments: Ids) -> tuple[Floats, Floats]:
            fed = {"input_ids": ids, "attention_mask": attention, "token_type_ids": segments}
            tokens, verdicts = network.run(["tokens", "window"], fed)
            return tokens, verdicts

        super().__init__(tokens, run, rows=1, threads=threads or cores())

    @property
    def fingerprint(self) -> str:
        """The checksum of the graph: it changes with the weights."""
        return str(self.card["sha256"][GRAPH_FILE])


def _checked_card(folder: Path) -> dict[str, Any]:
    card: dict[str, Any] = {}
    try:
        card = json.loads(_file(folder, CARD_FILE).read_text(encoding="utf-8"))
        expected = {name: card["sha256"][name] for name in (GRAPH_FILE, TOKENIZER_FILE)}
        int(card["max_length"])
    except (ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{folder / CARD_FILE}: is damaged ({error!r}); {RESTORE}") from error
    for name, digest in expected.items():
        if digest_of(_file(folder, name)) != digest:
            raise ModelError(f"{folder / name}: is damaged, its checksum is wrong; {RESTORE}")
    return card


def _file(folder: Path, name: str) -> Path:
    path = folder / name
    if not path.is_file():
        raise ModelError(f"{path}: this file of the reader is missing; {RESTORE}")
    return path
