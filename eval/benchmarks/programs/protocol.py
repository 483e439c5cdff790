"""What every program that is timed does alike, so that only the libraries differ.

PROGRAM index FOLDER MODEL STORE         index the .txt files of a folder, each one a passage
PROGRAM search STORE MODEL QUESTIONS     open what was stored, search for each line of a file

`index` prints {"passages", "seconds"}: from reading the files to the index on disk, without the
imports. `search` prints {"first"}, its best passage for the first question, as soon as it has it,
and then {"found", "seconds", "peak_mib"}: the best passages of all questions, asked once more to be
timed, now that everything is loaded.
"""

import json
import resource
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

TOP = 10
Search = Callable[[str], Sequence[str]]


def run(
    index: Callable[[list[str], str, Path], None], opened: Callable[[Path, str], Search]
) -> None:
    """`index` stores passages; `opened` gives what finds the best `TOP` of them for a question."""
    what, first, model, last = sys.argv[1:]
    if what == "index":
        started = time.perf_counter()
        passages = [p.read_text(encoding="utf-8") for p in sorted(Path(first).glob("*.txt"))]
        index(passages, model, Path(last))
        tell(passages=len(passages), seconds=time.perf_counter() - started)
    else:
        questions = Path(last).read_text(encoding="utf-8").splitlines()
        search = opened(Path(first), model)
        tell(first=search(questions[0])[0])
        time_searches(search, questions)


def time_searches(search: Search, questions: Sequence[str]) -> None:
    found = [search(question)[0] for question in questions]
    seconds = []
    for question in questions:
        started = time.perf_counter()
        search(question)
        seconds.append(time.perf_counter() - started)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    tell(found=found, seconds=seconds, peak_mib=round(peak))


def tell(**values: object) -> None:
    # Libraries print to the standard output too; only whole lines of JSON are read.
    print("\n" + json.dumps(values), flush=True)
