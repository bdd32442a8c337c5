# The two commands of the project: `make demo` and `make test`. They make their own virtual environment first.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: demo test check lint verify bench clean

demo: $(VENV)/.installed
	$(BIN)/grader demo

test: $(VENV)/.installed
	$(BIN)/python -m pytest

check: lint test

lint: $(VENV)/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

verify: $(VENV)/.installed
	$(BIN)/grader sync --check
	$(BIN)/grader verify

bench: $(VENV)/.installed
	$(BIN)/python benchmarks/grade_against_floor.py

# torch comes first and alone, by its exact pin: a range would let pip look at builds of several gigabytes.
$(VENV)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check $(shell grep '^torch==' constraints.txt)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@

clean:
	rm -rf $(VENV) reports .pytest_cache .mypy_cache .ruff_cache build *.egg-info
