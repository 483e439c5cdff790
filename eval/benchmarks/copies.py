"""Count the independent sources of the planted copies: the share that is exact, for each kind.

python eval/benchmarks/copies.py [--split dev|test] [--set eval/copies.jsonl]
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rag.copies import independent_sources, word_pairs, wording
from rag.index.copies import document_groups, sign
from rag.splitting import split_sentences
from rag.types import Citation, Document, Source, Span

SET = Path(__file__).parents[1] / "copies.jsonl"
TIMED_CITATIONS = 12


def counted(case: dict[str, Any]) -> int:
    """The number of independent sources that the program finds in a case."""
    documents = [Document(Source(id_), text) for id_, text in case["documents"].items()]
    signed = {document.id: sign(document, split_sentences(document)) for document in documents}
    groups = document_groups({id_: (one.runs, one.values) for id_, one in signed.items()})
    return independent_sources(citations_of(case), lambda id_: groups.get(id_, id_))


def citations_of(case: dict[str, Any]) -> list[Citation]:
    cited = []
    for row in case["citations"]:
        document = Document(Source(row["document"]), case["documents"][row["document"]])
        start = document.text.index(row["quote"])
        cited.append(Citation.of(document, Span(start, start + len(row["quote"]))))
    return cited


def milliseconds(citations: Sequence[Citation]) -> float:
    """Median time of counting, with nothing remembered of the quotes."""
    times = []
    for start in range(0, len(citations) - TIMED_CITATIONS):
        part = citations[start : start + TIMED_CITATIONS]
        wording.cache_clear()
        word_pairs.cache_clear()
        started = time.perf_counter()
        independent_sources(part, lambda id_: id_)
        times.append(time.perf_counter() - started)
    return statistics.median(times) * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", type=Path, default=SET)
    parser.add_argument("--split", choices=("dev", "test"))
    options = parser.parse_args()
    rows = [json.loads(line) for line in options.set.read_text(encoding="utf-8").splitlines()]
    for split in [options.split] if options.split else ["dev", "test"]:
        cases = [row for row in rows if row["split"] == split]
        kinds: dict[str, list[bool]] = defaultdict(list)
        for case in cases:
            found = counted(case)
            kinds[case["kind"]].append(found == case["sources"])
            # The wrong rows of the test half are not to be tuned by, so they are not shown.
            if found != case["sources"] and split == "dev":
                print(f"{case['id']}: {found}, not {case['sources']}")
        for kind, exact in sorted(kinds.items()):
            print(f"  {kind:20} {sum(exact)}/{len(exact)}")
        right = sum(map(sum, kinds.values()))
        print(f"{split}: {right}/{len(cases)} exact, {right / len(cases):.3f}")
        citations = [citation for case in cases for citation in citations_of(case)]
        print(f"{split}: {milliseconds(citations):.3f} ms for {TIMED_CITATIONS} citations")


if __name__ == "__main__":
    main()
