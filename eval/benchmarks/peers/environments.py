"""The peers' environments: one for each, since their requirements exclude each other and ours.

    from environments import PEERS, run
    run("haystack-ai", Path("script.py"), ["argument"])  # made at the first call, minutes

Versions are pinned, so that a figure says what it belongs to; another list of packages makes
another environment. `CITABLE_PEERS` names the folder that holds them (about 1 GB each; by default
below the user's cache); delete it at any time.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import venv
from collections.abc import Mapping, Sequence
from pathlib import Path

from platformdirs import user_cache_path

# What all of them encode with. PyTorch is pinned to the version whose default build is for
# processors: others bring gigabytes of CUDA along.
COMMON = ("torch==2.13.0", "sentence-transformers==6.2.0", "transformers==5.23.0")
PEERS: Mapping[str, tuple[str, ...]] = {
    "haystack-ai": ("haystack-ai==3.4.0", "sentence-transformers-haystack==2.0.0"),
    "llama-index-core": (
        "llama-index-core==0.14.25",
        "llama-index-embeddings-huggingface==0.8.0",
    ),
    "txtai": ("txtai==9.14.0", "faiss-cpu==1.15.1"),
    "langchain-community": (
        "langchain-community==0.4.2",
        "langchain-classic==1.0.8",
        "rank_bm25==0.2.2",
        "faiss-cpu==1.15.1",
    ),
}
VARIABLE = "CITABLE_PEERS"
READY = "ready"
# No peer reports its use, or looks for a model elsewhere. NLTK_DATA stays as it is: haystack and
# llama-index bring data of their own and do not find it where that is set to another folder.
QUIET = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HAYSTACK_TELEMETRY_ENABLED": "False",
    "TOKENIZERS_PARALLELISM": "false",
}


def folder() -> Path:
    """Where the environments are."""
    named = os.environ.get(VARIABLE)
    return Path(named) if named else user_cache_path("citable", appauthor=False) / "peers"


def python_of(peer: str) -> Path:
    """The Python of a peer's environment, which is made where it is not ready.

    Raises subprocess.CalledProcessError where a package cannot be installed.
    """
    packages = (*COMMON, *PEERS[peer])
    digest = hashlib.sha256("\n".join(packages).encode()).hexdigest()[:8]
    home = folder() / f"{peer}-{digest}"
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not (home / READY).exists():
        print(f"installing {peer} into {home} (minutes)", file=sys.stderr, flush=True)
        venv.create(home, with_pip=True, clear=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", *packages], check=True)
        (home / READY).touch()
    return python


def run(peer: str, script: Path, arguments: Sequence[str]) -> None:
    """Run a script in a peer's environment; raises subprocess.CalledProcessError."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    subprocess.run(
        [str(python_of(peer)), str(script), *arguments],
        env={**environment, **QUIET},
        check=True,
    )
