# `make study` and `make test` set up all they need; both are quick the second time.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: study test check clean

study: $(VENV)/.ready
	@$(BIN)/etude run yun_bi/kernel_shape --scale smoke --rendered

test: check
	@$(BIN)/pytest

check: $(VENV)/.ready
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache 2>&1 | tail -n 12; exit $${PIPESTATUS[0]}

$(VENV)/.ready: pyproject.toml
	@echo "Setting up $(VENV) (once; about 6 GB and a few minutes) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	@touch $@

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache
