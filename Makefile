# Two commands do everything from nothing: `make run` and `make test`. Everything is set up in .venv, once.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
export UV_COMPILE_BYTECODE := 1
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test setup ui lint format lock soak clean

run: $(READY)  ## one refresh of data/, with the bundled sample where its inbox is empty
	@test -n "$$(ls -A data/inbox 2>/dev/null)" || { mkdir -p data && cp -R data/sample/inbox data/sample/reference data/; }
	@$(BIN)/edgewise run --home data

test: $(READY) lint  ## the whole test suite
	$(BIN)/python -m pytest -n auto --dist worksteal -m "not soak"

setup: $(READY)  ## the environment alone; $(BIN)/edgewise is the command

ui: $(READY)  ## Dagster's pages on loopback
	@$(BIN)/edgewise ui --home data

lint: $(READY)  ## format, lint and types
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy

format: $(READY)  ## put the code into the house's shape
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

soak: $(READY)  ## long runs, of hours: all tests and those that are left out of `make test`, with many examples of every law
	HYPOTHESIS_PROFILE=soak $(BIN)/python -m pytest -n auto --dist worksteal

lock: $(READY)  ## pin all that is used, with hashes
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --generate-hashes --no-header -q --upgrade -o requirements.lock

clean:  ## remove the environment and what was made in data/
	rm -rf $(VENV) data/inbox data/reference data/landed data/warehouse data/published data/dagster data/key data/writer.lock

$(READY): requirements.lock pyproject.toml
	@echo "setting up $(VENV) (once, about a minute)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $(READY)
