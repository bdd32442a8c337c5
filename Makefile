# The two commands of the project: `make demo` and `make test`. They make their own virtual environment first.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP = $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: demo test check lint verify bench clean

demo: $(VENV)/.installed
	$(BIN)/grader demo

test: $(VENV)/.installed
	$(BIN)/python -m pytest -n 2 --dist loadfile

check: lint test

lint: $(VENV)/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

verify: $(VENV)/.installed
	$(BIN)/grader sync --check
	$(BIN)/grader verify --jobs 2 --seed 31

bench: $(VENV)/.installed
	$(BIN)/python benchmarks/grade_against_floor.py
	$(BIN)/python benchmarks/cost_of_the_sandbox.py

# torch comes first and alone, by its exact pin: a range would let pip look at builds of several gigabytes.
$(VENV)/.installed: pyproject.toml constraints.txt
	@echo "1/3  virtual environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV)
	@echo "2/3  torch, about 200 MB"
	@$(PIP) $(shell grep '^torch==' constraints.txt)
	@echo "3/3  transformers and the rest"
	@$(PIP) -c constraints.txt -e '.[dev]'
	@touch $@

clean:
	rm -rf $(VENV) reports .pytest_cache .mypy_cache .ruff_cache build *.egg-info
