# `make study` and `make test` set up all they need; both are quick the second time.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: study test check readme audit lock clean

study: $(VENV)/.ready
	@$(BIN)/etude run yun_bi/kernel_shape --scale smoke --rendered
	@echo "It works; smoke runs on rendered audio decide nothing. Next, your own sounds, a folder for each class:"
	@echo "  $(BIN)/etude data NAME --from DIR    then    $(BIN)/etude survey NAME"

test: check
	@$(BIN)/pytest -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

check: $(VENV)/.ready
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache 2>&1 | tail -n 12; exit $${PIPESTATUS[0]}

# What the READMEs show of modules, studies and the runs in analysis/evidence; the picture takes a chromium.
readme: $(VENV)/.ready
	@$(BIN)/python -m studies.commands.readmes

# Known vulnerabilities of the locked versions; it asks an advisory service on the network, so it stands beside the tests.
audit: $(VENV)/.ready
	@$(BIN)/pip-audit --strict --vulnerability-service osv --disable-pip --no-deps --requirement .requirements.lock

# Keeps the versions that pyproject.toml still allows; `make lock UPGRADE=--upgrade` takes the newest.
lock: $(VENV)/.ready
	@$(BIN)/uv pip compile pyproject.toml --quiet --all-extras --universal --python-version 3.11 --no-annotate \
	    --custom-compile-command "make lock" --output-file .requirements.lock $(UPGRADE)

$(VENV)/.ready: pyproject.toml .requirements.lock
	@echo "Setting up $(VENV) (once; about 6 GB, five minutes or so) ..."
	@$(PYTHON) -m venv $(VENV)
	@while sleep 60 >/dev/null 2>&1; do echo "  $$((SECONDS / 60)) min so far ..."; done & trap "kill $$!" EXIT; \
	    $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint .requirements.lock --editable '.[test]'
	@touch $@

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache
