"""Time encoding: the exported model against sentence-transformers, by turns in one run.

python eval/benchmarks/encoding.py [--passages N] [--threads N] [--json FILE]

The passages have about 100 words: sentences of the seed articles in ever new order.
`share_of_peak` is the share of what the machine reaches in a large fp32 matrix product, measured in
the same run. The figures are medians of `--runs`, after one run each that is not counted.
"""

from __future__ import annotations

import argparse
import functools
import json
import statistics
import time
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from common import by_turns, passages, publish, timed
from tokenizers import Tokenizer

from rag.encoding import Encoder, OnnxEncoder, SentenceTransformerEncoder, load_encoder
from rag.encoding.exported import TOKENIZER_FILE, Card
from rag.encoding.folders import DEFAULT_MODEL, model_folder
from rag.encoding.loading import export_folder

LIBRARIES = ("sentence-transformers", "torch", "transformers")
REFERENCE_BATCHES = (8, 16, 32)
# Large enough that a matrix product of this size runs at the machine's full speed.
PEAK_SIZE = 2048


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
    name = f"exported, {Card.read(folder).precision}"
    encoders[name] = OnnxEncoder(folder, encoder.fingerprint, threads=options.threads)
    vectors = {name: one.encode(texts) for name, one in encoders.items()}
    expected = next(iter(vectors.values()))
    times = by_turns(
        {
            name: functools.partial(timed, functools.partial(one.encode, texts))
            for name, one in encoders.items()
        },
        options.runs,
    )
    seconds = {name: statistics.median(taken) for name, taken in times.items()}
    peak, work = peak_gflops(), sum(map(gflop_of, lengths))
    best = min(time for name, time in seconds.items() if name.startswith("sentence"))
    return {
        "passages": len(texts),
        "tokens": sum(lengths),
        "peak_gflops": round(peak, 1),
        "rows": [
            {
                "encoder": name,
                "passages_per_second": round(len(texts) / taken, 2),
                "tokens_per_second": round(sum(lengths) / taken, 1),
                "share_of_peak": round(work / taken / peak, 3),
                "times_reference": round(best / taken, 3),
                "least_cosine": round(float((vectors[name] * expected).sum(1).min()), 7),
            }
            for name, taken in seconds.items()
        ],
    }


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


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--passages", type=int, default=256)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--threads", type=int, default=0, help="texts at a time; 0: as cores")
    parser.add_argument("--json", type=Path, help="write the figures here")
    options = parser.parse_args()
    found = measure(options)
    publish(found.pop("rows"), options.json, library_versions(), runs=options.runs, **found)


def library_versions() -> dict[str, str]:
    """Of what the reference runs with."""
    return {name: version(name) for name in LIBRARIES}


if __name__ == "__main__":
    main()
