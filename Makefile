# Everything a developer does, by name. `make help` lists it.
PYTHON ?= python3
PORT ?= 8000
ARGS ?=
BIN := .venv/bin
SHELL := /bin/bash
export MILKRUN_HOME ?= $(CURDIR)/var

.DEFAULT_GOAL := help
.PHONY: help run setup setup-dev test test-full check format bench docs lock clean

help:  ## list these targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

run: setup  ## set up, create the demo database on the first start, serve on http://127.0.0.1:8000 (or PORT=...)
	@$(BIN)/python tools/run.py --port $(PORT)

setup:
	@$(PYTHON) tools/setup.py server

setup-dev:
	@$(PYTHON) tools/setup.py dev

test: setup-dev  ## the whole suite on SQLite and on PostgreSQL
	@$(BIN)/python tools/run_tests.py $(ARGS)

test-full: setup-dev  ## the same with the reliability suites at their full figures
	@$(BIN)/python tools/run_tests.py --full $(ARGS)

check: setup-dev  ## format, lint, types, contracts, licences and the fast tests
	@$(BIN)/python tools/check.py

format: setup-dev  ## bring the code into the house's format
	@$(BIN)/ruff check --fix-only --quiet src tests tools
	@$(BIN)/ruff format src tests tools

bench: setup-dev  ## measure, and print the table
	@$(BIN)/python -m benchmarks $(ARGS)

docs: setup-dev  ## build the documentation into site/
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --strict

lock: setup-dev  ## resolve the dependencies of pyproject.toml and package.json again
	@$(BIN)/python tools/lock.py

clean:  ## remove everything that set-up and tests made, except the data in var/
	rm -rf .venv .boot node_modules src/milkrun/web/static/vendor staticfiles site build dist
	rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage*
