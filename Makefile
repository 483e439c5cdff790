# make run, make test, make lint, make eval, make gate, make quick-gate: each sets up what it needs; run again in seconds.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: run test lint eval gate quick-gate clean
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

# Whether the accepted figures still hold, over an index of its own that is thrown away.
gate: $(READY)
	index=$$(mktemp -d) && trap 'rm -rf "$$index"' EXIT && \
	$(BIN)/citable index seeds --index "$$index" && \
	$(BIN)/citable eval --index "$$index" --gate eval/expected.toml

# The same in less than a minute, over a sample of the second corpus.
quick-gate: $(READY)
	$(BIN)/citable eval eval/newsroom --limit 100 --gate eval/expected.toml

$(READY): pyproject.toml .ci/constraints.txt .ci/setup
	bash .ci/setup "$(PYTHON)" "$(VENV)"
	touch $(READY)

clean:
	rm -rf $(VENV)
