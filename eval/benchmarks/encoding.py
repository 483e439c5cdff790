"""Time encoding: the exported model against sentence-transformers, by turns in one run.

python eval/benchmarks/encoding.py [--passages N] [--budgets TOKENS …] [--json FILE]
python eval/benchmarks/encoding.py --cold [--json FILE]

The passages have about 100 words: sentences of the seed articles in ever new order. `--cold` times
whole processes instead, from the start of `citable search` over the seeds to its first hit. The
figures are medians of `--runs`, after one run each that is not counted.
"""

from __future__ import annotations

import argparse
import functools
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from machine import ROOT, conditions
from tokenizers import Tokenizer

from rag.encoding import Encoder, OnnxEncoder, SentenceTransformerEncoder, load_encoder
from rag.encoding.exported import TOKEN_BUDGET, TOKENIZER_FILE, Card
from rag.encoding.folders import DEFAULT_MODEL, model_folder
from rag.encoding.loading import export_folder
from rag.splitting import split_sentences
from rag.types import Document, Source

LIBRARIES = ("numpy", "onnxruntime", "sentence-transformers", "tokenizers", "torch", "transformers")
WORDS, SPREAD, FEWEST_WORDS = 100, 30, 20
REFERENCE_BATCHES = (8, 16, 32)
# Large enough that a matrix product of this size runs at the machine's full speed.
PEAK_SIZE = 2048
QUESTION = "Which nations agreed to send forces?"


def passages(count: int) -> list[str]:
    """Passages of about `WORDS` words, each another, the same ones in every run."""
    sentences = []
    for path in sorted((ROOT / "seeds").glob("*.txt")):
        document = Document(Source(path.name), path.read_text(encoding="utf-8"))
        sentences += [document.text[s.start : s.end] for s in split_sentences(document)]
    rng = random.Random(0)
    made = []
    for _ in range(count):
        wanted = max(FEWEST_WORDS, rng.gauss(WORDS, SPREAD))
        words: list[str] = []
        while len(words) < wanted:
            words += rng.choice(sentences).split()
        made.append(" ".join(words[: round(wanted)]))
    return made


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Rates of all encoders over the same passages, and how well the vectors agree."""
    texts = passages(options.passages)
    encoder = load_encoder()
    encoder.encode(texts[:1])  # makes the export where there is none
    folder = export_folder(encoder.fingerprint)
    lengths = token_counts(folder, texts)
    encoders: dict[str, Encoder] = {
        f"sentence-transformers, batch {size}": SentenceTransformerEncoder(batch_size=size)
        for size in REFERENCE_BATCHES
    }
    for budget in options.budgets:
        encoders[f"exported, {budget} tokens"] = OnnxEncoder(
            folder, encoder.fingerprint, threads=options.threads, token_budget=budget
        )
    vectors = {name: one.encode(texts) for name, one in encoders.items()}
    expected = next(iter(vectors.values()))
    seconds = by_turns(
        {name: functools.partial(one.encode, texts) for name, one in encoders.items()},
        options.runs,
    )
    peak, work = peak_gflops(), sum(map(gflop_of, lengths))
    best = min(time for name, time in seconds.items() if name.startswith("sentence"))
    return {
        "passages": len(texts),
        "tokens": sum(lengths),
        "peak_gflops": round(peak, 1),
        "rows": {
            name: {
                "passages_per_second": round(len(texts) / taken, 2),
                "tokens_per_second": round(sum(lengths) / taken, 1),
                "share_of_peak": round(work / taken / peak, 3),
                "times_reference": round(best / taken, 3),
                "least_cosine": round(float((vectors[name] * expected).sum(1).min()), 7),
            }
            for name, taken in seconds.items()
        },
    }


def by_turns(contestants: Mapping[str, Callable[[], object]], runs: int) -> dict[str, float]:
    """Median seconds of each; they take turns, so that a slow minute is everybody's."""
    times: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(runs):
        for name, run in contestants.items():
            started = time.perf_counter()
            run()
            times[name].append(time.perf_counter() - started)
    return {name: statistics.median(taken) for name, taken in times.items()}


def token_counts(folder: Path, texts: Sequence[str]) -> list[int]:
    """Tokens that the model reads of each text, without padding."""
    tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
    tokenizer.no_padding()
    tokenizer.enable_truncation(Card.read(folder).max_length)
    return [len(one.ids) for one in tokenizer.encode_batch(list(texts))]


def gflop_of(tokens: int) -> float:
    """Work of the model's matrix products for a text, 10⁹ floating point operations."""
    path = model_folder(DEFAULT_MODEL) / "config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    width, inner = config["hidden_size"], config["intermediate_size"]
    products = 2 * tokens * (4 * width * width + 2 * width * inner)
    attention = 4 * tokens * tokens * width
    return float(config["num_hidden_layers"] * (products + attention) / 1e9)


def peak_gflops() -> float:
    """What the machine reaches in a large fp32 product, the best of ten."""
    # Cold starts are timed without it.
    import torch  # noqa: PLC0415

    matrix = torch.rand(PEAK_SIZE, PEAK_SIZE)
    times = []
    for _ in range(10):
        started = time.perf_counter()
        torch.mm(matrix, matrix)
        times.append(time.perf_counter() - started)
    return 2 * PEAK_SIZE**3 / min(times) / 1e9


def measure_cold(options: argparse.Namespace) -> dict[str, Any]:
    """Seconds of a whole process until its first hit is printed, and until its end."""
    with tempfile.TemporaryDirectory() as folder:
        program = [sys.executable, "-m", "rag.cli"]
        where = ["--index", str(Path(folder, "index"))]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        subprocess.run(
            [*program, "index", str(ROOT / "seeds"), *where],
            env=environment,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        first, whole = [], []
        for _ in range(options.runs + 1):
            started = time.perf_counter()
            command = [*program, "search", QUESTION, *where]
            with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) as process:
                assert process.stdout is not None
                process.stdout.readline()
                first.append(time.perf_counter() - started)
                process.stdout.read()
            whole.append(time.perf_counter() - started)
    return {
        "rows": {
            "citable search": {
                "first_hit_seconds": round(statistics.median(first[1:]), 3),
                "whole_seconds": round(statistics.median(whole[1:]), 3),
            }
        }
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--passages", type=int, default=256)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--budgets", type=int, nargs="+", default=[TOKEN_BUDGET])
    parser.add_argument("--threads", type=int, default=0, help="of the export; 0 for all cores")
    parser.add_argument("--cold", action="store_true")
    parser.add_argument("--json", type=Path, help="write the figures here")
    options = parser.parse_args()
    found = measure_cold(options) if options.cold else measure(options)
    for name, row in found["rows"].items():
        print(f"{name:32}", "  ".join(f"{key} {value:g}" for key, value in row.items()))
    if options.json:
        text = json.dumps({**conditions(LIBRARIES), "runs": options.runs, **found}, indent=1)
        options.json.write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
