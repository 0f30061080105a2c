# make run           install into .venv, draw the demonstration slide, open it and read it
# make test          lint, types, import contracts, sizes and tests
# make test-training the tests that need torch, in an environment of their own
# make installer     a one-folder program, a portable .tar.gz and a .deb under dist/

PYTHON ?= python3
VENV := .venv
TRAINING := .venv-training
BIN := $(VENV)/bin
PIP_FLAGS := --quiet --disable-pip-version-check --constraint constraints.txt

# The demonstration and the tests use every core they are given, and no more.
export PIP_CONSTRAINT :=
export PYTHONDONTWRITEBYTECODE :=

.PHONY: run test test-training installer clean

run: $(VENV)/.installed
	$(BIN)/marrowscope demo --out demo

test: $(VENV)/.installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/basedpyright
	$(BIN)/lint-imports
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -m "not training"

test-training: $(TRAINING)/.installed
	$(TRAINING)/bin/python -m pytest -m training tests/training

installer: $(VENV)/.installed-dev
	$(BIN)/pip install $(PIP_FLAGS) --editable ".[installer]"
	$(BIN)/python installer/build.py

$(VENV)/.installed: pyproject.toml constraints.txt installer/system_libraries.py
	$(PYTHON) installer/system_libraries.py
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install $(PIP_FLAGS) --upgrade pip
	$(BIN)/pip install $(PIP_FLAGS) --editable .
	touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(BIN)/pip install $(PIP_FLAGS) --editable ".[dev]"
	touch $@

$(TRAINING)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(TRAINING)
	$(TRAINING)/bin/pip install $(PIP_FLAGS) --upgrade pip
	$(TRAINING)/bin/pip install $(PIP_FLAGS) --editable ".[training,training-test]"
	touch $@

clean:
	rm -rf $(VENV) $(TRAINING) build dist demo
