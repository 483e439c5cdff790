# make run, make test, make lint, make eval: each sets up what it needs; run again in seconds.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: run test lint eval clean
.DEFAULT_GOAL := run

run: $(READY)
	$(BIN)/citable index seeds
	$(BIN)/citable serve

test: $(READY)
	$(BIN)/python -m pytest

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

eval: $(READY)
	$(BIN)/citable index seeds
	$(BIN)/citable eval

$(READY): pyproject.toml .ci/constraints.txt .ci/setup
	bash .ci/setup "$(PYTHON)" "$(VENV)"
	touch $(READY)

clean:
	rm -rf $(VENV)
