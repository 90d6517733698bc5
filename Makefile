# Everything is set up in .venv; nothing else on the machine is touched.
PYTHON ?= python3
BIN := .venv/bin
HOST ?= 127.0.0.1
PORT ?= 8000
# Kept, even where the environment says otherwise: the tests start some hundred processes.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help serve test test-all check format clean

help:
	@echo "make serve     set up, index seeds/ and serve the search page"
	@echo "make test      set up and run the tests"
	@echo "make test-all  also kill points, browser, fuzzing and large inputs"
	@echo "make check     lint and types"
	@echo "make format    mend the layout of the code"

# What has to be installed anew when it changes. One call of pip each, since each builds the kernels.
SOURCES := pyproject.toml $(wildcard */kernels/*)
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --editable

.venv/made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Fihris needs Python 3.11 or newer: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv .venv
	@touch $@

.venv/serve: $(SOURCES) | .venv/made
	$(INSTALL) .
	@touch $@

.venv/test: $(SOURCES) | .venv/made
	$(INSTALL) '.[test]'
	@touch .venv/serve $@

.venv/test-all: $(SOURCES) | .venv/made
	$(INSTALL) '.[test,browser,bench,turtle]'
	@touch .venv/serve .venv/test $@

.venv/check: $(SOURCES) | .venv/made
	$(INSTALL) '.[test,check]'
	@touch .venv/serve .venv/test $@

serve: .venv/serve
	XDG_CACHE_HOME=$(CURDIR)/.venv/cache $(BIN)/fihris serve --index .venv/seeds-index --host $(HOST) --port $(PORT) seeds

# Four at a time even on two cores, since much of their time is waiting for disks and processes.
test: .venv/test
	$(BIN)/python -m pytest --numprocesses=4 --dist=worksteal -m "not slow"

test-all: .venv/test-all
	$(BIN)/python -m pytest --numprocesses=2 --dist=worksteal --cov --cov-report=term

check: .venv/check
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/basedpyright

format: .venv/check
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf .venv build dist *.egg-info
