# make run           install into .venv, draw the demonstration slide, open it and read it
# make test          lint, types, import contracts, sizes and tests
# make test-training the tests that need torch, in an environment of their own
# make bench         every measurement of speed, into benchmarks/results.md (SHORT=1 to try)
# make installer     a one-folder program, a portable .tar.gz and a .deb under dist/
# make clean         remove what the others made
#
# Each does its own set-up, once. Another Python: make PYTHON=python3.13 run

ifndef PYTHON
PYTHON := $(or $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
  $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
  && echo $$p && break; done),python3)
endif
VENV := .venv
TRAINING := .venv-training
PACKING := .venv-installer
BIN := $(VENV)/bin
ENVIRONMENT := $(PYTHON) installer/environment.py
# A user's own Python settings must not reach into the project's environments.
unexport PYTHONPATH PYTHONHOME PYTHONSTARTUP

.PHONY: run test test-training bench installer clean \
  libraries environment environment-dev environment-training environment-installer

run: environment
	$(BIN)/python -m marrowscope.cli.main demo --out demo

test: environment-dev
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m ruff check .
	$(BIN)/python -m basedpyright
	$(BIN)/lint-imports --no-cache
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -m "not training"

test-training: environment-training
	$(TRAINING)/bin/python -m pytest -m training tests/training

bench: environment-dev
	$(BIN)/python -m benchmarks.bench $(if $(SHORT),--short)

installer: environment-installer
	$(PACKING)/bin/python -m installer.build

libraries:
	@$(PYTHON) installer/system_libraries.py

environment: libraries
	@$(ENVIRONMENT) $(VENV)

environment-dev: environment
	@$(ENVIRONMENT) $(VENV) dev

environment-training: libraries
	@$(ENVIRONMENT) $(TRAINING) training training-test

environment-installer: libraries
	@$(ENVIRONMENT) $(PACKING) installer

clean:
	rm -rf $(VENV) $(TRAINING) $(PACKING) build dist demo
