"""What a figure belongs to: the commit, the machine, the versions of what computed it."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from rag.types import JSON

ROOT = Path(__file__).parents[2]
# What computes answers and figures.
LIBRARIES = ("citable", "numpy", "onnxruntime", "faiss-cpu", "tokenizers")
UNKNOWN = "unknown"
_CPU_INFO = Path("/proc/cpuinfo")


def commit() -> str:
    """The commit of the code that is running, marked `-dirty` where files were changed since."""
    if not (ROOT / ".git").exists():
        return UNKNOWN
    command = ["git", "-C", str(ROOT), "describe", "--always", "--dirty", "--exclude=*"]
    try:
        described = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:  # there is no git
        return UNKNOWN
    return described.stdout.strip() or UNKNOWN


def machine() -> JSON:
    """The processor by name, its cores, and the system."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
    }


def versions(libraries: Iterable[str] = LIBRARIES) -> JSON:
    """The versions of Python and of those of the libraries that are installed."""
    found = {"python": platform.python_version()}
    for name in libraries:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def conditions(libraries: Iterable[str] = LIBRARIES) -> JSON:
    """All of it, as the JSON of every benchmark has it."""
    return {"commit": commit(), "machine": machine(), "versions": versions(libraries)}


def _processor() -> str:
    try:
        lines = _CPU_INFO.read_text(encoding="utf-8").splitlines()
    except OSError:  # not Linux
        lines = []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor() or UNKNOWN)
